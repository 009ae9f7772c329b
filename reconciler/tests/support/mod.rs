//! A libvirt that only keeps books, to see where plans lead.

use nixvirt::declared::{self, Desired};
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::manifest::Declarations;
use nixvirt::object::{Id, Type};
use nixvirt::paths::Paths;
use nixvirt::plan::{Entry, Plan, plan, to_read};
use nixvirt::snapshot_archive::{ArchivedSnapshot, DomainArchive, SnapshotArchive};
use nixvirt::state::Records;
use nixvirt::step::{Operation, RecordUpdate, Redacted, Step};
use nixvirt_schema::engine::xml::{self, Element};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The objects of a libvirt, and the state records of what was applied.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct FakeLibvirt {
    pub objects: BTreeMap<Id, Observed>,
    pub records: Records,
    pub paths: Paths,
    pub archive: SnapshotArchive,
    runs: u32,
}

/// What a connection's manifest declares.
pub fn desired(manifest: Value) -> Desired {
    let connection: Declarations = serde_json::from_value(manifest).expect("a connection's manifest");
    declared::read(&connection, Path::new("/"), "here")
}

impl FakeLibvirt {
    /// The inventory that a plan sees: it has the definitions that `to_read` names, and no others.
    pub fn inventory(&self, desired: &Desired) -> Inventory {
        let mut inventory = Inventory { objects: self.objects.clone(), paths: self.paths.clone() };
        for (id, observed) in &mut inventory.objects {
            observed.has_snapshots = self.objects.keys().any(|other| is_snapshot_of(other, id));
        }
        let read = to_read(desired, &self.records, &inventory);
        for (id, observed) in &mut inventory.objects {
            if !read.contains(id) {
                observed.definition = None;
                observed.live = None;
                continue;
            }
            let snapshots = self.objects.iter().filter(|(other, _)| is_snapshot_of(other, id));
            observed.snapshots = snapshots.filter_map(|(_, snapshot)| snapshot.definition.clone()).collect();
        }
        inventory
    }

    /// Plans what has to be done.
    pub fn plan(&self, desired: &Desired) -> Plan {
        plan(desired, &self.records, &self.inventory(desired), &self.archive)
    }

    /// Executes the plan of what has to be done, and returns it.
    pub fn apply(&mut self, desired: &Desired) -> Plan {
        let plan = self.plan(desired);
        for entry in &plan.entries {
            entry.steps.iter().for_each(|step| self.execute(&entry.id, step));
        }
        plan
    }

    /// Executes a step.
    pub fn execute(&mut self, id: &Id, step: &Step) {
        match step {
            Step::Libvirt(operation) => self.operate(id, operation),
            Step::Origin(_) => unreachable!("there is no other connection"),
            Step::Record(RecordUpdate::SaveRecord { record }) => {
                self.records.insert(record.id.clone(), (**record).clone());
            }
            Step::Record(RecordUpdate::DropRecord { object }) => {
                self.records.remove(object);
            }
            Step::Record(RecordUpdate::ArchiveSnapshots { uuid }) => {
                let unconfirmed = self.archived(id);
                self.archive.domains.entry(uuid.clone()).or_default().unconfirmed = unconfirmed;
            }
            Step::Record(RecordUpdate::ConfirmArchive { uuid }) => {
                let domain = self.archive.domains.entry(uuid.clone()).or_default();
                domain.confirmed = domain.unconfirmed.take().or(domain.confirmed.take());
            }
            Step::Record(RecordUpdate::DropArchive { uuid }) => drop(self.archive.domains.remove(uuid)),
        }
    }

