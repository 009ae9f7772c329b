//! The firmware of a guest.

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::formats::device::disk::source::DiskStorage;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// A kind of firmware.
#[values]
pub enum OsFirmwareKind {
    /// The PC's old one.
    Bios,
    /// UEFI.
    Efi,
}

/// What the firmware that libvirt finds must or must not have.
#[element]
pub struct OsFirmware {
    /// One thing that it must or must not have.
    #[required]
    pub feature: Vec<FirmwareFeature>,
}

/// One thing that firmware must or must not have.
#[element]
pub struct FirmwareFeature {
    /// Whether it must have it.
    pub enabled: YesNo,
    /// What it is.
    pub name: FirmwareFeatureName,
}

/// What firmware may have.
#[values]
pub enum FirmwareFeatureName {
    /// The keys of Microsoft and the distributions, already enrolled.
    EnrolledKeys,
    /// Secure boot.
    SecureBoot,
}

/// The firmware's code.
#[element]
pub struct Loader {
    /// Whether the guest cannot write to it.
    pub readonly: Option<YesNo>,
    /// Whether it takes part in secure boot, for which the guest needs `features.smm`.
    pub secure: Option<YesNo>,
    /// How the guest sees it.
    pub r#type: Option<LoaderType>,
    /// Whether it works without variables of its own. Since libvirt 8.6.
    pub stateless: Option<YesNo>,
    /// The format of the file; `raw` when absent. Since libvirt 9.2.
    pub format: Option<FlashFormat>,
    /// The file's path.
    #[text]
    pub path: Option<AbsolutePath>,
}

/// How the guest sees the firmware's code.
#[values]
pub enum LoaderType {
    /// As read-only memory.
    Rom,
    /// As flash memory.
    Pflash,
}

/// The format of a file that is seen as flash memory.
#[values]
pub enum FlashFormat {
    /// The bytes themselves.
    Raw,
    /// QEMU's own format, in which snapshots work.
    Qcow2,
}

/// What keeps the firmware's variables.
#[element(rules)]
pub struct OsNvram {
    /// What they are kept in, where it is no plain file.
    #[form]
    pub storage: DiskStorage,
    /// The file that a new one is copied from; libvirt's own choice for the firmware when absent.
    pub template: Option<AbsolutePath>,
    /// The format of `template`. Since libvirt 10.10.
    pub templateFormat: Option<FlashFormat>,
    /// The format in which they are kept; `raw` when absent. Since libvirt 9.2.
    pub format: Option<FlashFormat>,
    /// The path of a plain file; libvirt's own choice when absent.
    #[text]
    pub path: Option<AbsolutePath>,
}

impl View<'_, OsNvram> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(format), None) = (self.templateFormat(), self.template()) {
            report.error(format.value(), "nvram-template", "needs a template, whose format it is");
        }
        if self.path().is_none() {
            return;
        }
        let (kind, source) = (self.storage().r#type().map(Read::value), self.storage().source().map(Read::value));
        for part in kind.into_iter().chain(source) {
            report.error(part, "nvram-path", "cannot stand beside path, which is a plain file: leave it out");
        }
    }
}
