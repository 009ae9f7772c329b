//! A libvirt of which nothing but its bookkeeping is there, to see where plans lead.

use nixvirt::declared::{self, Desired};
use nixvirt::inventory::{Found, Inventory};
use nixvirt::manifest::Connection;
use nixvirt::object::{Id, Type};
use nixvirt::plan::{Plan, plan, to_read};
use nixvirt::state::Records;
use nixvirt::step::{Action, Step};
use nixvirt_schema::engine::xml::{self, Element};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// What libvirt and the record have.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct World {
    pub has: std::collections::BTreeMap<Id, Found>,
    pub records: Records,
    runs: u32,
}

/// What a connection's manifest asks for.
pub fn desired(manifest: Value) -> Desired {
    let connection: Connection = serde_json::from_value(manifest).expect("a connection's manifest");
    declared::read(&connection, Path::new("/"), "here")
}

impl World {
    /// What has to be done. Of what the plan does not ask for, it sees no XML.
    pub fn plan(&self, desired: &Desired) -> Plan {
        let mut inventory = Inventory { objects: self.has.clone() };
        let seen = to_read(desired, &self.records, &inventory);
        for (id, found) in &mut inventory.objects {
            if !seen.contains(id) {
                found.xml = None;
                found.live_xml = None;
            }
        }
        plan(desired, &self.records, &inventory)
    }

    /// Does what has to be done, and answers what that was.
    pub fn apply(&mut self, desired: &Desired) -> Plan {
        let plan = self.plan(desired);
        for entry in &plan.entries {
            entry.steps.iter().for_each(|step| self.perform(step));
        }
        plan
    }

    /// Does one step.
    pub fn perform(&mut self, step: &Step) {
        let id = &step.id;
        match &step.action {
            Action::Remember(record) => drop(self.records.insert(id.clone(), (**record).clone())),
            Action::Forget => drop(self.records.remove(id)),
            Action::Rename { from } => {
                if let Some(found) = self.has.remove(&Id::new(id.kind, from.as_str())) {
                    self.has.insert(id.clone(), found);
                }
            }
            Action::Define { xml } => {
                let found = self.has.entry(id.clone()).or_default();
                found.is_persistent = true;
                found.uuid = uuid(&xml.0).or(found.uuid.take());
                found.xml = Some(xml.0.clone());
            }
            Action::CreateVolume { xml } | Action::CloneVolume { xml, .. } | Action::CreateSnapshot { xml } => {
                let found =
                    Found { xml: Some(xml.0.clone()), is_persistent: true, is_active: true, ..Found::default() };
                self.has.entry(id.clone()).or_insert(found);
            }
            Action::Start => self.start(id),
            Action::Stop(_) => self.stop(id),
            Action::Undefine { .. } => match self.has.get_mut(id) {
                Some(found) if found.is_active => found.is_persistent = false,
                _ => drop(self.has.remove(id)),
            },
            Action::DeleteVolume | Action::DeleteSnapshot => drop(self.has.remove(id)),
            Action::Grow { capacity } => self.edit(id, |root| {
                root.children.retain(|child| child.name != "capacity");
                root.children.push(Element {
                    name: "capacity".into(),
                    text: capacity.to_string(),
                    ..Element::default()
                });
            }),
            Action::Autostart { on } => self.has.get_mut(id).expect("it is there").autostart = *on,
            Action::Attach { xml } | Action::Update { xml } => self.plug(id, &xml.0),
            Action::Detach { xml } => {
                let device = read(&xml.0);
                self.edit_live(id, |devices| devices.retain(|other| key(other) != key(&device)));
            }
            Action::SetMemory { .. } | Action::SetVcpus { .. } | Action::SetMetadata { .. } => self.catch_up(id),
            Action::UpdateNetwork { .. } => self.catch_up(id),
            Action::Fill { .. } | Action::SetValue { .. } => {}
        }
    }

    pub fn start(&mut self, id: &Id) {
        self.runs += 1;
        let found = self.has.get_mut(id).expect("it is there");
        found.is_active = true;
        found.run = (id.kind == Type::Domain).then_some(self.runs);
        found.live_xml.clone_from(&found.xml);
    }

    pub fn stop(&mut self, id: &Id) {
        let found = self.has.get_mut(id).expect("it is there");
        (found.is_active, found.run, found.live_xml) = (false, None, None);
    }

