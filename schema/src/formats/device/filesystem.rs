//! `<filesystem>`: [Filesystems](https://libvirt.org/formatdomain.html#filesystems).

use crate::engine::problem::Report;
use crate::engine::scalar::{Int, OnOff, Present};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias, Boot};
use crate::formats::domain::idmap::Idmap;
use crate::formats::patterns::{AbsoluteFolder, AbsolutePath, Token};
use crate::formats::size::{AnySizeUnit, Size};
use crate::formats::storage::patterns::CreateMode;
use crate::formats::storage::{StorageFormat, VirtioStorageModel, choice};
use nixvirt_schema_derive::{element, values};

/// Directory on the host that the guest can mount.
#[element]
pub struct Filesystem {
    /// Mapping of file ownership and permissions between guest and host.
    pub accessmode: Option<FilesystemAccessMode>,
    /// Virtio generation of the file system device.
    pub model: Option<VirtioStorageModel>,
    /// Handling of a directory that spans several file systems of the host.
    pub multidevs: Option<FilesystemMultidevs>,
    /// Mode of files that the guest creates, with `accessmode = "mapped"`. Defaults to `0600`.
    pub fmode: Option<CreateMode>,
    /// Mode of directories that the guest creates, with `accessmode = "mapped"`. Defaults to `0700`.
    pub dmode: Option<CreateMode>,
    /// Driver settings of the file system on the host.
    pub driver: Option<FilesystemDriver>,
    /// Storage that the guest mounts.
    #[form]
    pub storage: FilesystemType,
    /// Mount tag or mount point of the file system in the guest.
    pub target: FilesystemTarget,
    /// Whether the file system is read-only for the guest.
    pub readonly: Option<Present>,
    /// Maximum space that a container may use in the file system.
    #[unitless = "bytes"]
    pub space_hard_limit: Option<Size>,
    /// Amount of used space above which a container gets a warning.
    #[unitless = "bytes"]
    pub space_soft_limit: Option<Size>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Position of the device in the firmware's boot order.
    pub boot: Option<Boot>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Storage that a guest mounts as a file system.
#[element("type")]
pub enum FilesystemType {
    /// File on the host that contains a file system, for containers.
    File {
        /// File that contains the file system.
        source: FilesystemSourceFile,
    },
    /// Block device of the host that contains a file system, for containers.
    Block {
        /// Block device that contains the file system.
        source: FilesystemSourceBlock,
    },
    /// Directory on the host.
    #[default]
    Mount {
        /// Program that serves the directory, with driver `virtiofs`.
        binary: Option<FilesystemBinary>,
        /// Directory to share with the guest.
        source: FilesystemSourceMount,
        /// Mapping of the guest's users and groups to users and groups of the host.
        #[since = "10.0"]
        idmap: Option<Idmap>,
    },
    /// Directory of the container, mounted at a second location in the same container.
    Bind {
        /// Directory to mount a second time.
        source: FilesystemSourceBind,
    },
    /// OpenVZ template.
    Template {
        /// OpenVZ template to use as the file system.
        source: FilesystemSourceTemplate,
    },
    /// File system in host memory, for containers.
    Ram {
        /// Size of the memory file system.
        source: FilesystemSourceRam,
    },
}

/// File that contains a file system.
#[element]
pub struct FilesystemSourceFile {
    /// Path of the file.
    pub file: AbsolutePath,
}

/// Block device that contains a file system.
#[element]
pub struct FilesystemSourceBlock {
    /// Path of the block device.
    pub dev: AbsolutePath,
}

/// Directory on the host, or socket of a program that serves a directory.
#[element(rules)]
pub struct FilesystemSourceMount {
    /// Path of the directory. Cannot be combined with `socket`.
    pub dir: Option<AbsoluteFolder>,
    /// Path of the socket of a running virtiofs daemon. Cannot be combined with `dir`.
    pub socket: Option<AbsolutePath>,
}

/// Directory of a container.
#[element]
pub struct FilesystemSourceBind {
    /// Path of the directory in the container.
    pub dir: AbsoluteFolder,
}

/// OpenVZ template.
#[element]
pub struct FilesystemSourceTemplate {
    /// Name of the OpenVZ template.
    pub name: Token,
}

/// Size of a file system in host memory.
#[element]
pub struct FilesystemSourceRam {
    /// Maximum size of the memory file system, in `units`.
    pub usage: u64,
    /// Unit of `usage`. Defaults to KiB.
    #[unit_of = "usage"]
    pub units: Option<AnySizeUnit>,
}

/// Program that serves a directory to the guest (virtiofsd).
#[element]
pub struct FilesystemBinary {
    /// Path of the virtiofsd binary. Defaults to the binary that libvirt finds on the host.
    pub path: Option<AbsolutePath>,
    /// Whether the guest may set extended attributes.
    pub xattr: Option<OnOff>,
    /// Caching of the directory by the guest.
    pub cache: Option<FilesystemCache>,
    /// Sandbox that confines the virtiofsd program.
    pub sandbox: Option<FilesystemSandbox>,
    /// File locks of the guest that also apply on the host.
    pub lock: Option<FilesystemLock>,
    /// Thread pool that serves the guest's requests.
    pub thread_pool: Option<FilesystemThreadPool>,
    /// Limit on the number of open files.
    #[since = "10.6"]
    pub openfiles: Option<FilesystemOpenFiles>,
}

/// Caching of a shared directory by the guest.
#[element]
pub struct FilesystemCache {
    /// Cache mode of the shared directory.
    pub mode: Option<FilesystemCacheMode>,
}

/// Cache mode of a shared directory.
#[values]
pub enum FilesystemCacheMode {
    /// No caching by the guest.
    None,
    /// Full caching: the guest caches everything, without a time limit.
    Always,
}

/// Sandbox that confines the program serving a directory.
#[element]
pub struct FilesystemSandbox {
    /// Sandbox method.
    pub mode: Option<FilesystemSandboxMode>,
}

/// Method to confine a program that serves a directory.
#[values]
pub enum FilesystemSandboxMode {
    /// Kernel namespaces.
    Namespace,
    /// Changed root directory (`chroot`).
    Chroot,
}

/// File locks of the guest that also apply on the host.
#[element]
pub struct FilesystemLock {
    /// Whether the guest's POSIX locks also apply on the host.
    pub posix: Option<OnOff>,
    /// Whether the guest's `flock` locks also apply on the host.
    pub flock: Option<OnOff>,
}

/// Thread pool that serves a guest's requests.
#[element]
pub struct FilesystemThreadPool {
    /// Number of threads in the pool. 0 disables the thread pool.
    pub size: Option<i64>,
}

/// Limit on the number of open files.
#[element]
pub struct FilesystemOpenFiles {
    /// Maximum number of open files.
    pub max: Option<Int<1, { u64::MAX }>>,
}

/// Mapping of file ownership and permissions between guest and host.
#[values]
pub enum FilesystemAccessMode {
    /// No mapping: the guest's users act as the host's users with the same numeric IDs.
    Passthrough,
    /// Mapped ownership: QEMU stores the guest's owners and modes separately from those of the files on the host.
    Mapped,
    /// Like `passthrough`, but failed changes of ownership are ignored.
    Squash,
}

/// Handling of a shared directory that spans several file systems of the host.
#[values]
pub enum FilesystemMultidevs {
    /// Behavior chosen by QEMU.
    Default,
    /// Remap inode numbers to keep the numbers unique.
    Remap,
    /// Show only the first file system to the guest.
    Forbid,
    /// Log a warning in QEMU.
    Warn,
}

/// Driver settings of a file system on the host.
#[element(rules)]
pub struct FilesystemDriver {
    /// Type of the file system driver.
    pub r#type: Option<FilesystemDriverType>,
    /// Format of the file or device. Not supported with `virtiofs` and `mtp`.
    pub format: Option<StorageFormat>,
    /// Write policy: when writes reach the host's disk. Not supported with `virtiofs` and `mtp`.
    pub wrpolicy: Option<FilesystemWritePolicy>,
    /// Number of requests that fit in the queue of `virtiofs`.
    pub queue: Option<u32>,
    /// Whether the device uses the guest's IOMMU. Not supported with `mtp`.
    pub iommu: Option<OnOff>,
    /// Whether the device may cache translated addresses (ATS). Not supported with `mtp`.
    pub ats: Option<OnOff>,
    /// Whether the device uses packed virtqueues. Not supported with `mtp`.
    pub packed: Option<OnOff>,
    /// Whether each virtqueue has a separate notification page. Not supported with `mtp`.
    pub page_per_vq: Option<OnOff>,
}

/// Type of a file system driver.
#[values]
pub enum FilesystemDriverType {
    /// 9p file system, accessed by path.
    Path,
    /// 9p file system, accessed by file handle. No longer supported by QEMU.
    Handle,
    /// Loop device of Linux, for containers.
    Loop,
    /// Network block device (NBD) of the host, for containers.
    Nbd,
    /// Loop device of Virtuozzo (ploop).
    Ploop,
    /// Virtiofs. The fastest driver. Requires guest memory that is shared with the host.
    Virtiofs,
    /// Media Transfer Protocol (MTP) over USB.
    #[since = "10.2"]
    Mtp,
}

/// Write policy of a file system: when writes reach the host's disk.
#[values]
pub enum FilesystemWritePolicy {
    /// Immediate write-back to the host's disk.
    Immediate,
}

/// Mount tag or mount point of a file system in the guest.
#[element]
pub struct FilesystemTarget {
    /// Mount tag of the file system in the guest. For a container, the directory where the file system is mounted.
    pub dir: String,
}

impl View<'_, FilesystemSourceMount> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["dir", "socket"], "filesystem-dir-or-socket", report);
    }
}

impl View<'_, FilesystemDriver> {
    fn rules(self, report: &mut Report<'_>) {
        const CODE: &str = "filesystem-driver-part";
        let kind = self.r#type().and_then(View::get);
        if !matches!(kind, Some(FilesystemDriverType::Virtiofs)) {
            choice::none(self.value(), &["queue"], CODE, "unless `type` is \"virtiofs\"", report);
        }
        match kind {
            Some(FilesystemDriverType::Virtiofs) => {
                choice::none(self.value(), &["format", "wrpolicy"], CODE, "if `type` is \"virtiofs\"", report);
            }
            Some(FilesystemDriverType::Mtp) => {
                let others = ["format", "wrpolicy", "iommu", "ats", "packed", "page_per_vq"];
                choice::none(self.value(), &others, CODE, "if `type` is \"mtp\"", report);
            }
            _ => {}
        }
    }
}
