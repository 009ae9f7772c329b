//! `<adapter>`: [Source elements](https://libvirt.org/formatstorage.html#source-elements), and the address of a PCI
//! device of the host.

use super::choice;
use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::Wwn;
use nixvirt_schema_derive::element;

/// A SCSI host bus adapter of the host.
#[element("type", rules)]
pub enum SourceAdapter {
    /// An adapter of any kind, found by its name or by the PCI device that it is.
    #[default]
    #[xml = "scsi_host"]
    ScsiHost {
        /// Its name, such as scsi_host1; the number may change when the host boots.
        name: Option<String>,
        /// The PCI device that it is, which stays the same.
        parentaddr: Option<SourceAdapterParent>,
    },
    /// A virtual Fibre Channel adapter (NPIV).
    #[xml = "fc_host"]
    FcHost {
        /// The name of the adapter on which it is made, such as scsi_host3.
        parent: Option<String>,
        /// Whether libvirt removes it when the pool stops.
        managed: Option<YesNo>,
        /// The world wide node name of the adapter on which it is made.
        parent_wwnn: Option<Wwn>,
        /// The world wide port name of the adapter on which it is made.
        parent_wwpn: Option<Wwn>,
        /// The fabric to which the adapter is attached on which it is made.
        parent_fabric_wwn: Option<Wwn>,
        /// Its own world wide node name.
        wwnn: Wwn,
        /// Its own world wide port name.
        wwpn: Wwn,
    },
}

/// The PCI device that an adapter is.
#[element]
pub struct SourceAdapterParent {
    /// Which of the adapters of that device, by the number that the kernel gives in `unique_id`.
    pub unique_id: Option<Int<1, { u64::MAX }>>,
    /// The device's address.
    pub address: PciAddress,
}

/// The address of a PCI device of the host.
#[element(rules)]
pub struct PciAddress {
    /// The PCI domain.
    pub domain: Option<Hex<4, 0xffff_ffff>>,
    /// The bus.
    pub bus: Option<Hex<2>>,
    /// The slot on the bus, from 0 to 0x1f.
    pub slot: Option<Hex<2>>,
    /// The function of the slot, from 0 to 7.
    pub function: Option<Hex<1>>,
    /// Whether other functions of the same slot are used too.
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
                report.error(part, "pci-address-range", format!("is at most {most:#x} in a PCI address"));
            }
        }
    }
}

/// The number that hexadecimal digits are.
fn number<const DIGITS: u8>(hex: View<'_, Hex<DIGITS>>) -> Option<u64> {
    u64::from_str_radix(hex.text()?.trim_start_matches("0x"), 16).ok()
}
