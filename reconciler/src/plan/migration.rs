//! Domains whose declarations have moved here from another connection, where they are managed.
//!
//! The state record on the other connection is dropped last. As long as it exists, the guest belongs to the other connection:
//! it is not started here, and an interrupted copy starts again.

use super::dependents::UsedObject;
use super::prune::{emulated_tpms, has_nvram, kept_state};
use super::{Context, Effect, Entry, Obstacle, Reason, Verdict, definition, storage};
use crate::change::{child, child_text, children_of, size_of};
use crate::declared::{Content, Declared, DiskImage, MovingDomain, Origin, Whereabouts};
use crate::inventory::Observed;
use crate::manifest::{Move, OnChange, Storage, Transport};
use crate::object::{Id, Type};
use crate::ownership::set_owner;
use crate::state::Record;
use crate::step::{Operation, OriginStep, RecordUpdate, Redacted, Step};
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeMap;

/// A declared domain that is managed on another connection.
struct Arrival<'a> {
    context: &'a Context<'a>,
    declared: &'a Declared,
    origin: &'a Origin,
}

/// A disk whose image the domain brings along.
struct Brought<'a> {
    /// The target of the disk.
    disk: &'a str,
    /// The image on the other connection.
    image: &'a DiskImage,
    /// The declared volume of the disk here. None if the image is no declared volume.
    volume: Option<&'a Declared>,
}

/// Plans a domain that is managed on another connection. None if it is planned as any other.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Option<Entry> {
    Arrival::new(context, declared)?.entry()
}

/// Plans a volume that a moving domain brings along, or that waits for it. None if it is planned as any other.
pub fn volume(context: &Context<'_>, declared: &Declared) -> Option<Entry> {
    if context.desired.moved.here.is_empty() {
        return None;
    }
    let id = &declared.id;
    let pool = id.pool();
    let path = storage::folder_of(context, &pool).map(|folder| format!("{folder}/{}", id.name));
    let used = UsedObject::Volume { pool: &pool.name, name: &id.name, path: path.as_deref() };
    let users = context.declared_guests().of(&used).into_iter();
    let mut users = users.filter_map(|name| context.declared.get(&Id::new(Type::Domain, name)));
    users.find_map(|domain| Arrival::new(context, domain)?.volume(declared))
}

impl<'a> Arrival<'a> {
    fn new(context: &'a Context<'a>, declared: &'a Declared) -> Option<Self> {
        let origin = context.desired.moved.here.get(&declared.id)?;
        Some(Arrival { context, declared, origin })
    }

