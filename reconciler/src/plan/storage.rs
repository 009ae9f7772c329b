//! Plans for volumes, whose content is never at risk.

use super::dependents::{UsedObject, folder};
use super::migration::{self, with_capacity_of};
use super::{Context, Entry, Obstacle, PlannedChange, Prevented, Reason, UncreatedVolumes, Verdict, When};
use crate::change::{Change, changes, child, missing, size_of};
use crate::declared::{Content, Declared};
use crate::image::ImageSource;
use crate::inventory::Observed;
use crate::object::{Id, Type};
use crate::state::{Record, fingerprint};
use crate::step::{Operation, Redacted};
use nixvirt_schema::engine::view::FromWord;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::formats::storage::StorageFormat;
use nixvirt_schema::formats::volume::VolumeFormatType;

/// The size of a placeholder, in bytes.
const PLACEHOLDER_SIZE: u64 = 1 << 20;

/// Plans a declared volume.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    if let Some((verdict, reason)) = obstacle(context, &declared.id.pool()) {
        return Entry::only(declared.id.clone(), verdict, reason);
    }
    let record = context.records.get(&declared.id);
    let found = context.inventory.get(&declared.id);
    let vanished = if found.is_none() { vanished(context, declared, record) } else { None };
    if let Some(reason @ Reason::VolumesGone { .. }) = vanished {
        return Entry::only(declared.id.clone(), Verdict::Error, reason);
    }
    if let Some(entry) = migration::volume(context, declared) {
        return entry;
    }
    if let (Some(_), Some(uri)) = (found, record.and_then(|record| record.moves_from.clone())) {
        let obstacle = Obstacle::CopyIncomplete { volume: declared.id.clone() };
        return Entry::only(declared.id.clone(), Verdict::Error, Reason::CannotMove { uri, obstacle });
    }
    match found {
        None => match uncreated(context, declared) {
            Some(reason) => Entry::only(declared.id.clone(), Verdict::Error, reason),
            None => {
                let mut entry = create(context, declared);
                entry.reasons.extend(vanished);
                entry
            }
        },
        Some(_) if record.is_some_and(|record| record.is_incomplete) => {
            rewrite(context, declared, record.is_some_and(|record| record.is_created))
        }
        Some(observed) => keep(context, declared, record, observed),
    }
}

/// The reason why the volumes of a pool cannot be planned: libvirt lists them only while the pool runs.
fn obstacle(context: &Context<'_>, pool: &Id) -> Option<(Verdict, Reason)> {
    let observed = context.inventory.get(pool);
    if context.moved_pools.contains(pool) {
        return Some((Verdict::Deferred, Reason::WaitsForPool { pool: pool.clone() }));
    }
    if observed.is_some_and(|observed| observed.is_active) {
        return None;
    }
    let pool = pool.clone();
    Some(match context.declared.get(&pool) {
        Some(declared) if declared.policy.active == Some(false) => {
            (Verdict::Kept, Reason::PoolDeclaredInactive { pool })
        }
        Some(_) => (Verdict::Deferred, Reason::WaitsForPool { pool }),
        None if observed.is_some() => (Verdict::Error, Reason::PoolNotRunning { pool }),
        None => (Verdict::Error, Reason::PoolMissing { pool }),
    })
}

