//! The PCI buses of a guest: those of its controllers, and those that libvirt adds for addresses.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::View;
use crate::formats::device::disk::{Disk, DiskBus};
use crate::rules::address::{BusAddress, is_conventional};
use crate::rules::device::Device;
use crate::rules::refusals::{self, ROOTS, number, parts, text};
use std::collections::BTreeSet;

/// Names of devices, in the order in which libvirt reads their addresses. The first device on a bus that is not there decides
/// what libvirt adds.
const ORDER: &[&str] = &[
    "disk",
    "interface",
    "sound",
    "hostdev",
    "video",
    "controller",
    "smartcard",
    "serial",
    "parallel",
    "channel",
    "console",
    "input",
    "filesystem",
    "watchdog",
    "memballoon",
    "rng",
    "nvram",
    "hub",
    "shmem",
    "tpm",
    "panic",
    "memory",
    "redirdev",
    "iommu",
    "vsock",
    "crypto",
    "pstore",
];

const PORT: &str = "pcie-root-port";
const BRIDGE: &str = "pci-bridge";
const PCIE_BRIDGE: &str = "pcie-to-pci-bridge";

/// The model of a port for a bridge that libvirt adds, which takes nothing else.
const PORT_OF_BRIDGE: &str = "";

/// The highest bus that bridges can reach while libvirt has numbers left for the ports that it adds.
const LAST_BRIDGE: usize = 240;

/// The number of root ports that share a slot.
const PORTS_OF_SLOT: u32 = 8;

/// The buses of a guest.
pub(super) struct Buses<'a> {
    /// The models of their controllers.
    models: Vec<&'a str>,
    /// For each bus, whether its controller needs a place that libvirt chooses.
    is_placed: Vec<bool>,
    /// Devices that libvirt puts one bus further than their address says, behind the bridge that it adds for them.
    moved: Vec<u32>,
}

