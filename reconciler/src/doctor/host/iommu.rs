//! IOMMU groups. A guest gets the PCI devices of a group together.

use super::Process;
use crate::file;
use schemars::JsonSchema;
use serde::Serialize;

/// IOMMU group of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IommuGroup {
    /// The number of the group.
    pub number: u32,
    /// The PCI devices in the group.
    pub devices: Vec<PciDevice>,
}

/// PCI device of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PciDevice {
    /// The address, such as `0000:01:00.0`.
    pub address: String,
    /// The kind of the device.
    pub kind: DeviceKind,
    /// The IDs of vendor and product, such as `10de:2684`.
    pub id: String,
    /// The driver of the kernel that uses the device; null if none does.
    pub driver: Option<String>,
}

/// Kind of a PCI device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// Graphics card.
    GraphicsCard,
    /// Sound device.
    Sound,
    /// Network card.
    Network,
    /// Storage, such as an NVMe disk or a SATA controller.
    Storage,
    /// USB controller.
    Usb,
    /// Accelerator for computations.
    Accelerator,
    /// Bridge or port of PCI Express, which a guest cannot have.
    Bridge,
    /// Another device, such as the memory controller of the chipset.
    Other,
}

impl DeviceKind {
    /// The kind of a PCI class, as the kernel writes it: `0x030000`.
    fn of(class: &str) -> Self {
        match class.trim().trim_start_matches("0x") {
            class if class.starts_with("03") => DeviceKind::GraphicsCard,
            class if class.starts_with("0401") || class.starts_with("0403") => DeviceKind::Sound,
            class if class.starts_with("02") => DeviceKind::Network,
            class if class.starts_with("01") => DeviceKind::Storage,
            class if class.starts_with("0c03") => DeviceKind::Usb,
            class if class.starts_with("12") => DeviceKind::Accelerator,
            class if class.starts_with("06") => DeviceKind::Bridge,
            _ => DeviceKind::Other,
        }
    }
}

/// Reads the groups that have more than bridges and devices of the chipset, in the order of their numbers.
pub fn read(process: &Process) -> Vec<IommuGroup> {
    let groups = "/sys/kernel/iommu_groups";
    let numbers = process.names(groups).into_iter().filter_map(|name| name.parse().ok());
    let group = |number: u32| {
        let names = process.names(format!("{groups}/{number}/devices"));
        IommuGroup { number, devices: names.into_iter().filter_map(|name| device(process, name)).collect() }
    };
    let is_for_guests = |device: &PciDevice| !matches!(device.kind, DeviceKind::Bridge | DeviceKind::Other);
    let mut groups: Vec<_> = numbers.map(group).filter(|group| group.devices.iter().any(is_for_guests)).collect();
    groups.sort_by_key(|group| group.number);
    groups
}

/// A device of a group. None for a device that is not on PCI.
fn device(process: &Process, address: String) -> Option<PciDevice> {
    let folder = format!("/sys/bus/pci/devices/{address}");
    let text = |name: &str| process.text(format!("{folder}/{name}"));
    let id = |name: &str| Some(text(name)?.trim().trim_start_matches("0x").to_owned());
    Some(PciDevice {
        kind: DeviceKind::of(&text("class")?),
        id: format!("{}:{}", id("vendor")?, id("device")?),
        driver: file::link_name(&process.at(format!("{folder}/driver"))),
        address,
    })
}