    /// Performs an operation of libvirt.
    pub fn operate(&mut self, id: &Id, operation: &Operation) {
        match operation {
            Operation::CopyVolume { .. } | Operation::PrepareVolume { .. } | Operation::Migrate { .. } => {
                unreachable!("there is no other connection")
            }
            Operation::Rename { from } => {
                let from = Id::new(id.kind, from.as_str());
                if self.objects.contains_key(&from) {
                    self.rename(&from, id);
                }
            }
            Operation::MoveAside { uuid, to } => {
                if self.objects.get(id).is_some_and(|observed| observed.uuid.as_ref() == Some(uuid)) {
                    self.rename(id, &Id::new(id.kind, to.as_str()));
                }
            }
            Operation::Displace { name, uuid } => {
                self.objects.retain(|other, observed| {
                    other.kind != id.kind || other.name != *name || observed.uuid.as_ref() != Some(uuid)
                });
            }
            Operation::Define { definition: Redacted(definition) } => {
                self.must_be_free(id, definition);
                let observed = self.objects.entry(id.clone()).or_default();
                observed.is_persistent = true;
                observed.uuid = uuid(definition).or(observed.uuid.take());
                observed.definition = Some(definition.clone());
            }
            Operation::CreateVolume { definition }
            | Operation::CloneVolume { definition, .. }
            | Operation::CreateSnapshot { definition } => {
                self.objects.entry(id.clone()).or_insert(active(&definition.0));
            }
            Operation::Start => self.start(id),
            Operation::Stop(_) => self.stop(id),
            Operation::Undefine { .. } if id.kind == Type::Pool => {
                assert!(self.objects.get(id).is_none_or(|pool| !pool.is_active), "{id} is still active");
                self.objects.remove(id);
            }
            Operation::Undefine { .. } => match self.objects.get_mut(id) {
                Some(observed) if observed.is_active => observed.is_persistent = false,
                _ => {
                    self.objects.remove(id);
                    self.objects.retain(|other, _| !is_snapshot_of(other, id));
                }
            },
            Operation::RestoreSnapshot { name, definition, .. } => {
                self.objects.insert(Id::within(Type::Snapshot, &id.name, name), active(definition));
            }
            Operation::DeleteVolume | Operation::DeleteSnapshot => drop(self.objects.remove(id)),
            Operation::TakeSnapshot { snapshot } => {
                let definition = format!("<domainsnapshot><name>{snapshot}</name></domainsnapshot>");
                let mut definition = xml::element(&definition).expect("XML");
                definition.children.extend(self.object(id).definition.clone());
                self.objects.insert(Id::within(Type::Snapshot, &id.name, snapshot), active(&definition));
            }
            Operation::DropSnapshot { snapshot } => {
                self.objects.remove(&Id::within(Type::Snapshot, &id.name, snapshot));
            }
            Operation::Revert { .. } => unreachable!("no plan goes back"),
            Operation::Grow { capacity } => {
                let definition = self.object(id).definition.as_mut().expect("it is defined");
                definition.children.retain(|child| child.name != "capacity");
                definition.children.push(Element {
                    name: "capacity".into(),
                    text: capacity.to_string(),
                    ..Element::default()
                });
            }
            Operation::Autostart { on } => self.object(id).autostart = *on,
            Operation::Attach { device, .. } | Operation::Update { device } => {
                let devices = self.devices(id);
                devices.retain(|other| key(other) != key(&device.0));
                devices.push(device.0.clone());
            }
            Operation::Detach { device } => self.devices(id).retain(|other| key(other) != key(&device.0)),
            Operation::SetMemory { .. }
            | Operation::SetVcpus { .. }
            | Operation::SetMetadata { .. }
            | Operation::UpdateNetwork { .. } => self.catch_up(id),
            Operation::Fill { .. }
            | Operation::WriteSeed { .. }
            | Operation::SetValue { .. }
            | Operation::CheckEmpty
            | Operation::Build => {}
        }
    }

    pub fn start(&mut self, id: &Id) {
        self.runs += 1;
        let run = if id.kind == Type::Domain { Some(self.runs) } else { None };
        let observed = self.object(id);
        (observed.is_active, observed.run) = (true, run);
        observed.live.clone_from(&observed.definition);
    }

    fn rename(&mut self, from: &Id, to: &Id) {
        assert!(!self.objects.contains_key(to), "{to} exists already");
        let observed = self.objects.remove(from).expect("it exists");
        assert!(!observed.is_active, "{from} runs");
        self.objects.insert(to.clone(), observed);
    }

    /// Refuses a definition as libvirt does: a name has one UUID, a UUID one name, a bridge one network, a folder one pool.
    fn must_be_free(&self, id: &Id, definition: &Element) {
        let place = |definition: &Element| match definition.name.as_str() {
            "network" => child(definition, "bridge")?.attribute("name").map(str::to_owned),
            "pool" => child(child(definition, "target")?, "path").map(|path| path.text.clone()),
            _ => None,
        };
        let uuid = uuid(definition);
        for (other, observed) in self.objects.iter().filter(|(other, _)| other.kind == id.kind) {
            let is_same_uuid = uuid.is_some() && uuid == observed.uuid;
            if other == id {
                let is_other = uuid.is_some() && observed.uuid.is_some() && !is_same_uuid;
                assert!(!is_other || id.kind == Type::Secret, "{id} exists with another UUID");
                continue;
            }
            assert!(!is_same_uuid, "{id} exists as {other}");
            let places = [&observed.definition, &observed.live].map(|it| it.as_ref().and_then(place));
            let wanted = place(definition);
            assert!(wanted.is_none() || !places.contains(&wanted), "{other} has the place of {id}: {wanted:?}");
        }
    }

    pub fn stop(&mut self, id: &Id) {
        let observed = self.object(id);
        (observed.is_active, observed.run, observed.live) = (false, None, None);
    }

    /// Defines an object by other means than this program.
    pub fn define(&mut self, id: Id, xml: &str) {
        let definition = read(xml);
        let uuid = uuid(&definition);
        let observed = Observed { definition: Some(definition), uuid, is_persistent: true, ..Observed::default() };
        self.objects.insert(id, observed);
    }

