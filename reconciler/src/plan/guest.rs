//! Which changes of a domain reach the running guest.

use super::device::{Counterparts, RunningDevices, devices, is_pluggable};
use super::drift::is_of_others;
use super::live::Live;
use super::preserve::PathOf;
use crate::change::{Change, Pair, Settled, changes, child, child_text, missing, pair, size_of, summary};
use crate::ownership::is_mark;
use crate::step::{Metadata, Operation, Redacted};
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::formats::domain::settled::balloon_memory;

/// The devices that libvirt can change in place, with the children that may change.
const CHANGEABLE: &[(&str, &[&str])] = &[
    ("interface", &["source", "link", "filterref", "bandwidth"]),
    ("graphics", &["passwd", "passwdValidTo", "connected"]),
];

/// The definitions of a domain that runs.
pub struct RunningGuest<'a> {
    /// The definition that was applied last.
    pub old: &'a Element,
    /// The declared definition.
    pub new: &'a Element,
    /// The declared definition with its secrets.
    pub full: &'a Element,
    /// The definition of the running guest.
    pub live: &'a Element,
    /// What the sources of disks lead to.
    pub path_of: PathOf<'a>,
    /// The definition that the running guest was started from, if that is another one than was applied last.
    pub started_from: Option<&'a Element>,
    /// Whether drift of the running guest is undone.
    pub resets: bool,
    /// The fields of the declared definition that hold secrets.
    pub secrets: Vec<Change>,
    /// Whether secrets have changed.
    pub has_new_secrets: bool,
}