impl<'a> Buses<'a> {
    /// Returns the buses of a guest, if its machine and devices tell.
    pub(super) fn of(domain: Value<'a>) -> Option<Buses<'a>> {
        let is_pc = refusals::is_machine(domain, "pc");
        if !is_pc && !refusals::is_machine(domain, "q35") && !refusals::is_machine(domain, "virt") {
            return None;
        }
        let root = if is_pc { "pci-root" } else { "pcie-root" };
        let mut buses = Buses { models: vec![root], is_placed: vec![false], moved: Vec::new() };
        let mut controllers = parts(domain, &["devices", "controller"]);
        controllers.retain(|it| text(*it, "type") == Some("pci"));
        let mut free = free_indices(&controllers);
        for controller in controllers {
            let model = text(controller, "model")?;
            let index = match controller.attribute("index") {
                Some(_) => number(controller, "index"),
                None => free.next(),
            };
            if !ROOTS.contains(&model) {
                let index = index.filter(|index| (1..256).contains(index))? as usize;
                buses.extend(index, if is_pc { BRIDGE } else { PORT });
                buses.models[index] = model;
                buses.is_placed[index] = pci_address(controller).is_none();
            }
        }
        if refusals::highest_bus(domain) < buses.models.len() as u64 {
            return Some(buses);
        }
        for kind in ORDER {
            for value in parts(domain, &["devices", kind]) {
                let Some([_, bus, ..]) = pci_address(value) else { continue };
                let (bus, device) = (bus as usize, Device { kind, value });
                if is_absent(device)
                    || bus < buses.models.len()
                    || role(device).is_some_and(|role| role != "pcie-switch-upstream-port")
                {
                    continue;
                }
                let is_conventional = is_pc || is_conventional(device, domain)?;
                if is_conventional && !buses.models.iter().any(|model| has_bridges(model)) {
                    if bus == buses.models.len() {
                        buses.moved.push(value.index());
                    }
                    buses.extend(buses.models.len(), PORT_OF_BRIDGE);
                    buses.extend(buses.models.len(), PCIE_BRIDGE);
                }
                buses.extend(bus, if is_conventional { BRIDGE } else { PORT });
            }
        }
        Some(buses)
    }

    /// Adds controllers of a model up to a bus.
    fn extend(&mut self, bus: usize, model: &'static str) {
        let count = self.models.len().max(bus + 1);
        self.models.resize(count, model);
        self.is_placed.resize(count, true);
    }

    fn is_pc(&self) -> bool {
        self.models[0] == "pci-root"
    }

    /// Returns how many slots of the root the controllers of the buses below one take.
    fn slots_below(&self, bus: usize) -> u32 {
        let buses = self.models.iter().zip(&self.is_placed).take(bus);
        let placed = buses.filter(|(_, is_placed)| **is_placed).map(|(model, _)| *model);
        if self.is_pc() {
            placed.filter(|model| *model == BRIDGE).count() as u32
        } else {
            let ports = placed.filter(|model| matches!(*model, PORT | PORT_OF_BRIDGE)).count() as u32;
            ports.div_ceil(PORTS_OF_SLOT)
        }
    }

    /// Reports a device on a bus that does not take it, or in a slot that the bus does not have.
    pub(super) fn take(&self, device: Device<'_>, place: Place<'_>, domain: Value<'_>, report: &mut Report<'_>) {
        let Place { address, bus, slot } = place;
        let at = bus as usize + usize::from(self.moved.contains(&device.value.index()));
        let Some(model) = self.models.get(at) else {
            // A bridge on a bus above its own has a rule.
            if role(device) != Some(BRIDGE) {
                let message =
                    "the guest has no such PCI bus, and libvirt adds none for this controller: set a lower bus";
                report.error(address, "address-pci-bus-type", message);
            }
            return;
        };
        if !takes(model, role(device)) {
            let what = role(device).map_or("device".to_owned(), |role| format!("controller of model \"{role}\""));
            let of = match *model {
                PORT_OF_BRIDGE => "the port of a bridge that libvirt adds".to_owned(),
                model => format!("a controller of model \"{model}\""),
            };
            let message = format!("PCI bus {bus} is that of {of}, which does not take a {what}: set another bus");
            report.error(address, "address-pci-bus-type", message);
        } else if *model == PORT && self.lacks_slots(at, domain) || at > LAST_BRIDGE && self.lacks_port() {
            report.error(address, "address-pci-bus", "the guest has no room for so many PCI buses: set a lower bus");
        } else if slot > 0 && matches!(*model, PORT | "pcie-switch-downstream-port") {
            report.error(address, "address-pci-slot", "only slot 0 exists on a bus behind a root port: set slot = 0");
        } else if bus > 0 && slot == 0 && matches!(*model, BRIDGE | PCIE_BRIDGE) {
            report.error(address, "address-pci-slot", "slot 0 of a PCI bridge is reserved: set slot = 1 or more");
        }
    }

    /// Returns whether all buses are bridges, and libvirt has to add ports for other devices.
    fn lacks_port(&self) -> bool {
        !self.is_pc() && !self.models.contains(&PORT)
    }

    /// Returns whether the root has no slot for the port that libvirt adds for a bus.
    fn lacks_slots(&self, bus: usize, domain: Value<'_>) -> bool {
        // A guest with fewer buses has enough slots, unless devices take them. Ports can also be on an expander bus.
        bus > 128
            && self.is_placed[bus]
            && !self.models.contains(&"pcie-expander-bus")
            && self.slots_below(bus + 1) > self.free_slots(domain)
    }

    /// Reports a device without an address that must be on the root, if the root has no slot left.
    pub(super) fn have_room(&self, device: Device<'_>, domain: Value<'_>, report: &mut Report<'_>) {
        let taken = match device.kind {
            "controller" => {
                let index = number(device.value, "index").and_then(|index| index.try_into().ok());
                index.map_or(0, |index| self.slots_below(index))
            }
            // The machine `pc` has the other devices on the root too. libvirt keeps a slot for a bridge.
            _ if self.is_pc() => self.slots_below(self.models.len()).max(1) + certain_devices(domain),
            _ => self.slots_below(self.models.len()),
        };
        if taken >= self.free_slots(domain) {
            let message =
                "PCI bus 0, which this device must be on, has no slot left: give it an address, or use fewer PCI buses";
            report.error(device.value, "pci-root-full", message);
        }
    }

    /// Returns the number of slots of the root that no device takes for certain, except for ports and bridges.
    fn free_slots(&self, domain: Value<'_>) -> u32 {
        let mut taken = 1_u32;
        for part in parts(domain, &["devices"]).into_iter().flat_map(Value::parts) {
            for value in part.items() {
                let is_port = role(Device { kind: part.key(), value }) == Some(PORT);
                if let Some([_, 0, slot, _]) = pci_address(value).filter(|_| !is_port) {
                    taken |= 1_u32.checked_shl(slot).unwrap_or(0);
                }
            }
        }
        let is_placed = |it: &Value<'_>| it.attribute("address").is_none();
        let has_video = parts(domain, &["devices", "video"]).first().filter(|it| is_placed(it)).is_some_and(|video| {
            !matches!(text(*video, "model.type").or(text(*video, "model")), Some("none" | "ramfb"))
        });
        let mut sounds = parts(domain, &["devices", "sound"]).into_iter().filter(is_placed);
        if self.is_pc() {
            taken |= (1 << 1) | (u32::from(has_video) << 2);
        } else if refusals::is_machine(domain, "q35") {
            let has_sound = sounds.any(|it| text(it, "model") == Some("ich9"));
            taken |= (1 << 0x1f) | (u32::from(has_video) << 1) | (u32::from(has_sound) << 0x1b);
        }
        taken.count_zeros()
    }
}

/// Returns the indices that libvirt gives to PCI controllers without one, in this order.
fn free_indices(controllers: &[Value<'_>]) -> impl Iterator<Item = u64> + use<> {
    let taken: BTreeSet<_> = controllers.iter().filter_map(|it| number(*it, "index")).collect();
    (0..256).filter(move |index| !taken.contains(index))
}

/// PCI address of a device.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    address: Value<'a>,
    bus: u32,
    slot: u32,
}

/// Returns the PCI address of a device. The root takes every device but some controllers, and other rules are on devices that
/// must be there or cannot be on PCI.
pub(super) fn place(device: Device<'_>) -> Option<Place<'_>> {
    let [domain, bus, slot, _] = pci_address(device.value)?;
    let address = device.value.attribute("address")?;
    let may_be_wrong = domain == 0
        && (bus > 0 || role(device).is_some())
        && !matches!(device.kind, "panic" | "iommu" | "hub" | "parallel")
        && !is_absent(device);
    may_be_wrong.then_some(Place { address, bus, slot })
}

/// Returns whether a device without an address must be on the root.
pub(super) fn must_be_on_root(device: Device<'_>) -> bool {
    let must = matches!(
        (device.kind, device.word("model")),
        ("panic", Some("pvpanic"))
            | ("iommu", Some("virtio"))
            | ("controller", Some("pci-expander-bus" | "pcie-expander-bus"))
    );
    must && device.value.attribute("address").is_none()
}

/// Returns the number of devices that libvirt certainly puts on the root of the machine `pc`, if it has slots left.
fn certain_devices(domain: Value<'_>) -> u32 {
    let count = |kind: &str, is_on_pci: &dyn Fn(Value<'_>) -> bool| {
        let devices = parts(domain, &["devices", kind]).into_iter();
        devices.filter(|it| it.attribute("address").is_none() && is_on_pci(*it)).count() as u32
    };
    count("disk", &|disk| View::<Disk>::new(disk).on() == Some(DiskBus::Virtio))
        + count("interface", &|it| text(it, "type") != Some("hostdev") && text(it, "model.type") != Some("usb-net"))
        + count("hostdev", &|it| text(it, "type") == Some("pci"))
        + u32::from(places_balloon(domain))
}

/// Returns whether libvirt chooses a place for the balloon, which it adds to a guest that declares none.
fn places_balloon(domain: Value<'_>) -> bool {
    let balloons = parts(domain, &["devices", "memballoon"]);
    balloons.into_iter().all(|it| it.attribute("address").is_none() && text(it, "model") != Some("none"))
}

/// Returns whether a device is only a word for none, so that libvirt does not read its address.
fn is_absent(device: Device<'_>) -> bool {
    device.kind == "memballoon" && device.word("model") == Some("none")
}

/// Returns the PCI address of a device, unless libvirt chooses it.
pub(super) fn pci_address(device: Value<'_>) -> Option<[u32; 4]> {
    match device.attribute("address").and_then(BusAddress::of)? {
        BusAddress::Pci(parts) => Some(parts),
        BusAddress::Usb(..) => None,
    }
}

/// Returns the model of a PCI controller.
fn role(device: Device<'_>) -> Option<&str> {
    if device.kind == "controller" && device.word("type") == Some("pci") { text(device.value, "model") } else { None }
}

fn has_bridges(model: &str) -> bool {
    matches!(model, "pci-root" | BRIDGE | PCIE_BRIDGE | "dmi-to-pci-bridge")
}

/// Returns whether a bus takes a PCI controller of a model, or another device.
fn takes(bus: &str, role: Option<&str>) -> bool {
    match (bus, role) {
        (_, Some("pci-root" | "pcie-root")) => true,
        ("pcie-switch-upstream-port", role) => role == Some("pcie-switch-downstream-port"),
        ("pcie-expander-bus", role) => matches!(role, Some(PORT | "dmi-to-pci-bridge")),
        (PORT_OF_BRIDGE, _) => false,
        (_, None | Some(BRIDGE)) => true,
        ("pci-root", role) => role == Some("pci-expander-bus"),
        ("pcie-root", role) => matches!(role, Some(PORT | "dmi-to-pci-bridge" | "pcie-expander-bus")),
        (PORT | "pcie-switch-downstream-port", role) => matches!(role, Some("pcie-switch-upstream-port" | PCIE_BRIDGE)),
        _ => false,
    }
}
