//! Makes a history that finds a fault shorter, by leaving out steps and changes as long as the fault is found.

use super::checks::Finding;
use super::history::{Step, play};

/// The shortest history that was found to find the same fault.
pub fn shrink(steps: &[Step], fault: &Finding) -> Vec<Step> {
    println!("shrinking: {fault}");
    let mut shortest = steps.to_vec();
    // The last step is the one that finds it.
    let mut left = shortest.len().saturating_sub(1);
    while left > 0 {
        left -= 1;
        let mut shorter = shortest.clone();
        shorter.remove(left);
        if finds(&shorter, fault) {
            shortest = shorter;
        }
    }
    for step in (0..shortest.len()).rev() {
        for edit in (0..edits(&shortest[step])).rev() {
            let mut shorter = shortest.clone();
            remove_edit(&mut shorter[step], edit);
            if finds(&shorter, fault) {
                shortest = shorter;
            }
        }
    }
    shortest
}

/// Whether a history finds the fault.
fn finds(steps: &[Step], fault: &Finding) -> bool {
    play(steps).iter().any(|(_, other)| other.check == fault.check && other.subject == fault.subject)
}

fn edits(step: &Step) -> usize {
    match step {
        Step::Declare(edits) | Step::Interrupt(edits, ..) | Step::Hang(edits, _) => edits.len(),
        Step::Others(_) => 0,
    }
}

fn remove_edit(step: &mut Step, at: usize) {
    match step {
        Step::Declare(edits) | Step::Interrupt(edits, ..) | Step::Hang(edits, _) => drop(edits.remove(at)),
        Step::Others(_) => {}
    }
}
