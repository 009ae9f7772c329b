//! `<smartcard>`: [Smartcard devices](https://libvirt.org/formatdomain.html#smartcard-devices).

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address};
use crate::formats::device::character::source::{
    CharacterLog, CharacterProtocol, CharacterSource, CharacterType, check_sources,
};
use crate::formats::device::character::target::CharacterTarget;
use crate::formats::patterns::AbsoluteFolder;
use nixvirt_schema_derive::element;

/// A smart card reader.
#[element(rules)]
pub struct Smartcard {
    /// Where the card is.
    #[form]
    pub card: SmartcardMode,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// Where a smart card is.
#[element("mode")]
pub enum SmartcardMode {
    /// In a reader of the host.
    Host {},
    /// Nowhere: three certificates of the host stand for it.
    HostCertificates {
        /// The names of the certificates: exactly three.
        #[child]
        certificate: Vec<String>,
        /// The folder of the database that holds them; /etc/pki/nssdb where absent.
        #[child]
        database: Option<AbsoluteFolder>,
    },
    /// At the other end of a character device.
    Passthrough {
        /// What the character device is on the host.
        r#type: CharacterType,
        /// Where on the host the data comes from and goes to.
        source: Vec<CharacterSource>,
        /// What is spoken over `tcp`.
        protocol: Option<CharacterProtocol>,
        /// A file that records what the guest writes.
        log: Option<CharacterLog>,
        /// Allowed by libvirt and without effect.
        target: Option<CharacterTarget>,
    },
}

impl View<'_, Smartcard> {
    fn rules(self, report: &mut Report<'_>) {
        let card = self.card();
        check_sources(card.r#type(), card.source(), report);
        let is_certificates = card.mode().is_some_and(|mode| mode.text().as_deref() == Some("host-certificates"));
        let count = card.certificate().count();
        if is_certificates && count != 3 {
            let message = format!("needs exactly 3 certificates, found {count}");
            let at = self.value().attribute("certificate").unwrap_or(self.value());
            report.error(at, "smartcard-certificates", message);
        }
    }
}
