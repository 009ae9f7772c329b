//! `<vsock>`: [Vsock](https://libvirt.org/formatdomain.html#vsock).

use crate::engine::scalar::YesNo;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// Virtio socket device for communication between guest and host.
#[element]
pub struct Vsock {
    /// Socket device model presented to the guest.
    pub model: Option<VsockModel>,
    /// Context ID (CID) of the guest, which host programs use to connect.
    pub cid: Option<VsockCid>,
    /// Virtio options of the device, such as IOMMU use and queue layout.
    pub driver: Option<VirtioOptions>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Socket device model.
#[values]
pub enum VsockModel {
    /// Virtio device.
    Virtio,
    /// Transitional virtio device, for legacy and modern drivers.
    #[since = "5.2"]
    VirtioTransitional,
    /// Non-transitional virtio device, for modern drivers only.
    #[since = "5.2"]
    VirtioNonTransitional,
}

/// Context ID (CID) of a guest, unique on the host.
#[element]
pub struct VsockCid {
    /// Whether libvirt picks a free CID each time the guest starts.
    pub auto: Option<YesNo>,
    /// CID of the guest, at least 3. Lower numbers are reserved.
    pub address: Option<u32>,
}
