//! Golden folders: the folder of a case holds its input and its expected output, which `dev/run bless` writes. A new case
//! needs nothing but its folder with the input.
//!
//! | case | input | expected |
//! |---|---|---|
//! | `specs/KIND/CASE` | `spec.nix`: a spec, or a function from the library to one | `expected.xml` or `expected.err` |
//! | `fallback/KIND/CASE` | `spec.nix`, evaluated without the plugin | `expected.xml` or `expected.err` |
//! | `modules/CASE` | `module.nix` for NixOS, `home.nix` for Home Manager, or `guests.nix` for `lib.manifest` | the files that [`modules`] names |

mod modules;
mod specs;

use libtest_mimic::Arguments;

fn main() {
    let mut trials = specs::trials();
    trials.extend(modules::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