    /// What libvirt forgets when a domain is undefined.
    pub fn archived(&self, id: &Id) -> Option<DomainArchive> {
        let xml = |observed: &Observed| observed.definition.clone().unwrap_or_default();
        let snapshots = self.objects.iter().filter(|(other, _)| is_snapshot_of(other, id));
        let snapshots = snapshots.map(|(_, snapshot)| ArchivedSnapshot { xml: xml(snapshot), is_current: false });
        Some(DomainArchive { domain: xml(self.objects.get(id)?), snapshots: snapshots.collect() })
    }

    fn object(&mut self, id: &Id) -> &mut Observed {
        self.objects.get_mut(id).expect("it exists")
    }

    fn devices(&mut self, id: &Id) -> &mut Vec<Element> {
        let live = self.object(id).live.as_mut().expect("it runs");
        let devices = live.children.iter_mut().find(|child| child.name == "devices");
        &mut devices.expect("it has devices").children
    }

    /// Gives the running object the texts, sizes and addresses of the persistent definition.
    fn catch_up(&mut self, id: &Id) {
        let is_live = |child: &Element| {
            matches!(
                child.name.as_str(),
                "title" | "description" | "currentMemory" | "vcpu" | "metadata" | "ip" | "dns"
            )
        };
        let observed = self.object(id);
        let definition = observed.definition.clone().expect("it is defined");
        let live = observed.live.as_mut().expect("it runs");
        live.children.retain(|child| !is_live(child));
        live.children.extend(definition.children.into_iter().filter(is_live));
    }
}

/// An object that does not stop.
fn active(definition: &Element) -> Observed {
    let definition = Some(definition.clone());
    Observed { definition, is_persistent: true, is_active: true, ..Observed::default() }
}

fn is_snapshot_of(id: &Id, domain: &Id) -> bool {
    id.kind == Type::Snapshot && domain.kind == Type::Domain && id.parent.as_deref() == Some(&domain.name)
}

fn read(text: &str) -> Element {
    xml::parse(text).expect("XML").remove(0)
}

fn child<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.children.iter().find(|child| child.name == name)
}

fn uuid(definition: &Element) -> Option<String> {
    definition.children.iter().find(|child| child.name == "uuid").map(|uuid| uuid.text.clone())
}

fn key(element: &Element) -> (String, Option<String>) {
    (element.name.clone(), nixvirt::change::key(element))
}

/// A plan: for each object its verdict, its changes, what is pending, the reasons and the steps.
pub fn show(plan: &Plan) -> String {
    let mut text = String::new();
    for invalid in &plan.invalid {
        text += &format!("{}: {}\n", invalid.place.path, facts(&invalid.error, "kind"));
    }
    plan.entries.iter().for_each(|entry| text += &show_entry(entry));
    text
}

fn show_entry(entry: &Entry) -> String {
    let mut text = format!("{}: {}", entry.id, word(&entry.verdict));
    if entry.effect != nixvirt::plan::Effect::None {
        text += &format!(", effect on the guest: {}", word(&entry.effect));
    }
    text.push('\n');
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    for it in &entry.changes {
        let (change, when) = (&it.change, word(&it.when));
        text += &format!("  {}: {} -> {} ({when})\n", change.path, value(&change.old), value(&change.new));
    }
    entry.secrets.iter().for_each(|when| text += &format!("  secrets ({})\n", word(when)));
    for change in &entry.pending {
        text += &format!("  pending: {}: {} -> {}\n", change.path, value(&change.old), value(&change.new));
    }
    for change in &entry.undone {
        text += &format!("  undoes: {}: {} -> {}\n", change.path, value(&change.old), value(&change.new));
    }
    entry.reasons.iter().for_each(|reason| text += &format!("  because: {}\n", facts(reason, "reason")));
    let steps: Vec<_> = entry.steps.iter().map(show_step).collect();
    if !steps.is_empty() {
        text += &format!("  => {}\n", steps.join(", "));
    }
    text
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A step: its action and its facts.
pub fn show_step(step: &Step) -> String {
    match step {
        Step::Record(RecordUpdate::SaveRecord { record }) if record.is_incomplete => {
            format!("save-record {}", if record.is_created { "incomplete" } else { "to create" })
        }
        step => facts(step, "action"),
    }
}

/// A value with a tag: the tag, and the facts beside it.
pub fn facts(value: &impl serde::Serialize, tag: &str) -> String {
    let mut value = serde_json::to_value(value).expect("it is JSON");
    let facts = value.as_object_mut().expect("it has a tag");
    let tag = facts.remove(tag).expect("it has a tag");
    let mut text = tag.as_str().expect("a tag is a word").to_owned();
    for (name, fact) in facts {
        let fact = match serde_json::from_value::<Id>(fact.clone()) {
            Ok(id) => id.to_string(),
            Err(_) => fact.as_str().map_or_else(|| fact.to_string(), str::to_owned),
        };
        text += &format!(" {name}={fact}");
    }
    text
}
