//! A definition without what libvirt fills in again: defaults, and the parts of a domain that follow from the others.
//!
//! A domain that exists keeps all of it when the brief definition is declared, because a redefinition preserves what libvirt
//! recorded. A new domain gets it from libvirt, which chooses addresses by the order of the devices.

mod controller;
mod device;

use crate::change::{child, child_mut, child_text, has_default, human_size, is_version_of, says_nothing};
use crate::plan::preserve::has_own_bridge;
use device::shorten_devices;
use nixvirt_schema::engine::place::Place;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::place;

/// Elements that libvirt adds to a domain, each with the path of its parent. Another element in its place is kept.
const FILLED: &[(&str, &str)] = &[
    ("", "<clock offset='utc'/>"),
    ("", "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>"),
    ("", "<on_crash>destroy</on_crash>"),
    ("", "<on_poweroff>destroy</on_poweroff>"),
    ("", "<on_reboot>restart</on_reboot>"),
    ("os", "<boot dev='hd'/>"),
    ("devices", "<audio id='1' type='none'/>"),
    ("devices", "<input type='keyboard' bus='ps2'/>"),
    ("devices", "<input type='mouse' bus='ps2'/>"),
    ("devices", "<memballoon model='virtio'/>"),
    ("devices", "<watchdog model='itco' action='reset'/>"),
];

/// The names of machine types that stand for their newest versions.
const MACHINES: &[&str] = &["pc", "pseries", "q35", "s390-ccw-virtio", "virt"];

/// The folders in which distributions install the emulators that libvirt chooses.
const EMULATORS: &[&str] = &["/run/libvirt/nix-emulators/", "/usr/bin/"];

/// The brief form of a definition that was read from libvirt.
pub fn brief(definition: &Element) -> Element {
    let mut brief = definition.clone();
    write_sizes(&mut brief, place(definition).as_ref());
    if brief.name == "domain" {
        shorten_domain(&mut brief);
    } else {
        drop_defaults(&mut brief, place(definition).as_ref());
    }
    match brief.name.as_str() {
        "network" if has_own_bridge(&brief) => shorten_bridge(&mut brief),
        // A pool that needs no source has an empty one.
        "pool" => brief.children.retain(|child| child.name != "source" || !child.children.is_empty()),
        _ => {}
    }
    brief
}

/// Drops what libvirt chooses for a bridge that it makes.
fn shorten_bridge(network: &mut Element) {
    network.children.retain(|child| child.name != "mac");
    if let Some(bridge) = child_mut(network, "bridge") {
        bridge
            .attributes
            .retain(|(name, value)| !matches!((name.as_str(), value.as_str()), ("stp", "on") | ("delay", "0")));
    }
}

fn shorten_domain(domain: &mut Element) {
    let memory = child(domain, "memory").cloned();
    let is_all = |current: &Element| {
        memory
            .as_ref()
            .is_some_and(|all| (all.attribute("unit"), &all.text) == (current.attribute("unit"), &current.text))
    };
    domain.children.retain(|child| child.name != "currentMemory" || !is_all(child));
    if let Some(vcpu) = child_mut(domain, "vcpu").filter(|vcpu| vcpu.attribute("cpuset").is_none()) {
        vcpu.attributes.retain(|(name, value)| name != "placement" || value != "static");
    }
    shorten_firmware(domain);
    let machine = shorten_machine(domain);
    shorten_devices(domain, &machine);
    for (path, text) in FILLED {
        let filled = xml::element(text).expect("the table holds XML");
        let parent = if path.is_empty() { Some(&mut *domain) } else { child_mut(domain, path) };
        let Some(parent) = parent else { continue };
        let others: Vec<_> = parent.children.iter().filter(|child| child.name == filled.name).collect();
        let is_chosen = |other: &Element| filled.name != "input" || other.attribute("type") == Some("evdev");
        let is_alone = others.len() == 1 || !others.iter().any(|other| is_chosen(other));
        // Other machines than those of PCs have none by default.
        let has_it = filled.name != "memballoon" || matches!(machine.as_str(), "pc" | "q35");
        if is_alone && has_it {
            parent.children.retain(|child| !is_equal(child, &filled));
        }
    }
}

