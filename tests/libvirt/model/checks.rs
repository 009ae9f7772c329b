//! What has to hold after each step of a history.

use super::declaration::{Declaration, GuestDeclaration, name};
use super::guest::{Guest, fields, is_overlay};
use super::host::{Host, Run};
use super::world::{Object, World, disks, variables};
use nixvirt::object::{Id, Type};
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::libvirtd::URI;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What should hold.
    pub check: Check,
    /// What it should hold for: a field, or a type of object.
    pub subject: String,
    /// What was found.
    pub detail: String,
}

/// What should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// A command ends by itself, and prints JSON.
    Answers,
    /// No guest ends or starts that the plan does not stop or start.
    GuestsRun,
    /// No image changes that the plan does not write to.
    ImagesStay,
    /// No disk goes back to the image under a snapshot, unless the plan shows it.
    SnapshotsStay,
    /// A guest keeps the variables of its firmware.
    VariablesStay,
    /// Nothing changes that the plan has no steps for, not by a byte.
    OthersStay,
    /// `plan` and `status` change nothing.
    ReadingChangesNothing,
    /// `apply` does the steps that `plan` shows.
    PlanIsDone,
    /// `apply` succeeds, or cannot for a reason that the history knows.
    Applies,
    /// After `apply`, nothing is left to do.
    Converges,
    /// What the saved definition has otherwise than declared is reported.
    DriftIsReported,
    /// Reported drift exists.
    DriftIsTrue,
    /// What the running guest has otherwise than declared is reported.
    PendingIsReported,
    /// What is reported as pending, the running guest lacks.
    PendingIsTrue,
    /// `status` tells what exists and what runs.
    StateIsTrue,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}: {}", self.check, self.subject, self.detail)
    }
}

/// A list of findings.
#[derive(Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, check: Check, subject: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Finding { check, subject: subject.into(), detail: detail.into() });
    }
}

/// The objects that a command reports on.
pub type Objects = BTreeMap<Id, Json>;

/// The objects in what a command printed; None if it printed none.
pub fn objects(command: &str, run: &Run, findings: &mut Findings) -> Option<Objects> {
    let connection = run.json.as_ref().map(|json| &json["connections"][URI]);
    let objects = connection.and_then(|connection| connection["objects"].as_array());
    let error = connection.map(|connection| &connection["error"]).filter(|error| !error.is_null());
    if let Some(error) = error {
        findings.add(Check::Answers, command, error.to_string());
    }
    let Some(objects) = objects else {
        findings.add(Check::Answers, command, format!("exit status {:?}: {}", run.code, run.said));
        return None;
    };
    let id = |object: &Json| serde_json::from_value(object.clone()).expect("each object has an id");
    Some(objects.iter().map(|object| (id(object), object.clone())).collect())
}

/// The actions of an object's steps that change libvirt.
fn actions(object: &Json) -> Vec<&str> {
    let steps = object["steps"].as_array().into_iter().flatten();
    let actions = steps.filter_map(|step| step["action"].as_str());
    actions.filter(|action| !matches!(*action, "save-record" | "drop-record")).collect()
}

/// Checks that reading has changed nothing.
pub fn unchanged(before: &World, after: &World, findings: &mut Findings) {
    for (id, how) in differences(before, after) {
        findings.add(Check::ReadingChangesNothing, id.kind.name(), format!("{id}: {how}"));
    }
    if before.images != after.images {
        findings.add(Check::ReadingChangesNothing, "image", "an image changed");
    }
    if before.processes != after.processes {
        findings.add(Check::ReadingChangesNothing, "process", "a guest ended or started");
    }
}

