//! A history: steps that a seed or a test gives, done one after the other on a host, with all checks after each.

use super::checks::{self, Check, Finding, Findings};
use super::declaration::{Declaration, Edit, GUESTS, edit, first_edits, slot};
use super::guest::uuid;
use super::host::{BOOT, Host};
use super::others::{Action, action};
use super::world::World;
use fastrand::Rng;
use nixvirt_tests::libvirtd;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::Instant;

/// A step of a history.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The declaration changes, and is applied.
    Declare(Vec<Edit>),
    /// The declaration changes, and the run that applies it is killed before a step, or libvirtd is. It is applied again.
    Interrupt(Vec<Edit>, Victim, usize),
    /// The declaration changes, and is applied while QEMU or libvirtd does not answer. It is applied again once that does.
    Hang(Vec<Edit>, Frozen),
    /// Something else changes.
    Others(Action),
}

/// What is killed while a declaration is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    Apply,
    Daemon,
}

/// What does not answer while a declaration is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// The process of a guest.
    Guest(usize),
    Daemon,
}

/// How long `nixvirt` waits for an answer of what is frozen, in seconds.
const PATIENCE: &str = "3";

impl fmt::Display for Victim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Victim::Apply => "itself",
            Victim::Daemon => "libvirtd",
        })
    }
}

/// The history of a seed.
pub fn random(seed: u64, length: usize) -> Vec<Step> {
    let mut rng = Rng::with_seed(seed);
    let mut steps = Vec::new();
    let mut begun = [false; GUESTS];
    while steps.len() < length {
        let step = match rng.u8(..100) {
            0..45 => Step::Declare(edits(&mut rng, &mut begun)),
            45..52 => {
                let victim = if rng.u8(..3) == 0 { Victim::Daemon } else { Victim::Apply };
                Step::Interrupt(edits(&mut rng, &mut begun), victim, rng.usize(..8))
            }
            _ if steps.is_empty() => continue,
            52..55 => {
                let frozen = if rng.u8(..3) == 0 { Frozen::Daemon } else { Frozen::Guest(slot(&mut rng)) };
                Step::Hang(edits(&mut rng, &mut begun), frozen)
            }
            _ => {
                let guests: Vec<_> = (0..GUESTS).filter(|slot| begun[*slot]).collect();
                Step::Others(action(&mut rng, &guests))
            }
        };
        steps.push(step);
    }
    steps
}

fn edits(rng: &mut Rng, begun: &mut [bool; GUESTS]) -> Vec<Edit> {
    let slot = slot(rng);
    if !std::mem::replace(&mut begun[slot], true) {
        return first_edits(rng, slot);
    }
    (0..rng.u8(0..4)).map(|_| edit(rng)).collect()
}

/// Does the steps, and returns what was found wrong, with the number of the step.
pub fn play(steps: &[Step]) -> Vec<(usize, Finding)> {
    let host = Host::new();
    let mut history =
        History { host, declaration: Declaration::default(), foreign: BTreeMap::new(), findings: Findings::default() };
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let begin = Instant::now();
        println!("  {}: {step:?}", number + 1);
        history.step(step);
        println!("     {:.1} s", begin.elapsed().as_secs_f32());
        for finding in history.findings.0.drain(..) {
            // What stays wrong is found after each step.
            if !found.iter().any(|(_, other)| *other == finding) {
                println!("     ! {finding}");
                found.push((number, finding));
            }
        }
    }
    libvirtd::clear();
    found
}

struct History {
    host: Host,
    declaration: Declaration,
    /// The files that others put into the pool, with a hash of their content.
    foreign: BTreeMap<PathBuf, u64>,
    findings: Findings,
}

