//! `<sysinfo>`: [SMBIOS system information](https://libvirt.org/formatdomain.html#smbios-system-information).

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::{element, values};

/// Hardware information that the firmware reports to the guest.
#[element("type")]
pub enum Sysinfo {
    /// SMBIOS tables. Visible to the guest if `os.smbios.mode` is `sysinfo`.
    Smbios {
        /// Information about the firmware.
        bios: Option<SysinfoBios>,
        /// Information about the system.
        system: Option<SysinfoSystem>,
        /// Information about a board of the system.
        baseBoard: Vec<SysinfoBaseBoard>,
        /// Information about the chassis.
        chassis: Option<SysinfoChassis>,
        /// Additional free-form strings.
        oemStrings: Option<SysinfoOemStrings>,
    },
    /// Named blobs in QEMU's firmware configuration interface (fw_cfg). Since libvirt 6.5.
    Fwcfg {
        /// Named blob that the guest can read.
        entry: Vec<FwcfgEntry>,
    },
}

/// Information about the firmware.
#[element]
pub struct SysinfoBios {
    /// Entry with information about the firmware.
    #[required]
    pub entry: Vec<SysinfoBiosEntry>,
}

/// Entry with information about the firmware.
#[element]
pub struct SysinfoBiosEntry {
    /// Name of the firmware entry.
    pub name: SysinfoBiosName,
    /// Text of the firmware entry.
    #[text]
    pub value: String,
}

/// Name of an entry about the firmware.
#[values]
pub enum SysinfoBiosName {
    /// Vendor of the firmware.
    Vendor,
    /// Version of the firmware.
    Version,
    /// Date of the firmware as month, day and year, such as `01/31/2026`.
    Date,
    /// Release of the firmware: two numbers separated by a dot.
    Release,
}

/// Information about the system.
#[element]
pub struct SysinfoSystem {
    /// Entry with information about the system.
    #[required]
    pub entry: Vec<SysinfoSystemEntry>,
}

/// Entry with information about the system.
#[element]
pub struct SysinfoSystemEntry {
    /// Name of the system entry.
    pub name: SysinfoSystemName,
    /// Text of the system entry.
    #[text]
    pub value: String,
}

/// Name of an entry about the system.
#[values]
pub enum SysinfoSystemName {
    /// Manufacturer of the system.
    Manufacturer,
    /// Product name of the system.
    Product,
    /// Version of the system.
    Version,
    /// Serial number of the system.
    Serial,
    /// UUID of the system. Must be the UUID of the domain.
    Uuid,
    /// Stock keeping unit (SKU), the order number of the system.
    Sku,
    /// Product family of the system.
    Family,
}

/// Information about a board of the system.
#[element]
pub struct SysinfoBaseBoard {
    /// Entry with information about the board.
    #[required]
    pub entry: Vec<SysinfoBaseBoardEntry>,
}

/// Entry with information about a board.
#[element]
pub struct SysinfoBaseBoardEntry {
    /// Name of the board entry.
    pub name: SysinfoBaseBoardName,
    /// Text of the board entry.
    #[text]
    pub value: String,
}

/// Name of an entry about a board.
#[values]
pub enum SysinfoBaseBoardName {
    /// Manufacturer of the board.
    Manufacturer,
    /// Product name of the board.
    Product,
    /// Version of the board.
    Version,
    /// Serial number of the board.
    Serial,
    /// Asset tag: number of the board in its owner's inventory.
    Asset,
    /// Location of the board in the chassis.
    Location,
}

/// Information about the chassis.
#[element]
pub struct SysinfoChassis {
    /// Entry with information about the chassis.
    #[required]
    pub entry: Vec<SysinfoChassisEntry>,
}

/// Entry with information about the chassis.
#[element]
pub struct SysinfoChassisEntry {
    /// Name of the chassis entry.
    pub name: SysinfoChassisName,
    /// Text of the chassis entry.
    #[text]
    pub value: String,
}

/// Name of an entry about the chassis.
#[values]
pub enum SysinfoChassisName {
    /// Manufacturer of the chassis.
    Manufacturer,
    /// Version of the chassis.
    Version,
    /// Serial number of the chassis.
    Serial,
    /// Asset tag: number of the chassis in its owner's inventory.
    Asset,
    /// Stock keeping unit (SKU), the order number of the chassis.
    Sku,
}

/// Additional free-form strings in the SMBIOS tables.
#[element]
pub struct SysinfoOemStrings {
    /// Text of one string.
    #[child]
    #[placeholders]
    #[required]
    pub entry: Vec<String>,
}

/// Named blob that the guest can read.
#[element(rules)]
pub struct FwcfgEntry {
    /// Name of the blob, such as `opt/com.example/name`.
    pub name: String,
    /// File on the host with the content of the blob.
    pub file: Option<String>,
    /// Content of the blob.
    #[text]
    #[placeholders]
    pub value: Option<String>,
}

impl View<'_, FwcfgEntry> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(file), Some(value)) = (self.file(), self.value()) {
            // An empty text is no text.
            if value.text().is_some_and(|text| !text.is_empty()) {
                report.error(file.value(), "fwcfg-file-and-value", "`file` conflicts with `value`: remove one of them");
            }
        }
    }
}
