//! Measures evaluation, `nixvirt apply` on a real libvirt, and `nixvirt lsp`. All figures are medians. Runs of different commands alternate,
//! so that a slow moment of the machine affects all of them.
//!
//! Usage: `nixvirt-bench [DOMAINS…]`, `nixvirt-bench apply [DOMAINS…]`, `nixvirt-bench scale [PARTS…]` or
//! `nixvirt-bench editor [RUNS]`, in the development root (`dev/run bench`).
//!
//! | variable | meaning |
//! |---|---|
//! | `NIXVIRT_PLUGIN` | the plugin's file |
//! | `NIXPKGS_LIB` | nixpkgs, or its `lib`: also measure what ten typed domains add to a configuration |
//! | `NIXVIRT_BEFORE` | a checkout of the NixVirt in Nix and Python: also measure that one |
//! | `RUNS` | number of runs for up to 1,000 domains [default: 9] |

mod apply;
mod editor;
mod evaluation;
mod measure;
mod scale;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, domains)) if first == "apply" => numbers(domains, &[100, 1000]).and_then(|it| apply::bench(&it)),
        Some((first, parts)) if first == "scale" => {
            numbers(parts, &[500, 1000, 2000, 4000, 8000]).and_then(|it| scale::bench(&it))
        }
        Some((first, runs)) if first == "editor" => numbers(runs, &[50]).and_then(|it| editor::bench(it[0].max(1))),
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
