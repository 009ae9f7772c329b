//! `<backingStore>` and `<mirror>`:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::source::DiskStorage;
use crate::engine::problem::Report;
use crate::engine::render::EXTRA;
use crate::engine::scalar::Int;
use crate::engine::view::{Read, View};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Size;
use crate::formats::storage::{StorageFormat, choice};
use nixvirt_schema_derive::{element, values};

/// Backing image of a disk image. An empty set means that there is no backing image.
#[element(rules)]
pub struct DiskBackingStore {
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Format of the backing image. Required unless the set is empty.
    pub format: Option<DiskFormat>,
    /// Storage that holds the backing image.
    #[form]
    pub storage: DiskStorage,
    /// Next backing image in the chain: the backing image of this image.
    pub backingStore: Option<DiskBackingStore>,
}

/// Format of a disk image.
#[element]
pub struct DiskFormat {
    /// Name of the image format.
    pub r#type: StorageFormat,
    /// Memory cache for the image's metadata tables.
    pub metadata_cache: Option<DiskMetadataCache>,
}

/// Memory cache for the metadata tables of a disk image.
#[element]
pub struct DiskMetadataCache {
    /// Maximum size of the metadata cache. Only for `qcow2`.
    #[unitless = "bytes"]
    pub max_size: Option<Size>,
}

/// External data file of a `qcow2` image. The `qcow2` image then holds only metadata.
#[element(rules)]
pub struct DiskDataStore {
    /// Format of the external data file.
    pub format: DiskFormat,
    /// Storage that holds the external data file.
    #[form]
    pub storage: DiskStorage,
}

/// Copy of a disk that a block job is creating.
#[element(rules)]
pub struct DiskMirror {
    /// Path of the file of the copy. Legacy form of `source` in older libvirt versions.
    pub file: Option<AbsolutePath>,
    /// Format of the copy: a word if `file` is used, otherwise a set.
    pub format: Option<StorageFormat>,
    /// Purpose of the copy. Required without `file`.
    pub job: Option<DiskMirrorJob>,
    /// Progress of the copy.
    pub ready: Option<DiskMirrorReady>,
    /// Format of the copy.
    #[name = "format"]
    pub format_element: Option<DiskFormat>,
    /// Storage that holds the copy.
    #[form]
    pub storage: DiskStorage,
    /// Backing image of the copy.
    pub backingStore: Option<DiskBackingStore>,
}

/// Purpose of a disk copy.
#[values]
pub enum DiskMirrorJob {
    /// Copy the disk.
    Copy,
    /// Merge the active image into the backing image.
    ActiveCommit,
}

/// Progress of a disk copy.
#[values]
pub enum DiskMirrorReady {
    /// Ready: disk and copy are identical and stay synchronized.
    Yes,
    /// Abort: the copy is being canceled.
    Abort,
    /// Pivot: the guest is switching to the copy.
    Pivot,
}

impl View<'_, DiskBackingStore> {
    fn rules(self, report: &mut Report<'_>) {
        if self.format().is_none() && self.value().parts().any(|part| part.key() != EXTRA) {
            report.missing(self.value(), "format", "expected a set, e.g. { type = \"qcow2\"; }");
        }
        is_a_format(self.format(), report);
    }
}

impl View<'_, DiskDataStore> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "type", "expected file, block or network", report);
        choice::some(self.value(), "source", "expected a set, which names the data file", report);
        is_a_format(self.format(), report);
    }
}

/// Reports encryption where the format of an image is expected.
fn is_a_format(format: Option<View<'_, DiskFormat>>, report: &mut Report<'_>) {
    let Some(word) = format.and_then(|format| format.r#type()) else { return };
    if word.get() == Some(StorageFormat::Luks) {
        let message = "the format of an image cannot be \"luks\": use raw, and set `encryption`";
        report.error(word.value(), "disk-format-luks", message);
    }
}

impl View<'_, DiskMirror> {
    fn rules(self, report: &mut Report<'_>) {
        let (job, at) = (self.job(), self.value());
        if self.file().is_none() {
            if job.is_none() {
                report.missing(at, "job", "a mirror without `file` requires it: expected copy or active-commit");
            }
            if let Some(format) = self.format() {
                report.error(
                    format.value(),
                    "disk-mirror-format",
                    "a mirror without `file` requires a set: expected { type = …; }",
                );
            }
            return;
        }
        if let Some(job) = job.filter(|it| it.get() == Some(DiskMirrorJob::ActiveCommit)) {
            report.error(job.value(), "disk-mirror-job", "a mirror with `file` requires job \"copy\"");
        }
        let kind = self.storage().r#type();
        if let Some(kind) = kind.filter(|it| it.text().is_some_and(|kind| kind != "file")) {
            report.error(kind.value(), "disk-mirror-type", "a mirror with `file` requires type \"file\"");
        }
    }
}
