//! `<crypto>`: [Crypto](https://libvirt.org/formatdomain.html#crypto).

use crate::engine::scalar::Int;
use crate::formats::device::address::{Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// Cryptography device of the guest.
#[element]
pub struct Crypto {
    /// Model of the cryptography device presented to the guest.
    pub model: CryptoModel,
    /// Implementation of the cryptography device.
    pub r#type: CryptoType,
    /// Backend that performs the cryptographic operations.
    pub backend: CryptoBackend,
    /// Virtio driver options of the device.
    pub driver: Option<VirtioOptions>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Model of a cryptography device.
#[values]
pub enum CryptoModel {
    /// Virtio cryptography device.
    Virtio,
}

/// Implementation of a cryptography device.
#[values]
pub enum CryptoType {
    /// QEMU implementation.
    Qemu,
}

/// Backend of a cryptography device, which performs the cryptographic operations.
#[element]
pub struct CryptoBackend {
    /// Type of the cryptography backend.
    pub model: CryptoBackendModel,
    /// Number of queues of the cryptography device. Defaults to 1.
    pub queues: Option<Int<1, { u32::MAX as u64 }>>,
}

/// Type of a cryptography backend.
#[values]
pub enum CryptoBackendModel {
    /// QEMU's built-in cryptography.
    Builtin,
    /// Key service of the Linux kernel.
    Lkcf,
}
