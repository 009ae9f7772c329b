//! What libvirt recorded when an object was defined, preserved when the object is defined again: a guest finds its interfaces,
//! disks, firmware and machine type where they were.

mod firmware;
mod image;
mod macs;
pub mod recorded;
mod sources;

use crate::change::{Pair, changes, child, child_mut, is_version_of, missing, pair, summary};
use crate::inventory::Observed;
use crate::plan::Reason;
use crate::snapshot_archive::DomainArchive;
pub use macs::add_macs;
use nixvirt_schema::engine::xml::Element;
use recorded::{ROWS, Treatment, carry, row_of};
pub use sources::PathOf;
use sources::spelled;
use std::collections::HashSet;

/// What libvirt has, or had, of an object that is defined again.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    /// The persistent definition, with its secrets where they are known.
    definition: &'a Element,
    /// The definition of the running object.
    live: Option<&'a Element>,
    /// The definitions of the snapshots of a domain.
    snapshots: Snapshots<'a>,
    /// Whether the file of the firmware that libvirt chose is missing.
    loader_is_gone: bool,
    /// What the sources of disks lead to.
    path_of: PathOf<'a>,
}

/// The definitions of the snapshots of a domain, parents before their children.
#[derive(Clone, Copy)]
enum Snapshots<'a> {
    Present(&'a [Element]),
    Archived(&'a DomainArchive),
}

/// A definition with what libvirt recorded.
pub struct Preserved {
    /// The definition.
    pub definition: Element,
    /// What could not be preserved.
    pub reasons: Vec<Reason>,
}

impl<'a> Found<'a> {
    /// What libvirt has of an object; None if its definition was not read.
    pub fn of(observed: &'a Observed) -> Option<Self> {
        let secure = observed.with_secrets.as_ref().map(|redacted| &redacted.0);
        Some(Found {
            definition: secure.or(observed.definition.as_ref())?,
            live: observed.live.as_ref(),
            snapshots: Snapshots::Present(&observed.snapshots),
            loader_is_gone: observed.loader_is_gone,
            path_of: &spelled,
        })
    }

    /// What libvirt had of a domain when it was undefined.
    pub fn archived(archive: &'a DomainArchive) -> Self {
        Found {
            definition: &archive.domain,
            live: None,
            snapshots: Snapshots::Archived(archive),
            loader_is_gone: false,
            path_of: &spelled,
        }
    }

    /// Compares images by what their sources lead to.
    pub fn with_paths(self, path_of: PathOf<'a>) -> Self {
        Found { path_of, ..self }
    }

    /// The definitions of the snapshots.
    fn snapshots(&self) -> Vec<&'a Element> {
        match self.snapshots {
            Snapshots::Present(snapshots) => snapshots.iter().collect(),
            Snapshots::Archived(archive) => archive.snapshots.iter().map(|snapshot| &snapshot.xml).collect(),
        }
    }
}

/// The declared definition with what libvirt recorded of the object. `before` is the definition that was applied last: what it
/// declared and the new one does not is not preserved, since it was no choice of libvirt.
///
/// # Errors
/// A disk is declared with an image that is the base of another one.
pub fn preserve(declared: &Element, before: Option<&Element>, found: Found<'_>) -> Result<Preserved, Reason> {
    let mut root = declared.clone();
    let mut reasons = Vec::new();
    preserve_uuid(&mut root, found.definition);
    match root.name.as_str() {
        "domain" => reasons.extend(preserve_domain(&mut root, before, found)?),
        "network" => preserve_network(&mut root, found.definition),
        _ => {}
    }
    Ok(Preserved { definition: root, reasons })
}

/// The definition to define where no state record tells what was applied: with what libvirt recorded, if libvirt has the
/// object.
///
/// # Errors
/// A disk is declared with an image that is the base of another one.
pub fn complete(declared: &Element, found: Option<&Observed>) -> Result<Element, Reason> {
    if let Some(found) = found.and_then(Found::of) {
        return preserve(declared, None, found).map(|preserved| preserved.definition);
    }
    let mut root = declared.clone();
    add_macs(&mut root, None);
    Ok(root)
}

fn preserve_uuid(root: &mut Element, found: &Element) {
    if let Some(uuid) = child(found, "uuid") {
        set_uuid(root, &uuid.text);
    }
}

/// Sets the UUID of a definition that has none.
pub fn set_uuid(root: &mut Element, uuid: &str) {
    if child(root, "uuid").is_none() {
        let after_name = root.children.iter().position(|child| child.name == "name").map_or(0, |at| at + 1);
        root.children.insert(after_name, Element::of_text("uuid", uuid));
    }
}

