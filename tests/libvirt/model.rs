//! Random histories on a real libvirt: declarations that change and are applied, and between them what other programs and
//! accidents do. After each step, what `nixvirt` promises has to hold: see `checks::Check`.
//!
//! `dev/run histories COUNT` tries many, and `SEED` repeats one.

mod checks;
mod declaration;
mod guest;
mod history;
mod host;
mod known;
mod others;
mod shrink;
mod world;

use history::{Step, play, random};
use nixvirt_tests::{libvirtd, setting};
use std::collections::BTreeMap;

/// The number of steps of a random history.
const LENGTH: usize = 15;

#[test]
fn random_histories() {
    let _libvirtd = libvirtd::alone();
    let (first, count) = (setting("SEED", 1), setting("HISTORIES", 4));
    let mut known = BTreeMap::<&str, u32>::new();
    let mut failed = Vec::new();
    for seed in first..first + count {
        println!("history {seed}");
        let steps = random(seed, LENGTH);
        let (old, new): (Vec<_>, Vec<_>) =
            play(&steps).into_iter().partition(|(_, finding)| known::reason(finding).is_some());
        old.iter()
            .filter_map(|(_, finding)| known::reason(finding))
            .for_each(|reason| *known.entry(reason).or_default() += 1);
        let Some((at, finding)) = new.first() else { continue };
        let steps = if count == 1 { shrink::shrink(&steps[..=*at], finding) } else { steps };
        failed.push(format!("SEED={seed}: {finding}\n{}", text(&steps)));
    }
    known.iter().for_each(|(reason, times)| println!("known fault, {times} times: {reason}"));
    assert!(failed.is_empty(), "{} of {count} histories\n{}", failed.len(), failed.join("\n"));
}

/// The steps as a test has them.
fn text(steps: &[Step]) -> String {
    steps.iter().map(|step| format!("    {step:?},\n")).collect()
}