/// Types of partitions, which pools of type `disk` have.
const PARTITIONS: [&str; 8] = ["none", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended"];

/// The reason why libvirt does not create a volume in its pool. Nothing is said of the formats of a newer libvirt.
fn uncreated(context: &Context<'_>, declared: &Declared) -> Option<Reason> {
    let pool_type = pool_of(context, declared)?.attribute("type")?;
    let target = child(declared.definition(), "target");
    let format = target.and_then(|target| child(target, "format")?.attribute("type"));
    let is_encrypted = target.is_some_and(|target| child(target, "encryption").is_some());
    let is_image = |format| StorageFormat::from_word(format).is_some();
    let is_known = |format| is_image(format) || VolumeFormatType::from_word(format).is_some();
    let is_accepted = |format| match pool_type {
        // LUKS is the encryption of a raw volume.
        "dir" | "fs" | "netfs" | "vstorage" => is_image(format) && format != "luks",
        "disk" => PARTITIONS.contains(&format),
        "rbd" => format == "raw",
        _ => true,
    };
    let volumes = match (pool_type, format) {
        ("iscsi" | "iscsi-direct" | "scsi" | "mpath" | "gluster", _) => UncreatedVolumes::All,
        (_, Some(format)) if is_known(format) && !is_accepted(format) => {
            UncreatedVolumes::OfFormat { format: format.to_owned() }
        }
        ("rbd" | "zfs", _) if is_encrypted => UncreatedVolumes::Encrypted,
        _ => return None,
    };
    Some(Reason::NotCreatedInPool { pool_type: pool_type.to_owned(), volumes })
}

/// The pool of a volume, as declared or as libvirt has it.
fn pool_of<'a>(context: &'a Context<'_>, declared: &Declared) -> Option<&'a Element> {
    let pool = declared.id.pool();
    let of_libvirt = || context.inventory.get(&pool)?.definition.as_ref();
    context.declared.get(&pool).map(|pool| &pool.redacted).or_else(of_libvirt)
}

/// Why libvirt lacks a volume that an earlier run created in the same folder. None if no run did.
fn vanished(context: &Context<'_>, declared: &Declared, record: Option<&Record>) -> Option<Reason> {
    let record = record.filter(|record| !record.is_incomplete)?;
    let pool = declared.id.pool();
    if record.folder.is_some() && record.folder != folder_of(context, &pool) {
        return None;
    }
    Some(if context.pools_with_volumes().contains(&pool) { Reason::Vanished } else { Reason::VolumesGone { pool } })
}

/// The folder of a declared pool.
pub fn folder_of(context: &Context<'_>, pool: &Id) -> Option<String> {
    context.declared.get(pool).and_then(|pool| folder(&pool.redacted)).map(str::to_owned)
}

/// Whether the plan starts a pool with another folder or source than it has now, and so with other volumes.
pub fn is_moved(entry: &Entry) -> bool {
    let is_place = |path: &str| path.starts_with("target.path") || path.starts_with("source");
    entry.id.kind == Type::Pool
        && entry.steps.contains(&Operation::Start.into())
        && entry.changes.iter().any(|it| is_place(&it.change.path))
}

/// The types of pools that libvirt makes a folder for.
const FOLDERS: [&str; 3] = ["dir", "fs", "netfs"];

/// Whether the folder of a pool is built before the pool starts: it is a new one, or has declared permissions. The folder of
/// a pool that was there before is not made again. It may be missing because its file system is not mounted.
pub fn must_build(context: &Context<'_>, pool: &Element, found: Option<&Observed>, applied: Option<&Element>) -> bool {
    let is_new = found.is_none() || applied.is_some_and(|applied| folder(applied) != folder(pool));
    let paths = &context.inventory.paths;
    let exists = folder(pool).is_some_and(|folder| paths.resolve(folder).file.is_some());
    let has_permissions = child(pool, "target").is_some_and(|target| child(target, "permissions").is_some());
    let needs_it = if is_new { has_permissions || !exists } else { has_permissions && (exists || paths.are_remote()) };
    needs_it && pool.attribute("type").is_some_and(|kind| FOLDERS.contains(&kind))
}

/// Sizes of images are rounded up to whole sectors.
const ROUNDING: u64 = 512;

/// The definition of a new volume. libvirt makes a snapshot of a logical volume that is not allocated as a whole, and drops
/// it when the space is used up.
fn definition(context: &Context<'_>, declared: &Declared, entry: &mut Entry) -> Redacted {
    let mut definition = declared.definition().clone();
    if pool_of(context, declared).is_some_and(|pool| pool.attribute("type") == Some("logical")) {
        let size = |name| size_of(&definition, name);
        if size("allocation").is_some_and(|allocation| Some(allocation) != size("capacity")) {
            entry.reasons.push(Reason::AllocatedAsWhole);
        }
        definition.children.retain(|child| child.name != "allocation");
    }
    Redacted(definition)
}

/// The record of a volume that is complete.
pub fn record_of(context: &Context<'_>, declared: &Declared) -> Record {
    Record {
        folder: folder_of(context, &declared.id.pool()),
        xml: declared.shown.clone(),
        secrets: fingerprint(&declared.id, &declared.secrets),
        ..Record::new(declared.id.clone())
    }
}

fn create(context: &Context<'_>, declared: &Declared) -> Entry {
    let mut entry = Entry { verdict: Verdict::Create, ..Entry::new(declared.id.clone()) };
    let definition = definition(context, declared, &mut entry);
    match &declared.content {
        None | Some(Content::Value { .. }) => {
            entry.push(Operation::CreateVolume { definition });
            entry.save(record_of(context, declared));
        }
        Some(content) => {
            // A run that finds the volume after this one was killed must know that its content is incomplete.
            entry.save(Record { is_incomplete: true, ..record_of(context, declared) });
            let created = match content {
                Content::Volume { .. } => Redacted(placeholder(&definition.0)),
                _ => definition.clone(),
            };
            entry.push(Operation::CreateVolume { definition: created });
            fill(context, &mut entry, declared, content, definition);
        }
    }
    entry
}

/// Plans a new volume that holds its name until the content comes from another connection.
pub fn reserve(context: &Context<'_>, declared: &Declared, mut entry: Entry, uri: &str) -> Entry {
    let definition = placeholder(&definition(context, declared, &mut entry).0);
    let record = Record { is_incomplete: true, moves_from: Some(uri.to_owned()), ..record_of(context, declared) };
    entry.save(record.clone());
    entry.push(Operation::CreateVolume { definition: Redacted(definition) });
    entry.save(Record { is_created: true, ..record });
    entry
}

/// Plans a volume that an earlier run has reserved, unless that run was killed before it created the volume, and this is another.
pub fn confirm(record: &Record) -> Entry {
    let mut entry = Entry::only(record.id.clone(), Verdict::Change, Reason::MayBeAnother);
    entry.push(Operation::CheckEmpty);
    entry.save(Record { is_created: true, ..record.clone() });
    entry
}

/// Plans a volume that an earlier run has begun. Unless it `is_created` by that run, it may be another one.
fn rewrite(context: &Context<'_>, declared: &Declared, is_created: bool) -> Entry {
    let Some(content) = &declared.content else {
        let mut entry = Entry::only(declared.id.clone(), Verdict::Change, Reason::ContentIncomplete);
        entry.save(record_of(context, declared));
        return entry;
    };
    let reason = if is_created { Reason::RewritesContent } else { Reason::MayBeAnother };
    let mut entry = Entry::only(declared.id.clone(), Verdict::Change, reason);
    if !is_created {
        entry.push(Operation::CheckEmpty);
    }
    let definition = definition(context, declared, &mut entry);
    fill(context, &mut entry, declared, content, definition);
    entry
}

/// Writes the content of a volume that was just created.
fn fill(context: &Context<'_>, entry: &mut Entry, declared: &Declared, content: &Content, definition: Redacted) {
    entry.save(Record { is_incomplete: true, is_created: true, ..record_of(context, declared) });
    match content {
        Content::Volume { pool, name } => {
            entry.push(Operation::CloneVolume { definition, pool: pool.clone(), volume: name.clone() });
        }
        Content::Seed(seed) => entry.push(Operation::WriteSeed { seed: seed.clone() }),
        Content::File(file) | Content::Value { file, .. } => {
            entry.push(Operation::Fill { image: ImageSource::File(file.clone()) });
        }
        Content::Download(download) => entry.push(Operation::Fill { image: ImageSource::Download(download.clone()) }),
    }
    entry.save(record_of(context, declared));
}

/// The definition of the small volume that holds the name of a copy until the copy is made. libvirt creates no volume over
/// another, so that what is replaced later was created by this program.
fn placeholder(definition: &Element) -> Element {
    let mut placeholder = definition.clone();
    placeholder.children.retain(|child| !matches!(child.name.as_str(), "capacity" | "allocation" | "backingStore"));
    let capacity = Element::of_text("capacity", PLACEHOLDER_SIZE.to_string());
    placeholder.children.push(capacity);
    placeholder
}

/// Grows an existing volume. Its other fields stay as they are, whatever is declared.
fn keep(context: &Context<'_>, declared: &Declared, record: Option<&Record>, observed: &Observed) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    let definition = observed.definition.as_ref();
    if let Some(content) = other_seed(declared, record) {
        return write_again(context, declared, content, observed);
    }
    let before = record.and_then(|record| xml::element(&record.xml));
    let differences = match (&before, definition) {
        (Some(before), _) => changes(before, &declared.redacted),
        (None, Some(definition)) => missing(definition, &declared.redacted),
        (None, None) => {
            return Entry::only(declared.id.clone(), Verdict::Error, Reason::UnreadableDefinition { error: None });
        }
    };
    let capacity = |element: &Element| size_of(element, "capacity");
    let present = definition.and_then(capacity);
    let declares_other = differences.iter().any(|change| change.path == "capacity");
    let growth = match (capacity(&declared.redacted), present) {
        (Some(wanted), Some(present)) if wanted > present && !differences.is_empty() => Some(wanted),
        _ => None,
    };
    // A volume whose size was rounded up is no larger than declared.
    let is_larger = |wanted: u64| present.is_some_and(|present| present >= wanted.saturating_add(ROUNDING));
    let would_shrink = growth.is_none() && declares_other && capacity(&declared.redacted).is_some_and(is_larger);
    let is_fixed = |change: &Change| !matches!(change.path.as_str(), "capacity" | "allocation");
    let differs = would_shrink || differences.iter().any(is_fixed);
    if let Some(capacity) = growth {
        entry.push(Operation::Grow { capacity });
    }
    entry.verdict = match record {
        None => Verdict::Adopt,
        Some(_) if growth.is_some() => Verdict::Change,
        // No record is saved, so that every plan tells it.
        Some(_) if differs => Verdict::Kept,
        Some(_) => Verdict::Unchanged,
    };
    if entry.verdict != Verdict::Kept && (before.is_none() || !differences.is_empty()) {
        let declared_record = record_of(context, declared);
        entry.save(if differs {
            // Fields that stay as they are remain in the record, or nothing does of an adopted volume, so that every plan tells them.
            let kept = before.map(|before| with_capacity_of(&before, Some(&declared.redacted)));
            Record { xml: kept.map(|kept| kept.0.to_string()).unwrap_or_default(), ..declared_record }
        } else {
            declared_record
        });
    }
    for change in differences {
        match change.path.as_str() {
            "capacity" if growth.is_some() => entry.changes.push(PlannedChange { change, when: When::Now }),
            "capacity" if would_shrink => entry.reasons.push(Reason::NeverShrinks { capacity: present }),
            "capacity" | "allocation" => {}
            _ => entry.reasons.push(Reason::FixedAtCreation {
                path: change.path,
                value: change.old,
                declared: change.new,
            }),
        }
    }
    entry
}

/// The declared seed of a volume, if it is another one than that which an earlier run wrote.
fn other_seed<'d>(declared: &'d Declared, record: Option<&Record>) -> Option<&'d Content> {
    let record = record?;
    match &declared.content {
        Some(content @ Content::Seed(_)) if !declared.has_secrets_of(record) => Some(content),
        _ => None,
    }
}

