//! Controllers that libvirt adds again: those that a machine has, and those that devices need.

use crate::change::{child, number};
use nixvirt_schema::engine::xml::Element;
use std::collections::HashSet;

/// The controllers that a machine has, or that libvirt adds once a device needs them, each with its model.
const FILLED: &[(&str, Option<&str>)] =
    &[("ccid", None), ("fdc", None), ("ide", None), ("sata", None), ("virtio-serial", None)];

/// The USB controllers of machines.
const USB: &[(&str, &str)] = &[("pc", "piix3-uhci"), ("q35", "qemu-xhci")];

/// The models of the PCI controllers that machines begin with.
const ROOTS: [&str; 2] = ["pci-root", "pcie-root"];

/// How many root ports libvirt adds beyond those that are used.
const SPARE: usize = 1;

/// The controllers of a domain.
pub struct Controllers<'a> {
    machine: &'a str,
    /// Whether libvirt adds all PCI controllers again. Otherwise somebody chose how many there are.
    has_needed_bridges: bool,
    /// The index of the last PCI bridge or port.
    last_bridge: Option<u64>,
}

impl<'a> Controllers<'a> {
    /// The controllers among these devices.
    pub fn of(devices: &[Element], machine: &'a str) -> Self {
        let addresses = devices.iter().filter_map(|device| child(device, "address"));
        let pci = addresses.filter(|address| address.attribute("type") == Some("pci"));
        let used: HashSet<_> = pci.filter_map(|address| number(address.attribute("bus")?)).collect();
        let bridges: Vec<_> = devices.iter().filter(|device| is_bridge(device)).collect();
        let is_unused =
            |bridge: &&&Element| !bridge.attribute("index").and_then(number).is_some_and(|it| used.contains(&it));
        let has_needed_bridges = bridges.iter().filter(is_unused).count() <= SPARE
            && bridges.iter().all(|bridge| bridge.children.iter().all(is_filled_in_bridge));
        let last_bridge = bridges.iter().filter_map(|bridge| number(bridge.attribute("index")?)).max();
        Controllers { machine, has_needed_bridges, last_bridge }
    }

    /// Whether libvirt adds a controller by itself.
    pub fn are_filled_in(&self, controller: &Element) -> bool {
        let (kind, model) = (controller.attribute("type").unwrap_or_default(), controller.attribute("model"));
        let is_first = controller.attribute("index") == Some("0");
        let is_plain =
            controller.attributes.iter().all(|(name, _)| ["index", "model", "type"].contains(&name.as_str()))
                && controller.children.iter().all(|part| part.name == "address");
        if is_bridge(controller) {
            return self.has_needed_bridges || self.is_below_the_last(controller);
        }
        is_first
            && is_plain
            && match kind {
                "pci" => model.is_some_and(|model| ROOTS.contains(&model)),
                "usb" => USB.iter().any(|(machine, own)| *machine == self.machine && model == Some(own)),
                kind => FILLED.contains(&(kind, model)),
            }
    }

    /// Whether a controller is a root port with a lower index than another bridge or port. libvirt fills such gaps.
    fn is_below_the_last(&self, controller: &Element) -> bool {
        let is_at_the_root =
            |part: &Element| part.name != "address" || part.attribute("bus").and_then(number) == Some(0);
        controller.attribute("model") == Some("pcie-root-port")
            && controller.attribute("index").and_then(number) < self.last_bridge
            && controller.children.iter().all(|part| is_filled_in_bridge(part) && is_at_the_root(part))
    }
}

/// Drops what libvirt fills in of a controller that is declared.
pub fn shorten_controller(controller: &mut Element) {
    if is_bridge(controller) {
        controller.children.retain(|part| !is_filled_in_bridge(part));
    }
}

/// Whether a controller is a PCI bridge or port, of which a machine begins with none.
fn is_bridge(device: &Element) -> bool {
    device.name == "controller"
        && device.attribute("type") == Some("pci")
        && device.attribute("model").is_some_and(|model| !ROOTS.contains(&model))
}

/// Whether libvirt adds a part of a PCI bridge.
fn is_filled_in_bridge(part: &Element) -> bool {
    let own = ["busNr", "chassis", "chassisNr", "port"];
    match part.name.as_str() {
        "address" | "model" => true,
        "target" => part.children.is_empty() && part.attributes.iter().all(|(name, _)| own.contains(&name.as_str())),
        _ => false,
    }
}
