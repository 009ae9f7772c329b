//! The short histories of faults that random ones found.

use super::declaration::{Edit, OnChange, Volume};
use super::guest::Part;
use super::history::{Step, Victim, play};
use super::known;
use super::others::{Action, FOREIGN_IMAGE, Scope};
use nixvirt_tests::libvirtd;

/// Plays a history, which finds nothing but known faults.
#[track_caller]
fn runs_clean(steps: &[Step]) {
    let _libvirtd = libvirtd::alone();
    let found = play(steps);
    let new: Vec<_> = found.iter().filter(|(_, finding)| known::reason(finding).is_none()).collect();
    assert!(new.is_empty(), "{new:#?}");
}

/// Declares a guest that runs.
fn guest(slot: usize, parts: &[(Part, u8)]) -> Step {
    let edits = [Edit::Declare(slot, true), Edit::Active(slot, Some(true))];
    let parts = parts.iter().map(|(part, value)| Edit::Set(slot, *part, *value));
    Step::Declare(edits.into_iter().chain(parts).collect())
}

fn others(action: Action) -> Step {
    Step::Others(action)
}

/// Applies the declaration with one part of a guest changed.
fn set(slot: usize, part: Part, value: u8) -> Step {
    Step::Declare(vec![Edit::Set(slot, part, value)])
}

#[test]
fn a_disk_that_others_define_is_drift() {
    let edit = others(Action::Edit(0, Part::Disk("vdb"), FOREIGN_IMAGE));
    runs_clean(&[guest(0, &[(Part::Disk("vda"), 1)]), edit, set(0, Part::Title, 1)]);
}

#[test]
fn a_redirdev_that_was_attached_is_in_effect() {
    runs_clean(&[
        guest(0, &[]),
        set(0, Part::Redirdev(1), 1),
        set(0, Part::Redirdev(2), 1),
        set(0, Part::Redirdev(1), 0),
    ]);
}

#[test]
fn a_changed_medium_is_in_effect() {
    let eject = others(Action::Update(0, Part::Medium, 1, Scope::Live));
    runs_clean(&[guest(0, &[(Part::Medium, 2)]), set(0, Part::Medium, 3), eject, set(0, Part::Title, 1)]);
}

#[test]
fn an_empty_drive_asks_for_no_restart() {
    let restart = Step::Declare(vec![Edit::OnChange(0, OnChange::Restart)]);
    runs_clean(&[guest(0, &[(Part::Medium, 1)]), restart, set(0, Part::Title, 1)]);
}

#[test]
fn a_balloon_that_the_guest_ignores_is_pending() {
    runs_clean(&[guest(0, &[]), set(0, Part::Balloon, 1)]);
}

#[test]
fn a_saved_guest_resumes_with_its_old_definition() {
    runs_clean(&[guest(2, &[]), set(2, Part::Vcpus, 1), others(Action::Save(2)), Step::Declare(Vec::new())]);
}

#[test]
fn a_removed_password_does_not_stay_in_force() {
    runs_clean(&[guest(0, &[(Part::Screen, 2)]), others(Action::Edit(0, Part::Screen, 1)), set(0, Part::Screen, 1)]);
}

#[test]
fn a_restart_that_is_due_reports_its_fields() {
    let restart =
        Step::Declare(vec![Edit::Force(2, false), Edit::OnChange(2, OnChange::Restart), Edit::Set(2, Part::Title, 1)]);
    runs_clean(&[guest(2, &[]), restart]);
}

#[test]
fn a_daemon_that_is_killed_while_a_pool_is_made_harms_nothing() {
    let volume = Edit::Volume(0, Volume::Present { capacity: 1, filled: true });
    runs_clean(&[Step::Interrupt(vec![volume], Victim::Daemon, 1), Step::Declare(Vec::new())]);
}

#[test]
fn a_file_that_others_made_is_not_overwritten() {
    let volume = Edit::Volume(0, Volume::Present { capacity: 1, filled: true });
    let retry = || Step::Declare(Vec::new());
    runs_clean(&[retry(), others(Action::PutFile(0)), Step::Declare(vec![volume]), retry(), retry()]);
}