    /// The domain as libvirt has it here.
    fn here(&self) -> Option<&'a Observed> {
        self.context.found(self.declared).and_then(|found| self.context.inventory.get(found))
    }

    fn entry(&self) -> Option<Entry> {
        let is_here = self.here().is_some();
        match &self.origin.whereabouts {
            _ if self.declared.policy.moves == Move::Never && (is_here || !self.origin.may_run()) => None,
            Whereabouts::Present(present) if self.declared.policy.moves != Move::Never => {
                let planned = self.present(present);
                Some(planned.unwrap_or_else(|reason| Entry::only(self.declared.id.clone(), Verdict::Error, reason)))
            }
            Whereabouts::Gone if is_here => Some(self.finish(None)),
            Whereabouts::Gone => None,
            Whereabouts::Unknown | Whereabouts::Present(_) => Some(self.waits(&self.declared.id)),
        }
    }

    /// An object that waits until the guest is off on the other connection.
    fn waits(&self, id: &Id) -> Entry {
        let (domain, uri) = (self.declared.id.clone(), self.origin.uri.clone());
        Entry::only(id.clone(), Verdict::Deferred, Reason::MayRunElsewhere { domain, uri })
    }

    fn cannot_move(&self, obstacle: Obstacle) -> Reason {
        Reason::CannotMove { uri: self.origin.uri.clone(), obstacle }
    }

    /// Plans a domain that libvirt has on the other connection.
    fn present(&self, present: &MovingDomain) -> Result<Entry, Reason> {
        if let Some(error) = &present.domain.error {
            return Err(Reason::UnreadableDefinition { error: Some(error.clone()) });
        }
        if let Some(obstacle) = self.taken() {
            return Err(self.cannot_move(obstacle));
        }
        let policy = &self.declared.policy;
        let may_stop = policy.on_change == OnChange::Restart || policy.active == Some(false);
        match (present.domain.is_active, self.here().is_some_and(|here| here.is_active)) {
            (true, true) => Err(self.cannot_move(Obstacle::RunsOnBoth)),
            (false, true) => Ok(self.finish(Some(&present.domain))),
            (true, false) if policy.moves == Move::Live && policy.active != Some(false) => self.live(present),
            (true, false) if !may_stop => {
                let reason = Reason::MovesOnceOff { uri: self.origin.uri.clone() };
                Ok(Entry::only(self.declared.id.clone(), Verdict::Deferred, reason))
            }
            (_, false) => self.offline(present),
        }
    }

    /// Plans to move the domain while it is off.
    fn offline(&self, present: &MovingDomain) -> Result<Entry, Reason> {
        let domain = &present.domain;
        let obstacle = self.state_left_behind(domain).or_else(|| self.unfit(present));
        if let Some(obstacle) = obstacle {
            return Err(self.cannot_move(obstacle));
        }
        let copies = self.copies(present).map_err(|obstacle| self.cannot_move(obstacle))?;
        let off = Observed { is_active: false, live: None, live_with_secrets: None, run: None, ..domain.clone() };
        let mut entry = definition::moved(self.context, self.declared, &off, &self.origin.record)?;
        let definition = std::mem::take(&mut entry.steps);
        let policy = &self.declared.policy;
        if domain.is_active {
            entry.steps.push(self.there(Operation::Stop(policy.shutdown)));
        }
        copies.into_iter().for_each(|copy| entry.push(copy));
        entry.steps.extend(definition);
        entry.steps.push(self.undefine_there(domain));
        let brought = self.brought(present).filter_map(|brought| brought.volume);
        self.complete(&mut entry, if self.is_copied() { brought.collect() } else { Vec::new() });
        self.set_autostart(&mut entry, domain);
        let starts = policy.active.unwrap_or(domain.is_active);
        if starts {
            entry.push(Operation::Start);
        }
        entry.raise(match (domain.is_active, starts) {
            (true, true) => Effect::Restart,
            (true, false) => Effect::Stop,
            (false, true) => Effect::Start,
            (false, false) => Effect::None,
        });
        entry.reasons.insert(0, Reason::MovesFrom { uri: self.origin.uri.clone() });
        Ok(entry)
    }

    /// Plans to move the guest while it runs. Other changes of the declaration are applied after the move.
    fn live(&self, present: &MovingDomain) -> Result<Entry, Reason> {
        let domain = &present.domain;
        let obstacle = if !domain.is_persistent {
            Some(Obstacle::Transient)
        } else if domain.has_snapshots {
            Some(Obstacle::Snapshots)
        } else if self.is_copied() && self.declared.policy.transport == Transport::Tunnel {
            Some(Obstacle::Tunnel)
        } else {
            self.unfit(present)
        };
        if let Some(obstacle) = obstacle {
            return Err(self.cannot_move(obstacle));
        }
        let copies = self.copies(present).map_err(|obstacle| self.cannot_move(obstacle))?;
        let mut entry = definition::moved(self.context, self.declared, domain, &self.origin.record)?;
        entry.steps.clear();
        let mut disks = Vec::new();
        let mut filled = Vec::new();
        if !copies.is_empty() {
            for Brought { disk, image, volume } in self.brought(present) {
                let Some(volume) = volume else { continue };
                let definition = with_capacity_of(volume.definition(), image.definition.as_ref());
                entry.push(Operation::PrepareVolume { definition, volume: volume.id.clone() });
                disks.push(disk.to_owned());
                filled.push(volume);
            }
        }
        let found = domain.with_secrets.as_ref().map(|secure| &secure.0).or(domain.definition.as_ref());
        let mut persistent = found.cloned().unwrap_or_default();
        set_owner(&mut persistent, &self.context.desired.owner);
        let uri = self.origin.destination.clone();
        let transport = self.declared.policy.transport;
        entry.steps.push(self.there(Operation::Migrate { uri, persistent: Redacted(persistent), disks, transport }));
        entry.save(Record { id: self.declared.id.clone(), running: None, ..self.origin.record.clone() });
        entry.steps.push(self.undefine_there(domain));
        self.complete(&mut entry, filled);
        self.set_autostart(&mut entry, domain);
        entry.raise(Effect::Live);
        entry.reasons.insert(0, Reason::MovesFrom { uri: self.origin.uri.clone() });
        Ok(entry)
    }

    /// Finishes a move that was interrupted after the domain was defined here.
    fn finish(&self, there: Option<&Observed>) -> Entry {
        let reason = Reason::MovesFrom { uri: self.origin.uri.clone() };
        let mut entry = Entry::only(self.declared.id.clone(), Verdict::Move, reason);
        if let Some(domain) = there {
            entry.steps.push(self.undefine_there(domain));
        }
        if !self.context.records.contains_key(&self.declared.id) {
            let id = self.declared.id.clone();
            entry.save(Record { id, running: None, ..self.origin.record.clone() });
        }
        let volumes = self.context.desired.objects.iter().filter(|it| it.id.kind == Type::Volume);
        let is_copied = |volume: &&Declared| self.uses(volume) && self.is_begun(&volume.id);
        self.complete(&mut entry, volumes.filter(is_copied).collect());
        entry
    }

    /// Records that the copied volumes are complete and, as the last step of the move, that the domain is no longer managed there.
    fn complete(&self, entry: &mut Entry, copied: Vec<&Declared>) {
        copied.into_iter().for_each(|volume| entry.save(storage::record_of(self.context, volume)));
        let object = self.origin.record.id.clone();
        entry.steps.push(self.there(RecordUpdate::DropRecord { object }));
    }

    /// Whether a volume is one that this program created for a copy, which may be incomplete.
    fn is_begun(&self, volume: &Id) -> bool {
        self.context.records.get(volume).is_some_and(|record| record.is_created && record.moves_from.is_some())
    }

    /// The record of a volume that this program was to create for a copy, whether or not it has.
    fn reserved(&self, volume: &Id) -> Option<&'a Record> {
        self.context.records.get(volume).filter(|record| record.is_incomplete && record.moves_from.is_some())
    }

    /// Whether a declared volume is the image of a disk that the guest writes to.
    fn uses(&self, volume: &Declared) -> bool {
        disks(&self.declared.redacted).any(|disk| self.volume_of(disk).is_some_and(|it| it.id == volume.id))
    }

    /// The guest starts with the host here if it did there, unless the declaration says otherwise.
    fn set_autostart(&self, entry: &mut Entry, there: &Observed) {
        if self.declared.policy.autostart.unwrap_or(there.autostart) {
            entry.push(Operation::Autostart { on: true });
        }
    }

    fn is_copied(&self) -> bool {
        self.declared.policy.storage == Storage::Copy
    }

    fn there(&self, step: impl Into<Step>) -> Step {
        let (uri, object) = (self.origin.uri.clone(), self.origin.record.id.clone());
        Step::Origin(OriginStep { uri, object, step: Box::new(step.into()) })
    }

    fn undefine_there(&self, domain: &Observed) -> Step {
        self.there(Operation::Undefine { purge: Vec::new(), keep: kept_state(domain), must_be_off: true })
    }

    /// State that would be lost, because libvirt keeps it outside the definition.
    fn state_left_behind(&self, domain: &Observed) -> Option<Obstacle> {
        let definition = domain.definition.as_ref();
        let nvram = |domain: &Element| child_text(child(domain, "os")?, "nvram").map(str::to_owned);
        let shares_nvram = || {
            let declared = nvram(&self.declared.redacted);
            !self.is_copied() && declared.is_some() && declared == definition.and_then(nvram)
        };
        if !domain.is_persistent {
            Some(Obstacle::Transient)
        } else if domain.has_managed_save {
            Some(Obstacle::SavedState)
        } else if domain.has_snapshots {
            Some(Obstacle::Snapshots)
        } else if definition.is_some_and(has_nvram) && !shares_nvram() {
            Some(Obstacle::Nvram)
        } else if definition.is_some_and(|domain| emulated_tpms(domain).next().is_some()) {
            Some(Obstacle::Tpm)
        } else {
            None
        }
    }

    /// Another domain here with the name or the UUID of the guest. A domain with both is this one, which an interrupted move left.
    fn taken(&self) -> Option<Obstacle> {
        let record = &self.origin.record;
        let found = self.context.found(self.declared);
        let mut domains = self.context.inventory.objects.iter().filter(|(id, _)| id.kind == Type::Domain);
        let (other, domain) = domains.find(|(id, domain)| {
            if domain.uuid == record.uuid { ![&self.declared.id, &record.id].contains(id) } else { found == Some(*id) }
        })?;
        Some(Obstacle::Taken { name: other.name.clone(), uuid: domain.uuid.clone()? })
    }

    /// Why the host here cannot run the guest.
    fn unfit(&self, present: &MovingDomain) -> Option<Obstacle> {
        if !present.lacks.is_empty() {
            Some(Obstacle::Unable { lacks: present.lacks.clone() })
        } else if present.has_other_cpu {
            Some(Obstacle::OtherCpu)
        } else {
            None
        }
    }

    /// The disks whose images the domain brings along: those that a guest writes to, and that it has had before.
    fn brought<'p>(&'p self, present: &'p MovingDomain) -> impl Iterator<Item = Brought<'p>> {
        disks(&self.declared.redacted).filter_map(|disk| {
            let target = child(disk, "target")?.attribute("dev")?;
            let image = present.images.get(target)?;
            let volume = self.volume_of(disk);
            let is_made_here = volume.is_some_and(|volume| matches!(volume.content, Some(Content::Seed(_))));
            if is_made_here { None } else { Some(Brought { disk: target, image, volume }) }
        })
    }

    /// The declared volume that is the image of a disk.
    fn volume_of(&self, disk: &Element) -> Option<&'a Declared> {
        let source = child(disk, "source")?;
        if let (Some(pool), Some(name)) = (source.attribute("pool"), source.attribute("volume")) {
            return self.context.declared.get(&Id::within(Type::Volume, pool, name)).copied();
        }
        let path = source.attribute("file").or_else(|| source.attribute("dev"))?;
        let (parent, name) = path.rsplit_once('/')?;
        let volumes = self.context.desired.objects.iter().filter(|it| it.id.kind == Type::Volume && it.id.name == name);
        volumes
            .into_iter()
            .find(|volume| storage::folder_of(self.context, &volume.id.pool()).as_deref() == Some(parent))
    }

    /// The copies of the disks' images. None are needed if both hosts reach the images.
    fn copies(&self, present: &MovingDomain) -> Result<Vec<Operation>, Obstacle> {
        let mut copies = Vec::new();
        let mut needed = BTreeMap::<Id, u64>::new();
        for Brought { disk, image, volume } in self.brought(present) {
            if !self.is_copied() {
                let there = if present.domain.is_active { None } else { image.definition.as_ref() };
                volume.map_or(Ok(()), |volume| self.check_shared(&volume.id, there))?;
                continue;
            }
            let no_source = || Obstacle::NoSource { disk: disk.to_owned() };
            let (source, definition) = image.volume.as_ref().zip(image.definition.as_ref()).ok_or_else(no_source)?;
            let volume = volume.ok_or_else(|| Obstacle::NoDestination { disk: disk.to_owned() })?;
            self.check_copy(&volume.id)?;
            if let Some(base) =
                base(definition).map(str::to_owned).filter(|base| self::base(&volume.redacted) != Some(base.as_str()))
            {
                return Err(Obstacle::OtherBase { volume: source.clone(), base });
            }
            let size = size_of(definition, "physical").or(size_of(definition, "allocation")).unwrap_or_default();
            *needed.entry(volume.id.pool()).or_default() += size;
            copies.push(Operation::CopyVolume {
                definition: Redacted(volume.definition().clone()),
                volume: volume.id.clone(),
                uri: self.origin.uri.clone(),
                source: source.clone(),
            });
        }
        for (pool, needed) in needed {
            if let Some(available) = present.room.get(&pool).copied().filter(|available| *available < needed) {
                return Err(Obstacle::NoRoom { pool, needed, available });
            }
        }
        Ok(copies)
    }

    /// Checks that an image that both hosts reach is here. It is known once its pool runs. While the guest is off, the image was
    /// changed at the same time as the one that is `there`.
    fn check_shared(&self, volume: &Id, there: Option<&Element>) -> Result<(), Obstacle> {
        let volume = volume.clone();
        let here = self.context.inventory.get(&volume);
        let changed = |volume: &Element| {
            let timestamps = child(child(volume, "target")?, "timestamps")?;
            child_text(timestamps, "mtime").map(str::to_owned)
        };
        let times = here.and_then(|here| here.definition.as_ref()).and_then(changed).zip(there.and_then(changed));
        let is_missing = self.context.runs(&volume.pool()) && here.is_none();
        if is_missing || times.is_some_and(|(here, there)| here != there) {
            return Err(Obstacle::NotShared { volume });
        }
        match self.context.records.get(&volume) {
            Some(record) if record.moves_from.is_some() => Err(Obstacle::CopyIncomplete { volume }),
            _ => Ok(()),
        }
    }

    /// Checks that a copy overwrites nothing but an interrupted one, which the plan of the volume confirms.
    fn check_copy(&self, volume: &Id) -> Result<(), Obstacle> {
        if self.context.inventory.get(volume).is_some() && self.reserved(volume).is_none() {
            return Err(Obstacle::VolumeExists { volume: volume.clone() });
        }
        Ok(())
    }

    /// Plans a volume that the domain uses.
    fn volume(&self, volume: &Declared) -> Option<Entry> {
        let id = &volume.id;
        let exists = self.context.inventory.get(id).is_some();
        let with_domain = |verdict| {
            let (domain, uri) = (self.declared.id.clone(), self.origin.uri.clone());
            Some(Entry::only(id.clone(), verdict, Reason::MovesWithDomain { domain, uri }))
        };
        let kept = |obstacle| Some(Entry::only(id.clone(), Verdict::Kept, self.cannot_move(obstacle)));
        let is_brought = |present: &MovingDomain| {
            let mut brought = self.brought(present).filter_map(|brought| brought.volume);
            brought.any(|brought| brought.id == *id)
        };
        let may_move = self.declared.policy.moves != Move::Never;
        match &self.origin.whereabouts {
            Whereabouts::Present(present) if may_move && is_brought(present) => match (exists, self.is_copied()) {
                (true, true) if self.is_begun(id) => with_domain(Verdict::Deferred),
                (true, true) => match self.reserved(id) {
                    Some(record) => Some(storage::confirm(record)),
                    None => kept(Obstacle::VolumeExists { volume: id.clone() }),
                },
                (true, false) => None,
                (false, true) if self.entry().is_some_and(|entry| entry.verdict == Verdict::Move) => {
                    let entry = with_domain(Verdict::Create)?;
                    Some(storage::reserve(self.context, volume, entry, &self.origin.uri))
                }
                (false, _) => with_domain(Verdict::Deferred),
            },
            Whereabouts::Gone if may_move && self.is_begun(id) && self.here().is_some() => {
                with_domain(Verdict::Deferred)
            }
            _ if !exists && self.origin.may_run() => Some(self.waits(id)),
            _ => None,
        }
    }
}

/// The definition of a volume with the capacity of another one.
pub fn with_capacity_of(definition: &Element, other: Option<&Element>) -> Redacted {
    let mut definition = definition.clone();
    if let Some(capacity) = other.and_then(|other| child(other, "capacity")) {
        definition.children.retain(|child| child.name != "capacity");
        definition.children.push(capacity.clone());
    }
    Redacted(definition)
}

/// The path of the image that a volume is based on.
fn base(volume: &Element) -> Option<&str> {
    child_text(child(volume, "backingStore")?, "path")
}

/// The disks of a domain that a guest can write to.
fn disks(domain: &Element) -> impl Iterator<Item = &Element> {
    let is_written = |device: &&Element| {
        device.name == "disk"
            && matches!(device.attribute("device"), None | Some("disk"))
            && child(device, "readonly").is_none()
    };
    children_of(domain, "devices").iter().filter(is_written)
}