/// Checks what `apply` did, beside what `plan` said, or what a killed `apply` did.
pub fn applied(plan: &Objects, before: &World, after: &World, findings: &mut Findings) {
    let planned = |id: &Id| plan.get(id).map(actions).unwrap_or_default();
    let is_deferred = |object: &Json| object["verdict"] == "deferred";
    // What has a name for the time being had that of the object which moved it aside.
    let aside: BTreeMap<&str, &Id> = plan.iter().filter_map(|(id, object)| Some((moves_aside(object)?, id))).collect();
    let mut former = BTreeMap::<Id, &Id>::new();
    for (id, object) in plan {
        for from in renames(object) {
            former.insert(aside.get(from).map_or_else(|| Id::new(id.kind, from), |moved| (*moved).clone()), id);
        }
    }

    let uuids: BTreeSet<_> = before.processes.keys().chain(after.processes.keys()).collect();
    for uuid in uuids {
        let [was, is] = [before, after].map(|world| world.processes.get(uuid));
        // A guest that is new may have the former name of another.
        let now = |id| former.get(id).copied().unwrap_or(id);
        let [was_at, is_at] = [before, after].map(|world| world.domain(uuid).map(|(id, _)| id));
        let id = was_at.map(now).or(is_at);
        let steps = id.map(planned).unwrap_or_default();
        let shown = id.map(ToString::to_string).unwrap_or_default();
        if was.is_some() && was != is && !steps.contains(&"stop") {
            findings.add(Check::GuestsRun, "ended", format!("{shown} ended, and the plan has the steps {steps:?}"));
        }
        if is.is_some() && was != is && !steps.contains(&"start") {
            findings.add(Check::GuestsRun, "started", format!("{shown} started, and the plan has the steps {steps:?}"));
        }
    }

    let paths: BTreeSet<_> = before.images.keys().chain(after.images.keys()).collect();
    for path in paths {
        if before.images.get(path) != after.images.get(path) && !may_be_written(plan, path, [before, after]) {
            let what = match (before.images.get(path), after.images.get(path)) {
                (None, _) => "made",
                (_, None) => "removed",
                _ => "written to",
            };
            findings.add(Check::ImagesStay, what, format!("{} was {what}", path.display()));
        }
    }

    for (id, was) in before.objects.iter().filter(|(id, _)| id.kind == Type::Domain) {
        let runs_on = was.uuid.as_ref().filter(|uuid| before.processes.get(*uuid) == after.processes.get(*uuid));
        for disk in was.live().filter(|_| runs_on.is_some()).iter().flat_map(disks) {
            if before.images.contains_key(&disk) && !after.images.contains_key(&disk) {
                findings.add(Check::ImagesStay, "used", format!("{} is gone, and {id} uses it", disk.display()));
            }
        }
        let Some(is) = was.uuid.as_deref().and_then(|uuid| after.domain(uuid)) else { continue };
        if let Some(had) = variables(&was.saved()).filter(|path| before.variables.contains(path)) {
            let has_now = variables(&is.1.saved()).filter(|path| after.variables.contains(path));
            if has_now.as_ref() != Some(&had) {
                findings.add(Check::VariablesStay, "os.nvram", format!("{id}: {} → {has_now:?}", had.display()));
            }
        }
        let [overlays, now] = [was, is.1].map(|domain| fields(&domain.saved()));
        for (field, value) in overlays.iter().filter(|(_, value)| is_overlay(value)) {
            let is_base = |other: &&String| !is_overlay(other) && stem(other) == stem(value);
            let Some(base) = now.values().find(is_base) else { continue };
            let steps: Vec<_> = plan.iter().filter(|(other, _)| other.parent.as_ref() == Some(&id.name)).collect();
            let has_deleted = steps.iter().any(|(_, object)| actions(object).contains(&"delete-snapshot"));
            let entry = plan.get(is.0).map(|object| object["changes"].to_string()).unwrap_or_default();
            if !has_deleted && !entry.contains(base.rsplit(' ').next().unwrap_or_default()) {
                findings.add(Check::SnapshotsStay, "disk", format!("{id}: {field}: {value} → {base}"));
            }
        }
    }

    for (id, how) in differences(before, after) {
        let parent = id.parent.as_ref().map(|parent| match id.kind {
            Type::Volume => Id::new(Type::Pool, parent),
            _ => Id::new(Type::Domain, parent),
        });
        // A snapshot puts the disks of its domain into other files.
        let has_snapshots = |id: &Id| {
            let mut snapshots =
                plan.iter().filter(|(part, _)| part.kind == Type::Snapshot && part.parent.as_ref() == Some(&id.name));
            id.kind == Type::Domain && snapshots.any(|(_, object)| !actions(object).is_empty())
        };
        let is_touched = |id: &Id| {
            !planned(id).is_empty()
                || former.contains_key(id)
                || has_snapshots(id)
                || plan.get(id).is_some_and(is_deferred)
        };
        // libvirt lists what is in the folder of a pool when it looks there, such as when it starts.
        let was_unlisted =
            |(path, _): (&PathBuf, &u64)| id.kind == Type::Volume && path.ends_with(format!("pool/{}", id.name));
        let is_listed_late = !before.objects.contains_key(&id) && before.images.iter().any(was_unlisted);
        if !is_listed_late && !is_touched(&id) && !parent.is_some_and(|parent| is_touched(&parent)) {
            findings.add(Check::OthersStay, id.kind.name(), format!("{id}: {how}"));
        }
    }
}

