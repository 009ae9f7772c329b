//! Addresses of devices in the guest.

use crate::engine::problem::{Report, listing};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::device::address::type_of;
use crate::formats::device::disk::{Disk, DiskBus};
use crate::formats::pci;
use crate::rules::device::Device;
use crate::rules::refusals;
use std::fmt;

/// The number of ports of a USB hub.
const USB_HUB_PORTS: u32 = 8;

/// Reports an address that QEMU does not take for the device.
pub(super) fn suits(device: Device<'_>, address: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let Some(found) = type_of(address) else { return };
    let is_on_usb = is_on_usb(device, domain) || device.kind == "hub";
    match found {
        "pci" if matches!(device.kind, "hub" | "parallel") || device.word("type") == Some("ccid") => {
            report.error(address, "address-type", "this device is on no PCI bus: omit its address");
            return;
        }
        "pci" => is_free(device, address, domain, report),
        "ccw" if refusals::is_x86_or_arm(domain) => {
            report.error(address, "address-ccw-machine", "CCW addresses require an S390 machine");
            return;
        }
        "usb" if is_on_usb => {
            has_a_controller("usb", "bus", address, domain, report);
            has_a_port(address, domain, report);
        }
        "virtio-serial" => {
            if device.target() != Some("virtio") {
                has_a_controller("virtio-serial", "controller", address, domain, report);
            }
            has_a_serial_port(address, domain, report);
        }
        "drive"
            if device.kind != "disk" && address.attribute("bus").is_some_and(|bus| bus.number::<u32>(10) > Some(0)) =>
        {
            report.error(address, "drive-address", "a SCSI controller has only one bus: set bus = 0");
        }
        _ => {}
    }
    let is_x86 = || refusals::is_x86(domain);
    let is_arm = || refusals::is_arm(domain);
    let of_disk = if device.kind == "disk" { View::<Disk>::new(device.value).address_types() } else { None };
    let taken: &[&str] = match (device.kind, device.word("type").or(device.word("model"))) {
        ("disk", _) if of_disk.is_some() => of_disk.unwrap_or_default(),
        ("input", _) if device.word("bus") == Some("usb") => &["usb"],
        ("redirdev", _) => &["usb"],
        ("smartcard", _) => &["ccid"],
        ("hostdev", Some("usb")) => &["usb"],
        ("interface", Some("hostdev")) if refusals::is_usb_interface(device.value) => &["usb"],
        ("interface", Some("hostdev")) => &["pci"],
        ("controller", _) if device.word("model") == Some("ibmvscsi") => &["spapr-vio"],
        ("controller", Some("pci")) => &["pci"],
        ("hostdev", Some("pci")) => &["pci", "unassigned"],
        ("hostdev", Some("scsi")) => &["drive"],
        ("hostdev", Some("scsi_host")) => &["pci", "ccw"],
        ("hostdev", Some("mdev")) => match device.word("model") {
            Some("vfio-pci") => &["pci"],
            Some("vfio-ccw") => &["ccw"],
            _ => return,
        },
        ("serial", _) => match device.target() {
            None if is_x86() => &["isa"],
            None if is_arm() => &[],
            // libvirt reads it as the type of the machine.
            Some("isa-serial") if refusals::is_machine(domain, "virt") => &[],
            Some("isa-serial" | "isa-debug") => &["isa"],
            Some("usb-serial") => &["usb"],
            Some("pci-serial") => &["pci"],
            Some("spapr-vio-serial") => &["spapr-vio"],
            Some("system-serial" | "sclp-serial") => &[],
            _ => return,
        },
        ("panic", Some("isa")) => &["isa"],
        ("panic", None) if is_x86() => &["isa"],
        ("panic", Some("pvpanic")) => &["pci"],
        ("panic", None) if is_arm() => &["pci"],
        ("watchdog", Some("i6300esb")) | ("iommu", Some("virtio" | "amd")) | ("pstore", _) => &["pci"],
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
        let message = match taken {
            [] => "this device cannot have an address".to_owned(),
            taken => {
                let expected = listing(taken.iter().copied());
                format!("address type {found:?} does not fit {device}: expected {expected}")
            }
        };
        report.error(address, "address-type", message);
    }
}

/// Reports an ACPI index of a device that is not on a PCI bus.
pub(super) fn has_index(device: Device<'_>, acpi: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let is_unassigned = || device.value.attribute("address").and_then(type_of) == Some("unassigned");
    if let Some(index) = acpi.attribute("index").filter(|_| is_unassigned() || is_off_pci(device, domain)) {
        report.error(index, "acpi-index-address", "`acpi.index` requires a PCI address");
    }
}

