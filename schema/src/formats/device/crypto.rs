//! `<crypto>`: [Crypto](https://libvirt.org/formatdomain.html#crypto).

use crate::engine::scalar::Int;
use crate::formats::device::address::{Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// A device that does cryptography for the guest. Since libvirt 9.0.0.
#[element]
pub struct Crypto {
    /// The device that the guest sees.
    pub model: CryptoModel,
    /// What implements it.
    pub r#type: CryptoType,
    /// What does the work.
    pub backend: CryptoBackend,
    /// How the device exchanges data with the host.
    pub driver: Option<VirtioOptions>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a device for cryptography.
#[values]
pub enum CryptoModel {
    /// A virtio device.
    Virtio,
}

/// What implements a device for cryptography.
#[values]
pub enum CryptoType {
    /// QEMU.
    Qemu,
}

/// What does the work of a device for cryptography.
#[element]
pub struct CryptoBackend {
    /// The kind.
    pub model: CryptoBackendModel,
    /// How many queues there are; 1 where absent.
    pub queues: Option<Int<1, { u64::MAX }>>,
}

/// Kinds of backends for cryptography.
#[values]
pub enum CryptoBackendModel {
    /// QEMU itself.
    Builtin,
    /// The Linux kernel's key service.
    Lkcf,
}
