//! `<rng>`: [Random number generator device](https://libvirt.org/formatdomain.html#random-number-generator-device).

use crate::engine::problem::Report;
use crate::engine::scalar::{InUnit, Int};
use crate::engine::view::View;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::character::source::{
    CharacterLog, CharacterProtocol, CharacterSource, CharacterType, check_sources,
};
use crate::formats::device::virtio::VirtioOptions;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// Random number generator of the guest.
#[element]
pub struct Rng {
    /// Random number generator model presented to the guest.
    pub model: RngModel,
    /// Rate limit for random bytes read by the guest.
    #[since = "1.0"]
    pub rate: Option<RngRate>,
    /// Source of the random numbers on the host.
    pub backend: RngBackend,
    /// Virtio options of the device, such as IOMMU use and queue layout.
    pub driver: Option<VirtioOptions>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Random number generator model.
#[values]
pub enum RngModel {
    /// Virtio device.
    Virtio,
    /// Transitional virtio device, for legacy and modern drivers.
    #[since = "5.2"]
    VirtioTransitional,
    /// Non-transitional virtio device, for modern drivers only.
    #[since = "5.2"]
    VirtioNonTransitional,
}

/// Rate limit for random bytes read by a guest.
#[element]
pub struct RngRate {
    /// Number of random bytes that the guest may read in one period.
    pub bytes: InUnit<Int<1, { u32::MAX as u64 }>, 1>,
    /// Length of a period in milliseconds. Defaults to 1000.
    pub period: Option<Int<1, { u32::MAX as u64 }>>,
}

/// Source of random numbers on the host.
#[element("model", rules)]
pub enum RngBackend {
    /// Random number device of the host.
    Random {
        /// Path of the random number device on the host. Defaults to `/dev/urandom`.
        #[text]
        source: Option<AbsolutePath>,
    },
    /// Program that speaks the protocol of the entropy gathering daemon (EGD).
    Egd {
        /// Type of the character device that connects to the program.
        r#type: CharacterType,
        /// Host side of the character device: address or path of the program.
        #[name = "source"]
        sources: Vec<CharacterSource>,
        /// Protocol used over a `tcp` connection.
        protocol: Option<CharacterProtocol>,
        /// Log file for data sent to the program.
        #[since = "1.3"]
        log: Option<CharacterLog>,
    },
    /// Built-in random number generator of the hypervisor.
    #[since = "6.1"]
    Builtin {},
}

impl View<'_, RngBackend> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.sources(), report);
    }
}