impl History {
    fn step(&mut self, step: &Step) {
        let before = World::observe(&self.host.folder);
        match step {
            Step::Declare(edits) => {
                self.edit(edits);
                self.apply();
            }
            Step::Interrupt(edits, victim, steps) => {
                self.edit(edits);
                self.interrupt(*victim, *steps);
                self.apply();
            }
            Step::Hang(edits, frozen) => {
                self.edit(edits);
                self.hang(*frozen);
                self.apply();
            }
            Step::Others(action) => self.interfere(*action),
        }
        let after = World::observe(&self.host.folder);
        self.host.wait_for_boot(&before, &after);
        self.check_status(&after);
    }

    fn edit(&mut self, edits: &[Edit]) {
        edits.iter().for_each(|edit| self.declaration.edit(*edit));
    }

    fn apply(&mut self) {
        let before = World::observe(&self.host.folder);
        let Some(plan) = self.command("plan") else { return };
        let planned = World::observe(&self.host.folder);
        checks::unchanged(&before, &planned, &mut self.findings);
        let Some(applied) = self.command("apply") else { return };
        let after = World::observe(&self.host.folder);
        checks::applied(&plan, &before, &after, &mut self.findings);
        checks::foreign_files(&plan, &mut self.foreign, &after, &mut self.findings);
        checks::as_planned(&plan, &applied, [&before, &after], &mut self.findings);
        let Some(rest) = self.command("plan") else { return };
        checks::converged(&applied, &rest, &mut self.findings);
    }

    fn interrupt(&mut self, victim: Victim, steps: usize) {
        let before = World::observe(&self.host.folder);
        let Some(plan) = self.command("plan") else { return };
        let [_, manifest, _, state] = self.host.options(&self.declaration);
        let arguments = [victim.to_string(), steps.to_string(), state, "apply".to_owned(), manifest];
        Command::new(env!("CARGO_BIN_EXE_killed-run")).args(arguments).output().expect("it runs");
        libvirtd::start();
        let after = World::observe(&self.host.folder);
        checks::applied(&plan, &before, &after, &mut self.findings);
        checks::foreign_files(&plan, &mut self.foreign, &after, &mut self.findings);
    }

    fn hang(&mut self, frozen: Frozen) {
        let before = World::observe(&self.host.folder);
        let Some(plan) = self.command("plan") else { return };
        let process = match frozen {
            Frozen::Guest(slot) => before.processes.get(&uuid(slot)).map(|process| process.pid),
            Frozen::Daemon => Some(libvirtd::pid()),
        };
        let Some(process) = process.and_then(Pid::from_raw) else { return };
        // It may have ended by now.
        let _ = kill_process(process, Signal::STOP);
        for command in ["status", "apply"] {
            let run = self.host.nixvirt(command, &["--timeout", PATIENCE], &self.declaration);
            if run.json.is_none() {
                self.findings.add(Check::Answers, command, format!("exit status {:?}: {}", run.code, run.said));
            }
        }
        let _ = kill_process(process, Signal::CONT);
        // What was asked for is done late.
        sleep(BOOT);
        let after = World::observe(&self.host.folder);
        checks::applied(&plan, &before, &after, &mut self.findings);
        checks::foreign_files(&plan, &mut self.foreign, &after, &mut self.findings);
    }

    fn interfere(&mut self, action: Action) {
        let before = World::observe(&self.host.folder);
        action.perform(&self.host, &self.declaration);
        let after = World::observe(&self.host.folder);
        self.foreign.retain(|path, hash| after.images.get(path) == Some(hash));
        if let Action::PutFile(_) = action {
            let made = after.images.into_iter().filter(|(path, _)| !before.images.contains_key(path));
            self.foreign.extend(made);
        }
    }

    fn check_status(&mut self, world: &World) {
        let Some(status) = self.command("status") else { return };
        let now = World::observe(&self.host.folder);
        checks::unchanged(world, &now, &mut self.findings);
        checks::truthful(&self.host, &self.declaration, &status, &now, &mut self.findings);
    }

    fn command(&mut self, command: &str) -> Option<checks::Objects> {
        let run = self.host.nixvirt(command, &[], &self.declaration);
        checks::objects(command, &run, &mut self.findings)
    }
}
