//! `<filesystem>`: [Filesystems](https://libvirt.org/formatdomain.html#filesystems).

use crate::engine::problem::Report;
use crate::engine::scalar::{Int, OnOff, Present};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias, Boot};
use crate::formats::domain::idmap::Idmap;
use crate::formats::patterns::{AbsoluteFolder, AbsolutePath, Token};
use crate::formats::size::{Size, SizeUnit};
use crate::formats::storage::patterns::CreateMode;
use crate::formats::storage::{StorageFormat, VirtioStorageModel, choice};
use nixvirt_schema_derive::{element, values};

/// A folder of the host that the guest can mount.
#[element]
pub struct Filesystem {
    /// How the rights of the guest's users and the host's go together.
    pub accessmode: Option<FilesystemAccessMode>,
    /// Which generation of virtio it speaks.
    pub model: Option<VirtioStorageModel>,
    /// What happens where the folder spans several file systems of the host.
    pub multidevs: Option<FilesystemMultidevs>,
    /// The mode of files that the guest creates, with `accessmode = "mapped"`; 0600 when absent.
    pub fmode: Option<CreateMode>,
    /// The mode of folders that the guest creates, with `accessmode = "mapped"`; 0700 when absent.
    pub dmode: Option<CreateMode>,
    /// How the host serves it.
    pub driver: Option<FilesystemDriver>,
    /// What the guest mounts.
    #[form]
    pub storage: FilesystemType,
    /// Where it stands in the guest.
    pub target: FilesystemTarget,
    /// Whether the guest cannot write to it.
    pub readonly: Option<Present>,
    /// The most that a container may keep there.
    pub space_hard_limit: Option<Size>,
    /// The amount from which on a container is warned.
    pub space_soft_limit: Option<Size>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Its place in the order in which the firmware tries to boot.
    pub boot: Option<Boot>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// What a guest mounts.
#[element("type")]
pub enum FilesystemType {
    /// A file of the host that holds a file system, for a container.
    File {
        /// The file.
        source: FilesystemSourceFile,
    },
    /// A block device of the host that holds a file system, for a container.
    Block {
        /// The device.
        source: FilesystemSourceBlock,
    },
    /// A folder of the host.
    #[default]
    Mount {
        /// The program that serves it, with the virtiofs driver.
        binary: Option<FilesystemBinary>,
        /// The folder.
        source: FilesystemSourceMount,
        /// How the guest's users and groups become those of the host.
        idmap: Option<Idmap>,
    },
    /// A folder of the container itself that is to be seen at another place too.
    Bind {
        /// The folder.
        source: FilesystemSourceBind,
    },
    /// A template of OpenVZ.
    Template {
        /// The template.
        source: FilesystemSourceTemplate,
    },
    /// Memory of the host, for a container.
    Ram {
        /// How much.
        source: FilesystemSourceRam,
    },
}

/// A file that holds a file system.
#[element]
pub struct FilesystemSourceFile {
    /// The path of the file.
    pub file: AbsolutePath,
}

/// A block device that holds a file system.
#[element]
pub struct FilesystemSourceBlock {
    /// The path of the device.
    pub dev: AbsolutePath,
}

/// A folder of the host, or the socket of a program that serves one.
#[element(rules)]
pub struct FilesystemSourceMount {
    /// The path of the folder; not beside `socket`.
    pub dir: Option<AbsoluteFolder>,
    /// The path of the socket of a virtiofs daemon that runs already; not beside `dir`.
    pub socket: Option<AbsolutePath>,
}

/// A folder of the container.
#[element]
pub struct FilesystemSourceBind {
    /// The path of the folder.
    pub dir: AbsoluteFolder,
}

/// A template of OpenVZ.
#[element]
pub struct FilesystemSourceTemplate {
    /// Its name.
    pub name: Token,
}

/// Memory that serves as a file system.
#[element]
pub struct FilesystemSourceRam {
    /// The most that it may hold.
    pub usage: u64,
    /// What `usage` counts; KiB when absent.
    pub units: Option<SizeUnit>,
}

/// The program that serves a folder (virtiofsd).
#[element]
pub struct FilesystemBinary {
    /// Its path; libvirt knows one.
    pub path: Option<AbsolutePath>,
    /// Whether the guest may set extended attributes.
    pub xattr: Option<OnOff>,
    /// What the guest caches.
    pub cache: Option<FilesystemCache>,
    /// How the program shuts itself in.
    pub sandbox: Option<FilesystemSandbox>,
    /// Which locks of the guest hold on the host too.
    pub lock: Option<FilesystemLock>,
    /// How many threads serve the guest.
    pub thread_pool: Option<FilesystemThreadPool>,
    /// How many files may be open.
    pub openfiles: Option<FilesystemOpenFiles>,
}

/// What a guest caches of a folder.
#[element]
pub struct FilesystemCache {
    /// How far it goes.
    pub mode: Option<FilesystemCacheMode>,
}

/// How far a guest caches a folder.
#[values]
pub enum FilesystemCacheMode {
    /// Nothing is cached.
    None,
    /// All is cached for as long as the guest likes.
    Always,
}

/// How the program that serves a folder shuts itself in.
#[element]
pub struct FilesystemSandbox {
    /// By what means.
    pub mode: Option<FilesystemSandboxMode>,
}

/// By what means a program shuts itself in.
#[values]
pub enum FilesystemSandboxMode {
    /// By namespaces of the kernel.
    Namespace,
    /// By changing its root folder.
    Chroot,
}

/// Which locks of a guest hold on the host too.
#[element]
pub struct FilesystemLock {
    /// Those of POSIX.
    pub posix: Option<OnOff>,
    /// Those of flock.
    pub flock: Option<OnOff>,
}

/// How many threads serve a guest.
#[element]
pub struct FilesystemThreadPool {
    /// The number; 0 does without a pool.
    pub size: Option<i64>,
}

/// How many files may be open.
#[element]
pub struct FilesystemOpenFiles {
    /// The most.
    pub max: Option<Int<1, { u64::MAX }>>,
}

/// How the rights of a guest's users and the host's go together.
#[values]
pub enum FilesystemAccessMode {
    /// They are the same: what the guest's user does, the host's user of that number does.
    Passthrough,
    /// QEMU keeps the guest's owners and modes beside the files.
    Mapped,
    /// As `passthrough`, but a change of owner that fails is no error.
    Squash,
}

/// What happens where a folder spans several file systems of the host.
#[values]
pub enum FilesystemMultidevs {
    /// As QEMU sees fit.
    Default,
    /// Inode numbers are changed so that they stay unique.
    Remap,
    /// Only the first file system can be seen.
    Forbid,
    /// QEMU warns.
    Warn,
}

/// How the host serves a file system.
#[element(rules)]
pub struct FilesystemDriver {
    /// The driver.
    pub r#type: Option<FilesystemDriverType>,
    /// How the file or device is laid out; not with `virtiofs` and `mtp`.
    pub format: Option<StorageFormat>,
    /// When writes reach the host's disk; not with `virtiofs` and `mtp`.
    pub wrpolicy: Option<FilesystemWritePolicy>,
    /// How many requests fit in the queue of `virtiofs`.
    pub queue: Option<u32>,
    /// Whether it goes through the guest's IOMMU; not with `mtp`.
    pub iommu: Option<OnOff>,
    /// Whether it may keep translated addresses (ATS); not with `mtp`.
    pub ats: Option<OnOff>,
    /// Whether it uses packed queues; not with `mtp`.
    pub packed: Option<OnOff>,
    /// Whether each queue has a page of its own to be told of work; not with `mtp`.
    pub page_per_vq: Option<OnOff>,
}

/// A driver for file systems.
#[values]
pub enum FilesystemDriverType {
    /// 9p, by path.
    Path,
    /// 9p, by file handle; QEMU has dropped it.
    Handle,
    /// The loop device of Linux, for a container.
    Loop,
    /// A network block device of the host, for a container.
    Nbd,
    /// The loop device of Virtuozzo.
    Ploop,
    /// Virtiofs: the fastest; wants memory that is shared with the host.
    Virtiofs,
    /// The media transfer protocol, over USB.
    Mtp,
}

/// When writes reach the host's disk.
#[values]
pub enum FilesystemWritePolicy {
    /// At once.
    Immediate,
}

/// Where a file system stands in the guest.
#[element]
pub struct FilesystemTarget {
    /// The tag by which the guest mounts it; for a container the folder where it is mounted.
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
            choice::none(self.value(), &["queue"], CODE, "unless type is \"virtiofs\"", report);
        }
        match kind {
            Some(FilesystemDriverType::Virtiofs) => {
                choice::none(self.value(), &["format", "wrpolicy"], CODE, "where type is \"virtiofs\"", report);
            }
            Some(FilesystemDriverType::Mtp) => {
                let others = ["format", "wrpolicy", "iommu", "ats", "packed", "page_per_vq"];
                choice::none(self.value(), &others, CODE, "where type is \"mtp\"", report);
            }
            _ => {}
        }
    }
}
