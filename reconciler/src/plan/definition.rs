//! What is done to objects that have a definition: all but volumes and snapshots.

use super::carry::{add_macs, carry, set_uuid};
use super::guest::Guest;
use super::live::{Live, is_under};
use super::users::{Used, users};
use super::{Context, Effect, Entry, PlannedChange, Verdict, When, network};
use crate::change::{Change, changes, missing};
use crate::declared::{Content, Declared};
use crate::inventory::Found;
use crate::manifest::OnChange;
use crate::marker::mark;
use crate::object::{Id, Type};
use crate::state::{Record, Running, fingerprint};
use crate::step::{Action, Hidden};
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::{self, Element};

/// An object on its way to what is declared.
struct Case<'a> {
    context: &'a Context<'a>,
    declared: &'a Declared,
    record: Option<&'a Record>,
    found: Option<&'a Found>,
    /// The persistent definition that libvirt has.
    kept: Option<Element>,
    /// What runs.
    live: Option<Element>,
    /// What was declared when it was last applied.
    before: Option<Element>,
    /// The name that it has now, if that is another one.
    named: Option<&'a Id>,
}

/// What is done to an object.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    let case = match Case::new(context, declared) {
        Ok(case) => case,
        Err(why) => return entry.impossible(why),
    };
    let difference = case.difference();
    entry.pending = case.pending();
    if difference.is_some() && case.found.is_some_and(|found| found.has_managed_save) {
        entry.notes.push("its next start goes on from its saved state, with the definition of that time".to_owned());
    }
    let runs = case.found.is_some_and(|found| found.is_active);
    if runs && difference.is_some() && declared.policy.on_change == OnChange::Never {
        entry.verdict = Verdict::LeftAlone;
        entry.changes = difference.into_iter().flatten().map(|change| later(change, When::NextStart)).collect();
        entry.notes.push("it runs, and `onChange` is \"never\": it is changed when it has stopped".to_owned());
        case.run(&mut entry, false);
        return entry;
    }
    let is_staged = case.define(&mut entry, difference);
    case.run(&mut entry, is_staged);
    entry
}

fn later(change: Change, when: When) -> PlannedChange {
    PlannedChange { change, when }
}

impl<'a> Case<'a> {
    fn new(context: &'a Context<'a>, declared: &'a Declared) -> Result<Self, String> {
        let id = &declared.id;
        let other =
            declared.uuid.as_deref().and_then(|uuid| context.of_uuid(id.kind, uuid)).filter(|other| *other != id);
        let same = context.inventory.get(id);
        if let (Some(declared), Some(found)) = (&declared.uuid, same.and_then(|found| found.uuid.as_ref())) {
            if !declared.eq_ignore_ascii_case(found) && id.kind != Type::Secret {
                return Err(format!(
                    "libvirt has another {id} with the UUID {found}: declare that UUID, or none, to take it over"
                ));
            }
        }
        if let Some(other) = other {
            let is_off = context.inventory.get(other).is_some_and(|found| !found.is_active);
            match id.kind {
                Type::Secret => {}
                Type::Domain if is_off && same.is_none() => {}
                Type::Domain => {
                    return Err(format!("it runs under the name {:?}: it can be renamed when it is off", other.name));
                }
                kind => {
                    return Err(format!(
                        "libvirt has its UUID under the name {:?} and cannot rename a {kind}",
                        other.name
                    ));
                }
            }
        }
        let found = same.or_else(|| context.inventory.get(other?));
        let read = |text: Option<&str>| text.and_then(xml::element);
        let record = context.records.get(id).or_else(|| context.records.get(other?));
        let before = read(record.map(|record| record.xml.as_str()));
        let kept = read(found.and_then(|found| found.xml.as_deref()));
        if found.is_some() && before.is_none() && kept.is_none() {
            return Err("what libvirt has under its name could not be read".to_owned());
        }
        Ok(Case {
            context,
            declared,
            record,
            found,
            kept,
            live: read(found.and_then(|found| found.live_xml.as_deref())),
            before,
            named: other.filter(|_| same.is_none()),
        })
    }

    /// What differs between what was declared and what is; nothing where nothing has to be defined.
    fn difference(&self) -> Option<Vec<Change>> {
        let declared = &self.declared.root;
        let Some(found) = self.found else { return Some(Vec::new()) };
        let mut difference = match &self.before {
            Some(before) => changes(&self.with_macs(before), &self.with_macs(declared)),
            None => {
                let kept = self.kept.as_ref()?;
                missing(kept, &self.with_macs(declared))
            }
        };
        if self.has_new_secrets() && self.before.is_some() {
            let hidden = || Some(PLACEHOLDER.to_owned());
            difference.push(Change { path: "secret".to_owned(), old: hidden(), new: hidden() });
        }
        let must_define = !difference.is_empty() || !found.is_persistent || self.named.is_some();
        must_define.then_some(difference)
    }