/// Plans a volume whose seed has changed. A guest may read the volume as long as it runs.
fn write_again(context: &Context<'_>, declared: &Declared, content: &Content, observed: &Observed) -> Entry {
    let by = guests_with(context, &declared.id, observed);
    if !by.is_empty() {
        let reason = Reason::StillInUse { by, prevents: Prevented::Rewrite };
        return Entry::only(declared.id.clone(), Verdict::Kept, reason);
    }
    let mut entry = Entry::only(declared.id.clone(), Verdict::Change, Reason::ContentChanged);
    let definition = definition(context, declared, &mut entry);
    fill(context, &mut entry, declared, content, definition);
    entry
}

/// The running guests that have a volume.
fn guests_with(context: &Context<'_>, id: &Id, observed: &Observed) -> Vec<String> {
    let path = observed.definition.as_ref().and_then(folder);
    let pool = id.pool();
    let used = UsedObject::Volume { pool: &pool.name, name: &id.name, path };
    context.running_guests().of(&used).into_iter().collect()
}

/// Plans the deletion of a volume that is declared with `present = false`.
pub fn absent(context: &Context<'_>, id: &Id) -> Entry {
    let pool = id.pool();
    let is_recorded = context.records.contains_key(id);
    let Some(observed) = context.inventory.get(id) else {
        if !context.runs(&pool) {
            let is_started = context.declared.get(&pool).is_some_and(|pool| pool.policy.active != Some(false));
            let reason = if is_started { Reason::WaitsForPool { pool } } else { Reason::UnknownUntilPoolRuns { pool } };
            return Entry::only(id.clone(), Verdict::Deferred, reason);
        }
        if !is_recorded {
            return Entry::new(id.clone());
        }
        let mut entry = Entry::only(id.clone(), Verdict::Remove, Reason::AlreadyGone);
        entry.drop_record(id);
        return entry;
    };
    let by = guests_with(context, id, observed);
    if !by.is_empty() {
        return Entry::only(id.clone(), Verdict::Error, Reason::StillInUse { by, prevents: Prevented::Delete });
    }
    let mut entry = Entry { verdict: Verdict::Remove, ..Entry::new(id.clone()) };
    entry.push(Operation::DeleteVolume);
    if is_recorded {
        entry.drop_record(id);
    }
    entry
}