/// Reports the settings of a ROM of a device that is not on a PCI bus.
pub(super) fn has_rom(device: Device<'_>, rom: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    if rom.parts().next().is_some() && is_off_pci(device, domain) {
        report.error(rom, "rom-address", "`rom` requires a PCI device");
    }
}

/// Returns whether a device is certainly not on a PCI bus.
fn is_off_pci(device: Device<'_>, domain: Value<'_>) -> bool {
    match device.value.attribute("address").and_then(type_of) {
        Some("pci" | "unassigned") => false,
        Some(_) => device.kind != "channel",
        None => {
            is_on_usb(device, domain)
                || is_made_mmio(device, domain)
                || match device.kind {
                    "smartcard" => true,
                    "filesystem" => is_mtp(device),
                    "disk" => {
                        View::<Disk>::new(device.value).address_types().is_some_and(|types| !types.contains(&"pci"))
                    }
                    "hostdev" => device.word("type") == Some("scsi"),
                    "controller" => device.word("model") == Some("ibmvscsi"),
                    "memory" => matches!(device.word("model"), Some("dimm" | "nvdimm")),
                    _ => false,
                }
        }
    }
}

/// Returns whether a share is a USB device, which speaks the protocol of cameras.
fn is_mtp(share: Device<'_>) -> bool {
    refusals::first(share.value, "driver.type").and_then(Value::text) == Some("mtp")
}

/// Returns whether libvirt makes a virtio device without an address one on virtio-mmio. On Arm it does as soon as any device
/// of the domain is.
fn is_made_mmio(device: Device<'_>, domain: Value<'_>) -> bool {
    let model = || device.value.attribute("model").and_then(|model| model.attribute("type")?.text());
    let is_virt = || refusals::is_machine(domain, "virt");
    let is_virtio = match device.kind {
        "memballoon" | "rng" | "crypto" => true,
        "disk" => View::<Disk>::new(device.value).on() == Some(DiskBus::Virtio),
        "controller" => matches!(device.word("type"), Some("virtio-serial" | "scsi")),
        "input" => device.word("bus") == Some("virtio"),
        "interface" => model().map_or_else(is_virt, |model| {
            matches!(model, "virtio" | "virtio-transitional" | "virtio-non-transitional")
        }),
        "video" => device.word("model").or_else(model).map_or_else(is_virt, |model| model == "virtio"),
        "hostdev" => device.word("type") == Some("scsi_host"),
        _ => false,
    };
    is_virtio && refusals::is_arm(domain) && has_mmio(domain)
}

/// Returns whether a device of a domain has an address on virtio-mmio.
fn has_mmio(domain: Value<'_>) -> bool {
    let devices = domain.attribute("devices").into_iter().flat_map(Value::items).flat_map(Value::parts);
    devices
        .flat_map(Value::items)
        .filter_map(|device| device.attribute("address"))
        .any(|it| type_of(it) == Some("virtio-mmio"))
}

/// Reports a device that cannot be on virtio-mmio, where libvirt puts it because another device is.
pub(super) fn stays_off_mmio(device: Device<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let has_address = device.value.attribute("address").is_some();
    if device.word("type") == Some("scsi_host") && !has_address && is_made_mmio(device, domain) {
        let message =
            "a device of the guest is on virtio-mmio, and then libvirt puts this one there, where it cannot be";
        report.error(device.value, "hostdev-mmio", message);
    }
}

/// Returns whether a device is certainly on a USB bus. A hub is, but libvirt does not check its address.
fn is_on_usb(device: Device<'_>, domain: Value<'_>) -> bool {
    match device.kind {
        "redirdev" => true,
        "controller" => device.word("type") == Some("ccid"),
        "input" => refusals::is_usb_input(device.value, domain),
        "hostdev" => device.word("type") == Some("usb"),
        "interface" => refusals::is_usb_interface(device.value),
        "sound" => device.word("model") == Some("usb"),
        "serial" => device.target() == Some("usb-serial"),
        "disk" => View::<Disk>::new(device.value).on() == Some(DiskBus::Usb),
        _ => false,
    }
}

/// Reports an address on a controller that is not there, and that libvirt does not add.
fn has_a_controller(kind: &str, part: &str, address: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let Some(at) = address.attribute(part) else { return };
    let Some(index) = at.number::<u32>(10) else { return };
    // libvirt adds the first USB controller.
    let is_added = kind == "usb" && index == 0;
    if !is_added && !refusals::has_controller(domain, kind, index) {
        let message = format!("the guest has no {kind} controller {index}: add it to `devices.controller`");
        report.error(at, "address-controller", message);
    }
}

