//! `<tpm>`: [TPM device](https://libvirt.org/formatdomain.html#tpm-device).

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Present, YesNo};
use crate::formats::device::address::{Address, Alias};
use crate::formats::patterns::{AbsoluteFolder, AbsolutePath, Path, Uuid};
use nixvirt_schema_derive::{element, values};

/// Trusted Platform Module (TPM) of the guest.
#[element]
pub struct Tpm {
    /// TPM model presented to the guest. Defaults to the model that fits the guest.
    pub model: Option<TpmModel>,
    /// Backend of the TPM on the host.
    pub backend: TpmBackend,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// TPM model.
#[values]
pub enum TpmModel {
    /// TIS interface, for all TPM versions.
    TpmTis,
    /// CRB interface: simpler, for TPM 2.0.
    #[since = "4.4"]
    TpmCrb,
    /// Interface of pSeries guests.
    #[since = "5.6"]
    TpmSpapr,
    /// Proxy to the TPM of the host, for pSeries guests.
    #[since = "6.5"]
    SpaprTpmProxy,
}

/// Backend of a TPM on the host.
#[element]
pub struct TpmBackend {
    /// Type of the TPM backend.
    #[form]
    pub kind: TpmBackendType,
    /// Version of the TPM standard. Chosen by the host if omitted.
    #[since = "4.5"]
    pub version: Option<TpmVersion>,
}

/// Type of a TPM backend.
#[element("type")]
pub enum TpmBackendType {
    /// TPM of the host, reserved for the guest.
    Passthrough {
        /// TPM device of the host.
        device: Option<TpmDevice>,
    },
    /// Software TPM: libvirt runs the program `swtpm`.
    #[since = "4.5"]
    Emulator {
        /// Whether the TPM state stays on the host after a transient domain stops.
        #[since = "7.0"]
        persistent_state: Option<YesNo>,
        /// Log level of `swtpm`, from 0. Only the messages that libvirt needs are logged if omitted.
        #[since = "10.6"]
        debug: Option<u8>,
        /// Encryption of the TPM state.
        #[since = "5.6"]
        encryption: Option<TpmEncryption>,
        /// Active PCR banks, for TPM 2.0. The banks are unchanged if omitted.
        #[since = "7.10"]
        active_pcr_banks: Option<TpmPcrBanks>,
        /// Storage location of the TPM state. Defaults to libvirt's own directory.
        #[since = "10.10"]
        source: Option<TpmEmulatorSource>,
        /// Profile of commands and algorithms that the TPM offers.
        #[since = "10.10"]
        profile: Option<TpmProfile>,
    },
    /// External `swtpm`, started by another program.
    #[since = "9.0"]
    External {
        /// Socket of the external `swtpm`.
        source: Option<TpmExternalSource>,
    },
}

/// Version of the TPM standard.
#[values]
pub enum TpmVersion {
    /// TPM 1.2, for old guests.
    #[xml = "1.2"]
    V1,
    /// TPM 2.0, required by Windows 11.
    #[xml = "2.0"]
    V2,
}

/// TPM device of the host.
#[element]
pub struct TpmDevice {
    /// Path of the TPM device on the host. Defaults to `/dev/tpm0`.
    pub path: Option<Path>,
}

/// Encryption of the TPM state.
#[element]
pub struct TpmEncryption {
    /// UUID of the libvirt secret that holds the passphrase.
    pub secret: Uuid,
}

/// Active PCR banks of a TPM, one for each hash algorithm.
#[element]
pub struct TpmPcrBanks {
    /// Whether the SHA-1 PCR bank is active.
    pub sha1: Option<Present>,
    /// Whether the SHA-256 PCR bank is active.
    pub sha256: Option<Present>,
    /// Whether the SHA-384 PCR bank is active.
    pub sha384: Option<Present>,
    /// Whether the SHA-512 PCR bank is active.
    pub sha512: Option<Present>,
}

/// Storage location of the TPM state.
#[element("type")]
pub enum TpmEmulatorSource {
    /// File that holds the TPM state.
    File {
        /// Path of the file that holds the TPM state.
        path: AbsolutePath,
    },
    /// Directory that holds the TPM state.
    Dir {
        /// Path of the directory that holds the TPM state.
        path: AbsoluteFolder,
    },
}

/// Profile of commands and algorithms that a TPM offers.
#[element]
pub struct TpmProfile {
    /// Name of the profile used to create a new TPM.
    pub source: Option<TpmProfileName>,
    /// Whether algorithms that the host disables are removed from the profile.
    pub removeDisabled: Option<TpmRemoveDisabled>,
    /// Output only: the name of the profile in the TPM.
    pub name: Option<TpmProfileName>,
}

/// Detection of algorithms that the host disables.
#[values]
pub enum TpmRemoveDisabled {
    /// Test each algorithm on the host.
    Check,
    /// Assume that the host is in FIPS mode.
    FipsHost,
}

/// Socket of an external TPM program.
#[element]
pub struct TpmExternalSource {
    /// Type of the TPM socket.
    pub r#type: TpmSocketType,
    /// Path of the TPM socket.
    pub path: Path,
    /// Side that connects to the TPM socket.
    pub mode: TpmSocketMode,
}

/// Type of a TPM socket.
#[values]
pub enum TpmSocketType {
    /// Unix socket.
    Unix,
}

/// Side that connects to a TPM socket.
#[values]
pub enum TpmSocketMode {
    /// The hypervisor connects.
    Connect,
}

patterns! {
    /// Name of a TPM profile.
    TpmProfileName = "profile name", "letters, digits, \".\", \"-\" or \":\"", r"[A-Za-z0-9.\-:]+";
}