/// The name of a file without what a snapshot adds.
fn stem(value: &str) -> &str {
    let file = value.rsplit('/').next().unwrap_or(value);
    file.split('.').next().unwrap_or(file)
}

/// Checks that files which others put into the pool keep their content, even where a plan shows that it writes them. Those
/// that may change by now are dropped from the list.
pub fn foreign_files(plan: &Objects, foreign: &mut BTreeMap<PathBuf, u64>, after: &World, findings: &mut Findings) {
    foreign.retain(|path, hash| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let volume = plan.iter().find(|(id, _)| id.kind == Type::Volume && id.name == file);
        let steps = volume.map(|(_, object)| actions(object)).unwrap_or_default();
        let is_kept = after.images.get(path) == Some(hash);
        let may_change = steps.contains(&"grow") || steps.contains(&"delete-volume");
        if !is_kept && !may_change {
            findings.add(Check::ImagesStay, "foreign", format!("{} was made by others, and {steps:?}", path.display()));
        }
        is_kept
    });
}

/// The name that an object's steps give to another object for the time being.
fn moves_aside(object: &Json) -> Option<&str> {
    let step = object["steps"].as_array()?.iter().find(|step| step["action"] == "move-aside")?;
    step["to"].as_str()
}

/// The names of objects that an object's steps rename, or that give way to the object.
fn renames(object: &Json) -> impl Iterator<Item = &str> {
    let steps = object["steps"].as_array().into_iter().flatten();
    steps.filter_map(|step| match step["action"].as_str() {
        Some("rename") => step["from"].as_str(),
        Some("displace") => step["name"].as_str(),
        _ => None,
    })
}

/// Whether a plan writes to an image.
fn may_be_written(plan: &Objects, path: &Path, worlds: [&World; 2]) -> bool {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    plan.iter().any(|(id, object)| match id.kind {
        Type::Volume => id.name == file && (!actions(object).is_empty() || object["verdict"] == "deferred"),
        Type::Snapshot if !actions(object).is_empty() => {
            let domain = Id::new(Type::Domain, id.parent.clone().unwrap_or_default());
            let domains = worlds.iter().filter_map(|world| world.objects.get(&domain));
            // A running guest may still have a disk that its next start drops.
            let definitions = domains.flat_map(|domain| std::iter::once(domain.saved()).chain(domain.live()));
            definitions.flat_map(|definition| disks(&definition)).any(|disk| disk == path)
        }
        _ => false,
    })
}

/// The objects that differ between two moments, each with how.
fn differences(before: &World, after: &World) -> Vec<(Id, String)> {
    let ids: BTreeSet<_> = before.objects.keys().chain(after.objects.keys()).collect();
    let how = |id: &Id| match (before.objects.get(id), after.objects.get(id)) {
        (Some(was), Some(is)) if was == is => None,
        (Some(was), Some(is)) => Some(difference(was, is)),
        (None, _) => Some("was made".to_owned()),
        (_, None) => Some("is gone".to_owned()),
    };
    ids.into_iter().filter_map(|id| Some((id.clone(), how(id)?))).collect()
}

