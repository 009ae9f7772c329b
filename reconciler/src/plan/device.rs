//! Which devices a running guest has of those that are declared, and what of them must not be in a guest twice.

use super::preserve::PathOf;
use crate::change::{Pair, child, key, missing, pair};
use nixvirt_schema::engine::xml::Element;
use std::collections::HashMap;

/// The devices that libvirt can attach to a running guest, and detach from it.
const PLUGGABLE: &[&str] =
    &["channel", "disk", "filesystem", "hostdev", "interface", "lease", "memory", "redirdev", "rng", "shmem", "vsock"];

/// Whether libvirt can attach the device to a running guest, and detach it.
pub fn is_pluggable(device: &Element) -> bool {
    let bus = child(device, "target").and_then(|target| target.attribute("bus"));
    let is_fixed = device.name == "disk" && !matches!(bus, Some("virtio" | "scsi" | "usb"));
    PLUGGABLE.contains(&device.name.as_str()) && !is_fixed
}

/// The devices of a domain.
pub fn devices(domain: &Element) -> &Element {
    static NONE: Element =
        Element { name: String::new(), attributes: Vec::new(), children: Vec::new(), text: String::new() };
    child(domain, "devices").unwrap_or(&NONE)
}

/// For devices of one definition, the same devices in another. The place of a device in memory distinguishes it.
pub struct Counterparts<'a>(HashMap<*const Element, &'a Element>);

impl<'a> Counterparts<'a> {
    /// Finds the counterparts of devices among others.
    pub fn new(among: &'a Element, of: &'a Element) -> Self {
        let both = |it: Pair<'a>| Some((std::ptr::from_ref(it.new?), it.old?));
        Counterparts(pair(among, of).into_iter().filter_map(both).collect())
    }

    /// The counterpart of a device.
    pub fn of(&self, device: &Element) -> Option<&'a Element> {
        self.0.get(&std::ptr::from_ref(device)).copied()
    }
}

/// The devices of a running guest, beside those that were applied last and those that are declared.
pub struct RunningDevices<'a> {
    of_former: Counterparts<'a>,
    of_declared: Counterparts<'a>,
    started_from: Option<Counterparts<'a>>,
    /// The running devices by what they claim.
    claims: HashMap<String, Vec<&'a Element>>,
    /// What a declared device claims that runs already, by the running device.
    declared: HashMap<*const Element, Vec<String>>,
    path_of: PathOf<'a>,
}

impl<'a> RunningDevices<'a> {
    /// Finds the devices of a guest that runs.
    pub fn new(
        now: &'a Element,
        former: &'a Element,
        declared: &'a Element,
        started_from: Option<&'a Element>,
        path_of: PathOf<'a>,
    ) -> Self {
        let of_declared = Counterparts::new(now, declared);
        let mut by_claim: HashMap<String, Vec<&'a Element>> = HashMap::new();
        for device in &now.children {
            for claim in claims(device, path_of) {
                by_claim.entry(claim).or_default().push(device);
            }
        }
        let declared = declared
            .children
            .iter()
            .filter_map(|device| of_declared.of(device).map(|now| (std::ptr::from_ref(now), claims(device, path_of))));
        RunningDevices {
            path_of,
            of_former: Counterparts::new(now, former),
            started_from: started_from.map(|started_from| Counterparts::new(started_from, now)),
            claims: by_claim,
            declared: declared.collect(),
            of_declared,
        }
    }

    /// The running device that a declared one is.
    pub fn of_declared(&self, device: &Element) -> Option<&'a Element> {
        self.of_declared.of(device)
    }

    /// The running device that a formerly declared one is. None if the guest has none, or one of others in its place.
    pub fn of_former(&self, device: &Element) -> Option<&'a Element> {
        let now = self.of_former.of(device)?;
        let started_from = self.started_from.as_ref().and_then(|started_from| started_from.of(now));
        let is_it =
            is_same(device, now, self.path_of) || started_from.is_some_and(|device| is_same(device, now, self.path_of));
        if is_it { Some(now) } else { None }
    }

    /// The running devices that claim what a device to be attached claims, unless both are declared so.
    pub fn in_the_way_of(&self, device: &Element) -> Vec<&'a Element> {
        let mut found: Vec<&'a Element> = Vec::new();
        for claim in claims(device, self.path_of) {
            for now in self.claims.get(&claim).into_iter().flatten() {
                let is_declared =
                    self.declared.get(&std::ptr::from_ref(*now)).is_some_and(|claims| claims.contains(&claim));
                if !is_declared && !found.iter().any(|other| std::ptr::eq(*other, *now)) {
                    found.push(now);
                }
            }
        }
        found
    }
}

/// Whether a running device is the one that a definition describes, rather than another one under its key.
fn is_same(device: &Element, now: &Element, path_of: PathOf<'_>) -> bool {
    match device.name.as_str() {
        "disk" => {
            let images = images(now, path_of);
            images_of(device, path_of).first().is_none_or(|image| images.contains(image))
        }
        "filesystem" => match (child(device, "source"), child(now, "source")) {
            (Some(source), Some(now)) => missing(now, source).is_empty(),
            (source, _) => source.is_none(),
        },
        _ if key(device).is_some() => true,
        _ => missing(now, device).is_empty(),
    }
}

/// What only one device of a guest can have: its key, such as the target of a disk, and the images of a disk.
fn claims(device: &Element, path_of: PathOf<'_>) -> Vec<String> {
    let mut claims: Vec<_> = key(device).map(|key| format!("{} {key}", device.name)).into_iter().collect();
    let is_shared = ["shareable", "readonly"].iter().any(|name| child(device, name).is_some());
    if device.name == "disk" && !is_shared {
        claims.extend(images(device, path_of));
    }
    claims
}

/// The images that a disk is made of: its own, and those that it is backed by.
fn images(disk: &Element, path_of: PathOf<'_>) -> Vec<String> {
    let mut images = images_of(disk, path_of);
    let mut layer = disk;
    while let Some(backing) = child(layer, "backingStore") {
        images.extend(images_of(backing, path_of));
        layer = backing;
    }
    images
}

/// The image of a disk or of a layer that it is backed by.
fn images_of(layer: &Element, path_of: PathOf<'_>) -> Vec<String> {
    let Some(source) = child(layer, "source") else { return Vec::new() };
    if let Some(path) = path_of(source) {
        return vec![format!("image {path}")];
    }
    let kind = layer.attribute("type").unwrap_or("file");
    let value = |name: &str| source.attribute(name).unwrap_or_default();
    let image = match kind {
        "file" | "block" | "dir" => ["file", "dev", "dir"].map(value).concat(),
        "volume" => format!("{}/{}", value("pool"), value("volume")),
        _ => {
            let host = child(source, "host");
            let at = |name: &str| host.and_then(|host| host.attribute(name)).unwrap_or_default();
            let [protocol, name] = ["protocol", "name"].map(value);
            format!("{protocol}://{}{}:{}/{name}", at("name"), at("socket"), at("port"))
        }
    };
    if image.is_empty() { Vec::new() } else { vec![format!("image {image}")] }
}