impl RunningGuest<'_> {
    /// The operations that change the running guest.
    pub fn changes(&self) -> Live {
        let mut live = Live::default();
        self.texts(&mut live);
        self.metadata(&mut live);
        self.memory(&mut live);
        self.vcpus(&mut live);
        self.devices(&mut live);
        self.secrets(&mut live);
        live
    }

    /// Changed secrets are in effect if all secrets are covered, and those that are removed: which of the others have changed is
    /// not known.
    fn secrets(&self, live: &mut Live) {
        let is_secret = |change: &Change| change.old.as_ref().is_some_and(|old| old.contains(PLACEHOLDER));
        let removed = changes(self.old, self.new);
        let removed = removed.iter().filter(|change| is_secret(change));
        live.covers_secrets = self.secrets.iter().chain(removed).all(|change| live.covers(change));
    }

    /// The definition that a part of the domain is compared with: the one that was applied last, or that of the running guest if
    /// drift is undone.
    fn before(&self) -> &Element {
        if self.resets { self.live } else { self.old }
    }

    fn texts(&self, live: &mut Live) {
        let text = |domain: &Element, name| child_text(domain, name).map(str::to_owned);
        for name in ["title", "description"] {
            let [old, new, now] = [self.before(), self.new, self.live].map(|domain| text(domain, name));
            if old != new {
                let has_it = now == new;
                let part =
                    if name == "title" { Metadata::Title { text: new } } else { Metadata::Description { text: new } };
                live.cover(name, unless(has_it, Operation::SetMetadata(part)));
            }
        }
    }

    fn metadata(&self, live: &mut Live) {
        let none = Element::default();
        let [old, new, now] =
            [self.before(), self.new, self.live].map(|domain| child(domain, "metadata").unwrap_or(&none));
        for it in pair(old, new).into_iter().filter(|it| !it.old.is_some_and(is_mark)) {
            let is_same = it.old.zip(it.new).is_some_and(|(old, new)| changes(old, new).is_empty());
            let Some((prefix, uri)) = it.new.or(it.old).filter(|_| !is_same).and_then(namespace) else { continue };
            let running = now.children.iter().find(|child| namespace(child).is_some_and(|(_, other)| other == uri));
            let has_it = match (it.new, running) {
                (Some(new), Some(running)) => changes(running, new).is_empty(),
                (new, running) => new.is_none() && running.is_none(),
            };
            let element = Metadata::Element { prefix, uri, element: it.new.cloned() };
            let is_whole = std::ptr::eq(old, &none) || std::ptr::eq(new, &none);
            let path = if is_whole { "metadata".to_owned() } else { format!("metadata.{}", it.label) };
            live.cover(&path, unless(has_it, Operation::SetMetadata(element)));
        }
    }

    fn memory(&self, live: &mut Live) {
        let running = Settled::from(self.live);
        let most = balloon_memory(running.element());
        let current = |domain: &Settled<'_>| size_of(domain.element(), "currentMemory");
        let [old, new] = [self.before(), self.new].map(|domain| current(&Settled::from(domain)));
        let (wanted, now) = (new.or(most), current(&running).or(most));
        let is_within = size_of(self.old, "memory") == size_of(self.new, "memory") && wanted <= most;
        if let (true, Some(bytes)) = (old != new && is_within, wanted) {
            live.cover("currentMemory", unless(now == wanted, Operation::SetMemory { kib: bytes / 1024 }));
        }
    }

    fn vcpus(&self, live: &mut Live) {
        let most = |domain| child_text(domain, "vcpu").and_then(|count| count.parse::<u32>().ok());
        let current = |domain| {
            let current = child(domain, "vcpu").and_then(|vcpu| vcpu.attribute("current"));
            current.and_then(|count| count.parse().ok()).or(most(domain))
        };
        let [old, new, now] = [self.before(), self.new, self.live].map(current);
        if let (true, Some(count)) = (old != new && most(self.old) == most(self.new) && new <= most(self.live), new) {
            live.cover("vcpu.current", unless(now == new, Operation::SetVcpus { count }));
        }
    }

    fn devices(&self, live: &mut Live) {
        let [old, new, full, now] = [self.old, self.new, self.full, self.live].map(devices);
        let with_secrets = Counterparts::new(full, new);
        let running = RunningDevices::new(now, old, new, self.started_from.map(devices), self.path_of);
        let mut leaving = Vec::new();
        let mut detached = Live::default();
        let mut updated = Live::default();
        let mut added = Vec::new();
        for Pair { label, old, new } in pair(old, new) {
            let path = format!("devices.{label}");
            match (old, new) {
                (None, Some(new)) => added.push((path, new)),
                (Some(old), None) if is_pluggable(old) => match running.of_former(old) {
                    Some(now) => {
                        leaving.push(now);
                        detached.cover(&path, Some(Operation::Detach { device: Redacted(now.clone()) }));
                    }
                    None => detached.cover(&path, None),
                },
                (Some(old), Some(new)) => match (running.of_declared(new), with_secrets.of(new)) {
                    (Some(now), Some(full)) => {
                        let device = Device { old, new, full, now, has_new_secrets: self.has_new_secrets };
                        device.update(&path, self.resets, &mut updated);
                    }
                    (None, _) if self.resets => added.push((path, new)),
                    _ => {}
                },
                _ => {}
            }
        }
        if self.resets {
            detach_additions(now, new, &mut leaving, &mut detached);
        }
        // Detached devices make room for attached ones.
        live.extend(detached);
        live.extend(updated);
        for (path, device) in added.into_iter().filter(|(_, device)| is_pluggable(device)) {
            match running.of_declared(device) {
                Some(now) if missing(now, device).is_empty() => live.cover(&path, None),
                // The guest has another device in its place.
                Some(now) if !leaving.iter().any(|other| std::ptr::eq(*other, now)) => {}
                _ => {
                    let in_the_way = running.in_the_way_of(device);
                    if in_the_way.iter().all(|now| leaving.iter().any(|other| std::ptr::eq(*other, *now))) {
                        let after = in_the_way.into_iter().map(|now| Redacted(now.clone())).collect();
                        let device = Redacted(with_secrets.of(device).unwrap_or(device).clone());
                        live.cover(&path, Some(Operation::Attach { device, after }));
                    }
                }
            }
        }
    }
}

/// Detaches the running devices that others added.
fn detach_additions<'n>(now: &'n Element, declared: &'n Element, leaving: &mut Vec<&'n Element>, detached: &mut Live) {
    for it in pair(now, declared) {
        let (Some(device), None) = (it.old, it.new) else { continue };
        let is_leaving = leaving.iter().any(|other| std::ptr::eq(*other, device));
        if is_pluggable(device) && !is_leaving && is_of_others("devices", device, declared) {
            let path = format!("devices.{}", it.label);
            detached.undone.push(Change { path, old: Some(summary(device)), new: None });
            detached.operations.push(Operation::Detach { device: Redacted(device.clone()) });
            leaving.push(device);
        }
    }
}

/// The operation, unless the running guest has the change.
fn unless(has_it: bool, operation: Operation) -> Option<Operation> {
    if has_it { None } else { Some(operation) }
}

