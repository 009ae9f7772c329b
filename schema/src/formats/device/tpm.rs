//! `<tpm>`: [TPM device](https://libvirt.org/formatdomain.html#tpm-device).

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Present, YesNo};
use crate::formats::device::address::{Address, Alias};
use crate::formats::patterns::{AbsoluteFolder, AbsolutePath, Path, Uuid};
use nixvirt_schema_derive::{element, values};

/// A trusted platform module.
#[element]
pub struct Tpm {
    /// The device that the guest sees; what suits the guest where absent.
    pub model: Option<TpmModel>,
    /// What does its work.
    pub backend: TpmBackend,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a trusted platform module.
#[values]
pub enum TpmModel {
    /// The interface that every version has.
    TpmTis,
    /// A simpler interface, for version 2.0. Since libvirt 4.4.0.
    TpmCrb,
    /// The interface of pSeries guests. Since libvirt 5.6.0.
    TpmSpapr,
    /// A proxy to the host's own, for pSeries guests. Since libvirt 6.5.0.
    SpaprTpmProxy,
}

/// What does the work of a trusted platform module.
#[element]
pub struct TpmBackend {
    /// The kind.
    #[form]
    pub kind: TpmBackendType,
    /// The version of the standard; the host's choice where absent. Since libvirt 4.5.0.
    pub version: Option<TpmVersion>,
}

/// The kinds of backends of a trusted platform module.
#[element("type")]
pub enum TpmBackendType {
    /// One of the host's, which the guest gets for itself.
    Passthrough {
        /// Which of the host's.
        device: Option<TpmDevice>,
    },
    /// The program `swtpm`, which libvirt runs. Since libvirt 4.5.0.
    Emulator {
        /// Whether what it keeps stays on the host when the domain is only transient. Since libvirt 7.0.0.
        persistent_state: Option<YesNo>,
        /// How much it logs, from 0; only what libvirt needs where absent.
        debug: Option<u8>,
        /// How what it keeps is encrypted.
        encryption: Option<TpmEncryption>,
        /// Which banks of registers are active, for version 2.0; left as they are where absent. Since libvirt 7.10.0.
        active_pcr_banks: Option<TpmPcrBanks>,
        /// Where it keeps what it keeps; in libvirt's own folder where absent.
        source: Option<TpmEmulatorSource>,
        /// Which commands and algorithms it offers. Since libvirt 10.10.0.
        profile: Option<TpmProfile>,
    },
    /// A `swtpm` that something else runs. Since libvirt 9.0.0.
    External {
        /// Where it listens.
        source: Option<TpmExternalSource>,
    },
}

/// A version of the standard of trusted platform modules.
#[values]
pub enum TpmVersion {
    /// 1.2, which old guests want.
    #[xml = "1.2"]
    V1,
    /// 2.0, which Windows 11 wants.
    #[xml = "2.0"]
    V2,
}

/// A trusted platform module of the host.
#[element]
pub struct TpmDevice {
    /// Its device; /dev/tpm0 where absent.
    pub path: Option<Path>,
}

/// How what a module keeps is encrypted. Since libvirt 5.6.0.
#[element]
pub struct TpmEncryption {
    /// The id of the libvirt secret that holds the passphrase.
    pub secret: Uuid,
}

/// The banks of registers that are active, each by its hash.
#[element]
pub struct TpmPcrBanks {
    /// The bank of SHA-1.
    pub sha1: Option<Present>,
    /// The bank of SHA-256.
    pub sha256: Option<Present>,
    /// The bank of SHA-384.
    pub sha384: Option<Present>,
    /// The bank of SHA-512.
    pub sha512: Option<Present>,
}

/// Where a module keeps what it keeps.
#[element("type")]
pub enum TpmEmulatorSource {
    /// A file.
    File {
        /// Its path.
        path: AbsolutePath,
    },
    /// A folder.
    Dir {
        /// Its path.
        path: AbsoluteFolder,
    },
}

/// The commands and algorithms that a module offers.
#[element]
pub struct TpmProfile {
    /// The profile that a new module is made from.
    pub source: Option<TpmProfileName>,
    /// Whether algorithms that the host disables are taken out of the profile.
    pub removeDisabled: Option<TpmRemoveDisabled>,
    /// The name that the profile has in the module, which libvirt tells.
    pub name: Option<TpmProfileName>,
}

/// How algorithms that the host disables are found.
#[values]
pub enum TpmRemoveDisabled {
    /// Each is tried.
    Check,
    /// The host is taken to be in FIPS mode.
    FipsHost,
}

/// Where a module listens that something else runs.
#[element]
pub struct TpmExternalSource {
    /// The kind of socket.
    pub r#type: TpmSocketType,
    /// Its path.
    pub path: Path,
    /// Who connects.
    pub mode: TpmSocketMode,
}

/// The kind of socket at which a module listens.
#[values]
pub enum TpmSocketType {
    /// A Unix socket.
    Unix,
}

/// Who connects to a module's socket.
#[values]
pub enum TpmSocketMode {
    /// The hypervisor.
    Connect,
}

patterns! {
    /// The name of a profile.
    TpmProfileName = "a profile's name: letters, digits and . - :", r"[A-Za-z0-9.\-:]+";
}
