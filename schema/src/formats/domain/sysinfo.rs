//! `<sysinfo>`: [SMBIOS system information](https://libvirt.org/formatdomain.html#smbios-system-information).

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::{element, values};

/// What the firmware tells the guest of its hardware.
#[element("type")]
pub enum Sysinfo {
    /// By SMBIOS tables, which the guest sees when `os.smbios.mode` is `sysinfo`.
    Smbios {
        /// What is said of the firmware.
        bios: Option<SysinfoBios>,
        /// What is said of the machine.
        system: Option<SysinfoSystem>,
        /// What is said of a board in it.
        baseBoard: Vec<SysinfoBaseBoard>,
        /// What is said of its case.
        chassis: Option<SysinfoChassis>,
        /// Any other texts.
        oemStrings: Option<SysinfoOemStrings>,
    },
    /// By QEMU's own interface, which gives named blobs. Since libvirt 6.5.
    Fwcfg {
        /// One blob.
        entry: Vec<FwcfgEntry>,
    },
}

/// What is said of the firmware.
#[element]
pub struct SysinfoBios {
    /// One thing that is said.
    #[required]
    pub entry: Vec<SysinfoBiosEntry>,
}

/// One thing that is said of the firmware.
#[element]
pub struct SysinfoBiosEntry {
    /// What it is.
    pub name: SysinfoBiosName,
    /// The text.
    #[text]
    pub value: String,
}

/// What can be said of the firmware.
#[values]
pub enum SysinfoBiosName {
    /// Who made it.
    Vendor,
    /// Its version.
    Version,
    /// When it was made: month, day and year, as in `01/31/2026`.
    Date,
    /// Its release: two numbers with a dot between.
    Release,
}

/// What is said of the machine.
#[element]
pub struct SysinfoSystem {
    /// One thing that is said.
    #[required]
    pub entry: Vec<SysinfoSystemEntry>,
}

/// One thing that is said of the machine.
#[element]
pub struct SysinfoSystemEntry {
    /// What it is.
    pub name: SysinfoSystemName,
    /// The text.
    #[text]
    pub value: String,
}

/// What can be said of the machine.
#[values]
pub enum SysinfoSystemName {
    /// Who made it.
    Manufacturer,
    /// What it is called.
    Product,
    /// Its version.
    Version,
    /// Its serial number.
    Serial,
    /// Its id, which must be the domain's own.
    Uuid,
    /// The number by which it is ordered.
    Sku,
    /// The line of products that it belongs to.
    Family,
}

/// What is said of a board in the machine.
#[element]
pub struct SysinfoBaseBoard {
    /// One thing that is said.
    #[required]
    pub entry: Vec<SysinfoBaseBoardEntry>,
}

/// One thing that is said of a board.
#[element]
pub struct SysinfoBaseBoardEntry {
    /// What it is.
    pub name: SysinfoBaseBoardName,
    /// The text.
    #[text]
    pub value: String,
}

/// What can be said of a board.
#[values]
pub enum SysinfoBaseBoardName {
    /// Who made it.
    Manufacturer,
    /// What it is called.
    Product,
    /// Its version.
    Version,
    /// Its serial number.
    Serial,
    /// The number in its owner's inventory.
    Asset,
    /// Where in the case it is.
    Location,
}

/// What is said of the machine's case.
#[element]
pub struct SysinfoChassis {
    /// One thing that is said.
    #[required]
    pub entry: Vec<SysinfoChassisEntry>,
}

/// One thing that is said of the case.
#[element]
pub struct SysinfoChassisEntry {
    /// What it is.
    pub name: SysinfoChassisName,
    /// The text.
    #[text]
    pub value: String,
}

/// What can be said of the case.
#[values]
pub enum SysinfoChassisName {
    /// Who made it.
    Manufacturer,
    /// Its version.
    Version,
    /// Its serial number.
    Serial,
    /// The number in its owner's inventory.
    Asset,
    /// The number by which it is ordered.
    Sku,
}

/// Any other texts in SMBIOS tables.
#[element]
pub struct SysinfoOemStrings {
    /// One text.
    #[child]
    #[required]
    pub entry: Vec<String>,
}

/// A named blob that the guest can read.
#[element(rules)]
pub struct FwcfgEntry {
    /// Its name, such as `opt/com.example/name`.
    pub name: String,
    /// A file that holds it.
    pub file: Option<String>,
    /// The blob itself.
    #[text]
    pub value: Option<String>,
}

impl View<'_, FwcfgEntry> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(file), Some(value)) = (self.file(), self.value()) {
            // An empty text is no text.
            if value.text().is_some_and(|text| !text.is_empty()) {
                report.error(file.value(), "fwcfg-file-and-value", "cannot stand beside value: give one of them");
            }
        }
    }
}
