//! The free PCI slots of a running guest.

use crate::change::{child, children_of, number};
use crate::step::{Operation, Step};
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeSet;

/// The models of controllers with a slot for one device.
const PORTS: [&str; 2] = ["pcie-root-port", "pcie-switch-downstream-port"];

/// The models of controllers with slots for many devices.
const BUSES: [&str; 2] = ["pci-root", "pci-bridge"];

/// The slots of a bus for many devices. The first one is taken by the bus.
const SLOTS: usize = 31;

/// The number of PCI devices that steps attach to a running guest, and of the slots that are free for them.
pub fn needed_and_free(steps: &[Step], live: &Element) -> (usize, usize) {
    let operations = || {
        steps.iter().filter_map(|step| match step {
            Step::Libvirt(operation) => Some(operation),
            Step::Record(_) | Step::Origin(_) => None,
        })
    };
    let needed = operations().filter(|it| matches!(it, Operation::Attach { device, .. } if needs_slot(&device.0)));
    let detached = operations().filter_map(|it| match it {
        Operation::Detach { device } => address(&device.0),
        _ => None,
    });
    let detached: Vec<_> = detached.collect();
    let devices = children_of(live, "devices");
    let taken: BTreeSet<_> = devices.iter().filter_map(address).filter(|it| !detached.contains(it)).collect();
    let free = |controller: &Element| {
        let has_model = |models: &[&str]| controller.attribute("model").is_some_and(|model| models.contains(&model));
        let Some(bus) = controller.attribute("index").and_then(number) else { return 0 };
        let used = taken.iter().filter(|(of, _)| *of == bus).count();
        if has_model(&PORTS) {
            usize::from(used == 0)
        } else if has_model(&BUSES) {
            SLOTS.saturating_sub(used)
        } else {
            0
        }
    };
    let controllers = devices.iter().filter(|it| it.name == "controller" && it.attribute("type") == Some("pci"));
    (needed.count(), controllers.map(free).sum())
}

/// Whether a device that is attached takes a free slot. One with an address has its own.
fn needs_slot(device: &Element) -> bool {
    let kind = device.attribute("type");
    let is_pci = match device.name.as_str() {
        "disk" => child(device, "target").and_then(|target| target.attribute("bus")) == Some("virtio"),
        "hostdev" => matches!(kind, Some("pci" | "mdev")),
        "controller" => kind == Some("scsi"),
        "input" => device.attribute("bus") == Some("virtio"),
        "interface" => child(device, "model").and_then(|model| model.attribute("type")) != Some("usb-net"),
        "filesystem" | "rng" | "vsock" | "shmem" | "watchdog" => true,
        _ => false,
    };
    is_pci && child(device, "address").is_none()
}

/// The bus and the slot of a device.
fn address(device: &Element) -> Option<(u64, u64)> {
    let address = child(device, "address").filter(|address| address.attribute("type") == Some("pci"))?;
    Some((number(address.attribute("bus")?)?, number(address.attribute("slot")?)?))
}
