//! `<launchSecurity>`: [Launch security](https://libvirt.org/formatdomain.html#launch-security).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::element;

/// Protection of the guest's memory from the host.
#[element("type", rules)]
pub enum LaunchSecurity {
    /// AMD Secure Encrypted Virtualization (SEV).
    Sev {
        /// Whether the files of a direct kernel boot, such as `os.kernel`, are included in the measurement.
        #[since = "8.0"]
        kernelHashes: Option<YesNo>,
        /// Position of the address bit that marks encrypted pages. Defaults to the host's value.
        #[child]
        cbitpos: Option<u32>,
        /// Number of address bits used by memory encryption. Defaults to the host's value.
        #[child]
        reducedPhysBits: Option<u32>,
        /// Guest policy: permissions of the host, as a bit mask defined by AMD.
        #[child]
        policy: Hex<8>,
        /// Firmware handle of another guest whose encryption key is shared.
        #[child]
        handle: Option<u32>,
        /// Diffie-Hellman key of the guest owner, in base64.
        #[child]
        dhCert: Option<String>,
        /// Session data of the guest owner, in base64.
        #[child]
        session: Option<String>,
    },
    /// AMD Secure Encrypted Virtualization with Secure Nested Paging (SEV-SNP).
    #[since = "10.5"]
    SevSnp {
        /// Whether the files of a direct kernel boot, such as `os.kernel`, are included in the measurement.
        kernelHashes: Option<YesNo>,
        /// Whether `idAuth` also contains the key of an author.
        authorKey: Option<YesNo>,
        /// Whether the guest can use the key of the host's chip and firmware version (VCEK).
        vcek: Option<YesNo>,
        /// Position of the address bit that marks encrypted pages. Defaults to the host's value.
        #[child]
        cbitpos: Option<u32>,
        /// Number of address bits used by memory encryption. Defaults to the host's value.
        #[child]
        reducedPhysBits: Option<u32>,
        /// Guest policy: permissions of the host, as a bit mask defined by AMD.
        #[child]
        policy: Hex<16>,
        /// Workarounds visible to the guest: 16 bytes in base64.
        #[child]
        guestVisibleWorkarounds: Option<String>,
        /// ID block with the expected measurement of the guest: 96 bytes in base64.
        #[child]
        idBlock: Option<String>,
        /// Authentication data of `idBlock`: 4096 bytes in base64.
        #[child]
        idAuth: Option<String>,
        /// Host data included in the guest's attestation report: 32 bytes in base64.
        #[child]
        hostData: Option<String>,
    },
    /// IBM Secure Execution, for S390 guests.
    #[since = "7.6"]
    S390Pv {},
    /// Intel Trust Domain Extensions (TDX).
    #[since = "11.6"]
    Tdx {
        /// Guest attributes: properties of the trust domain, as a bit mask defined by Intel.
        #[child]
        policy: Option<Hex<16>>,
        /// ID of the part of the guest's configuration that the owner does not define: a SHA-384 hash in base64.
        #[child]
        mrConfigId: Option<String>,
        /// ID of the guest's owner: a SHA-384 hash in base64.
        #[child]
        mrOwner: Option<String>,
        /// ID of the part of the guest's configuration that the owner defines: a SHA-384 hash in base64.
        #[child]
        mrOwnerConfig: Option<String>,
        /// Program on the host that signs the guest's attestation reports.
        quoteGenerationService: Option<QuoteGenerationService>,
    },
}

/// Program on the host that signs the attestation reports of TDX guests.
#[element]
pub struct QuoteGenerationService {
    /// Socket of the program. Defaults to `/var/run/tdx-qgs/qgs.socket`.
    pub path: Option<AbsolutePath>,
}

impl View<'_, LaunchSecurity> {
    fn rules(self, report: &mut Report<'_>) {
        let Some(policy) = self.policy().map(Read::value) else { return };
        if policy.text().is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_uppercase())) {
            let message = format!("invalid policy {}: expected lowercase digits, e.g. 0x3a", policy.shown());
            report.error(policy, "launch-security-policy", message);
        }
    }
}
