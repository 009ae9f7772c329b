//! `<launchSecurity>`: [Launch security](https://libvirt.org/formatdomain.html#launch-security).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, YesNo};
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::element;

/// How the guest's memory is kept from the host.
#[element("type", rules)]
pub enum LaunchSecurity {
    /// AMD's Secure Encrypted Virtualization.
    Sev {
        /// Whether what `os.kernel` and its like hold is measured too. Since libvirt 8.0.
        kernelHashes: Option<YesNo>,
        /// The bit of an address that marks encrypted pages; the host's own when absent.
        #[child]
        cbitpos: Option<u32>,
        /// How many bits of an address encryption takes; the host's own when absent.
        #[child]
        reducedPhysBits: Option<u32>,
        /// What the host may do with the guest, as bits of AMD's definition.
        #[child]
        policy: Hex<8>,
        /// The handle of a guest whose key is shared.
        #[child]
        handle: Option<u32>,
        /// The guest owner's key for the exchange, in base64.
        #[child]
        dhCert: Option<String>,
        /// The guest owner's session blob, in base64.
        #[child]
        session: Option<String>,
    },
    /// AMD's Secure Encrypted Virtualization with nested paging. Since libvirt 10.5.
    SevSnp {
        /// Whether what `os.kernel` and its like hold is measured too.
        kernelHashes: Option<YesNo>,
        /// Whether `idAuth` holds the key of an author too.
        authorKey: Option<YesNo>,
        /// Whether the guest may use the key that belongs to the host's chip and version.
        vcek: Option<YesNo>,
        /// The bit of an address that marks encrypted pages; the host's own when absent.
        #[child]
        cbitpos: Option<u32>,
        /// How many bits of an address encryption takes; the host's own when absent.
        #[child]
        reducedPhysBits: Option<u32>,
        /// What the host may do with the guest, as bits of AMD's definition.
        #[child]
        policy: Hex<16>,
        /// Which workarounds the guest sees: 16 bytes in base64.
        #[child]
        guestVisibleWorkarounds: Option<String>,
        /// What the guest's measurement must be: 96 bytes in base64.
        #[child]
        idBlock: Option<String>,
        /// What proves `idBlock`: 4096 bytes in base64.
        #[child]
        idAuth: Option<String>,
        /// What the host adds to the guest's report: 32 bytes in base64.
        #[child]
        hostData: Option<String>,
    },
    /// IBM's Secure Execution, on S390. Since libvirt 7.6.
    S390Pv {},
}

impl View<'_, LaunchSecurity> {
    fn rules(self, report: &mut Report<'_>) {
        let Some(policy) = self.policy().map(Read::value) else { return };
        if policy.text().is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_uppercase())) {
            report.error(policy, "launch-security-policy", "write its digits in lower case, as in \"0x3a\"");
        }
    }
}
