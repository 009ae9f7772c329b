//! What of a domain's changes a running guest can have at once.

use super::live::Live;
use crate::change::{Pair, bytes, changes, child, child_text, missing, pair};
use crate::step::{Action, Hidden, MetadataPart};
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::Element;

/// Devices that libvirt can plug into a running guest, and unplug.
const PLUGGABLE: &[&str] =
    &["channel", "disk", "filesystem", "hostdev", "interface", "lease", "memory", "redirdev", "rng", "shmem", "vsock"];

/// Of which devices libvirt can change which children while they are plugged in.
const CHANGEABLE: &[(&str, &[&str])] =
    &[("interface", &["source", "link", "filterref", "bandwidth"]), ("graphics", &["passwd"])];

/// The definitions of a domain that runs.
pub struct Guest<'a> {
    /// What was declared when it was last changed.
    pub old: &'a Element,
    /// What is declared now.
    pub new: &'a Element,
    /// The same with the secrets in it.
    pub full: &'a Element,
    /// What runs.
    pub live: &'a Element,
    /// Whether the secrets in it are others than they were.
    pub has_new_secrets: bool,
}

impl Guest<'_> {
    /// What can be done to the running guest.
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

    /// Which of its secrets are others nothing shows, so that all must be where they are brought.
    fn secrets(&self, live: &mut Live) {
        let differs = changes(self.new, self.full);
        let mut hidden = differs.iter().filter(|it| it.old.as_ref().is_some_and(|old| old.contains(PLACEHOLDER)));
        if self.has_new_secrets && hidden.all(|it| live.brings(it)) {
            live.cover("secret", None);
        }
    }

    fn texts(&self, live: &mut Live) {
        for (name, part) in [("title", MetadataPart::Title), ("description", MetadataPart::Description)] {
            let [old, new, now] = [self.old, self.new, self.live].map(|domain| child_text(domain, name));
            if old != new {
                let value = new.map(str::to_owned);
                live.cover(name, (now != new).then_some(Action::SetMetadata { part, value }));
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
            let is_done = match (it.new, has) {
                (Some(new), Some(has)) => changes(has, new).is_empty(),
                (new, has) => new.is_none() && has.is_none(),
            };
            let value = it.new.map(Element::to_string);
            let part = MetadataPart::Element { prefix, uri };
            let label = match std::ptr::eq(old, &none) || std::ptr::eq(new, &none) {
                true => "metadata".to_owned(),
                false => format!("metadata.{}", it.label),
            };
            live.cover(&label, (!is_done).then_some(Action::SetMetadata { part, value }));
        }
    }

    fn memory(&self, live: &mut Live) {
        let size = |domain, name| child(domain, name).and_then(bytes);
        let at_the_moment = |domain| size(domain, "currentMemory").or(size(domain, "memory"));
        let [old, new, now] = [self.old, self.new, self.live].map(at_the_moment);
        let most = size(self.live, "memory");
        let is_within = size(self.old, "memory") == size(self.new, "memory") && new <= most;
        if let (true, Some(wanted)) = (old != new && is_within, new) {
            live.cover("currentMemory", (now != new).then_some(Action::SetMemory { kib: wanted / 1024 }));
        }
    }

    fn vcpus(&self, live: &mut Live) {
        let most = |domain| child_text(domain, "vcpu").and_then(|count| count.parse::<u32>().ok());
        let at_the_moment = |domain| {
            let current = child(domain, "vcpu").and_then(|vcpu| vcpu.attribute("current"));
            current.and_then(|count| count.parse().ok()).or(most(domain))
        };
        let [old, new, now] = [self.old, self.new, self.live].map(at_the_moment);
        if let (true, Some(count)) = (old != new && most(self.old) == most(self.new) && new <= most(self.live), new) {
            live.cover("vcpu.current", (now != new).then_some(Action::SetVcpus { count }));
        }
    }

    fn devices(&self, live: &mut Live) {
        let none = Element::default();
        let [old, new, full, now] =
            [self.old, self.new, self.full, self.live].map(|domain| child(domain, "devices").unwrap_or(&none));
        // Under the labels of what is declared, what is wanted in full and what runs.
        let wanted = pair(full, new);
        let running = pair(now, new);
        let mut unplugged = Live::default();
        let mut rest = Live::default();
        for Pair { label, old, new } in pair(old, new) {
            let path = format!("devices.{label}");
            let full = wanted.iter().find(|it| it.label == label).and_then(|it| it.old);
            let now = running.iter().find(|it| it.label == label).and_then(|it| it.old);
            match (old, new) {
                (None, Some(new)) if is_pluggable(new) => {
                    let attach = Action::Attach { xml: Hidden(full.unwrap_or(new).to_string()) };
                    rest.cover(&path, now.is_none().then_some(attach));
                }
                (Some(old), None) if is_pluggable(old) => {
                    let detach = now.map(|now| Action::Detach { xml: Hidden(now.to_string()) });
                    unplugged.cover(&path, detach);
                }
                (Some(old), Some(new)) => {
                    if let (Some(full), Some(now)) = (full, now) {
                        update(&path, Device { old, new, full, now, has_new_secrets: self.has_new_secrets }, &mut rest);
                    }
                }
                _ => {}
            }
        }
        // What goes makes room for what comes.
        live.extend(unplugged);
        live.extend(rest);
    }
}

/// The definitions of a device of a guest that runs.
struct Device<'a> {
    old: &'a Element,
    new: &'a Element,
    full: &'a Element,
    now: &'a Element,
    has_new_secrets: bool,
}

/// Changes a device in its place, if each child that changes is one that libvirt can change.
fn update(path: &str, device: Device<'_>, live: &mut Live) {
    let Device { old, new, full, now, has_new_secrets } = device;
    let changed: Vec<_> = changes(old, new).into_iter().map(|change| change.path).collect();
    let is_medium = matches!(new.attribute("device"), Some("cdrom" | "floppy"));
    let changeable = match CHANGEABLE.iter().find(|(name, _)| *name == new.name) {
        Some((_, children)) => children,
        None if is_medium => &["source", "type"][..],
        None => return,
    };
    let first = |path: &String| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let parts: Vec<_> = changed.iter().map(first).collect();
    // Where the secrets in it alone are others, nothing shows which.
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
    let is_done = !hides_secret && missing(now, new).is_empty() && gone(old, new, now).is_empty();
    live.cover(path, (!is_done).then(|| Action::Update { xml: Hidden(device.to_string()) }));
}

/// A device with its children of one name alone.
fn only(device: &Element, name: &str) -> Element {
    let children = device.children.iter().filter(|child| child.name == name).cloned().collect();
    Element { name: device.name.clone(), children, ..Element::default() }
}

/// What was declared, is no longer, and still runs.
fn gone(old: &Element, new: &Element, now: &Element) -> Vec<String> {
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
