//! Every code block of the guide and of the README does what it says, every link leads somewhere, and every page is in the
//! table of contents.
//!
//! The first word after the fence is the block's language, the words after it say what it is, as in `nix,nixos`:
//!
//! | block | what is done with it |
//! |---|---|
//! | `nix` | it is evaluated, with `lib` (NixVirt's), `NixVirt` and `pkgs` in scope |
//! | `nix,nixos`, `nix,home` | it is a module: its objects become XML, no assertion fails, nothing is warned of |
//! | `nix,flake` | it is a `flake.nix`, of which the same holds for each configuration |
//! | `nix,fragment` | it is a part of something larger, and is only parsed |
//! | `nix,rule` | it is an example of `docs/reference/rules.md`, which the tests of the rules try; here it is only parsed |
//! | `json`, `json,manifest`, `json,KIND` | it is JSON, a manifest, a spec without a problem |
//! | `xml` | it is XML; of an object of libvirt, nothing is unknown or wrong in it |
//! | `ini` | it is a unit of systemd |
//! | `console` | what follows `$ ` is run, and what follows that is what it prints, where `…` is anything |
//! | `console,REASON` | it is parsed by bash; the reason, one of [`blocks::REASONS`], is why it cannot be run here |
//! | `text,REASON` | nothing; the reason is one of [`blocks::TEXTS`] |
//!
//! A block with `file=NAME` is a file of that name beside the page's other blocks and commands. `UPDATE_EXPECT=1` writes what
//! commands print into the pages.

mod blocks;
mod commands;
mod library;
mod pages;
mod pictures;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut trials = vec![
        Trial::test("links lead somewhere", pages::links),
        Trial::test("every page is in the table of contents", pages::contents),
        Trial::test("the library reference is current", library::is_current),
        Trial::test("every argument of a template is documented", library::has_all_arguments),
        Trial::test("the picture of a plan is current", pictures::plan),
        Trial::test("the picture of an error is current", pictures::error),
    ];
    for page in pages::all() {
        trials.extend(blocks::trials(&page));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