    /// Whether the secrets in the declaration are others than when it was last applied.
    fn has_new_secrets(&self) -> bool {
        self.record.is_some_and(|record| record.secrets != fingerprint(&self.declared.id, &self.declared.secrets))
    }

    /// A definition with the hardware addresses that its cards have, to be compared with what libvirt tells.
    fn with_macs(&self, definition: &Element) -> Element {
        let mut definition = definition.clone();
        add_macs(&mut definition, self.kept.as_ref());
        definition
    }

    /// A new object's definition with a UUID and hardware addresses that follow from its name: one that comes back finds
    /// what it left, such as its snapshots and its TPM's state.
    fn with_identity(&self, definition: &Element) -> Element {
        let Id { kind, name, .. } = &self.declared.id;
        let mut definition = self.with_macs(definition);
        let uuid = identity::uuid(kind.name(), name);
        let is_free = self.context.of_uuid(*kind, &uuid).is_none();
        if is_free && matches!(kind, Type::Domain | Type::Network | Type::Pool | Type::Nwfilter) {
            set_uuid(&mut definition, &uuid);
        }
        definition
    }

    /// What runs was started from, if that is not what was declared last.
    fn running(&self) -> Option<&Running> {
        let found = self.found.filter(|found| found.is_active)?;
        self.record?.running.as_ref().filter(|running| running.run == found.run)
    }

    /// What was changed before and what runs has not got.
    fn pending(&self) -> Vec<Change> {
        let (Some(running), Some(live), Some(record)) = (self.running(), &self.live, &self.before) else {
            return Vec::new();
        };
        let record = self.with_macs(record);
        let started_from = running.xml.as_deref().and_then(xml::element);
        let Some(mut started_from) = started_from else { return missing(live, &record) };
        // Its cards have the addresses of what runs, whatever is kept by now.
        add_macs(&mut started_from, Some(live));
        let differs = changes(live, &record);
        let is_open = |change: &Change| {
            differs.iter().any(|other| is_under(&change.path, &other.path) || is_under(&other.path, &change.path))
        };
        changes(&started_from, &record).into_iter().filter(is_open).collect()
    }

    /// Plans the definition. Answers whether what runs is not as declared after it.
    fn define(&self, entry: &mut Entry, difference: Option<Vec<Change>>) -> bool {
        let id = &self.declared.id;
        let Some(difference) = difference else {
            if self.record.is_none() || self.before.is_none() {
                entry.verdict = Verdict::TakeOver;
                self.set_value(entry);
                entry.push(Action::Remember(Box::new(self.record_of(None))));
            } else if self.record.is_some_and(|record| record.purge != self.declared.policy.purge) {
                entry.push(Action::Remember(Box::new(self.record_of(self.running().cloned()))));
            }
            return !entry.pending.is_empty();
        };
        entry.verdict = if self.found.is_some() { Verdict::Change } else { Verdict::Create };
        if self.found.is_some() && self.record.is_none() {
            entry.notes.push("it was there, and is taken over".to_owned());
        }
        let full = xml::element(&self.declared.xml);
        let full = full.unwrap_or_else(|| self.declared.root.clone());
        let mut wanted = match &self.kept {
            Some(kept) => carry(&full, self.before.as_ref(), kept),
            None => self.with_identity(&full),
        };
        let live = self.live_changes(&wanted);
        mark(&mut wanted, &self.context.desired.owner);
        if let Some(named) = self.named {
            entry.notes.push(format!("it was named {:?}", named.name));
            entry.push(Action::Rename { from: named.name.clone() });
        }
        entry.push(Action::Define { xml: Hidden(wanted.to_string()) });
        self.set_value(entry);
        let when = |change: &Change| match &live {
            Some(live) if !live.brings(change) => When::NextStart,
            _ => When::Now,
        };
        entry.changes = difference.into_iter().map(|change| PlannedChange { when: when(&change), change }).collect();
        let is_staged = entry.changes.iter().any(|it| it.when == When::NextStart);
        if let Some(live) = live.filter(|live| !live.actions.is_empty()) {
            let is_felt = |action: &Action| !matches!(action, Action::SetMetadata { .. });
            if id.kind == Type::Domain && live.actions.iter().any(is_felt) {
                entry.raise(Effect::Live);
            }
            live.actions.into_iter().for_each(|action| entry.push(action));
        }
        if id.kind == Type::Nwfilter && self.found.is_some() {
            entry.raise(Effect::Live);
        }
        entry.push(Action::Remember(Box::new(self.record_of(self.started_from()))));
        if let Some(named) = self.named.filter(|named| self.context.records.contains_key(named)) {
            entry.steps.push(crate::step::Step { id: named.clone(), action: Action::Forget });
        }
        is_staged || !entry.pending.is_empty()
    }

