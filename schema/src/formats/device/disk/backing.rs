//! `<backingStore>` and `<mirror>`:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::source::DiskStorage;
use crate::engine::problem::Report;
use crate::engine::render::EXTRA;
use crate::engine::scalar::Int;
use crate::engine::value::Data;
use crate::engine::view::{Read, View};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Size;
use crate::formats::storage::StorageFormat;
use nixvirt_schema_derive::{element, values};

/// The image that another one builds on; an empty set says that there is none.
#[element(rules)]
pub struct DiskBackingStore {
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// How it is laid out. Required, unless the set is empty.
    pub format: Option<DiskFormat>,
    /// What the image is kept in.
    #[form]
    pub storage: DiskStorage,
    /// The image that this one builds on in its turn.
    pub backingStore: Option<DiskBackingStore>,
}

/// How an image is laid out.
#[element]
pub struct DiskFormat {
    /// The name of the format.
    pub r#type: StorageFormat,
    /// How much of its tables is kept in memory.
    pub metadata_cache: Option<DiskMetadataCache>,
}

/// How much of an image's tables is kept in memory.
#[element]
pub struct DiskMetadataCache {
    /// The most; only for qcow2.
    pub max_size: Option<Size>,
}

/// An image of its own for the data of a qcow2 image, which then holds nothing but tables.
#[element]
pub struct DiskDataStore {
    /// How the data are laid out.
    pub format: DiskFormat,
    /// What the data are kept in.
    #[form]
    pub storage: DiskStorage,
}

/// A copy of a disk that is being made.
#[element(rules)]
pub struct DiskMirror {
    /// The file of the copy, as libvirt wrote it before it had `source` here.
    pub file: Option<AbsolutePath>,
    /// How the copy is laid out: a word beside `file`, or a set.
    pub format: Option<StorageFormat>,
    /// Why it is made. Required without `file`.
    pub job: Option<DiskMirrorJob>,
    /// How far it is.
    pub ready: Option<DiskMirrorReady>,
    /// How the copy is laid out.
    #[name = "format"]
    pub format_element: Option<DiskFormat>,
    /// What the copy is kept in.
    #[form]
    pub storage: DiskStorage,
    /// The image that the copy builds on.
    pub backingStore: Option<DiskBackingStore>,
}

/// Why a copy of a disk is made.
#[values]
pub enum DiskMirrorJob {
    /// To have a copy.
    Copy,
    /// To merge the image into the one that it builds on.
    ActiveCommit,
}

/// How far the copying of a disk is.
#[values]
pub enum DiskMirrorReady {
    /// Both are the same from now on.
    Yes,
    /// It is being given up.
    Abort,
    /// The guest is changing over to the copy.
    Pivot,
}

impl View<'_, DiskBackingStore> {
    fn rules(self, report: &mut Report<'_>) {
        let is_part = |key: &str, data: &Data<'_>| key != EXTRA && *data != Data::Null;
        if self.format().is_none() && self.value().children().any(|it| is_part(it.key(), it.data())) {
            report.missing(self.value(), "format", "is required, as in { type = \"qcow2\"; }, unless the set is empty");
        }
    }
}

impl View<'_, DiskMirror> {
    fn rules(self, report: &mut Report<'_>) {
        let (job, at) = (self.job(), self.value());
        if self.file().is_none() {
            if job.is_none() {
                report.missing(at, "job", "is required where there is no file: \"copy\" or \"active-commit\"");
            }
            if let Some(format) = self.format() {
                report.error(format.value(), "disk-mirror-format", "is a set, { type = …; }, where there is no file");
            }
            return;
        }
        if let Some(job) = job.filter(|it| it.get() == Some(DiskMirrorJob::ActiveCommit)) {
            report.error(job.value(), "disk-mirror-job", "can only be \"copy\" beside file");
        }
        let kind = self.storage().r#type();
        if let Some(kind) = kind.filter(|it| it.text().is_some_and(|kind| kind != "file")) {
            report.error(kind.value(), "disk-mirror-type", "can only be \"file\" beside file");
        }
    }
}
