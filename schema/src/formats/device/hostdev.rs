//! `<hostdev>`: [Host device assignment](https://libvirt.org/formatdomain.html#host-device-assignment).

pub mod subsystem;

use crate::engine::scalar::{Present, YesNo};
use crate::formats::device::address::{Acpi, Address, Alias, Boot, Rom};
use crate::formats::device::interface::InterfaceIp;
use crate::formats::networking::Route;
use crate::formats::patterns::{AbsolutePath, DeviceName};
use nixvirt_schema_derive::element;
use subsystem::HostdevSubsystem;

/// Host device passed to the guest.
#[element]
pub struct Hostdev {
    /// Method of passing the host device to the guest.
    #[form]
    pub mode: HostdevMode,
    /// Whether the device is read-only for the guest. For SCSI disks.
    pub readonly: Option<Present>,
    /// Whether several guests may use the device at the same time. For SCSI disks.
    pub shareable: Option<Present>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Position of the device in the firmware's boot order.
    pub boot: Option<Boot>,
    /// Option ROM of the device.
    pub rom: Option<Rom>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Method of passing a host device to a guest.
#[element("mode")]
pub enum HostdevMode {
    /// Device on a bus, such as PCI or USB.
    #[default]
    Subsystem {
        /// Whether libvirt detaches the device from the host when the guest starts, and reattaches the device when the
        /// guest stops.
        managed: Option<YesNo>,
        /// Bus type and source of the host device.
        #[form]
        bus: HostdevSubsystem,
    },
    /// Device passed to a container by its capability: storage, character device or network.
    Capabilities {
        /// Capability of the device.
        #[form]
        capability: HostdevCapability,
    },
}

/// Capability of a device passed to a container.
#[element("type")]
pub enum HostdevCapability {
    /// Block storage.
    Storage {
        /// Block device of the host.
        source: HostdevSourceStorage,
    },
    /// Character device.
    Misc {
        /// Character device of the host.
        source: HostdevSourceMisc,
    },
    /// Network interface.
    Net {
        /// Network interface of the host.
        source: HostdevSourceNet,
        /// IP address of the network interface in the container.
        ip: Vec<InterfaceIp>,
        /// Network route in the container.
        route: Vec<Route>,
    },
}

/// Host block device passed to a container.
#[element]
pub struct HostdevSourceStorage {
    /// Path of the block device on the host.
    #[child]
    pub block: AbsolutePath,
}

/// Host character device passed to a container.
#[element]
pub struct HostdevSourceMisc {
    /// Path of the character device on the host.
    #[child]
    pub char: AbsolutePath,
}

/// Host network interface passed to a container.
#[element]
pub struct HostdevSourceNet {
    /// Name of the network interface on the host.
    #[child]
    pub interface: DeviceName,
}