    fn set_value(&self, entry: &mut Entry) {
        let Some(Content::Value { file, base64 }) = &self.declared.content else { return };
        entry.push(Action::SetValue { file: file.clone(), base64: *base64 });
    }

    /// What of the change what runs can have at once; nothing where nothing runs.
    fn live_changes(&self, full: &Element) -> Option<Live> {
        if !self.found?.is_active || matches!(self.declared.id.kind, Type::Secret | Type::Nwfilter) {
            return None;
        }
        let (Some(old), Some(live), OnChange::Live) = (&self.before, &self.live, self.declared.policy.on_change) else {
            return Some(Live::default());
        };
        let new = &self.declared.root;
        match self.declared.id.kind {
            Type::Network => Some(network::live_changes(old, new, live)),
            Type::Domain => {
                let (old, new) = (&self.with_macs(old), &self.with_macs(new));
                let has_new_secrets = self.has_new_secrets();
                Some(Guest { old, new, full, live, has_new_secrets }.changes())
            }
            _ => Some(Live::default()),
        }
    }

    /// What runs goes on from what was declared when it started.
    fn started_from(&self) -> Option<Running> {
        let found = self.found.filter(|found| found.is_active && self.declared.id.kind != Type::Nwfilter)?;
        let xml = || self.record.filter(|_| self.before.is_some()).map(|record| record.xml.clone());
        Some(self.running().cloned().unwrap_or_else(|| Running { run: found.run, xml: xml() }))
    }

    fn record_of(&self, running: Option<Running>) -> Record {
        let declared = self.declared;
        Record {
            id: declared.id.clone(),
            uuid: declared.uuid.clone().or_else(|| self.found?.uuid.clone()),
            xml: declared.shown.clone(),
            secrets: fingerprint(&declared.id, &declared.secrets),
            is_half_filled: false,
            purge: declared.policy.purge.clone(),
            running,
        }
    }

    /// Plans starting, stopping and starting with the host.
    fn run(&self, entry: &mut Entry, is_staged: bool) {
        let policy = &self.declared.policy;
        if let Some(on) = policy.autostart {
            if self.found.map_or(on, |found| found.autostart != on) {
                entry.push(Action::Autostart { on });
            }
        }
        let is_active = self.found.is_some_and(|found| found.is_active);
        let wants_restart = policy.always_restart || (is_staged && policy.on_change == OnChange::Restart);
        match policy.active {
            Some(false) if is_active => self.stop(entry),
            Some(true) if !is_active => {
                entry.raise(Effect::Start);
                entry.push(Action::Start);
            }
            _ if is_active && wants_restart => self.restart(entry),
            _ => {}
        }
        if entry.verdict == Verdict::Unchanged && !entry.steps.is_empty() {
            entry.verdict = Verdict::Run;
        }
    }

    fn stop(&self, entry: &mut Entry) {
        let users = self.users();
        if users.is_empty() {
            entry.raise(Effect::Stop);
            entry.push(Action::Stop(self.declared.policy.shutdown));
        } else {
            entry.notes.push(format!("it is not stopped: {} use it", users.join(", ")));
        }
    }

    fn restart(&self, entry: &mut Entry) {
        let users = self.users();
        if !users.is_empty() {
            entry.notes.push(format!("it is not restarted: {} use it", users.join(", ")));
            return;
        }
        entry.raise(Effect::Restart);
        entry.push(Action::Stop(self.declared.policy.shutdown));
        entry.push(Action::Start);
        entry.push(Action::Remember(Box::new(self.record_of(None))));
        entry.changes.iter_mut().for_each(|change| change.when = When::Now);
        entry.pending.clear();
    }

    /// The running guests that would lose it.
    fn users(&self) -> Vec<String> {
        let name = self.declared.id.name.as_str();
        match self.declared.id.kind {
            Type::Network => users(self.context.inventory, &Used::Network(name)),
            Type::Pool => {
                users(self.context.inventory, &Used::Pool(name, self.kept.as_ref().unwrap_or(&self.declared.root)))
            }
            _ => Vec::new(),
        }
    }
}
