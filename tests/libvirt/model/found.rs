//! The short histories of faults that random ones found.

use super::declaration::{Edit, OnChange, Volume};
use super::guest::Part;
use super::history::{Frozen, Step, Victim, play};
use super::others::{Action, FOREIGN_IMAGE, Scope};
use nixvirt_tests::libvirtd;

/// Plays a history, which finds nothing.
#[track_caller]
fn runs_clean(steps: &[Step]) {
    let _libvirtd = libvirtd::alone();
    let found = play(steps);
    assert!(found.is_empty(), "{found:#?}");
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

/// Random histories rarely give them to a guest that runs.
#[test]
fn folders_leases_and_filters_come_and_go() {
    let of_others = others(Action::Attach(0, Part::Lease(2), 1, Scope::Live));
    runs_clean(&[
        guest(0, &[(Part::Card(1), 3)]),
        set(0, Part::Filesystem, 1),
        set(0, Part::Card(1), 5),
        set(0, Part::Lease(1), 1),
        of_others,
        set(0, Part::Card(1), 6),
        set(0, Part::Filesystem, 2),
        others(Action::KillDaemon),
        set(0, Part::Card(1), 3),
        set(0, Part::Lease(1), 0),
        set(0, Part::Filesystem, 0),
    ]);
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

#[test]
fn a_disk_that_others_attach_for_good_is_drift() {
    let attach = others(Action::Attach(0, Part::Disk("vdb"), FOREIGN_IMAGE, Scope::Both));
    runs_clean(&[guest(0, &[(Part::Disk("vda"), 1)]), attach, set(0, Part::Title, 1)]);
}

#[test]
fn what_a_guest_started_without_is_pending() {
    runs_clean(&[
        guest(2, &[(Part::Card(1), 1)]),
        others(Action::Detach(2, Part::Card(1), Scope::Saved)),
        others(Action::KillGuest(2)),
        Step::Declare(Vec::new()),
    ]);
}

#[test]
fn what_others_detach_from_the_running_guest_is_pending() {
    let detach = |part| others(Action::Detach(0, part, Scope::Live));
    runs_clean(&[
        guest(0, &[(Part::Disk("vda"), 1), (Part::Card(1), 1)]),
        detach(Part::Disk("vda")),
        set(0, Part::Title, 1),
        detach(Part::Card(1)),
    ]);
}

#[test]
fn an_empty_drive_is_the_same_after_the_guest_was_undefined() {
    runs_clean(&[
        guest(0, &[(Part::Medium, 1)]),
        others(Action::Undefine(0)),
        others(Action::Update(0, Part::Medium, 1, Scope::Live)),
        others(Action::KillDaemon),
        set(0, Part::Title, 1),
    ]);
}

#[test]
fn a_password_that_others_set_is_drift() {
    let password = |scope| others(Action::Update(0, Part::Screen, 3, scope));
    runs_clean(&[
        guest(0, &[(Part::Screen, 2)]),
        password(Scope::Live),
        password(Scope::Saved),
        set(0, Part::Title, 1),
        others(Action::Edit(0, Part::Screen, 3)),
        others(Action::Edit(0, Part::Screen, 1)),
    ]);
}

#[test]
fn a_device_that_libvirt_does_not_add_is_drift() {
    runs_clean(&[
        guest(2, &[]),
        others(Action::Edit(2, Part::Watchdog, 1)),
        others(Action::Edit(2, Part::Tablet, 1)),
        others(Action::Edit(2, Part::Channel(1), 1)),
        set(2, Part::Title, 1),
    ]);
}

#[test]
fn a_network_and_a_pool_of_other_names() {
    let renamed = |is_renamed| Step::Declare(vec![Edit::NetworkName(0, is_renamed), Edit::PoolName(is_renamed)]);
    let volume = Edit::Volume(0, Volume::Present { capacity: 1, filled: true });
    runs_clean(&[
        Step::Declare(vec![volume]),
        renamed(true),
        guest(0, &[(Part::Card(1), 3)]),
        renamed(false),
        others(Action::Destroy(0)),
        Step::Declare(Vec::new()),
    ]);
}

#[test]
fn memory_modules_come_and_go() {
    let module = Part::Module(1);
    runs_clean(&[
        guest(1, &[(module, 1)]),
        set(1, Part::Module(2), 1),
        others(Action::Detach(1, module, Scope::Live)),
        set(1, module, 0),
        others(Action::Attach(1, module, 1, Scope::Both)),
    ]);
}

#[test]
fn devices_that_the_host_lacks_are_defined() {
    let declared = [(Part::Vsock, 1), (Part::HostDevice(1), 1), (Part::HostDevice(2), 1), (Part::HostDevice(3), 1)];
    runs_clean(&[
        guest(4, &declared),
        set(4, Part::Vsock, 2),
        set(4, Part::HostDevice(1), 0),
        others(Action::Edit(4, Part::HostDevice(2), 0)),
    ]);
}

#[test]
fn what_does_not_answer_harms_nothing() {
    let edits = |title| vec![Edit::Set(0, Part::Title, title), Edit::Set(0, Part::Disk("vdb"), title)];
    runs_clean(&[
        guest(0, &[(Part::Disk("vda"), 1)]),
        Step::Hang(edits(2), Frozen::Guest(0)),
        Step::Hang(edits(3), Frozen::Daemon),
    ]);
}

#[test]
fn a_guest_with_uefi_keeps_its_variables() {
    runs_clean(&[
        guest(3, &[(Part::Disk("vda"), 1)]),
        others(Action::Destroy(3)),
        Step::Declare(vec![Edit::Name(3, 6), Edit::Set(3, Part::Title, 1)]),
        others(Action::Rename(3, 7)),
        Step::Declare(Vec::new()),
    ]);
}

#[test]
fn a_guest_whose_record_is_lost_tells_what_it_lacks() {
    let change = others(Action::Update(0, Part::Medium, 3, Scope::Live));
    runs_clean(&[guest(0, &[(Part::Medium, 2)]), change, others(Action::LoseRecord(0)), Step::Declare(Vec::new())]);
}

#[test]
fn a_volume_of_a_running_guest_stays() {
    let volume = |volume| Step::Declare(vec![Edit::Volume(0, volume)]);
    runs_clean(&[
        volume(Volume::Present { capacity: 1, filled: true }),
        guest(0, &[(Part::Volume, 1)]),
        volume(Volume::Absent),
        Step::Declare(vec![Edit::PoolName(true)]),
        set(0, Part::Volume, 0),
    ]);
}

#[test]
fn a_name_swap_with_a_running_guest_waits() {
    runs_clean(&[
        guest(0, &[]),
        Step::Declare(vec![Edit::Declare(4, true)]),
        Step::Declare(vec![Edit::Name(0, 4)]),
        others(Action::Destroy(0)),
        Step::Declare(Vec::new()),
    ]);
}

#[test]
fn a_card_of_a_network_of_another_name_is_told_without_a_record() {
    runs_clean(&[
        guest(0, &[(Part::Card(1), 3)]),
        Step::Declare(vec![Edit::NetworkName(0, true)]),
        others(Action::LoseRecord(0)),
        Step::Declare(Vec::new()),
    ]);
}

#[test]
fn a_card_of_another_type_is_told_without_a_record() {
    runs_clean(&[
        guest(1, &[(Part::Card(1), 4)]),
        Step::Interrupt(vec![Edit::Set(1, Part::Card(1), 1)], Victim::Daemon, 1),
        others(Action::LoseRecords),
    ]);
}

#[test]
fn two_cards_of_one_address_are_two_differences() {
    let attach = || others(Action::Attach(2, Part::Card(3), 1, Scope::Saved));
    runs_clean(&[guest(2, &[(Part::Card(1), 1)]), attach(), attach()]);
}

#[test]
fn a_medium_that_others_inserted_is_theirs_without_a_record() {
    let insert = others(Action::Update(3, Part::Medium, 2, Scope::Both));
    runs_clean(&[guest(3, &[(Part::Medium, 1)]), insert, others(Action::LoseRecords), Step::Declare(Vec::new())]);
}

#[test]
fn a_channel_that_is_attached_live_shows_its_state_after_a_restart_of_libvirt() {
    let attach = others(Action::Attach(0, Part::Channel(1), 1, Scope::Both));
    let edits = vec![Edit::Declare(1, true), Edit::Active(1, Some(true))];
    runs_clean(&[guest(0, &[(Part::Card(1), 2)]), attach, Step::Interrupt(edits, Victim::Daemon, 0)]);
}
