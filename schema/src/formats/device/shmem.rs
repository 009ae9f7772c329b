//! `<shmem>`: [Shared memory device](https://libvirt.org/formatdomain.html#shared-memory-device).

use crate::engine::pattern::patterns;
use crate::engine::scalar::OnOff;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Size;
use nixvirt_schema_derive::{element, values};

/// Memory shared with other guests or host programs.
#[element]
pub struct Shmem {
    /// Name of the shared memory. All participants use the same name.
    pub name: ShmemName,
    /// Handling of the shared memory when the guest migrates to another host.
    pub role: Option<ShmemRole>,
    /// Shared memory device model presented to the guest.
    pub model: Option<ShmemModel>,
    /// Size of the shared memory: a power of two, in bytes unless a unit is given.
    #[unitless = "bytes"]
    pub size: Option<Size>,
    /// Server that provides the shared memory.
    pub server: Option<ShmemServer>,
    /// Interrupts that the participants use to notify each other. Requires a server.
    pub msi: Option<ShmemMsi>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Handling of shared memory when a guest migrates to another host.
#[values]
pub enum ShmemRole {
    /// Migrate the shared memory with the guest.
    Master,
    /// Leave the shared memory on the host. The guest must detach the device before the migration.
    Peer,
}

/// Shared memory device model presented to the guest.
#[element]
pub struct ShmemModel {
    /// Model of the shared memory device.
    pub r#type: ShmemModelType,
}

/// Model of a shared memory device.
#[values]
pub enum ShmemModelType {
    /// Legacy ivshmem device, removed from current QEMU.
    Ivshmem,
    /// Shared memory without interrupts.
    IvshmemPlain,
    /// Shared memory with interrupts, provided by a server.
    IvshmemDoorbell,
}

/// Server that provides shared memory.
#[element]
pub struct ShmemServer {
    /// Unix socket of the server. libvirt chooses a path if omitted.
    pub path: Option<AbsolutePath>,
}

/// Interrupts of a shared memory device.
#[element]
pub struct ShmemMsi {
    /// Whether interrupts bypass the emulator process.
    pub ioeventfd: Option<OnOff>,
    /// Number of interrupt vectors.
    pub vectors: Option<u32>,
}

patterns! {
    /// Name of a shared memory.
    ShmemName = "name", "text without a slash", r"[^/]*";
}
