//! Which changes of a domain reach the running guest.

use super::live::Live;
use crate::change::{Change, Pair, bytes, changes, child, child_text, missing, pair};
use crate::step::{Metadata, Operation, Redacted};
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::Element;

/// The devices that libvirt can attach to a running guest, and detach from it.
const PLUGGABLE: &[&str] =
    &["channel", "disk", "filesystem", "hostdev", "interface", "lease", "memory", "redirdev", "rng", "shmem", "vsock"];

/// The devices that libvirt can change in place, with the children that may change.
const CHANGEABLE: &[(&str, &[&str])] =
    &[("interface", &["source", "link", "filterref", "bandwidth"]), ("graphics", &["passwd"])];

/// The definitions of a domain that runs.
pub struct Guest<'a> {
    /// The definition that was applied last.
    pub old: &'a Element,
    /// The declared definition.
    pub new: &'a Element,
    /// The declared definition with its secrets.
    pub full: &'a Element,
    /// The definition of the running guest.
    pub live: &'a Element,
    /// Whether secrets have changed.
    pub has_new_secrets: bool,
}

impl Guest<'_> {
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
        let mut differences = changes(self.new, self.full);
        differences.extend(changes(self.old, self.new));
        let is_secret = |change: &&Change| change.old.as_ref().is_some_and(|old| old.contains(PLACEHOLDER));
        live.covers_secrets = differences.iter().filter(is_secret).all(|change| live.covers(change));
    }

    fn texts(&self, live: &mut Live) {
        let text = |domain: &Element, name| child_text(domain, name).map(str::to_owned);
        for name in ["title", "description"] {
            let [old, new, now] = [self.old, self.new, self.live].map(|domain| text(domain, name));
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
        let [old, new, now] = [self.old, self.new, self.live].map(|domain| child(domain, "metadata").unwrap_or(&none));
        for it in pair(old, new) {
            let is_same = it.old.zip(it.new).is_some_and(|(old, new)| changes(old, new).is_empty());
            let Some((prefix, uri)) = it.new.or(it.old).filter(|_| !is_same).and_then(namespace) else { continue };
            let has = now.children.iter().find(|child| namespace(child).is_some_and(|(_, other)| other == uri));
            let has_it = match (it.new, has) {
                (Some(new), Some(has)) => changes(has, new).is_empty(),
                (new, has) => new.is_none() && has.is_none(),
            };
            let element = Metadata::Element { prefix, uri, element: it.new.cloned() };
            let is_whole = std::ptr::eq(old, &none) || std::ptr::eq(new, &none);
            let path = if is_whole { "metadata".to_owned() } else { format!("metadata.{}", it.label) };
            live.cover(&path, unless(has_it, Operation::SetMetadata(element)));
        }
    }

    fn memory(&self, live: &mut Live) {
        let size = |domain, name| child(domain, name).and_then(bytes);
        let current = |domain| size(domain, "currentMemory").or(size(domain, "memory"));
        let [old, new, now] = [self.old, self.new, self.live].map(current);
        let most = size(self.live, "memory");
        let is_within = size(self.old, "memory") == size(self.new, "memory") && new <= most;
        if let (true, Some(wanted)) = (old != new && is_within, new) {
            live.cover("currentMemory", unless(now == new, Operation::SetMemory { kib: wanted / 1024 }));
        }
    }

    fn vcpus(&self, live: &mut Live) {
        let most = |domain| child_text(domain, "vcpu").and_then(|count| count.parse::<u32>().ok());
        let current = |domain| {
            let current = child(domain, "vcpu").and_then(|vcpu| vcpu.attribute("current"));
            current.and_then(|count| count.parse().ok()).or(most(domain))
        };
        let [old, new, now] = [self.old, self.new, self.live].map(current);
        if let (true, Some(count)) = (old != new && most(self.old) == most(self.new) && new <= most(self.live), new) {
            live.cover("vcpu.current", unless(now == new, Operation::SetVcpus { count }));
        }
    }

    fn devices(&self, live: &mut Live) {
        let none = Element::default();
        let [old, new, full, now] =
            [self.old, self.new, self.full, self.live].map(|domain| child(domain, "devices").unwrap_or(&none));
        // The devices with their secrets and those of the running guest, under the labels of the declared ones.
        let wanted = pair(full, new);
        let running = pair(now, new);
        let mut detached = Live::default();
        let mut rest = Live::default();
        for Pair { label, old, new } in pair(old, new) {
            let path = format!("devices.{label}");
            let full = wanted.iter().find(|it| it.label == label).and_then(|it| it.old);
            let now = running.iter().find(|it| it.label == label).and_then(|it| it.old);
            match (old, new) {
                (None, Some(new)) if is_pluggable(new) => {
                    let attach = Operation::Attach { device: Redacted(full.unwrap_or(new).clone()) };
                    rest.cover(&path, unless(now.is_some(), attach));
                }
                (Some(old), None) if is_pluggable(old) => {
                    detached.cover(&path, now.map(|now| Operation::Detach { device: Redacted(now.clone()) }));
                }
                (Some(old), Some(new)) => {
                    if let (Some(full), Some(now)) = (full, now) {
                        update(&path, Device { old, new, full, now, has_new_secrets: self.has_new_secrets }, &mut rest);
                    }
                }
                _ => {}
            }
        }
        // Detached devices make room for attached ones.
        live.extend(detached);
        live.extend(rest);
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

/// Changes a device in place, if libvirt can change every child that differs.
fn update(path: &str, device: Device<'_>, live: &mut Live) {
    let Device { old, new, full, now, has_new_secrets } = device;
    // QEMU turns the authentication of a console on or off only when it starts.
    if old.attribute("passwd").is_some() != new.attribute("passwd").is_some() {
        return;
    }
    let changed: Vec<_> = changes(old, new).into_iter().map(|change| change.path).collect();
    let is_medium = matches!(new.attribute("device"), Some("cdrom" | "floppy"));
    let changeable = match CHANGEABLE.iter().find(|(name, _)| *name == new.name) {
        Some((_, children)) => children,
        None if is_medium => &["source", "type"][..],
        None => return,
    };
    let first = |path: &String| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let parts: Vec<_> = changed.iter().map(first).collect();
    // If only its secrets have changed, no field tells.
    let hides_secret = has_new_secrets
        && changeable.iter().any(|part| {
            full.attribute(part) != new.attribute(part) || !changes(&only(new, part), &only(full, part)).is_empty()
        });
    if (parts.is_empty() && !hides_secret) || parts.iter().any(|part| !changeable.contains(&part.as_str())) {
        return;
    }
    let mut device = now.clone();
    for part in changeable {
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
    let has_it = !hides_secret && missing(now, new).is_empty() && still_present(old, new, now).is_empty();
    live.cover(path, unless(has_it, Operation::Update { device: Redacted(device) }));
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

fn is_pluggable(device: &Element) -> bool {
    let bus = child(device, "target").and_then(|target| target.attribute("bus"));
    let is_fixed = device.name == "disk" && !matches!(bus, Some("virtio" | "scsi" | "usb"));
    PLUGGABLE.contains(&device.name.as_str()) && !is_fixed
}

/// The prefix and the namespace of a child of `<metadata>`.
fn namespace(element: &Element) -> Option<(String, String)> {
    let (prefix, _) = element.name.split_once(':')?;
    let uri = element.attribute(&format!("xmlns:{prefix}"))?;
    Some((prefix.to_owned(), uri.to_owned()))
}
