//! What libvirt filled in when an object was defined, preserved when the object is defined again: a guest finds its
//! interfaces, disks and machine type where they were.

use crate::change::{changes, child, child_text, is_version_of, key, missing, pair, summary};
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::formats::device::interface::mac;

/// The declared definition with what libvirt filled in of the one that it has. `before` is the definition that was applied
/// last: what it declared and the new one does not is not preserved, since libvirt did not fill it in.
pub fn preserve(declared: &Element, before: Option<&Element>, found: &Element) -> Element {
    let mut root = declared.clone();
    preserve_uuid(&mut root, found);
    match root.name.as_str() {
        "domain" => preserve_domain(&mut root, before, found),
        "network" => preserve_network(&mut root, found),
        _ => {}
    }
    root
}

/// The definition to define where no state record tells what was applied: with what libvirt filled in, if libvirt has the
/// object.
pub fn complete(declared: &Element, found: Option<&Element>) -> Element {
    match found {
        Some(found) => preserve(declared, None, found),
        None => {
            let mut root = declared.clone();
            add_macs(&mut root, None);
            root
        }
    }
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
        root.children
            .insert(after_name, Element { name: "uuid".to_owned(), text: uuid.to_owned(), ..Element::default() });
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
    match root.children.iter_mut().find(|child| child.name == "bridge") {
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

fn preserve_domain(root: &mut Element, before: Option<&Element>, found: &Element) {
    add_macs(root, Some(found));
    preserve_sources(root, before, found);
    if !is_same_machine(root, found) {
        return;
    }
    preserve_machine(root, before, found);
    preserve_genid(root, found);
    let Some(found) = child(found, "devices") else { return };
    let before = before.and_then(|before| child(before, "devices"));
    if let Some(devices) = root.children.iter_mut().find(|child| child.name == "devices") {
        preserve_addresses(devices, before, found);
        preserve_devices(devices, before, found);
    }
}

/// Preserves the image of a disk whose declaration has not changed. After an external snapshot the guest writes to another
/// image, and the declared one lacks all that was written since.
fn preserve_sources(domain: &mut Element, before: Option<&Element>, found: &Element) {
    let Some(devices) = domain.children.iter_mut().find(|child| child.name == "devices") else { return };
    for disk in devices.children.iter_mut().filter(|device| is_fixed_disk(device)) {
        let (Some(source), Some(found)) = (child(disk, "source"), same_disk(found, disk)) else { continue };
        let applied = before.and_then(|before| child(same_disk(before, disk)?, "source"));
        let is_unchanged = applied.is_some_and(|applied| changes(applied, source).is_empty());
        let has_moved = child(found, "source").is_some_and(|found| !missing(found, source).is_empty());
        if has_moved && (is_unchanged || is_backed_by(found, source)) {
            move_disk(disk, found);
        }
    }
}

fn is_fixed_disk(device: &Element) -> bool {
    device.name == "disk" && !matches!(device.attribute("device"), Some("cdrom" | "floppy"))
}

/// The disk of a domain that the guest sees as the same one.
fn same_disk<'a>(domain: &'a Element, disk: &Element) -> Option<&'a Element> {
    let mut disks = child(domain, "devices")?.children.iter();
    disks.find(|other| is_fixed_disk(other) && key(disk).is_some() && key(other) == key(disk))
}

fn is_backed_by(disk: &Element, source: &Element) -> bool {
    let Some(backing) = child(disk, "backingStore") else { return false };
    child(backing, "source").is_some_and(|backing| missing(backing, source).is_empty()) || is_backed_by(backing, source)
}

/// Gives a disk the image of another.
fn move_disk(disk: &mut Element, found: &Element) {
    set_attribute(disk, "type", found.attribute("type"));
    disk.children.retain(|child| !matches!(child.name.as_str(), "source" | "backingStore"));
    disk.children.extend(["source", "backingStore"].iter().filter_map(|name| child(found, name).cloned()));
    let format = child(found, "driver").and_then(|driver| driver.attribute("type"));
    match disk.children.iter_mut().find(|child| child.name == "driver") {
        Some(driver) => set_attribute(driver, "type", format),
        None => disk.children.extend(child(found, "driver").cloned()),
    }
}

fn set_attribute(element: &mut Element, name: &str, value: Option<&str>) {
    element.attributes.retain(|(other, _)| other != name);
    element.attributes.extend(value.map(|value| (name.to_owned(), value.to_owned())));
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
    let os = root.children.iter_mut().find(|child| child.name == "os");
    let kind = os.and_then(|os| os.children.iter_mut().find(|child| child.name == "type"));
    let (Some(kind), Some(machine)) = (kind, machine_of(found)) else { return };
    if declared.as_deref().is_none_or(|name| is_version_of(&machine, name)) {
        kind.attributes.retain(|(name, _)| name != "machine");
        kind.attributes.push(("machine".to_owned(), machine));
    }
}

fn preserve_genid(root: &mut Element, found: &Element) {
    let declared = root.children.iter_mut().find(|child| child.name == "genid" && child.text.is_empty());
    if let (Some(declared), Some(genid)) = (declared, child_text(found, "genid")) {
        declared.text = genid.to_owned();
    }
}

