//! Addresses of devices in the guest.

use crate::engine::problem::{Report, listing};
use crate::engine::value::{Data, Value};
use crate::engine::view::View;
use crate::formats::device::address::type_of;
use crate::formats::device::disk::Disk;
use crate::formats::pci;
use crate::rules::device::Device;
use crate::rules::refusals;
use std::fmt;

/// Reports an address of a type that QEMU does not take for the device.
pub(super) fn suits(device: Device<'_>, address: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let Some(found) = type_of(address) else { return };
    let pci = if found == "pci" { pci_parts(address) } else { None };
    if let Some([pci_domain, bus, slot, _]) = pci {
        if pci_domain != 0 {
            report.error(address, "address-pci-domain", "the guest has only PCI domain 0: set domain = 0");
        }
        if slot > 0 && is_behind_a_port(bus, domain) {
            report.error(address, "address-pci-slot", "only slot 0 exists on a bus behind a root port: set slot = 0");
        }
    }
    if !matches!(found, "pci" | "unassigned") && device.kind != "channel" {
        if let Some(index) = device.value.attribute("acpi").and_then(|acpi| acpi.attribute("index")) {
            report.error(index, "acpi-index-address", "`acpi.index` requires a PCI address");
        }
    }
    let word = |name: &str| device.value.attribute(name).and_then(Value::text);
    let target = || device.value.attribute("target").and_then(|target| target.attribute("type")).and_then(Value::text);
    let taken: &[&str] = match (device.kind, word("type")) {
        ("disk", _) => match View::<Disk>::new(device.value).address_types() {
            Some(taken) => taken,
            None => return,
        },
        ("input", _) if word("bus") == Some("usb") => &["usb"],
        ("redirdev", _) => &["usb"],
        ("smartcard", _) => &["ccid"],
        ("hostdev", Some("usb")) => &["usb"],
        ("hostdev", Some("pci")) => &["pci", "unassigned"],
        ("hostdev", Some("scsi")) => &["drive"],
        ("hostdev", Some("scsi_host")) => &["pci", "ccw"],
        ("serial", _) if target() == Some("isa-serial") => &["isa"],
        ("serial", _) if target() == Some("usb-serial") => &["usb"],
        ("serial", _) if target() == Some("pci-serial") => &["pci"],
        ("hostdev" | "hub", _) => return,
        _ if found == "virtio-serial" && !matches!(device.kind, "channel" | "console") => {
            report.error(address, "address-type", "address type \"virtio-serial\" is for a channel or console only");
            return;
        }
        _ if found == "unassigned" => {
            report.error(address, "address-type", "address type \"unassigned\" is for a hostdev only");
            return;
        }
        _ => return,
    };
    if !taken.contains(&found) {
        let device = if device.kind == "disk" { "a disk on this bus" } else { "this device" };
        let expected = listing(taken.iter().copied());
        let message = format!("address type {found:?} does not fit {device}: expected {expected}");
        report.error(address, "address-type", message);
    }
}

/// Returns whether libvirt adds a root port for a PCI bus. A root port has one slot.
fn is_behind_a_port(bus: u32, domain: Value<'_>) -> bool {
    let has_ports = refusals::is_machine(domain, "q35") || refusals::is_machine(domain, "virt");
    bus > 0 && has_ports && !refusals::has_pci_controller(domain, bus)
}

/// Address on a bus, which only one device can have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BusAddress {
    /// Domain, bus, slot and function.
    Pci([u32; 4]),
    /// Bus, and port with those of the hubs before it.
    Usb(u32, [u32; 4]),
}

impl BusAddress {
    /// Returns the address on a bus; `None` if libvirt chooses it.
    pub(super) fn of(address: Value<'_>) -> Option<BusAddress> {
        match type_of(address)? {
            "pci" => pci_parts(address).filter(|parts| parts[..3] != [0; 3]).map(BusAddress::Pci),
            "usb" => Some(BusAddress::Usb(address.attribute("bus")?.number(10)?, port(address.attribute("port")?)?)),
            _ => None,
        }
    }
}

impl fmt::Display for BusAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BusAddress::Pci([domain, bus, slot, function]) => {
                write!(f, "PCI address {domain:04x}:{bus:02x}:{slot:02x}.{function}")
            }
            BusAddress::Usb(bus, ports) => {
                let ports: Vec<_> = ports.iter().filter(|port| **port > 0).map(u32::to_string).collect();
                write!(f, "port {} of USB bus {bus}", ports.join("."))
            }
        }
    }
}

fn pci_parts(address: Value<'_>) -> Option<[u32; 4]> {
    let mut parts = [0; 4];
    match address.data() {
        Data::Text(short) => {
            for (part, digits) in parts.iter_mut().zip(pci::split(short)?) {
                *part = u32::from_str_radix(digits, 16).ok()?;
            }
        }
        _ => {
            for (part, name) in parts.iter_mut().zip(pci::NAMES) {
                *part = address.attribute(name).map_or(Some(0), |value| value.number(16))?;
            }
        }
    }
    Some(parts)
}

fn port(port: Value<'_>) -> Option<[u32; 4]> {
    let mut ports = [0; 4];
    match port.data() {
        Data::Text(text) => {
            for (at, digits) in text.split('.').enumerate() {
                *ports.get_mut(at)? = digits.parse().ok()?;
            }
        }
        _ => ports[0] = port.number(10)?,
    }
    Some(ports)
}
