//! `<domain>`: [Domain XML format](https://libvirt.org/formatdomain.html).

pub mod seclabel;
pub mod throttlegroups;

use crate::device::Devices;
use crate::patterns::{Line, Uuid};
use nixvirt_schema_derive::{element, values};

/// A virtual machine, or a container.
#[element]
pub struct Domain {
    /// The hypervisor that runs it.
    pub r#type: DomainType,
    /// Its name, unique on the host.
    #[child]
    pub name: Line,
    /// Its id, unique everywhere. Derived from the name when absent.
    #[child]
    pub uuid: Option<Uuid>,
    /// Its devices.
    pub devices: Option<Devices>,
}

/// What runs a domain.
#[values]
pub enum DomainType {
    /// QEMU with the help of the processor.
    Kvm,
    /// QEMU alone: any architecture, slowly.
    Qemu,
    /// A container of Linux.
    Lxc,
}
