//! `<adapter>`: [Source elements](https://libvirt.org/formatstorage.html#source-elements), and the address of a PCI
//! device of the host.

use super::choice;
use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::Wwn;
use crate::formats::pci;
use nixvirt_schema_derive::element;

/// SCSI host bus adapter of the host.
#[element("type", rules)]
pub enum SourceAdapter {
    /// SCSI host bus adapter of any kind, identified by name or PCI device.
    #[default]
    #[xml = "scsi_host"]
    ScsiHost {
        /// Name of the adapter, such as `scsi_host1`. The number may change when the host reboots.
        name: Option<String>,
        /// PCI device of the adapter. Stable across reboots.
        parentaddr: Option<SourceAdapterParent>,
    },
    /// Virtual Fibre Channel adapter (NPIV).
    #[xml = "fc_host"]
    FcHost {
        /// Name of the parent adapter on which the virtual adapter is created, such as `scsi_host3`.
        parent: Option<String>,
        /// Whether libvirt removes the virtual adapter when the pool stops.
        managed: Option<YesNo>,
        /// World wide node name of the parent adapter.
        parent_wwnn: Option<Wwn>,
        /// World wide port name of the parent adapter.
        parent_wwpn: Option<Wwn>,
        /// World wide name of the fabric that the parent adapter is connected to.
        parent_fabric_wwn: Option<Wwn>,
        /// World wide node name of the virtual adapter.
        wwnn: Wwn,
        /// World wide port name of the virtual adapter.
        wwpn: Wwn,
    },
}

/// PCI device of a SCSI host bus adapter.
#[element]
pub struct SourceAdapterParent {
    /// Number that selects one adapter of the PCI device. Given by the kernel in `unique_id`.
    pub unique_id: Option<Int<1, { u64::MAX }>>,
    /// PCI address of the device.
    pub address: PciAddress,
}

/// Address of a PCI device of the host.
#[element(rules, notation = pci::NOTATION)]
pub struct PciAddress {
    /// PCI domain of the device.
    pub domain: Option<Hex<4, 0xffff_ffff>>,
    /// PCI bus of the device.
    pub bus: Option<Hex<2>>,
    /// PCI slot of the device, from 0 to 0x1f.
    pub slot: Option<Hex<2>>,
    /// PCI function of the device, from 0 to 7.
    pub function: Option<Hex<1>>,
    /// Whether other functions of the same PCI slot are used too.
    pub multifunction: Option<OnOff>,
}

impl View<'_, SourceAdapter> {
    fn rules(self, report: &mut Report<'_>) {
        let kind = self.r#type().and_then(Read::text);
        if kind.is_none_or(|kind| kind == "scsi_host") {
            choice::just_one(self.value(), &["name", "parentaddr"], "adapter-name-or-parentaddr", report);
        }
    }
}

impl View<'_, PciAddress> {
    fn rules(self, report: &mut Report<'_>) {
        let parts = [("slot", self.slot().and_then(number), 0x1f), ("function", self.function().and_then(number), 7)];
        for (name, number, most) in parts {
            if let (Some(part), true) = (self.value().attribute(name), number.is_some_and(|it| it > most)) {
                report.error(
                    part,
                    "pci-address-range",
                    format!("{name} {} is out of range: a PCI {name} is at most {most:#x}", part.shown()),
                );
            }
        }
    }
}

/// Returns the number written in hexadecimal digits.
fn number<const DIGITS: u8>(hex: View<'_, Hex<DIGITS>>) -> Option<u64> {
    u64::from_str_radix(hex.text()?.trim_start_matches("0x"), 16).ok()
}
