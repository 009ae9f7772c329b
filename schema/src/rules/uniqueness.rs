//! Values that only one device of a domain can have.

use crate::engine::problem::Report;
use crate::engine::table::Element;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::Devices;
use crate::formats::device::disk::{Disk, DiskBus, bus};
use crate::formats::domain::Domain;
use crate::formats::patterns::is_mac;
use crate::rules::address::BusAddress;
use crate::rules::device::Device;
use std::fmt;

/// Values that devices claim.
pub(super) struct Claims<'a>(Vec<Made<'a>>);

/// Claim with the device that makes it.
struct Made<'a> {
    claim: Claim<'a>,
    device: Device<'a>,
    /// Part of the device that makes the claim.
    at: Value<'a>,
}

/// Value that only one device can have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim<'a> {
    DiskTarget(&'a str),
    /// Kind of the controller, and its number, bus, target and unit.
    Drive(&'static str, [u32; 4]),
    Address(BusAddress),
    Mac(u64),
    Alias(&'a str),
    BootOrder(u64),
}

impl<'a> Claims<'a> {
    /// Creates an empty list with capacity for a usual domain.
    pub(super) fn new() -> Self {
        Claims(Vec::with_capacity(32))
    }

    fn make(&mut self, claim: Claim<'a>, device: Device<'a>, at: Value<'a>) {
        if !at.has_met_unknown() {
            self.0.push(Made { claim, device, at });
        }
    }

    /// Claims a disk's target name and its address on a controller.
    pub(super) fn of_disk(&mut self, device: Device<'a>) {
        let disk = View::<Disk>::new(device.value);
        let Some(target) = disk.target() else { return };
        if let (Some(name), Some(at)) = (target.name(), target.dev()) {
            self.make(Claim::DiskTarget(name), device, at.value());
        }
        let controller = match disk.on() {
            Some(DiskBus::Ide) => "ide",
            Some(DiskBus::Sata) => "sata",
            Some(DiskBus::Scsi) => "scsi",
            Some(DiskBus::Fdc) => "fdc",
            _ => return,
        };
        if let Some(place) = disk.drive() {
            let at = disk.address().map_or(target.value(), Read::value);
            self.make(Claim::Drive(controller, place), device, at);
        }
    }

    /// Claims a MAC address. Two interfaces that form a team share one.
    pub(super) fn of_mac(&mut self, device: Device<'a>, mac: Value<'a>) {
        let Some(at) = mac.attribute("address") else { return };
        if let (Some(mac), None) = (at.text().and_then(mac_number), device.value.attribute("teaming")) {
            self.make(Claim::Mac(mac), device, at);
        }
    }

    /// Claims an address on a bus. The address of a disk on a controller is claimed with the disk.
    pub(super) fn of_address(&mut self, device: Device<'a>, address: Value<'a>) {
        if let Some(place) = BusAddress::of(address) {
            self.make(Claim::Address(place), device, address);
        } else if device.kind == "hostdev" {
            if let Some(place) = bus::drive(address) {
                self.make(Claim::Drive("scsi", place), device, address);
            }
        }
    }

    /// Claims an alias of the user, which starts with `ua-`. libvirt replaces all other aliases.
    pub(super) fn of_alias(&mut self, device: Device<'a>, alias: Value<'a>) {
        let Some(at) = alias.attribute("name") else { return };
        if let Some(name) = at.text().filter(|name| name.starts_with("ua-")) {
            self.make(Claim::Alias(name), device, at);
        }
    }

    /// Claims a number in the boot order.
    pub(super) fn of_boot(&mut self, device: Device<'a>, boot: Value<'a>) {
        let Some(at) = boot.attribute("order") else { return };
        if let Some(order) = at.number(10) {
            self.make(Claim::BootOrder(order), device, at);
        }
    }

    /// Reports values that are claimed twice, and a boot order of devices beside that of `os.boot`.
    pub(super) fn check(mut self, domain: View<'_, Domain>, report: &mut Report<'_>) {
        report.start_rule();
        self.0.sort_unstable_by_key(|it| (it.claim, it.at.index()));
        for same in self.0.chunk_by_mut(|one, other| one.claim == other.claim).filter(|same| same.len() > 1) {
            report_taken(same, report);
        }
        let ordered = self.0.iter().find(|it| matches!(it.claim, Claim::BootOrder(_)));
        let whole = domain.os().and_then(|os| os.value().attribute("boot"));
        if let (Some(ordered), Some(whole)) = (ordered, whole) {
            let device = report.path(ordered.device.value);
            let message = format!("`os.boot` conflicts with the boot order of {device}: remove one of them");
            report.error(whole, "boot-os-and-device", message);
        }
    }
}

/// Reports all claims of a value except the first.
fn report_taken(same: &mut [Made<'_>], report: &mut Report<'_>) {
    // The order of the kinds of devices in the source must not matter.
    same.sort_by_key(|it| Devices::schema().field(it.device.kind).map(|(at, _)| at));
    let first = report.path(same[0].device.value);
    for Made { claim, at, .. } in &same[1..] {
        let message = format!("{claim} is already used by {first}");
        match claim {
            Claim::DiskTarget(_) => report.error(*at, "disk-target-taken", message),
            Claim::Drive(..) => report.error(*at, "drive-address-taken", message),
            Claim::Address(BusAddress::Pci(_)) => report.error(*at, "pci-address-taken", message),
            Claim::Address(BusAddress::Usb(..)) => report.error(*at, "usb-address-taken", message),
            Claim::Mac(_) => report.warning(*at, "mac-taken", message),
            Claim::Alias(_) => report.error(*at, "alias-taken", message),
            Claim::BootOrder(_) => report.error(*at, "boot-order-taken", message),
        };
    }
}

impl fmt::Display for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::DiskTarget(name) => write!(f, "disk name {name:?}"),
            Claim::Alias(name) => write!(f, "alias {name:?}"),
            Claim::Drive(kind, [controller, bus, target, unit]) => {
                write!(f, "unit {unit} of target {target} on bus {bus} of {kind} controller {controller}")
            }
            Claim::Address(address) => address.fmt(f),
            Claim::Mac(mac) => {
                let bytes: Vec<_> = mac.to_be_bytes()[2..].iter().map(|byte| format!("{byte:02x}")).collect();
                write!(f, "MAC address {}", bytes.join(":"))
            }
            Claim::BootOrder(order) => write!(f, "boot order {order}"),
        }
    }
}

/// Returns a MAC address as a number.
pub(super) fn mac_number(text: &str) -> Option<u64> {
    let digits = text.bytes().filter_map(|digit| char::from(digit).to_digit(16));
    is_mac(text).then(|| digits.fold(0, |mac, digit| (mac << 4) | u64::from(digit)))
}
