//! `<pstore>`: [Pstore](https://libvirt.org/formatdomain.html#pstore).

use crate::formats::device::address::{Address, Alias};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Size;
use nixvirt_schema_derive::{element, values};

/// Persistent store for the log of a crashed guest.
#[element]
pub struct Pstore {
    /// Device presented to the guest.
    pub backend: PstoreBackend,
    /// File on the host that holds the store. libvirt chooses a path if omitted.
    #[child]
    pub path: Option<AbsolutePath>,
    /// Size of the store, in KiB unless a unit is given.
    pub size: Size,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Device type of a persistent log store in the guest.
#[values]
pub enum PstoreBackend {
    /// ACPI error record serialization table (ERST).
    AcpiErst,
}
