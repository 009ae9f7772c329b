//! `<hostdev>`: [Host device assignment](https://libvirt.org/formatdomain.html#host-device-assignment).

pub mod subsystem;

use crate::engine::scalar::{Present, YesNo};
use crate::formats::device::address::{Acpi, Address, Alias, Boot, Rom};
use crate::formats::device::interface::InterfaceIp;
use crate::formats::networking::Route;
use crate::formats::patterns::{AbsolutePath, DeviceName};
use nixvirt_schema_derive::element;
use subsystem::HostdevSubsystem;

/// A device of the host that is handed to the guest.
#[element]
pub struct Hostdev {
    /// In what way it is handed over.
    #[form]
    pub mode: HostdevMode,
    /// Whether the guest cannot write to it; for SCSI disks.
    pub readonly: Option<Present>,
    /// Whether several guests may use it at once; for SCSI disks.
    pub shareable: Option<Present>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Its place in the order in which the firmware tries to boot.
    pub boot: Option<Boot>,
    /// Its ROM.
    pub rom: Option<Rom>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// In what way a device of the host is handed to a guest.
#[element("mode")]
pub enum HostdevMode {
    /// As what it is: a device on a bus.
    #[default]
    Subsystem {
        /// Whether libvirt takes it from the host when the guest starts and gives it back after.
        managed: Option<YesNo>,
        /// The bus that it is on.
        #[form]
        bus: HostdevSubsystem,
    },
    /// As what it can do, to a container.
    Capabilities {
        /// What it can do.
        #[form]
        capability: HostdevCapability,
    },
}

/// What a device can do for a container.
#[element("type")]
pub enum HostdevCapability {
    /// Store blocks.
    Storage {
        /// The device.
        source: HostdevSourceStorage,
    },
    /// Whatever a character device does.
    Misc {
        /// The device.
        source: HostdevSourceMisc,
    },
    /// Reach a network.
    Net {
        /// The network interface.
        source: HostdevSourceNet,
        /// An address of the interface in the container.
        ip: Vec<InterfaceIp>,
        /// A route in the container.
        route: Vec<Route>,
    },
}

/// A block device for a container.
#[element]
pub struct HostdevSourceStorage {
    /// The path of the device.
    #[child]
    pub block: AbsolutePath,
}

/// A character device for a container.
#[element]
pub struct HostdevSourceMisc {
    /// The path of the device.
    #[child]
    pub char: AbsolutePath,
}

/// A network interface for a container.
#[element]
pub struct HostdevSourceNet {
    /// Its name on the host.
    #[child]
    pub interface: DeviceName,
}
