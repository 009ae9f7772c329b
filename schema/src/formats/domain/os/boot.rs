//! What firmware boots from, and what it tells the guest.

use crate::engine::scalar::{Int, YesNo};
use nixvirt_schema_derive::{element, values};

/// A kind of device to boot from.
#[element]
pub struct OsBoot {
    /// The kind.
    pub dev: OsBootDevice,
}

/// A kind of device to boot from.
#[values]
pub enum OsBootDevice {
    /// The first hard disk.
    Hd,
    /// The first floppy drive.
    Fd,
    /// The first CD drive.
    Cdrom,
    /// The first network card, by PXE.
    Network,
}

/// The menu in which one chooses what to boot from.
#[element]
pub struct OsBootmenu {
    /// Whether it is shown.
    pub enable: YesNo,
    /// How many milliseconds it waits.
    pub timeout: Option<u16>,
}

/// Settings of the SeaBIOS firmware.
#[element]
pub struct OsBios {
    /// Whether it shows itself on the serial port too.
    pub useserial: Option<YesNo>,
    /// After how many milliseconds it starts over when nothing boots; never for -1.
    pub rebootTimeout: Option<Int<-1, 32_767>>,
}

/// What the guest reads in its SMBIOS tables.
#[element]
pub struct OsSmbios {
    /// Where it comes from.
    pub mode: OsSmbiosMode,
}

/// Where what is in SMBIOS tables comes from.
#[values]
pub enum OsSmbiosMode {
    /// The hypervisor's own.
    Emulate,
    /// The host's, less its UUID.
    Host,
    /// What `sysinfo` says.
    Sysinfo,
}
