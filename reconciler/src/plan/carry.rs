//! What libvirt filled in when an object was defined, kept when it is defined again: a guest finds its cards, disks and
//! machine where they were.

use crate::change::{changes, child, child_text, is_version_of, key, missing, pair, summary};
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::formats::device::interface::mac;

/// The declared definition with what libvirt filled in of the one it has. `before` is what was declared then: what was
/// declared and no longer is was not libvirt's, and is not kept.
pub fn carry(declared: &Element, before: Option<&Element>, found: &Element) -> Element {
    let mut root = declared.clone();
    carry_uuid(&mut root, found);
    match root.name.as_str() {
        "domain" => carry_domain(&mut root, before, found),
        "network" => carry_network(&mut root, found),
        _ => {}
    }
    root
}

/// A definition with what libvirt filled in of the one it has, if it has one: where nobody knows what was declared before.
pub fn filled(declared: &Element, found: Option<&Element>) -> Element {
    match found {
        Some(found) => carry(declared, None, found),
        None => {
            let mut root = declared.clone();
            add_macs(&mut root, None);
            root
        }
    }
}

fn carry_uuid(root: &mut Element, found: &Element) {
    if let Some(uuid) = child(found, "uuid") {
        set_uuid(root, &uuid.text);
    }
}

/// Gives a definition that says no UUID this one.
pub fn set_uuid(root: &mut Element, uuid: &str) {
    if child(root, "uuid").is_none() {
        let after_name = root.children.iter().position(|child| child.name == "name").map_or(0, |at| at + 1);
        root.children
            .insert(after_name, Element { name: "uuid".to_owned(), text: uuid.to_owned(), ..Element::default() });
    }
}

fn carry_network(root: &mut Element, found: &Element) {
    if let (None, Some(mac)) = (child(root, "mac"), child(found, "mac")) {
        root.children.push(mac.clone());
    }
    let Some(bridge) = child(found, "bridge") else { return };
    // Networks that use a bridge of the host, or none, have no bridge of libvirt's to keep.
    let is_own = is_own_bridge(root);
    match root.children.iter_mut().find(|child| child.name == "bridge") {
        None if is_own => root.children.push(bridge.clone()),
        Some(declared) if declared.attribute("name").is_none() => {
            let name = bridge.attributes.iter().find(|(name, _)| name == "name");
            declared.attributes.extend(name.cloned());
        }
        _ => {}
    }
}

fn is_own_bridge(network: &Element) -> bool {
    let mode = child(network, "forward").map(|forward| forward.attribute("mode").unwrap_or("nat"));
    mode.is_none_or(|mode| matches!(mode, "nat" | "route" | "open"))
}

fn carry_domain(root: &mut Element, before: Option<&Element>, found: &Element) {
    add_macs(root, Some(found));
    carry_sources(root, before, found);
    if !is_same_machine(root, found) {
        return;
    }
    carry_machine(root, before, found);
    carry_genid(root, found);
    let Some(found) = child(found, "devices") else { return };
    let before = before.and_then(|before| child(before, "devices"));
    if let Some(devices) = root.children.iter_mut().find(|child| child.name == "devices") {
        carry_addresses(devices, before, found);
        carry_devices(devices, before, found);
    }
}

/// A disk that is declared as it was stays in the file that it has come to be in. After an external snapshot that is
/// another one, and in the declared one all that was written since would be missing.
fn carry_sources(domain: &mut Element, before: Option<&Element>, found: &Element) {
    let Some(devices) = domain.children.iter_mut().find(|child| child.name == "devices") else { return };
    for disk in devices.children.iter_mut().filter(|device| is_fixed_disk(device)) {
        let (Some(source), Some(found)) = (child(disk, "source"), same_disk(found, disk)) else { continue };
        let was = before.and_then(|before| child(same_disk(before, disk)?, "source"));
        let is_as_declared = was.is_some_and(|was| changes(was, source).is_empty());
        let is_elsewhere = child(found, "source").is_some_and(|found| !missing(found, source).is_empty());
        if is_elsewhere && (is_as_declared || is_backed_by(found, source)) {
            move_disk(disk, found);
        }
    }
}

fn is_fixed_disk(device: &Element) -> bool {
    device.name == "disk" && !matches!(device.attribute("device"), Some("cdrom" | "floppy"))
}

/// The disk of a domain that is the same one to the guest.
fn same_disk<'a>(domain: &'a Element, disk: &Element) -> Option<&'a Element> {
    let disks = child(domain, "devices")?.children.iter();
    disks.into_iter().find(|other| is_fixed_disk(other) && key(disk).is_some() && key(other) == key(disk))
}