/// Reports a port that a virtio-serial controller does not have.
fn has_a_serial_port(address: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let number = |part: &str| address.attribute(part).map_or(Some(0), |it| it.number::<u32>(10));
    let (Some(index), Some(port)) = (number("controller"), number("port")) else { return };
    if refusals::serial_ports(domain, index).is_some_and(|ports| port > 0 && port >= ports) {
        let message = format!("virtio-serial controller {index} has no port {port}: set `ports` of the controller");
        report.error(address, "address-serial-port", message);
    }
}

/// Reports a USB port that its controller or hub does not have. libvirt adds no hub for an address.
fn has_a_port(address: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let Some(BusAddress::Usb(bus, path)) = BusAddress::of(address) else { return };
    let mut hubs = Vec::new();
    domain.each_at(&["devices", "hub", "address"], &mut |hub| hubs.extend(BusAddress::of(hub)));
    let depth = path.iter().rposition(|port| *port > 0).map_or(0, |last| last + 1);
    for at in 0..depth {
        let mut before = path;
        before[at..].fill(0);
        let hub = BusAddress::Usb(bus, before);
        let ports = match at {
            0 => refusals::usb_ports(domain, bus),
            _ if hubs.contains(&hub) => Some(USB_HUB_PORTS),
            _ => {
                report.error(address, "address-usb-port", format!("there is no hub at {hub}: add it to `devices.hub`"));
                return;
            }
        };
        if ports.is_some_and(|ports| path[at] > ports) {
            let owner = if at == 0 { format!("USB controller {bus}") } else { format!("the hub at {hub}") };
            report.error(address, "address-usb-port", format!("{owner} has no port {}", path[at]));
            return;
        }
    }
}

/// Reports a disk at a place that its controller does not have.
pub(super) fn has_a_place(disk: View<'_, Disk>, domain: Value<'_>, report: &mut Report<'_>) {
    if disk.controller().is_some_and(|controller| controller > most_controllers(domain)) {
        let message = "the guest has no room for so many controllers: choose a lower name or controller";
        report.error(disk.value(), "disk-controllers", message);
    }
    let bus = disk.on().filter(|bus| matches!(bus, DiskBus::Ide | DiskBus::Fdc | DiskBus::Sata | DiskBus::Scsi));
    let (Some(bus), Some([controller, line, target, _])) = (bus, bus.and_then(|_| disk.drive())) else { return };
    let wrong = match bus {
        DiskBus::Ide if controller > 0 => "a guest has only one IDE controller, for four drives: hda to hdd",
        DiskBus::Fdc if controller > 0 => "a guest has only one floppy controller, for two drives: fda and fdb",
        DiskBus::Ide if target > 0 => "an IDE controller has only target 0: set target = 0",
        DiskBus::Fdc | DiskBus::Sata if line > 0 || target > 0 => {
            "this controller has only bus 0 and target 0: set bus = 0 and target = 0"
        }
        DiskBus::Scsi if line > 0 => "a SCSI controller has only one bus: set bus = 0",
        _ => return,
    };
    let at = disk.address().map(Read::value).or(disk.target().map(Read::value));
    report.error(at.unwrap_or(disk.value()), "drive-address", wrong);
}

/// Returns the highest number of a SCSI or SATA controller for which libvirt finds a place. It adds each one with a lower number,
/// and takes minutes for a hundred thousand.
fn most_controllers(domain: Value<'_>) -> u32 {
    if refusals::is_machine(domain, "pc") { 687 } else { 750 }
}

/// Reports a PCI address in another domain, or one of the chipset.
fn is_free(device: Device<'_>, address: Value<'_>, domain: Value<'_>, report: &mut Report<'_>) {
    let Some([pci_domain, bus, slot, function]) = pci_parts(address) else { return };
    if pci_domain != 0 {
        report.error(address, "address-pci-domain", "the guest has only PCI domain 0: set domain = 0");
    }
    let zpci = address.attribute("zpci").filter(|zpci| zpci.children().len() > 0);
    if let Some(zpci) = zpci.filter(|_| refusals::is_x86_or_arm(domain)) {
        report.error(zpci, "address-zpci-machine", "`zpci` requires an S390 machine");
    }
    if bus > 0 && (device.kind == "panic" || device.kind == "iommu") {
        report.error(address, "address-pci-bus", "this device must be on PCI bus 0: set bus = 0");
        return;
    }
    let controller = device.word("type").filter(|_| device.kind == "controller");
    let chipset = match (bus, slot, function) {
        (0, 0x1f, 0 | 3) => "q35",
        (0, 0x1f, 2) if controller != Some("sata") => "q35",
        (0, 1, 0 | 3) => "pc",
        (0, 1, 2) if controller != Some("usb") && refusals::has_chipset_usb(domain) => "pc",
        _ => "",
    };
    if !chipset.is_empty() && refusals::is_machine(domain, chipset) {
        report.error(address, "address-pci-slot", "the chipset has a device at this address: choose another address");
    }
}

