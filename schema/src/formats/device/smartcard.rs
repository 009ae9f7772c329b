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

/// Smart card reader of the guest.
#[element(rules)]
pub struct Smartcard {
    /// Source of the smart card.
    #[form]
    pub card: SmartcardMode,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Source of a smart card.
#[element("mode")]
pub enum SmartcardMode {
    /// Smart card in a reader of the host.
    Host {},
    /// Emulated smart card with three certificates from a database on the host.
    HostCertificates {
        /// Names of the certificates, exactly three.
        #[child]
        certificate: Vec<String>,
        /// Directory of the certificate database on the host. Defaults to `/etc/pki/nssdb`.
        #[child]
        database: Option<AbsoluteFolder>,
    },
    /// Smart card at the other end of a character device.
    Passthrough {
        /// Type of the character device on the host.
        r#type: CharacterType,
        /// Host side of the character device: where data comes from and goes to.
        source: Vec<CharacterSource>,
        /// Protocol used over a `tcp` connection.
        protocol: Option<CharacterProtocol>,
        /// Log file for data written by the guest.
        #[since = "1.3"]
        log: Option<CharacterLog>,
        /// Target of the character device, accepted by libvirt without effect.
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
            let message = format!("expected 3 certificates, found {count}");
            let at = self.value().attribute("certificate").unwrap_or(self.value());
            report.error(at, "smartcard-certificates", message);
        }
    }
}