/// The definitions of a device of a guest that runs.
struct Device<'a> {
    old: &'a Element,
    new: &'a Element,
    full: &'a Element,
    now: &'a Element,
    has_new_secrets: bool,
}

impl Device<'_> {
    /// Changes the device in place, if libvirt can change every part that differs.
    fn update(self, path: &str, resets: bool, live: &mut Live) {
        let Device { old, new, full, now, .. } = self;
        if self.turns_authentication() {
            return;
        }
        let differences = if resets { missing(now, new) } else { changes(old, new) };
        if !differences.is_empty() && missing(now, new).is_empty() && still_present(old, new, now).is_empty() {
            return live.cover(path, None);
        }
        let Some(changeable) = changeable(new) else { return };
        let first = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
        let parts: Vec<_> = differences.iter().map(|change| first(&change.path)).collect();
        let hides_secret = self.hides_secret(changeable);
        let is_changeable = |part: &String| {
            changeable.contains(&part.as_str()) && (part != "driver" || differs_in_format_only(old, new))
        };
        if (parts.is_empty() && !hides_secret) || !parts.iter().all(is_changeable) {
            return;
        }
        let mut device = now.clone();
        // A driver that is not declared is as libvirt filled it in.
        for part in changeable.iter().filter(|part| **part != "driver" || child(full, part).is_some()) {
            if let Some((_, value)) = full.attributes.iter().find(|(name, _)| name == part) {
                device.attributes.retain(|(name, _)| name != part);
                device.attributes.push(((*part).to_owned(), value.clone()));
            }
            let at = device.children.iter().position(|child| child.name == *part);
            device.children.retain(|child| child.name != *part);
            let wanted = full.children.iter().filter(|child| child.name == *part).cloned();
            let at = at.unwrap_or(device.children.len()).min(device.children.len());
            device.children.splice(at..at, wanted);
        }
        live.cover(path, Some(Operation::Update { device: Redacted(device) }));
    }

    /// Whether secrets have changed that may be those of the device. If nothing else has changed, no field tells.
    fn hides_secret(&self, changeable: &[&str]) -> bool {
        let Device { new, full, .. } = self;
        self.has_new_secrets
            && changeable.iter().any(|part| {
                full.attribute(part) != new.attribute(part) || !changes(only(new, part), only(full, part)).is_empty()
            })
    }

    /// Whether a console would begin or cease to ask for a password: QEMU turns authentication on or off only when it starts.
    fn turns_authentication(&self) -> bool {
        self.old.attribute("passwd").is_some() != self.new.attribute("passwd").is_some()
    }
}

/// The parts of a device that libvirt can change in place.
fn changeable(device: &Element) -> Option<&'static [&'static str]> {
    let is_medium = device.name == "disk" && matches!(device.attribute("device"), Some("cdrom" | "floppy"));
    match CHANGEABLE.iter().find(|(name, _)| *name == device.name) {
        Some((_, parts)) => Some(parts),
        None if is_medium => Some(&["source", "type", "driver"]),
        None => None,
    }
}

/// Whether the drivers of two drives differ in the format of the medium only. A drive without a medium has no format.
fn differs_in_format_only(one: &Element, other: &Element) -> bool {
    let [one, other] = [one, other].map(|drive| {
        let mut driver = child(drive, "driver")
            .cloned()
            .unwrap_or_else(|| Element { name: "driver".to_owned(), ..Element::default() });
        driver.attributes.retain(|(name, _)| name != "name" && name != "type");
        driver
    });
    changes(&one, &other).is_empty()
}

/// A device with only its children of one name.
fn only(device: &Element, name: &str) -> Element {
    let children = device.children.iter().filter(|child| child.name == name).cloned().collect();
    Element { name: device.name.clone(), children, ..Element::default() }
}

/// The paths of fields that are no longer declared, and that the running device still has.
fn still_present(old: &Element, new: &Element, now: &Element) -> Vec<String> {
    let removed = changes(old, new).into_iter().filter(|change| change.new.is_none());
    let still = changes(now, new);
    removed.map(|change| change.path).filter(|path| still.iter().any(|change| change.path == *path)).collect()
}

/// The prefix and the namespace of a child of `<metadata>`.
fn namespace(element: &Element) -> Option<(String, String)> {
    let (prefix, _) = element.name.split_once(':')?;
    let uri = element.attribute(&format!("xmlns:{prefix}"))?;
    Some((prefix.to_owned(), uri.to_owned()))
}
