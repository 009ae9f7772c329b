//! `<shmem>`: [Shared memory device](https://libvirt.org/formatdomain.html#shared-memory-device).

use crate::engine::pattern::patterns;
use crate::engine::scalar::OnOff;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Size;
use nixvirt_schema_derive::{element, values};

/// Memory shared with other guests or programs of the host. Since libvirt 1.2.10.
#[element]
pub struct Shmem {
    /// The name of the memory, which all that share it use.
    pub name: ShmemName,
    /// What becomes of the memory when the guest moves to another host.
    pub role: Option<ShmemRole>,
    /// The device that the guest sees.
    pub model: Option<ShmemModel>,
    /// How much memory; a power of two. In bytes where no unit is given.
    pub size: Option<Size>,
    /// The server that hands out the memory.
    pub server: Option<ShmemServer>,
    /// The interrupts by which those that share the memory wake each other; needs a server.
    pub msi: Option<ShmemMsi>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// What becomes of shared memory when a guest moves to another host.
#[values]
pub enum ShmemRole {
    /// It moves with the guest.
    Master,
    /// It stays; the guest must let go of it first.
    Peer,
}

/// The device that the guest sees as shared memory.
#[element]
pub struct ShmemModel {
    /// Its type.
    pub r#type: ShmemModelType,
}

/// The type of a shared memory device.
#[values]
pub enum ShmemModelType {
    /// The old device, which new QEMU lacks.
    Ivshmem,
    /// Memory alone.
    IvshmemPlain,
    /// Memory with interrupts, handed out by a server.
    IvshmemDoorbell,
}

/// The server that hands out shared memory.
#[element]
pub struct ShmemServer {
    /// Its Unix socket; one that libvirt names where absent.
    pub path: Option<AbsolutePath>,
}

/// The interrupts of a shared memory device.
#[element]
pub struct ShmemMsi {
    /// Whether interrupts skip the program that runs the guest.
    pub ioeventfd: Option<OnOff>,
    /// How many there are.
    pub vectors: Option<u32>,
}

patterns! {
    /// The name of a shared memory.
    ShmemName = "a name without a slash", r"[^/]*";
}
