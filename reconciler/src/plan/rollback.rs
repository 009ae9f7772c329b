//! Snapshots that are taken before a domain changes, for `nixvirt rollback`. They are internal ones: an external snapshot would
//! move the guest to new image files, which the declaration does not name.

use super::{Entry, Reason, SnapshotObstacle, Verdict};
use crate::change::{changes, child, children_of};
use crate::declared::Declared;
use crate::inventory::Observed;
use crate::object::{Id, Type};
use crate::rollback::{definition, snapshot};
use crate::state::{Record, Rollback, snapshot_name};
use crate::step::{Operation, RecordUpdate, Step};
use nixvirt_schema::engine::xml::Element;

/// Adds the snapshot to the plan of a domain whose definition changes, as far as the declaration asks for it.
///
/// # Errors
/// libvirt cannot take the snapshot. Then nothing must be changed.
pub fn protect(
    entry: &mut Entry,
    declared: &Declared,
    (found, observed): (&Id, &Observed),
    record: Option<&Record>,
) -> Result<(), Reason> {
    let keep = usize::from(declared.policy.rollback_snapshots);
    // A running guest whose definition was removed has nothing to go back to: its new definition is its first one.
    let has_definition = found.kind == Type::Domain && observed.is_persistent;
    if !has_definition || keep == 0 || entry.verdict != Verdict::Change {
        return Ok(());
    }
    let adopted = || Record { uuid: observed.uuid.clone(), ..Record::new(found.clone()) };
    let mut before = record.cloned().unwrap_or_else(adopted);
    let earlier = std::mem::take(&mut before.rollbacks);
    let (unfinished, mut kept): (Vec<_>, Vec<_>) = earlier.iter().cloned().partition(|it| it.is_unfinished);
    let begun = unfinished.iter().find(|it| is_begun(it, observed));
    let snapshot = match (begun, obstacle(observed)) {
        (Some(begun), _) => begun.clone(),
        (None, Some(obstacle)) => return Err(Reason::CannotSnapshot { obstacle }),
        (None, None) => {
            let number = next_number(&earlier, observed);
            Rollback { number, record: Box::new(before.clone()), is_unfinished: true }
        }
    };
    let is_new = begun.is_none();
    let mut steps = Vec::new();
    if is_new {
        // Without the record, nobody would know after a killed run whose snapshot it is.
        before.rollbacks = earlier.iter().cloned().chain([snapshot.clone()]).collect();
        entry.steps.insert(0, RecordUpdate::SaveRecord { record: Box::new(before) }.into());
        steps.push(Operation::TakeSnapshot { snapshot: snapshot.snapshot() });
    }
    let oldest = kept.drain(..(kept.len() + 1).saturating_sub(keep)).collect::<Vec<_>>();
    let dropped = unfinished.iter().filter(|it| it.number != snapshot.number).chain(&oldest);
    steps.extend(dropped.map(|it| Operation::DropSnapshot { snapshot: it.snapshot() }));
    let at = entry.steps.iter().position(|step| matches!(step, Step::Libvirt(Operation::Define { .. })));
    let at = at.unwrap_or_default();
    entry.steps.splice(at..at, steps.into_iter().map(Step::from));
    kept.push(Rollback { is_unfinished: false, ..snapshot });
    for step in entry.steps.iter_mut().skip(at) {
        if let Step::Record(RecordUpdate::SaveRecord { record }) = step {
            record.rollbacks.clone_from(&kept);
        }
    }
    Ok(())
}

/// Whether the definition has changed since a snapshot was taken: a run was killed before it recorded the change.
fn is_begun(taken: &Rollback, observed: &Observed) -> bool {
    match (snapshot(observed, &taken.snapshot()), &observed.definition) {
        (Some(snapshot), Some(now)) => !changes(definition(snapshot), now).is_empty(),
        _ => false,
    }
}

/// The number of a new snapshot. No other snapshot of the domain has its name.
fn next_number(earlier: &[Rollback], observed: &Observed) -> u32 {
    let is_taken = |number: u32| snapshot(observed, &snapshot_name(number)).is_some();
    let next = earlier.last().map_or(1, |last| last.number.saturating_add(1));
    (next..).find(|number| !is_taken(*number)).unwrap_or(next)
}

/// What prevents a snapshot of a domain.
fn obstacle(observed: &Observed) -> Option<SnapshotObstacle> {
    if observed.has_managed_save {
        return Some(SnapshotObstacle::SavedState);
    }
    let domain = observed.live.as_ref().filter(|_| observed.is_active).or(observed.definition.as_ref())?;
    let devices = children_of(domain, "devices").iter().filter(|device| device.name == "disk");
    let disks: Vec<_> = devices.filter(|disk| is_written(disk)).collect();
    if disks.is_empty() {
        return Some(SnapshotObstacle::NoDisk);
    }
    if let Some(disk) = disks.iter().find(|disk| format(disk) != Some("qcow2")) {
        let target = child(disk, "target").and_then(|target| target.attribute("dev")).unwrap_or_default().to_owned();
        return Some(SnapshotObstacle::Disk { target, format: format(disk).map(str::to_owned) });
    }
    let nvram = child(domain, "os").and_then(|os| child(os, "nvram"));
    if observed.is_active && nvram.is_some_and(|nvram| nvram.attribute("format") != Some("qcow2")) {
        return Some(SnapshotObstacle::Nvram);
    }
    None
}

/// Whether a snapshot has to hold a disk.
fn is_written(disk: &Element) -> bool {
    let has_child = |name| child(disk, name).is_some();
    let has_medium = match disk.attribute("device") {
        Some("cdrom") => false,
        Some("floppy") => has_child("source"),
        _ => true,
    };
    has_medium && disk.attribute("snapshot") != Some("no") && !has_child("readonly")
}

fn format(disk: &Element) -> Option<&str> {
    child(disk, "driver")?.attribute("type")
}
