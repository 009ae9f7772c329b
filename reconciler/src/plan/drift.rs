//! What was changed in libvirt since it was applied, not by this program.

use super::live::FieldPaths;
use super::preserve::add_macs;
use super::stored::stored;
use crate::change::{Change, Settled, child, missing, pair, size_of, summary};
use crate::inventory::Observed;
use crate::object::Type;
use crate::ownership::is_mark;
use crate::state::{Record, fingerprint};
use nixvirt_schema::engine::secrets::{PLACEHOLDER, take};
use nixvirt_schema::engine::xml::{self, Element};

/// The devices and sections that libvirt does not add by itself: if a definition has more of them than were declared, someone
/// added them.
const ADDED_BY_OTHERS: &[&str] = &[
    "blkiotune",
    "channel",
    "cputune",
    "crypto",
    "currentMemory",
    "description",
    "disk",
    "filesystem",
    "graphics",
    "host",
    "hostdev",
    "interface",
    "lease",
    "memory",
    "memoryBacking",
    "memtune",
    "numatune",
    "parallel",
    "perf",
    "portgroup",
    "pstore",
    "range",
    "redirdev",
    "redirfilter",
    "rng",
    "route",
    "shmem",
    "smartcard",
    "sound",
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
    observed.definition.as_ref().map(|found| drift_of(record, observed, found.into())).unwrap_or_default()
}

/// The same, with the definition of the observed object in the form in which it is compared.
pub fn drift_of(record: &Record, observed: &Observed, found: Settled<'_>) -> Vec<Change> {
    let Some(applied) = xml::element(&record.xml) else { return Vec::new() };
    let secrets = if observed.hides_secrets {
        Vec::new()
    } else {
        other_secrets(record, &applied, observed.with_secrets.as_ref().map_or(found.element(), |found| &found.0))
    };
    let mut drift = between(record.id.kind, applied, &found);
    drift.extend(secrets);
    drift
}

/// The secrets of a domain that libvirt does not have as they were applied: `old` as applied, `new` as libvirt has them. Of
/// several secrets, it is not known which one is another.
pub fn other_secrets(record: &Record, applied: &Element, found: &Element) -> Vec<Change> {
    if record.id.kind != Type::Domain || record.secrets.is_none() {
        return Vec::new();
    }
    let mut secrets = Vec::new();
    let filled = filled("", applied, found, &mut secrets);
    let is_same = take(record.id.kind.kind(), &filled.to_string())
        .is_ok_and(|taken| fingerprint(&record.id, &taken.secrets) == record.secrets);
    if is_same {
        return Vec::new();
    }
    // Where one is gone, nothing tells whether the others are the same.
    let lacks_some = filled.to_string().contains(PLACEHOLDER);
    secrets.retain(|change| !lacks_some || change.new.is_none());
    secrets
}

/// A definition with the secrets that another one has in their places, which are added to the list.
fn filled(path: &str, applied: &Element, found: &Element, secrets: &mut Vec<Change>) -> Element {
    let mut filled = applied.clone();
    let hidden = || Some(PLACEHOLDER.to_owned());
    for (name, value) in filled.attributes.iter_mut().filter(|(_, value)| value == PLACEHOLDER) {
        let secret = found.attribute(name);
        secrets.push(Change { path: join(path, name), old: hidden(), new: secret.and_then(|_| hidden()) });
        *value = secret.unwrap_or(PLACEHOLDER).to_owned();
    }
    if filled.text == PLACEHOLDER {
        secrets.push(Change { path: path.to_owned(), old: hidden(), new: hidden() });
        filled.text.clone_from(&found.text);
    }
    // The pairs begin with the children of the definition, in their order.
    for (child, pair) in filled.children.iter_mut().zip(pair(found, applied)) {
        if let Some(found) = pair.old {
            *child = self::filled(&join(path, &pair.label), child, found, secrets);
        }
    }
    filled
}

fn join(path: &str, label: &str) -> String {
    if path.is_empty() { label.to_owned() } else { format!("{path}.{label}") }
}

/// What others changed between what was applied and what libvirt has.
fn between(kind: Type, applied: Element, found: &Settled<'_>) -> Vec<Change> {
    // The content of a snapshot cannot change, and libvirt prints it differently.
    if kind == Type::Snapshot {
        return Vec::new();
    }
    let mut applied = stored(applied);
    add_macs(&mut applied, Some(found.element()));
    let applied = Settled::from(applied);
    let capacity = |volume: &Element| size_of(volume, "capacity");
    let is_drift = |change: &Change| {
        let is_secret = change.new.as_deref().is_some_and(|new| new.contains(PLACEHOLDER));
        let is_own = match kind {
            // How much is allocated is the guest's matter. A volume is rounded up when it is made, and grows with its content.
            Type::Volume if change.path == "allocation" => true,
            Type::Volume if change.path == "capacity" => capacity(found.element()) >= capacity(applied.element()),
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
        drift.extend(additions(&applied, found));
    }
    drift
}

/// What a definition has beyond the one that was applied, as far as someone must have added it.
pub fn additions<'a>(applied: impl Into<Settled<'a>>, found: impl Into<Settled<'a>>) -> Vec<Change> {
    let mut additions = Vec::new();
    add_additions("", applied.into().element(), found.into().element(), &mut additions);
    additions
}

/// What a definition that replaces libvirt's undoes of what others changed: `old` as libvirt has it, `new` as it will be.
pub fn undone(drift: &[Change], found: &Element, wanted: &Element) -> Vec<Change> {
    let (found, wanted) = (Settled::from(found), Settled::from(wanted));
    let mut differences = missing(&found, &wanted);
    differences.extend(additions(&wanted, &found).into_iter().map(|change| Change {
        old: change.new,
        new: change.old,
        ..change
    }));
    let of_others = FieldPaths::of(drift);
    // An element that is added or removed as a whole may contain drift.
    let is_whole = |change: &Change| change.old.is_none() || change.new.is_none();
    let undoes =
        |change: &Change| of_others.are_above(&change.path) || (is_whole(change) && of_others.overlap(&change.path));
    differences.into_iter().filter(undoes).collect()
}

/// Adds what libvirt has beyond a definition, as far as someone must have added it.
fn add_additions(path: &str, applied: &Element, found: &Element, drift: &mut Vec<Change>) {
    for pair in pair(applied, found) {
        match (pair.old, pair.new) {
            (Some(applied), Some(found)) if PARENTS.contains(&found.name.as_str()) => {
                add_additions(&join(path, &pair.label), applied, found, drift);
            }
            (None, Some(new)) if is_of_others(path, new, applied) => {
                drift.push(Change { path: join(path, &pair.label), old: None, new: Some(summary(new)) });
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

/// Whether someone must have added an element to a definition, beside what was applied at the same place.
pub fn is_of_others(path: &str, added: &Element, applied: &Element) -> bool {
    let model = added.attribute("model");
    match added.name.as_str() {
        "input" => matches!(added.attribute("bus"), Some("usb" | "virtio")),
        // The memory of the domain is no memory module.
        "memory" => !path.is_empty(),
        // Machines have one of their own.
        "panic" => !matches!(model, Some("pseries" | "s390")),
        "watchdog" => model != Some("itco"),
        // libvirt adds the one that a console is.
        "serial" => child(applied, "console").is_none() || child(applied, "serial").is_some(),
        // A running drive that was emptied keeps the number of a medium.
        "source" => added.attributes.iter().any(|(name, _)| name != "index") || !added.children.is_empty(),
        name => ADDED_BY_OTHERS.contains(&name),
    }
}
