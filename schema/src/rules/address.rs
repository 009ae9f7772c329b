//! Where devices sit in the guest.

use crate::problem::Report;
use crate::render::split_pci;
use crate::rules::device::Device;
use crate::rules::number;
use crate::value::{Data, Value};
use std::fmt;

/// Reports an address of a kind that QEMU does not take for the device. What a disk takes stands with the disk.
pub(super) fn suits(device: Device<'_>, address: Value<'_>, report: &mut Report<'_>) {
    let Some(found) = type_of(address) else { return };
    let word = |name: &str| device.value.attribute(name).and_then(Value::text);
    let target = || device.value.attribute("target").and_then(|target| target.attribute("type")).and_then(Value::text);
    let taken: &[&str] = match (device.kind, word("type")) {
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
        ("hostdev" | "hub" | "disk", _) => return,
        _ if found == "unassigned" => {
            return report.error(address, "address-type", "can be of type unassigned only for a hostdev");
        }
        _ => return,
    };
    if !taken.contains(&found) {
        let message = format!("is of type {found}; this device takes {}", taken.join(" or "));
        report.error(address, "address-type", message);
    }
}

/// What kind of address it is; the short form is one of PCI.
pub(crate) fn type_of(address: Value<'_>) -> Option<&str> {
    match address.data() {
        Data::Text(_) => Some("pci"),
        _ => address.attribute("type")?.text(),
    }
}

/// A place that only one device can have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Domain, bus, slot and function.
    Pci([u32; 4]),
    /// Bus, and port with those of the hubs before it.
    Usb(u32, [u32; 4]),
}

impl Place {
    /// The place that an address names; nothing where libvirt chooses it.
    pub(super) fn of(address: Value<'_>) -> Option<Place> {
        match type_of(address)? {
            "pci" => pci(address).filter(|parts| parts[..3] != [0; 3]).map(Place::Pci),
            "usb" => Some(Place::Usb(number(address.attribute("bus")?, 10)?, port(address.attribute("port")?)?)),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Pci([domain, bus, slot, function]) => {
                write!(f, "the PCI address {domain:04x}:{bus:02x}:{slot:02x}.{function}")
            }
            Place::Usb(bus, ports) => {
                let ports: Vec<_> = ports.iter().filter(|port| **port > 0).map(u32::to_string).collect();
                write!(f, "port {} of USB bus {bus}", ports.join("."))
            }
        }
    }
}

fn pci(address: Value<'_>) -> Option<[u32; 4]> {
    let names = ["domain", "bus", "slot", "function"];
    let mut parts = [0; 4];
    match address.data() {
        Data::Text(short) => {
            for (part, digits) in parts.iter_mut().zip(split_pci(short)?) {
                *part = u32::from_str_radix(digits, 16).ok()?;
            }
        }
        _ => {
            for (part, name) in parts.iter_mut().zip(names) {
                *part = address.attribute(name).map_or(Some(0), |value| number(value, 16))?;
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
        _ => ports[0] = number(port, 10)?,
    }
    Some(ports)
}