/// Preserves the addresses that libvirt assigned to devices declared without one.
fn preserve_addresses(devices: &mut Element, before: Option<&Element>, found: &Element) {
    let declared: Vec<_> = devices.children.iter().filter_map(|device| child(device, "address")).map(summary).collect();
    let was_declared = |label: &str| {
        let pairs = before.map(|before| pair(before, found)).unwrap_or_default();
        pairs.iter().any(|it| it.label == label && it.old.is_some_and(|device| child(device, "address").is_some()))
    };
    let preserved: Vec<_> = pair(found, devices)
        .into_iter()
        .map(|it| {
            let (found, device) = (it.old?, it.new?);
            let address = child(found, "address")?;
            let is_free = child(device, "address").is_none() && !declared.contains(&summary(address));
            if is_free && is_on_same_bus(device, found) && !was_declared(&it.label) {
                Some(address.clone())
            } else {
                None
            }
        })
        .collect();
    // The pairs begin with the declared devices, in their order.
    for (device, address) in devices.children.iter_mut().zip(preserved) {
        device.children.extend(address);
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

/// Preserves controllers and a memory balloon that libvirt added, unless one of their kind is or was declared, and a USB hub
/// if a device is attached to it.
fn preserve_devices(devices: &mut Element, before: Option<&Element>, found: &Element) {
    let is_of = |one: &Element, other: &Element| {
        one.name == other.name && (one.name != "controller" || one.attribute("type") == other.attribute("type"))
    };
    let is_in = |devices: &Element, device: &Element| devices.children.iter().any(|declared| is_of(declared, device));
    let port = |device: &Element| Some(child(device, "address")?.attribute("port")?.to_owned());
    let is_used = |hub: &Element| {
        let within = port(hub).map(|port| port + ".");
        let mut ports = devices.children.iter().filter_map(port);
        within.is_some_and(|within| ports.any(|port| port.starts_with(&within)))
    };
    let is_kept = |device: &&Element| match device.name.as_str() {
        "controller" | "memballoon" => !before.is_some_and(|before| is_in(before, device)),
        "hub" => is_used(device),
        _ => false,
    };
    let kept = found.children.iter().filter(|device| !is_in(devices, device)).filter(is_kept);
    let kept: Vec<_> = kept.cloned().collect();
    devices.children.extend(kept);
}

/// Gives each network interface without a MAC address the one that it has, or else one that is derived from names: libvirt
/// would generate different ones for the persistent and the running definition. A declared address that equals the derived
/// one was not chosen by anyone, and an interface that exists with another address keeps that.
pub fn add_macs(domain: &mut Element, found: Option<&Element>) {
    let hypervisor = domain.attribute("type").unwrap_or_default().to_owned();
    let name = child_text(domain, "name").unwrap_or_default().to_owned();
    let Some(devices) = domain.children.iter_mut().find(|child| child.name == "devices") else { return };
    let cards = |devices: &Element| -> Vec<Element> {
        devices.children.iter().filter(|device| device.name == "interface").cloned().collect()
    };
    let found = found.and_then(|found| child(found, "devices")).map(cards).unwrap_or_default();
    for (place, card) in devices.children.iter_mut().filter(|device| device.name == "interface").enumerate() {
        let of_names = Some(mac::address(&hypervisor, &name, place));
        if mac(card) == of_names && found.iter().all(|found| mac(found) != of_names) {
            card.children.retain(|child| child.name != "mac");
        }
    }
    let declared: Vec<_> = cards(devices).iter().filter_map(mac).collect();
    let mut taken: Vec<_> = declared.iter().cloned().chain(found.iter().filter_map(mac)).collect();
    let mut free: Vec<_> =
        found.into_iter().filter(|card| mac(card).is_some_and(|mac| !declared.contains(&mac))).collect();
    let mut without: Vec<_> = devices
        .children
        .iter_mut()
        .filter(|device| device.name == "interface")
        .enumerate()
        .filter(|(_, card)| child(card, "mac").is_none())
        .collect();
    // Unchanged interfaces first, so that others may be added or removed before them.
    without.retain_mut(|(_, card)| {
        let alike = free.iter().position(|found| is_same_interface(card, found));
        alike.is_none_or(|at| {
            card.children.extend(child(&free.remove(at), "mac").cloned());
            false
        })
    });
    for (place, card) in without {
        let mac = if free.is_empty() {
            let mut addresses = (place..).map(|place| mac::address(&hypervisor, &name, place));
            // There are more places than interfaces.
            let address = addresses.find(|address| !taken.contains(address)).unwrap_or_default();
            taken.push(address.clone());
            let attributes = vec![("address".to_owned(), address)];
            Some(Element { name: "mac".to_owned(), attributes, ..Element::default() })
        } else {
            child(&free.remove(0), "mac").cloned()
        };
        card.children.extend(mac);
    }
}

fn mac(card: &Element) -> Option<String> {
    Some(child(card, "mac")?.attribute("address")?.to_ascii_lowercase())
}

fn is_same_interface(declared: &Element, found: &Element) -> bool {
    let is_within = |name: &str| match (child(declared, name), child(found, name)) {
        (Some(declared), Some(found)) => missing(found, declared).is_empty(),
        (declared, _) => declared.is_none(),
    };
    declared.attribute("type") == found.attribute("type") && is_within("source") && is_within("model")
}