fn difference(was: &Object, is: &Object) -> String {
    let first = |was: &str, is: &str| {
        let pair = was.lines().zip(is.lines()).find(|(was, is)| was != is);
        pair.map_or_else(|| "a line more or less".to_owned(), |(was, is)| format!("{} → {}", was.trim(), is.trim()))
    };
    if was.saved != is.saved {
        return format!("saved: {}", first(&was.saved, &is.saved));
    }
    match (&was.live, &is.live) {
        (Some(was), Some(is)) if was != is => format!("live: {}", first(was, is)),
        (None, Some(_)) => "was started".to_owned(),
        (Some(_), None) => "was stopped".to_owned(),
        _ if was.flags != is.flags => format!("persistent, autostart, saved state: {:?} → {:?}", was.flags, is.flags),
        _ => "the value changed".to_owned(),
    }
}

/// Checks that `apply` did the steps that `plan` had shown, and its errors.
pub fn as_planned(plan: &Objects, applied: &Objects, [before, after]: [&World; 2], findings: &mut Findings) {
    let has_deferred = plan.values().any(|object| object["verdict"] == "deferred");
    let ids: BTreeSet<_> = plan.keys().chain(applied.keys()).collect();
    for id in ids.into_iter().filter(|_| !has_deferred) {
        let [planned, done] = [plan, applied].map(|objects| objects.get(id).map(actions).unwrap_or_default());
        if planned != done {
            findings.add(Check::PlanIsDone, id.kind.name(), format!("{id}: planned {planned:?}, done {done:?}"));
        }
    }
    for (id, object) in applied {
        let error = &object["error"];
        let message = error["message"].as_str().or(error["kind"].as_str()).unwrap_or_default();
        let uuid = after.objects.get(id).and_then(|object| object.uuid.as_deref());
        let former = uuid.and_then(|uuid| before.domain(uuid));
        let is_of_others = former.is_some_and(|(_, domain)| has_twice(&domain.saved(), message));
        if !error.is_null() && (is_expected(error) || is_of_others) {
            println!("     ({id}: {message})");
        } else if !error.is_null() {
            findings.add(Check::Applies, id.kind.name(), format!("{id}: {message}"));
        }
    }
}

/// Whether an error is one that a history provokes.
fn is_expected(error: &Json) -> bool {
    let message = error["message"].as_str().unwrap_or_default();
    // A guest that runs no code goes on, a file that others made is not overwritten, an image may be away, and a network that
    // a guest uses has its former name.
    let provoked = [
        "did not shut down",
        "already exists",
        "No such file",
        "Cannot access storage file",
        "disk not found",
        "is not a regular file",
        "no network with matching name",
    ];
    let is_provoked = provoked.iter().any(|known| message.contains(known));
    is_provoked || error["kind"] == "parent-failed" || error["kind"] == "incomplete-volume"
}

/// Whether a domain has the image twice that a guest could not lock. Below a snapshot, an image counts too.
fn has_twice(domain: &Element, message: &str) -> bool {
    let image = message.split_once("using the image [").and_then(|(_, rest)| rest.split(']').next()).map(stem);
    let is_locked = |disk: &&PathBuf| image.is_some_and(|image| image == stem(&disk.to_string_lossy()));
    disks(domain).iter().filter(is_locked).count() > 1
}

