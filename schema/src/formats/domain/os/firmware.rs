//! The firmware of a guest.

use crate::engine::problem::Report;
use crate::engine::scalar::{Either, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::disk::source::DiskStorage;
use crate::formats::patterns::AbsolutePath;
use crate::formats::storage::patterns::VmwareNvramPath;
use nixvirt_schema_derive::{element, values};

/// Kind of firmware.
#[values]
pub enum OsFirmwareKind {
    /// Traditional PC BIOS.
    Bios,
    /// UEFI firmware.
    Efi,
}

/// Features that the firmware chosen by libvirt must have or must not have.
#[element]
pub struct OsFirmware {
    /// Feature that the firmware must have or must not have.
    #[required]
    pub feature: Vec<FirmwareFeature>,
}

/// Feature that firmware must have or must not have.
#[element]
pub struct FirmwareFeature {
    /// Whether the firmware must have the feature. `false` excludes firmware with the feature.
    pub enabled: YesNo,
    /// Name of the firmware feature.
    pub name: FirmwareFeatureName,
}

/// Firmware feature.
#[values]
pub enum FirmwareFeatureName {
    /// Keys of Microsoft and Linux distributions, enrolled in advance.
    EnrolledKeys,
    /// Secure Boot.
    SecureBoot,
}

/// Firmware code of the guest.
#[element]
pub struct Loader {
    /// Whether the firmware code is read-only for the guest.
    pub readonly: Option<YesNo>,
    /// Whether the firmware supports Secure Boot. Requires `features.smm`.
    pub secure: Option<YesNo>,
    /// Memory type of the firmware code in the guest.
    pub r#type: Option<LoaderType>,
    /// Whether the firmware works without persistent variables.
    #[since = "8.6"]
    pub stateless: Option<YesNo>,
    /// Format of the firmware file. Defaults to `raw`.
    #[since = "9.2"]
    pub format: Option<FlashFormat>,
    /// Path of the firmware file on the host.
    #[text]
    pub path: Option<AbsolutePath>,
}

/// Memory type of the firmware code in the guest.
#[values]
pub enum LoaderType {
    /// Read-only memory.
    Rom,
    /// Flash memory.
    Pflash,
}

/// Format of a file presented to the guest as flash memory.
#[values]
pub enum FlashFormat {
    /// Raw bytes without a format.
    Raw,
    /// QEMU's `qcow2` format, which supports snapshots.
    Qcow2,
}

/// Storage of the firmware's variables in QEMU's `uefi-vars` device. The device allows Secure Boot on Arm.
#[element]
pub struct OsVarstore {
    /// File that new firmware variables are copied from. Defaults to libvirt's template for the firmware.
    pub template: Option<AbsolutePath>,
    /// File of the guest's firmware variables. libvirt chooses a path if omitted.
    pub path: Option<AbsolutePath>,
}

/// Storage of the firmware's variables (NVRAM).
#[element(rules)]
pub struct OsNvram {
    /// Storage of the firmware's variables, unless stored in a plain file.
    #[form]
    pub storage: DiskStorage,
    /// File that new firmware variables are copied from. Defaults to libvirt's template for the firmware.
    pub template: Option<AbsolutePath>,
    /// Format of `template`.
    #[since = "10.10"]
    pub templateFormat: Option<FlashFormat>,
    /// Format of the stored firmware variables. Defaults to `raw`.
    #[since = "9.2"]
    pub format: Option<FlashFormat>,
    /// Path of a plain file for the firmware's variables. libvirt chooses a path if omitted.
    #[text]
    pub path: Option<Either<AbsolutePath, VmwareNvramPath>>,
}

impl View<'_, OsNvram> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(format), None) = (self.templateFormat(), self.template()) {
            let message = "libvirt takes `templateFormat` without `template`, but schemas before libvirt 12.8 do not: `virsh define --validate` fails";
            report.warning(format.value(), "nvram-template", message);
        }
        if self.path().is_none() {
            return;
        }
        let (kind, source) = (self.storage().r#type().map(Read::value), self.storage().source().map(Read::value));
        for part in kind.into_iter().chain(source) {
            report.error(part, "nvram-path", format!("`{}` conflicts with `path`: remove one of them", part.key()));
        }
    }
}
