//! What was changed in libvirt since it was applied, not by this program.

use super::live::Paths;
use super::preserve::add_macs;
use super::stored::stored;
use crate::change::{Change, child, missing, pair, size_of, summary};
use crate::inventory::Observed;
use crate::object::Type;
use crate::ownership::is_mark;
use crate::state::Record;
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::settled;

/// The devices and sections that libvirt does not add by itself: if a definition has more of them than were declared, someone
/// added them.
const ADDED_BY_OTHERS: &[&str] = &[
    "blkiotune",
    "cputune",
    "currentMemory",
    "description",
    "disk",
    "filesystem",
    "host",
    "hostdev",
    "interface",
    "lease",
    "memory",
    "memoryBacking",
    "memtune",
    "numatune",
    "perf",
    "portgroup",
    "range",
    "redirdev",
    "rng",
    "route",
    "shmem",
    "smartcard",
    "sound",
    "source",
    "srv",
    "sysinfo",
    "throttlegroups",
    "title",
    "tpm",
    "txt",
    "vsock",
];

/// The elements whose children others may have added.
const PARENTS: &[&str] = &["devices", "dhcp", "disk", "dns", "domain", "ip", "network"];

/// The fields that libvirt no longer has as they were applied: `old` as applied, `new` as libvirt has them. What libvirt
/// filled in is no drift. The definition must have been read.
pub fn drift(record: &Record, observed: &Observed) -> Vec<Change> {
    let (Some(applied), Some(found)) = (xml::element(&record.xml), &observed.definition) else { return Vec::new() };
    between(record.id.kind, applied, found)
}

/// What others changed between what was applied and what libvirt has.
pub fn between(kind: Type, applied: Element, found: &Element) -> Vec<Change> {
    // The content of a snapshot cannot change, and libvirt prints it differently.
    if kind == Type::Snapshot {
        return Vec::new();
    }
    let mut applied = stored(&applied);
    add_macs(&mut applied, Some(found));
    let capacity = |volume: &Element| size_of(volume, "capacity");
    let is_drift = |change: &Change| {
        let is_secret = change.new.as_deref().is_some_and(|new| new.contains(PLACEHOLDER));
        let is_own = match kind {
            // How much is allocated is the guest's matter. A volume is rounded up when it is made, and grows with its content.
            Type::Volume if change.path == "allocation" => true,
            Type::Volume if change.path == "capacity" => capacity(found) >= capacity(&applied),
            // Any owner is as good.
            Type::Volume | Type::Pool if change.path.starts_with("target.permissions.") => {
                matches!(change.new.as_deref(), Some("-1" | "4294967295"))
            }
            _ => false,
        };
        !is_secret && !is_own
    };
    let differences = missing(found, &applied).into_iter().filter(is_drift);
    let mut drift: Vec<_> = differences.map(|change| Change { old: change.new, new: change.old, ..change }).collect();
    if matches!(kind, Type::Domain | Type::Network) {
        add_additions("", &settled(&applied), &settled(found), &mut drift);
    }
    drift
}

/// What a definition that replaces libvirt's undoes of what others changed: `old` as libvirt has it, `new` as it will be.
pub fn undone(drift: &[Change], found: &Element, wanted: &Element) -> Vec<Change> {
    let mut differences = missing(found, wanted);
    let mut additions = Vec::new();
    add_additions("", &settled(wanted), &settled(found), &mut additions);
    differences.extend(additions.into_iter().map(|change| Change { old: change.new, new: change.old, ..change }));
    let of_others = Paths::of(drift);
    differences.into_iter().filter(|change| of_others.overlap(&change.path)).collect()
}

/// Adds what libvirt has beyond a definition, as far as someone must have added it.
fn add_additions(path: &str, applied: &Element, found: &Element, drift: &mut Vec<Change>) {
    let join = |label: &str| if path.is_empty() { label.to_owned() } else { format!("{path}.{label}") };
    for pair in pair(applied, found) {
        match (pair.old, pair.new) {
            (Some(applied), Some(found)) if PARENTS.contains(&found.name.as_str()) => {
                add_additions(&join(&pair.label), applied, found, drift);
            }
            (None, Some(new)) if ADDED_BY_OTHERS.contains(&new.name.as_str()) && !is_own_memory(path, new) => {
                drift.push(Change { path: join(&pair.label), old: None, new: Some(summary(new)) });
            }
            _ => {}
        }
    }
    if path.is_empty() {
        let none = Element::default();
        let [applied, found] = [applied, found].map(|domain| child(domain, "metadata").unwrap_or(&none));
        let added = pair(applied, found).into_iter().filter(|pair| pair.old.is_none());
        for (label, new) in added.filter_map(|pair| Some((pair.label, pair.new?))).filter(|(_, new)| !is_mark(new)) {
            drift.push(Change { path: format!("metadata.{label}"), old: None, new: Some(summary(new)) });
        }
    }
}

/// Whether it is the memory of the domain, rather than a memory module.
fn is_own_memory(path: &str, element: &Element) -> bool {
    path.is_empty() && element.name == "memory"
}