    /// What a person defines beside us.
    pub fn define(&mut self, id: Id, xml: &str) {
        let found = Found { xml: Some(xml.to_owned()), uuid: uuid(xml), is_persistent: true, ..Found::default() };
        self.has.insert(id, found);
    }

    fn edit(&mut self, id: &Id, change: impl FnOnce(&mut Element)) {
        let found = self.has.get_mut(id).expect("it is there");
        let mut root = read(found.xml.as_deref().expect("it has a definition"));
        change(&mut root);
        found.xml = Some(root.to_string());
    }

    fn edit_live(&mut self, id: &Id, change: impl FnOnce(&mut Vec<Element>)) {
        let found = self.has.get_mut(id).expect("it is there");
        let mut root = read(found.live_xml.as_deref().expect("it runs"));
        let devices = root.children.iter_mut().find(|child| child.name == "devices");
        change(&mut devices.expect("it has devices").children);
        found.live_xml = Some(root.to_string());
    }

    fn plug(&mut self, id: &Id, xml: &str) {
        let device = read(xml);
        self.edit_live(id, |devices| {
            devices.retain(|other| key(other) != key(&device));
            devices.push(device);
        });
    }

    /// Of texts, sizes and networks, what runs has what is kept.
    fn catch_up(&mut self, id: &Id) {
        let found = self.has.get_mut(id).expect("it is there");
        let (kept, mut live) =
            (read(found.xml.as_deref().expect("kept")), read(found.live_xml.as_deref().expect("it runs")));
        let is_live = |child: &Element| {
            matches!(
                child.name.as_str(),
                "title" | "description" | "currentMemory" | "vcpu" | "metadata" | "ip" | "dns"
            )
        };
        live.children.retain(|child| !is_live(child));
        live.children.extend(kept.children.into_iter().filter(is_live));
        found.live_xml = Some(live.to_string());
    }
}

fn read(text: &str) -> Element {
    xml::parse(text).expect("XML").remove(0)
}

fn uuid(text: &str) -> Option<String> {
    read(text).children.iter().find(|child| child.name == "uuid").map(|uuid| uuid.text.clone())
}

fn key(element: &Element) -> (String, Option<String>) {
    (element.name.clone(), nixvirt::change::key(element))
}

/// A plan, a line each: what happens to an object, its changes, what waits, the notes and the steps.
pub fn show(plan: &Plan) -> String {
    let mut text = String::new();
    for entry in &plan.entries {
        let verdict = word(&entry.verdict);
        let _ = write!(text, "{}: {verdict}", entry.id);
        if entry.effect != nixvirt::plan::Effect::None {
            let _ = write!(text, ", a guest notices: {}", word(&entry.effect));
        }
        text.push('\n');
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
        for it in &entry.changes {
            let (change, when) = (&it.change, word(&it.when));
            let _ = writeln!(text, "  {}: {} -> {} ({when})", change.path, value(&change.old), value(&change.new));
        }
        for change in &entry.pending {
            let _ = writeln!(text, "  waits: {}: {} -> {}", change.path, value(&change.old), value(&change.new));
        }
        entry.notes.iter().for_each(|note| text.push_str(&format!("  note: {note}\n")));
        let steps: Vec<_> = entry.steps.iter().map(|step| action(&step.action)).collect();
        if !steps.is_empty() {
            let _ = writeln!(text, "  => {}", steps.join(", "));
        }
    }
    text
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn action(action: &Action) -> String {
    let mut value = serde_json::to_value(action).expect("it is JSON");
    let name = value["action"].take();
    let name = name.as_str().unwrap_or_default();
    match action {
        Action::Remember(record) if record.is_half_filled => format!("{name} as half filled"),
        Action::Grow { capacity } => format!("{name} to {capacity}"),
        Action::SetMemory { kib } => format!("{name} to {kib}"),
        Action::SetVcpus { count } => format!("{name} to {count}"),
        Action::Autostart { on } => format!("{name} {on}"),
        Action::Rename { from } => format!("{name} from {from}"),
        Action::UpdateNetwork { how, section, .. } => format!("{name} {} {}", word(how), word(section)),
        Action::Undefine { purge } if !purge.is_empty() => format!("{name} with {}", purge.len()),
        _ => name.to_owned(),
    }
}