fn preserve_network(root: &mut Element, found: &Element) {
    // Only a bridge that libvirt makes has a MAC address and a name that libvirt chose.
    if !has_own_bridge(root) || !has_own_bridge(found) {
        return;
    }
    if let (None, Some(mac)) = (child(root, "mac"), child(found, "mac")) {
        root.children.push(mac.clone());
    }
    let Some(bridge) = child(found, "bridge") else { return };
    match child_mut(root, "bridge") {
        None => root.children.push(bridge.clone()),
        Some(declared) if declared.attribute("name").is_none() => {
            let name = bridge.attributes.iter().find(|(name, _)| name == "name");
            declared.attributes.extend(name.cloned());
        }
        _ => {}
    }
}

/// Whether libvirt creates the bridge of a network. Other networks use a bridge of the host, or none.
pub fn has_own_bridge(network: &Element) -> bool {
    let mode = child(network, "forward").map(|forward| forward.attribute("mode").unwrap_or("nat"));
    mode.is_none_or(|mode| matches!(mode, "nat" | "route" | "open"))
}

fn preserve_domain(root: &mut Element, before: Option<&Element>, found: Found<'_>) -> Result<Option<Reason>, Reason> {
    add_macs(root, Some(found.definition));
    image::preserve_images(root, before, found)?;
    let is_same_machine = is_same_machine(root, found.definition);
    let replaced = firmware::preserve_firmware(root, before, found, is_same_machine);
    if is_same_machine {
        preserve_indexes(root, found.definition);
    }
    preserve_values(root, before, found.definition, is_same_machine);
    if is_same_machine {
        preserve_machine(root, before, found.definition);
        if let Some(found) = child(found.definition, "devices") {
            let before = before.and_then(|before| child(before, "devices"));
            let devices = devices(root);
            preserve_addresses(devices, before, found);
            preserve_devices(devices, before, found);
        }
    }
    Ok(replaced)
}

fn devices(domain: &mut Element) -> &mut Element {
    let at = domain.children.iter().position(|child| child.name == "devices").unwrap_or_else(|| {
        domain.children.push(Element { name: "devices".to_owned(), ..Element::default() });
        domain.children.len() - 1
    });
    &mut domain.children[at]
}

/// Preserves the indexes of controllers declared without one, which tell controllers of a type apart.
fn preserve_indexes(root: &mut Element, found: &Element) {
    let needs_index = |device: &Element| device.name == "controller" && device.attribute("index").is_none();
    let Some(devices) = child_mut(root, "devices") else { return };
    let Some(found) = child(found, "devices").filter(|_| devices.children.iter().any(needs_index)) else { return };
    let index = |it: Pair<'_>| {
        let (declared, found) = (it.new?, it.old?);
        if is_on_same_bus(declared, found) { Some(found.attribute("index")?.to_owned()) } else { None }
    };
    let indexes: Vec<_> = pair(found, devices).into_iter().map(index).collect();
    // The pairs begin with the declared devices, in their order.
    for (device, index) in devices.children.iter_mut().zip(indexes).filter(|(device, _)| needs_index(device)) {
        device.attributes.extend(index.map(|index| ("index".to_owned(), index)));
    }
}

/// Preserves the values that do not depend on each other.
fn preserve_values(root: &mut Element, before: Option<&Element>, found: &Element, is_same_machine: bool) {
    let is_unchanged = |name: &str| match before {
        Some(before) => changes(only(before, name), only(root, name)).is_empty(),
        None => missing(only(found, name), only(root, name)).is_empty(),
    };
    let part = |path: &'static str| path.split('/').next().unwrap_or_default();
    let rows = ROWS.iter().filter(|row| row.treatment == Treatment::WhileUnchanged);
    let unchanged: Vec<_> = rows.map(|row| part(row.path)).filter(|name| is_unchanged(name)).collect();
    carry(root, before, found, |path| match row_of(path).map(|row| row.treatment) {
        Some(Treatment::Carried) => true,
        Some(Treatment::OnSameMachine) => is_same_machine,
        Some(Treatment::WhileUnchanged) => {
            is_same_machine && unchanged.contains(&path.split('/').next().unwrap_or_default())
        }
        _ => false,
    });
}

/// A domain with only its children of one name.
fn only(domain: &Element, name: &str) -> Element {
    let children = domain.children.iter().filter(|child| child.name == name).cloned().collect();
    Element { name: domain.name.clone(), children, ..Element::default() }
}

/// Whether two domains are machines of one kind, so that the addresses of one are valid in the other.
fn is_same_machine(one: &Element, other: &Element) -> bool {
    let [(arch, machine), (other_arch, other_machine)] = [one, other].map(|domain| {
        let kind = child(domain, "os").and_then(|os| child(os, "type"));
        let attribute = |name| kind.and_then(|kind| kind.attribute(name));
        (attribute("arch"), attribute("machine"))
    });
    let is_compatible = |one: Option<&str>, other: Option<&str>| one.is_none() || other.is_none() || one == other;
    one.attribute("type") == other.attribute("type")
        && is_compatible(arch, other_arch)
        && (is_compatible(machine, other_machine)
            || machine.is_some_and(|name| other_machine.is_some_and(|machine| is_version_of(machine, name))))
}