/// Returns whether a device is one of conventional PCI, and not of PCI Express, as far as it is known.
pub(super) fn is_conventional(device: Device<'_>, domain: Value<'_>) -> Option<bool> {
    let model = device.word("model").or_else(|| device.value.attribute("model")?.attribute("type")?.text());
    match (device.kind, model) {
        ("shmem" | "pstore" | "crypto" | "serial" | "console" | "watchdog" | "tpm", _)
        | ("memory", Some("dimm" | "nvdimm"))
        | ("video", Some("none")) => Some(true),
        ("input", None) if device.word("bus") == Some("virtio") => Some(false),
        ("input", None)
            if device.word("bus") == Some("ps2")
                || device.word("type") == Some("evdev")
                || !is_on_usb(device, domain) && refusals::is_x86(domain) =>
        {
            Some(true)
        }
        ("controller", Some("pcie-switch-upstream-port" | "pcie-to-pci-bridge")) => Some(false),
        ("controller", None) if matches!(device.word("type"), Some("virtio-serial" | "nvme")) => Some(false),
        ("controller", None) if device.word("type") == Some("sata") => Some(true),
        ("controller", None) if device.word("type") == Some("usb") && refusals::is_arm(domain) => Some(false),
        ("controller", None) if device.word("type") == Some("usb") && refusals::is_x86(domain) => Some(true),
        ("controller", _) if matches!(device.word("type"), Some("fdc")) => Some(true),
        ("controller", None | Some("auto")) if device.word("type") == Some("scsi") && refusals::is_x86(domain) => {
            Some(true)
        }
        ("channel", _) if matches!(device.target(), Some("guestfwd" | "xen")) => Some(true),
        ("sound", Some("usb")) => Some(true),
        ("filesystem", _) if is_mtp(device) => Some(true),
        ("hostdev", _) | ("disk" | "filesystem" | "vsock", None) => Some(false),
        ("interface", _) if matches!(device.word("type"), Some("hostdev" | "vdpa")) => Some(false),
        ("interface", Some(model)) => is_conventional_card(model),
        ("interface", None) if refusals::is_machine(domain, "virt") => Some(false),
        ("interface", None) if refusals::is_x86(domain) => Some(true),
        ("video", None) if refusals::is_x86(domain) => Some(true),
        ("video", None) if refusals::is_machine(domain, "virt") => Some(false),
        (
            _,
            Some(
                "virtio"
                | "virtio-non-transitional"
                | "virtio-scsi"
                | "qemu-xhci"
                | "nec-xhci"
                | "bochs"
                | "virtio-mem"
                | "virtio-pmem",
            ),
        ) => Some(false),
        (
            _,
            Some(
                "virtio-transitional"
                | "ac97"
                | "sb16"
                | "pcspk"
                | "es1370"
                | "ich6"
                | "ich9"
                | "vga"
                | "cirrus"
                | "qxl"
                | "ehci"
                | "ich9-ehci1"
                | "ich9-uhci1"
                | "ich9-uhci2"
                | "ich9-uhci3"
                | "piix3-uhci"
                | "piix4-uhci"
                | "pci-ohci"
                | "vt82c686b-uhci"
                | "lsilogic"
                | "lsisas1068"
                | "lsisas1078"
                | "vmpvscsi"
                | "am53c974"
                | "dc390",
            ),
        ) => Some(true),
        _ => None,
    }
}

/// Returns whether a network card is one of conventional PCI. libvirt takes a model that it does not know for PCI Express.
fn is_conventional_card(model: &str) -> Option<bool> {
    const CONVENTIONAL: &[&str] = &[
        "virtio-transitional",
        "e1000",
        "rtl8139",
        "netfront",
        "vlance",
        "vmxnet",
        "vmxnet2",
        "vmxnet3",
        "Am79C970A",
        "Am79C973",
        "82540EM",
        "82545EM",
        "82543GC",
        "lan9118",
        "scm91c111",
    ];
    let is = |name: &&str| name.eq_ignore_ascii_case(model);
    if ["usb-net", "spapr-vlan"].iter().any(is) { None } else { Some(CONVENTIONAL.iter().any(is)) }
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

/// Returns the domain, bus, slot and function of a PCI address.
pub(super) fn pci_parts(address: Value<'_>) -> Option<[u32; 4]> {
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