/// Checks that a plan after `apply` has nothing left to do, but for what has failed.
pub fn converged(applied: &Objects, plan: &Objects, findings: &mut Findings) {
    for (id, object) in plan {
        let steps = actions(object);
        let outcome = applied.get(id);
        let has_failed = outcome.is_some_and(|outcome| {
            !outcome["error"].is_null() || outcome["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty())
        });
        // What was in use, and said so, may be free by now.
        let has_waited =
            outcome.is_some_and(|outcome| outcome["verdict"] == "kept" || outcome["verdict"] == "deferred");
        if !steps.is_empty() && !has_failed && !has_waited {
            let changes = object["changes"].as_array().into_iter().flatten();
            let changes: Vec<_> = changes.map(|change| change["path"].as_str().unwrap_or_default()).collect();
            findings.add(Check::Converges, id.kind.name(), format!("{id}: {steps:?} for {changes:?}"));
        }
    }
}

/// Checks what `status` reports the guests.
pub fn truthful(host: &Host, declaration: &Declaration, status: &Objects, world: &World, findings: &mut Findings) {
    for (id, object) in status {
        let found = world.objects.get(id);
        let is_part = matches!(id.kind, Type::Volume | Type::Snapshot);
        if (object["state"] == "missing") && found.is_some() && !is_part {
            findings.add(Check::StateIsTrue, id.kind.name(), format!("{id} is reported as missing"));
        }
        if let (Some(active), Some(found), false) =
            (object["active"].as_bool(), found, is_part || id.kind == Type::Secret)
        {
            if active != found.live.is_some() {
                findings.add(Check::StateIsTrue, id.kind.name(), format!("{id} is reported as active: {active}"));
            }
        }
    }
    for (slot, declared) in declaration.guests.iter().enumerate().filter(|(_, guest)| guest.is_declared) {
        let id = Id::new(Type::Domain, name(declared.name));
        let guest = declaration.guest(slot, &host.folder);
        let Some(reported) = status.get(&id) else {
            findings.add(Check::StateIsTrue, "domain", format!("{id} is declared and not reported"));
            continue;
        };
        let found = world.objects.get(&id).filter(|found| found.uuid.as_deref() == Some(guest.uuid().as_str()));
        if let (Some(found), Some("in-sync" | "pending-restart" | "drifted" | "to-apply")) =
            (found, reported["state"].as_str())
        {
            check_guest(guest, declared, reported, found, findings);
        }
    }
}

fn check_guest(
    guest: Guest<'_>,
    declared: &GuestDeclaration,
    reported: &Json,
    found: &Object,
    findings: &mut Findings,
) {
    let declared = fields(&xml::element(&declared.definition(guest)).expect("the histories write XML"));
    let (saved, live) = (fields(&found.saved()), found.live().map(|live| fields(&live)));
    let paths = |list: &str| -> Vec<String> {
        let list = reported[list].as_array().into_iter().flatten();
        list.filter_map(|change| change["path"].as_str()).map(str::to_owned).collect()
    };
    let (changes, pending, drift) = (paths("changes"), paths("pending"), paths("drift"));
    let has_one_of = |paths: &[String], field: &str| paths.iter().any(|path| concerns(path, field));
    let all: BTreeSet<_> = declared.keys().chain(saved.keys()).chain(live.iter().flat_map(BTreeMap::keys)).collect();
    let names = |path: &str, differs: &dyn Fn(&String) -> bool| {
        all.iter().any(|field| concerns(path, field) && differs(field)) || reported["managed"] == false
    };
    for path in drift.iter().filter(|path| !names(path, &|field| declared.get(field) != saved.get(field))) {
        findings.add(Check::DriftIsTrue, stem_of(path), format!("{path} is reported, and no field differs"));
    }
    let lacks = |field: &String| live.as_ref().is_some_and(|live| live.get(field) != declared.get(field));
    for path in pending.iter().filter(|path| !names(path, &lacks)) {
        findings.add(Check::PendingIsTrue, stem_of(path), format!("{path} is reported, and no field differs"));
    }
    let name = reported["name"].as_str().unwrap_or_default();
    let state = reported["state"].as_str().unwrap_or_default();
    for field in all {
        let (wanted, kept) = (declared.get(field), saved.get(field));
        let subject = stem_of(field);
        let shown = |value: Option<&String>| value.map_or("nothing".to_owned(), ToOwned::to_owned);
        let detail = |which: &str, value| {
            format!("{name} is {state}; {field} is declared as {}, and {which} as {}", shown(wanted), shown(value))
        };
        // Whether a snapshot's file counts as the declared image is not for the histories to say.
        if [wanted, kept].into_iter().flatten().any(|value| is_overlay(value)) {
            continue;
        }
        // The password that someone gave a console by hand is kept.
        let has_own_password =
            |it: Option<&String>| it.is_some_and(|value| value.starts_with("vnc") && value != NO_PASSWORD);
        if wanted.is_some_and(|wanted| wanted == NO_PASSWORD) && has_own_password(kept) {
            continue;
        }
        // It is unknown who gave an object that was not applied what is not declared, such as the medium of a drive.
        if wanted.is_none_or(|wanted| wanted == "cdrom none") && reported["managed"] == false {
            continue;
        }
        let is_reported = has_one_of(&drift, field) || has_one_of(&changes, field);
        if wanted != kept && !is_reported {
            findings.add(Check::DriftIsReported, subject, detail("saved", kept));
        }
        let Some(runs) = live.as_ref().map(|live| live.get(field)) else { continue };
        if wanted != runs && !is_reported && !has_one_of(&pending, field) {
            findings.add(Check::PendingIsReported, subject, detail("running", runs));
        }
    }
}

/// The name of a field without what tells devices apart.
fn stem_of(path: &str) -> &str {
    path.split('[').next().unwrap_or(path)
}

/// A console without a password, as the histories know it.
const NO_PASSWORD: &str = "vnc none";

/// Whether a path that is reported concerns a field. Devices without a name are reported by their place.
fn concerns(path: &str, field: &str) -> bool {
    let is_under = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let element = |path: &str| stem_of(path).to_owned();
    // The memory of a domain is that of its NUMA cell and its modules.
    if ["memory", "currentMemory"].contains(&path) && field.starts_with("devices.memory") {
        return true;
    }
    if path.starts_with("cpu.numa.cell") {
        return field == "memory" || field.starts_with("vcpu");
    }
    let has_name = field.contains("disk[") || field.contains("interface[");
    if has_name || !path.starts_with("devices.") {
        is_under(path, field)
            || is_under(field, path)
            || (has_name && path.contains("[0]") && element(path) == element(field))
    } else {
        is_under(&element(path), &element(field)) || is_under(&element(field), &element(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::world::Process;
    use expect_test::{Expect, expect};
    use serde_json::json;

    const UUID: &str = "6d6f6465-6c00-4000-8000-000000000000";

    /// A running guest with one image.
    fn world() -> World {
        let xml = |file: &str| {
            format!(
                "<domain><devices><disk><driver type='qcow2'/><source file='/{file}'/><target dev='vda'/></disk></devices></domain>"
            )
        };
        let object = Object {
            uuid: Some(UUID.to_owned()),
            saved: xml("guest0-image1.snapshot0"),
            live: Some(xml("guest0-image1.snapshot0")),
            ..Object::default()
        };
        World {
            objects: BTreeMap::from([(guest(), object)]),
            processes: BTreeMap::from([(UUID.to_owned(), Process { pid: 7, started: 1 })]),
            images: BTreeMap::from([("/guest0-image1.raw".into(), 1)]),
            variables: BTreeSet::new(),
        }
    }

    fn guest() -> Id {
        Id::new(Type::Domain, "a")
    }

    /// What is found after a run whose plan has these steps for the guest.
    fn found(steps: &[&str], change: impl FnOnce(&mut World)) -> String {
        let steps: Vec<_> = steps.iter().map(|action| json!({ "action": action })).collect();
        let plan = Objects::from([(guest(), json!({ "verdict": "change", "changes": [], "steps": steps }))]);
        let mut after = world();
        change(&mut after);
        let mut findings = Findings::default();
        applied(&plan, &world(), &after, &mut findings);
        findings.0.iter().map(|finding| format!("{finding}\n")).collect()
    }

    #[test]
    fn what_no_plan_shows_is_found() {
        let check =
            |steps: &[&str], change: fn(&mut World), expected: Expect| expected.assert_eq(&found(steps, change));
        check(&[], |_| (), expect![""]);
        let restart: fn(&mut World) = |world| world.processes.values_mut().for_each(|process| process.started = 2);
        check(&["stop", "start"], restart, expect![""]);
        check(
            &["define"],
            restart,
            expect![[r#"
            GuestsRun ended: domain a ended, and the plan has the steps ["define"]
            GuestsRun started: domain a started, and the plan has the steps ["define"]
        "#]],
        );
        check(
            &["define"],
            |world| world.images.values_mut().for_each(|hash| *hash = 2),
            expect![[r#"
            ImagesStay written to: /guest0-image1.raw was written to
        "#]],
        );
        check(
            &["save-record"],
            |world| world.objects.values_mut().for_each(|it| it.flags = [true; 3]),
            expect![[r#"
            OthersStay domain: domain a: persistent, autostart, saved state: [false, false, false] → [true, true, true]
        "#]],
        );
        let go_back: fn(&mut World) = |world| {
            world.objects.values_mut().for_each(|it| it.saved = it.saved.replace("image1.snapshot0", "image1.raw"));
        };
        check(
            &["define"],
            go_back,
            expect![[r#"
            SnapshotsStay disk: domain a: devices.disk[vda]: qcow2 /guest0-image1.snapshot0 → qcow2 /guest0-image1.raw
        "#]],
        );
    }

    #[test]
    fn who_put_an_image_twice_into_a_guest() {
        let twice = |second: &str| {
            let mut world = world();
            for object in world.objects.values_mut() {
                let disk = format!("<disk><source file='/{second}'/><target dev='vdb'/></disk></devices>");
                object.saved = object.saved.replace("</devices>", &disk);
            }
            world
        };
        let locked = "Failed to get \"write\" lock\nIs another process using the image [/guest0-image1.raw]?";
        let applied = Objects::from([(guest(), json!({ "steps": [], "error": { "message": locked } }))]);
        let found = |before: World, after: World| {
            let mut findings = Findings::default();
            as_planned(&Objects::new(), &applied, [&before, &after], &mut findings);
            findings.0.iter().map(|finding| finding.check).collect::<Vec<_>>()
        };
        assert_eq!(found(twice("guest0-image1.raw"), twice("guest0-image1.raw")), []);
        assert_eq!(found(twice("guest0-image2.qcow2"), twice("guest0-image2.qcow2")), [Check::Applies]);
        assert_eq!(found(world(), twice("guest0-image1.raw")), [Check::Applies]);
    }

    #[test]
    fn a_new_guest_has_the_former_name_of_another() {
        const NEW: &str = "6d6f6465-6c00-4000-8000-000000000001";
        let renamed = Id::new(Type::Domain, "b");
        let plan = Objects::from([
            (
                renamed.clone(),
                json!({ "verdict": "change", "changes": [], "steps": [{ "action": "rename", "from": "a" }] }),
            ),
            (
                guest(),
                json!({ "verdict": "create", "changes": [], "steps": [{ "action": "define" }, { "action": "start" }] }),
            ),
        ]);
        let before = world();
        let mut after = world();
        let other = after.objects.remove(&guest()).expect("the world has it");
        let new = Object { uuid: Some(NEW.to_owned()), ..other.clone() };
        after.objects.extend([(renamed, other), (guest(), new)]);
        after.processes.insert(NEW.to_owned(), Process { pid: 8, started: 2 });
        let mut findings = Findings::default();
        applied(&plan, &before, &after, &mut findings);
        let runs = findings.0.iter().filter(|finding| finding.check == Check::GuestsRun).count();
        assert_eq!(runs, 0);
    }

    #[test]
    fn a_snapshot_takes_a_disk_that_the_next_start_drops() {
        let snapshot = Id { parent: Some("a".to_owned()), ..Id::new(Type::Snapshot, "new") };
        let step = json!({ "verdict": "create", "changes": [], "steps": [{ "action": "create-snapshot" }] });
        let plan = Objects::from([(snapshot, step)]);
        let mut before = world();
        before.objects.values_mut().for_each(|it| it.saved = "<domain/>".to_owned());
        let mut after = before.clone();
        after.images.insert("/guest0-image1.new".into(), 2);
        let live = |it: &mut Object| it.live = it.live.take().map(|live| live.replace("snapshot0", "new"));
        after.objects.values_mut().for_each(live);
        let mut findings = Findings::default();
        applied(&plan, &before, &after, &mut findings);
        let images = findings.0.iter().filter(|finding| finding.check == Check::ImagesStay).count();
        assert_eq!(images, 0);
    }
}
