//! `<rng>`: [Random number generator device](https://libvirt.org/formatdomain.html#random-number-generator-device).

use crate::engine::problem::Report;
use crate::engine::scalar::Int;
use crate::engine::view::View;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::character::source::{
    CharacterLog, CharacterProtocol, CharacterSource, CharacterType, check_sources,
};
use crate::formats::device::virtio::VirtioOptions;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// A source of random numbers.
#[element]
pub struct Rng {
    /// The device that the guest sees.
    pub model: RngModel,
    /// How many bytes the guest may take.
    pub rate: Option<RngRate>,
    /// Where the host takes the numbers from.
    pub backend: RngBackend,
    /// How the device exchanges data with the host.
    pub driver: Option<VirtioOptions>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a source of random numbers.
#[values]
pub enum RngModel {
    /// A virtio device.
    Virtio,
    /// A virtio device for guests that know only its old form too. Since libvirt 5.2.0.
    VirtioTransitional,
    /// A virtio device in its new form only. Since libvirt 5.2.0.
    VirtioNonTransitional,
}

/// How many random bytes a guest may take. Since libvirt 1.0.4.
#[element]
pub struct RngRate {
    /// The bytes that it may take in one period.
    pub bytes: Int<1, { u64::MAX }>,
    /// The length of a period in milliseconds; 1000 where absent.
    pub period: Option<Int<1, { u64::MAX }>>,
}

/// Where the host takes random numbers from.
#[element("model", rules)]
pub enum RngBackend {
    /// A device of the host.
    Random {
        /// The device; /dev/urandom where absent.
        #[text]
        source: Option<AbsolutePath>,
    },
    /// A program that speaks the protocol of the entropy gathering daemon.
    Egd {
        /// What connects to the program.
        r#type: CharacterType,
        /// Where the program is.
        #[name = "source"]
        sources: Vec<CharacterSource>,
        /// What is spoken over `tcp`.
        protocol: Option<CharacterProtocol>,
        /// A file that records what is sent.
        log: Option<CharacterLog>,
    },
    /// The hypervisor's own generator. Since libvirt 6.1.0.
    Builtin {},
}

impl View<'_, RngBackend> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.sources(), report);
    }
}
