//! Measures evaluation, and `nixvirt apply` on a real libvirt. All figures are medians. Runs of different commands alternate,
//! so that a slow moment of the machine affects all of them.
//!
//! Usage: `nixvirt-bench [DOMAINS…]` or `nixvirt-bench apply [DOMAINS…]`, in the development root (`dev/run bench`).
//!
//! | variable | meaning |
//! |---|---|
//! | `NIXVIRT_PLUGIN` | the plugin's file |
//! | `NIXPKGS_LIB` | nixpkgs, or its `lib`: also measure what ten typed domains add to a configuration |
//! | `NIXVIRT_BEFORE` | a checkout of the NixVirt in Nix and Python: also measure that one |
//! | `RUNS` | number of runs for up to 1,000 domains [default: 9] |

mod apply;
mod evaluation;
mod measure;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, domains)) if first == "apply" => numbers(domains, &[100, 1000]).and_then(|it| apply::bench(&it)),
        _ => numbers(&arguments, &[1, 10, 100, 1000, 10000]).and_then(|it| evaluation::bench(&it)),
    };
    if let Err(why) = outcome {
        eprintln!("error: {why}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The numbers of domains to measure.
fn numbers(arguments: &[String], default: &[usize]) -> Result<Vec<usize>, String> {
    if arguments.is_empty() {
        return Ok(default.to_vec());
    }
    let number = |text: &String| text.parse().map_err(|_| format!("expected a number of domains, found \"{text}\""));
    arguments.iter().map(number).collect()
}