/// Preserves the version of a machine type that is declared without one: another version is other hardware to the guest.
fn preserve_machine(root: &mut Element, before: Option<&Element>, found: &Element) {
    let machine_of = |domain: &Element| Some(child(child(domain, "os")?, "type")?.attribute("machine")?.to_owned());
    let declared = machine_of(root);
    if before.is_some_and(|before| machine_of(before) != declared) {
        return;
    }
    let os = child_mut(root, "os");
    let kind = os.and_then(|os| child_mut(os, "type"));
    let (Some(kind), Some(machine)) = (kind, machine_of(found)) else { return };
    if declared.as_deref().is_none_or(|name| is_version_of(&machine, name)) {
        kind.attributes.retain(|(name, _)| name != "machine");
        kind.attributes.push(("machine".to_owned(), machine));
    }
}

/// Preserves the addresses that libvirt assigned to devices declared without one, or with a part of one.
fn preserve_addresses(devices: &mut Element, before: Option<&Element>, found: &Element) {
    let address = |device| child(device, "address");
    let declared: HashSet<_> = devices.children.iter().filter_map(address).map(summary).collect();
    let formers = before.map(|before| pair(before, found)).unwrap_or_default();
    let were_declared: HashSet<_> =
        formers.iter().filter(|it| it.old.and_then(address).is_some()).map(|it| &*it.label).collect();
    let preserved: Vec<_> = pair(found, devices)
        .into_iter()
        .map(|it| {
            let (found, device) = (it.old?, it.new?);
            let address = child(found, "address")?;
            let is_kept = match child(device, "address") {
                Some(part) => part.attributes.len() < address.attributes.len() && missing(address, part).is_empty(),
                None => !declared.contains(&summary(address)) && !were_declared.contains(&*it.label),
            };
            if is_kept && is_on_same_bus(device, found) { Some(address.clone()) } else { None }
        })
        .collect();
    // The pairs begin with the declared devices, in their order.
    for (device, address) in devices.children.iter_mut().zip(preserved) {
        if address.is_some() {
            device.children.retain(|child| child.name != "address");
            device.children.extend(address);
        }
    }
}

/// Whether a declared device is on the bus of the found one, whose address it may then have.
fn is_on_same_bus(device: &Element, found: &Element) -> bool {
    let is_kept = |element: Option<&Element>, name: &str, other: Option<&Element>| {
        let declared = element.and_then(|element| element.attribute(name));
        declared.is_none() || declared == other.and_then(|other| other.attribute(name))
    };
    let kept_in = |path: &str, name: &str| is_kept(child(device, path), name, child(found, path));
    ["type", "model", "bus", "device"].iter().all(|name| is_kept(Some(device), name, Some(found)))
        && kept_in("target", "bus")
        && kept_in("target", "type")
        && kept_in("model", "type")
}

/// Preserves devices that libvirt added, unless one of their kind is or was declared: controllers, a memory balloon, a video
/// device beside graphics, and a USB hub that a device is attached to.
fn preserve_devices(devices: &mut Element, before: Option<&Element>, found: &Element) {
    let is_in = |devices: &Element, device: &Element| devices.children.iter().any(|other| is_of_kind(other, device));
    let port = |device: &Element| Some(child(device, "address")?.attribute("port")?.to_owned());
    let is_used = |hub: &Element| {
        let within = port(hub).map(|port| port + ".");
        let mut ports = devices.children.iter().filter_map(port);
        within.is_some_and(|within| ports.any(|port| port.starts_with(&within)))
    };
    let is_kept = |device: &&Element| match device.name.as_str() {
        "controller" | "memballoon" => !before.is_some_and(|before| is_in(before, device)),
        "video" => child(devices, "graphics").is_some() && !before.is_some_and(|before| is_in(before, device)),
        "hub" => is_used(device),
        _ => false,
    };
    let kept = found.children.iter().filter(is_kept).filter(|device| !is_in(devices, device));
    let kept: Vec<_> = kept.cloned().collect();
    devices.children.extend(kept);
}

/// Whether two devices are of one kind. Controllers of one type differ by their index, if both have one.
fn is_of_kind(one: &Element, other: &Element) -> bool {
    let differs = |name| one.attribute(name).zip(other.attribute(name)).is_some_and(|(one, other)| one != other);
    one.name == other.name && (one.name != "controller" || !(differs("type") || differs("index")))
}
