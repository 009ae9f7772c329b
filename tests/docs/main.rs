//! Every code block of the guide and of the README works, every link has a target, and every page is in the table of
//! contents.
//!
//! The first word after the fence is the language of the block, and the words after it its kind, as in `nix,nixos`:
//!
//! | block | test |
//! |---|---|
//! | `nix` | an expression, evaluated with NixVirt's `lib`, `NixVirt` and `pkgs` in scope; libvirt starts the domain whose XML it makes |
//! | `nix,nixos`, `nix,home` | a module: no assertion fails, there are no warnings, and libvirt starts the guests |
//! | `nix,flake` | a `flake.nix`: the same holds for each of its configurations |
//! | `nix,fragment` | a part of an expression, which is parsed |
//! | `nix,rule` | an example of `docs/reference/rules.md`, which is parsed; the tests of the rules evaluate it |
//! | `json`, `json,manifest`, `json,KIND` | JSON, a manifest, a spec without problems |
//! | `xml` | XML; an object of libvirt has no unknown or invalid part |
//! | `ini` | a systemd unit |
//! | `console` | commands after `$ `, which run, and their output, in which `…` matches anything |
//! | `console,REASON` | commands that bash parses; the reason, one of [`blocks::REASONS`], tells why no test can run them |
//! | `text,REASON` | text without a test; the reason is one of [`blocks::TEXTS`] |
//!
//! A block with `file=NAME` is written to a file of that name for the other blocks and commands of the page.
//! `UPDATE_EXPECT=1` writes the output of commands into the pages.

mod blocks;
mod commands;
mod library;
mod pages;
mod pictures;
mod started;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut trials = vec![
        Trial::test("links lead somewhere", pages::links),
        Trial::test("every page is in the table of contents", pages::contents),
        Trial::test("the library reference is current", library::is_current),
        Trial::test("the language server's list of templates is current", library::catalog_is_current),
        Trial::test("every argument of a template is documented", library::has_all_arguments),
        Trial::test("the picture of a plan is current", pictures::plan),
        Trial::test("the picture of an error is current", pictures::error),
        Trial::test("the picture of hosts is current", pictures::graph),
    ];
    for page in pages::all() {
        trials.extend(blocks::trials(&page));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
