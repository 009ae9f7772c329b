//! The rules on all devices of a domain, in one walk through them.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::disk::Disk;
use crate::formats::device::interface::Interface;
use crate::formats::domain::{Domain, DomainType};
use crate::rules::pci_bus::{self, Buses};
use crate::rules::uniqueness::Claims;
use crate::rules::{address, cpu_set, disk_format, disk_images, disk_store, names, refusals};
use std::cell::LazyCell;

/// A device.
#[derive(Clone, Copy)]
pub(super) struct Device<'a> {
    /// Its name in `devices`.
    pub kind: &'a str,
    /// The spec of the device.
    pub value: Value<'a>,
}

impl<'a> Device<'a> {
    /// Returns the word that is a part of the device.
    pub(super) fn word(self, name: &str) -> Option<&'a str> {
        self.value.attribute(name)?.text()
    }

    /// Returns the type of the target of a character device.
    pub(super) fn target(self) -> Option<&'a str> {
        self.value.attribute("target")?.attribute("type")?.text()
    }
}

/// Checks each device by itself, then that no two devices claim the same value.
pub(super) fn each(domain: View<'_, Domain>, report: &mut Report<'_>, is_of_qemu: bool) {
    let Some(devices) = domain.devices() else { return };
    let has_kernel_names = is_of_qemu || domain.r#type().and_then(View::get) == Some(DomainType::Lxc);
    let mut claims = Claims::new();
    let buses = LazyCell::new(|| if is_of_qemu { Buses::of(domain.value()) } else { None });
    for part in devices.value().parts() {
        if let Some(table) = refusals::of_devices(part.key()).filter(|_| is_of_qemu) {
            table.check(part, domain.value(), report);
        }
        for device in part.items().map(|value| Device { kind: part.key(), value }) {
            report.start_rule();
            match device.kind {
                "disk" if is_of_qemu => {
                    claims.of_disk(device);
                    report.start_rule();
                    address::has_a_place(View::<Disk>::new(device.value), domain.value(), report);
                    report.start_rule();
                    disk_format::fits_the_file(device.value, report);
                    report.start_rule();
                    disk_images::are_supported(device.value, report);
                    report.start_rule();
                    disk_store::can_be_written(device.value, report);
                }
                // A console may be the serial port, and then repeats all of its values.
                "console" if device.target().is_none_or(|target| target == "serial") => {
                    device.value.attribute("acpi").into_iter().for_each(|acpi| nodes_are_listed(acpi, report));
                    continue;
                }
                "hostdev" if is_of_qemu => address::stays_off_mmio(device, domain.value(), report),
                "interface" if has_kernel_names => names::of_interface(View::<Interface>::new(device.value), report),
                _ => {}
            }
            if pci_bus::must_be_on_root(device) {
                report.start_rule();
                if let Some(buses) = &*buses {
                    buses.have_room(device, domain.value(), report);
                }
            }
            for part in device.value.parts() {
                report.start_rule();
                match part.key() {
                    "alias" => claims.of_alias(device, part),
                    "source" => labels_are_told_apart(part, report),
                    "mac" => claims.of_mac(device, part),
                    "address" if is_of_qemu => {
                        address::suits(device, part, domain.value(), report);
                        report.start_rule();
                        claims.of_address(device, part);
                        if let Some(place) = pci_bus::place(device) {
                            report.start_rule();
                            if let Some(buses) = &*buses {
                                buses.take(device, place, domain.value(), report);
                            }
                        }
                    }
                    "acpi" if is_of_qemu => {
                        address::has_index(device, part, domain.value(), report);
                        report.start_rule();
                        nodes_are_listed(part, report);
                    }
                    "rom" if is_of_qemu => address::has_rom(device, part, domain.value(), report),
                    "boot" if is_of_qemu => claims.of_boot(device, part),
                    _ => {}
                }
            }
        }
    }
    claims.check(domain, report);
}

/// Checks the set of NUMA nodes that a device is near.
fn nodes_are_listed(acpi: Value<'_>, report: &mut Report<'_>) {
    acpi.attribute("nodeset").into_iter().for_each(|set| cpu_set::holds_something(set, report));
}

/// Checks that no two security labels of a source are for the same model.
fn labels_are_told_apart(source: Value<'_>, report: &mut Report<'_>) {
    let labels = source.items().filter_map(|source| source.attribute("seclabel"));
    let models = labels.flat_map(Value::items).filter_map(|label| label.attribute("model"));
    let mut known = Vec::new();
    for model in models {
        if known.contains(&model.xml_text()) {
            let message = format!("another security label is for the model {} already", model.shown());
            report.error(model, "device-seclabel-taken", message);
        }
        known.push(model.xml_text());
    }
}