fn is_backed_by(disk: &Element, source: &Element) -> bool {
    let Some(backing) = child(disk, "backingStore") else { return false };
    let is_it = child(backing, "source").is_some_and(|backing| missing(backing, source).is_empty());
    is_it || is_backed_by(backing, source)
}

/// Puts a disk into what another one is in.
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

/// Whether the addresses of one are those of the other: the same kind of machine.
fn is_same_machine(one: &Element, other: &Element) -> bool {
    let [(arch, machine), (other_arch, other_machine)] = [one, other].map(|domain| {
        let kind = child(domain, "os").and_then(|os| child(os, "type"));
        let attribute = |name| kind.and_then(|kind| kind.attribute(name));
        (attribute("arch"), attribute("machine"))
    });
    let is_like = |one: Option<&str>, other: Option<&str>| one.is_none() || other.is_none() || one == other;
    one.attribute("type") == other.attribute("type")
        && is_like(arch, other_arch)
        && (is_like(machine, other_machine)
            || machine.is_some_and(|name| other_machine.is_some_and(|machine| is_version_of(machine, name))))
}

/// A machine declared without its version keeps the version it has: a new one would be other hardware to the guest.
fn carry_machine(root: &mut Element, before: Option<&Element>, found: &Element) {
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

fn carry_genid(root: &mut Element, found: &Element) {
    let declared = root.children.iter_mut().find(|child| child.name == "genid" && child.text.is_empty());
    if let (Some(declared), Some(genid)) = (declared, child_text(found, "genid")) {
        declared.text = genid.to_owned();
    }
}

/// Devices that are declared without an address keep the one that libvirt gave them.
fn carry_addresses(devices: &mut Element, before: Option<&Element>, found: &Element) {
    let declared: Vec<_> = devices.children.iter().filter_map(|device| child(device, "address")).map(summary).collect();
    let was_declared = |label: &str| {
        let pairs = before.map(|before| pair(before, found)).unwrap_or_default();
        pairs.iter().any(|it| it.label == label && it.old.is_some_and(|device| child(device, "address").is_some()))
    };
    let carried: Vec<_> = pair(found, devices)
        .into_iter()
        .map(|it| {
            let (found, device) = (it.old?, it.new?);
            let address = child(found, "address")?;
            let is_free = child(device, "address").is_none() && !declared.contains(&summary(address));
            (is_free && is_like(device, found) && !was_declared(&it.label)).then(|| address.clone())
        })
        .collect();
    // The pairs start with the children of the second, in their order.
    for (device, address) in devices.children.iter_mut().zip(carried) {
        device.children.extend(address);
    }
}

/// Whether a device is still on the bus that its address is of.
fn is_like(device: &Element, found: &Element) -> bool {
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

/// Controllers and a balloon that libvirt added keep their places, as long as none of their kind is declared, nor was; a hub, as
/// long as something that keeps its own is plugged into it.
fn carry_devices(devices: &mut Element, before: Option<&Element>, found: &Element) {
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

/// Gives every network card without a hardware address the one it has, or else one that follows from names: libvirt would
/// make up another one for what it keeps and for what runs. Where the declaration has that of names, nobody chose it: a card
/// that was made with another one, by hand or by other tools, keeps that.
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
    // Those that are as they were first, so that a card before them may come and go.
    without.retain_mut(|(_, card)| {
        let alike = free.iter().position(|found| is_same_card(card, found));
        alike.is_none_or(|at| {
            card.children.extend(child(&free.remove(at), "mac").cloned());
            false
        })
    });
    for (place, card) in without {
        let mac = match free.is_empty() {
            true => {
                let mut addresses = (place..).map(|place| mac::address(&hypervisor, &name, place));
                // There are more places than cards.
                let address = addresses.find(|address| !taken.contains(address)).unwrap_or_default();
                taken.push(address.clone());
                let attributes = vec![("address".to_owned(), address)];
                Some(Element { name: "mac".to_owned(), attributes, ..Element::default() })
            }
            false => child(&free.remove(0), "mac").cloned(),
        };
        card.children.extend(mac);
    }
}

fn mac(card: &Element) -> Option<String> {
    Some(child(card, "mac")?.attribute("address")?.to_ascii_lowercase())
}

fn is_same_card(declared: &Element, found: &Element) -> bool {
    let is_within = |name: &str| match (child(declared, name), child(found, name)) {
        (Some(declared), Some(found)) => missing(found, declared).is_empty(),
        (declared, _) => declared.is_none(),
    };
    declared.attribute("type") == found.attribute("type") && is_within("source") && is_within("model")
}