/// Drops the firmware that libvirt chose by the declared features, and the file of its variables if libvirt named it.
fn shorten_firmware(domain: &mut Element) {
    let name = child_text(domain, "name").unwrap_or_default();
    let own = [".fd", ".qcow2"].map(|end| format!("/qemu/nvram/{name}_VARS{end}"));
    let Some(os) = child_mut(domain, "os").filter(|os| os.attribute("firmware").is_some()) else { return };
    let is_own = |nvram: &Element| own.iter().any(|path| nvram.text.trim().ends_with(path));
    if child(os, "nvram").is_none_or(is_own) {
        os.children.retain(|child| child.name != "nvram");
        let is_off = secure_boot(os) == Some("no");
        if let Some(loader) = child_mut(os, "loader") {
            loader.text.clear();
            loader.attributes.retain(|(name, value)| match name.as_str() {
                // A firmware that ignores the signatures of what it boots was asked for.
                "secure" => value == "no",
                // Without Secure Boot, libvirt 12.8 prefers a firmware that keeps no variables.
                "type" => is_off && value == "pflash",
                _ => false,
            });
        }
        os.children.retain(|child| child.name != "loader" || !child.attributes.is_empty());
    }
    let needs_smm = secure_boot(os) == Some("yes");
    if let Some(features) = child_mut(domain, "features").filter(|_| needs_smm) {
        features.children.retain(|child| child.name != "smm" || child.attribute("state") != Some("on"));
    }
}

/// Returns whether the firmware must have Secure Boot, `yes` or `no`, if the definition says so.
fn secure_boot(os: &Element) -> Option<&str> {
    let features = &child(os, "firmware")?.children;
    features.iter().find(|feature| feature.attribute("name") == Some("secure-boot"))?.attribute("enabled")
}

/// Drops the version of the machine type, and the emulator that libvirt finds by itself. Returns the machine type.
fn shorten_machine(domain: &mut Element) -> String {
    let Some(kind) = child_mut(domain, "os").and_then(|os| child_mut(os, "type")) else { return String::new() };
    let arch = kind.attribute("arch").unwrap_or_default().to_owned();
    let Some(machine) = attribute_mut(kind, "machine") else { return String::new() };
    if let Some(alias) = MACHINES.iter().find(|alias| is_version_of(machine, alias)) {
        (*alias).clone_into(machine);
    }
    let machine = machine.clone();
    if let Some(devices) = child_mut(domain, "devices") {
        let is_found = |path: &str| EMULATORS.iter().any(|folder| path == format!("{folder}qemu-system-{arch}"));
        devices.children.retain(|device| device.name != "emulator" || !is_found(device.text.trim()));
    }
    machine
}

/// Writes sizes as people do.
fn write_sizes(element: &mut Element, place: Option<&Place>) {
    let Some(place) = place else { return };
    if let Some(size) = place.bytes(element).filter(|bytes| *bytes > 0).map(human_size) {
        if let (Some((number, unit)), Some(written)) = (size.split_once(' '), attribute_mut(element, "unit")) {
            unit.clone_into(written);
            number.clone_into(&mut element.text);
        }
    }
    for child in &mut element.children {
        let below = place.below(child);
        write_sizes(child, below.as_ref());
    }
}

/// Drops what the tables tell to mean the same as its absence. The type of an element decides which parts it has.
fn drop_defaults(element: &mut Element, place: Option<&Place>) {
    let Some(place) = place else { return };
    element.attributes.retain(|(name, value)| name == "type" || !has_default(place, name, value));
    for child in &mut element.children {
        let below = place.below(child);
        drop_defaults(child, below.as_ref());
    }
    element.children.retain(|child| !says_nothing(Some(place), child));
}

/// Whether two elements are the same, in whatever order their attributes are.
fn is_equal(one: &Element, other: &Element) -> bool {
    let sorted = |element: &Element| {
        let mut attributes = element.attributes.clone();
        attributes.sort();
        attributes
    };
    one.name == other.name
        && one.text.trim() == other.text.trim()
        && sorted(one) == sorted(other)
        && one.children.len() == other.children.len()
        && one.children.iter().zip(&other.children).all(|(one, other)| is_equal(one, other))
}

fn attribute_mut<'a>(element: &'a mut Element, name: &str) -> Option<&'a mut String> {
    element.attributes.iter_mut().find(|(other, _)| other == name).map(|(_, value)| value)
}
