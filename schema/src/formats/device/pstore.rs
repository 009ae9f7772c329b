//! `<pstore>`: [Pstore](https://libvirt.org/formatdomain.html#pstore).

use crate::formats::device::address::{Address, Alias};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Size;
use nixvirt_schema_derive::{element, values};

/// A store in which a guest keeps what it logged before it died. Since libvirt 10.6.0.
#[element]
pub struct Pstore {
    /// The device that the guest sees.
    pub backend: PstoreBackend,
    /// The file of the host that holds it; one that libvirt names where absent.
    #[child]
    pub path: Option<AbsolutePath>,
    /// How big it is, in KiB where no unit is given.
    pub size: Size,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The device that a guest sees as a store for its log.
#[values]
pub enum PstoreBackend {
    /// ACPI's store of error records.
    AcpiErst,
}
