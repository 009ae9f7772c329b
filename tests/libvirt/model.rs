//! Random histories on a real libvirt: declarations that change and are applied, and between them what other programs and
//! accidents do. After each step, what `nixvirt` promises has to hold: see `checks::Check`.
//!
//! `dev/run histories COUNT` tries many, and `SEED` repeats one.

mod checks;
mod declaration;
mod found;
mod guest;
mod history;
mod host;
mod others;
mod shrink;
mod world;

use history::{Step, play, random};
use nixvirt_tests::{libvirtd, setting};

/// The number of steps of a random history.
const LENGTH: usize = 15;

#[test]
fn random_histories() {
    let _libvirtd = libvirtd::alone();
    let (first, count) = (setting("SEED", 1), setting("HISTORIES", 3));
    let mut failed = Vec::new();
    for seed in first..first + count {
        println!("history {seed}");
        let steps = random(seed, LENGTH);
        let found = play(&steps);
        let Some((at, finding)) = found.first() else { continue };
        let steps = if count == 1 { shrink::shrink(&steps[..=*at], finding) } else { steps };
        failed.push(format!("SEED={seed}: {finding}\n{}", text(&steps)));
    }
    assert!(failed.is_empty(), "{} of {count} histories\n{}", failed.len(), failed.join("\n"));
}

/// The steps as a test has them.
fn text(steps: &[Step]) -> String {
    steps.iter().map(|step| format!("    {step:?},\n")).collect()
}
