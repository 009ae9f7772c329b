//! `<vsock>`: [Vsock](https://libvirt.org/formatdomain.html#vsock).

use crate::engine::scalar::YesNo;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// A socket between guest and host. Since libvirt 4.4.0.
#[element]
pub struct Vsock {
    /// The device that the guest sees.
    pub model: Option<VsockModel>,
    /// The guest's number, to which the host connects.
    pub cid: Option<VsockCid>,
    /// How the device exchanges data with the host.
    pub driver: Option<VirtioOptions>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a socket device.
#[values]
pub enum VsockModel {
    /// A virtio device.
    Virtio,
    /// A virtio device for guests that know only its old form too. Since libvirt 5.2.0.
    VirtioTransitional,
    /// A virtio device in its new form only. Since libvirt 5.2.0.
    VirtioNonTransitional,
}

/// A guest's number among the sockets of the host.
#[element]
pub struct VsockCid {
    /// Whether libvirt picks a free one each time the guest starts.
    pub auto: Option<YesNo>,
    /// The number, from 3; lower ones are taken.
    pub address: Option<u32>,
}
