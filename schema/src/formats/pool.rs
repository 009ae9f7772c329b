//! `<pool>`: [Storage pool XML](https://libvirt.org/formatstorage.html#storage-pool-xml).

pub mod format;
pub mod host;
pub mod source;

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::engine::xml::Element;
use crate::formats::patterns::{AbsolutePath, Name, Uuid};
use crate::formats::size::Size;
use crate::formats::storage::Permissions;
use nixvirt_schema_derive::{element, values};
use source::{
    PoolSourceDir, PoolSourceDisk, PoolSourceFs, PoolSourceGluster, PoolSourceIscsi, PoolSourceIscsiDirect,
    PoolSourceLogical, PoolSourceMpath, PoolSourceNetfs, PoolSourceRbd, PoolSourceScsi, PoolSourceSheepdog,
    PoolSourceVstorage, PoolSourceZfs,
};

/// Storage pool: a source of volumes.
#[element(rules)]
pub struct Pool {
    /// Name of the pool, unique on the host. Some pool types default to the name of their source.
    #[child]
    pub name: Option<Name>,
    /// UUID of the pool, globally unique. Derived from the name if omitted. Set to `false` to have libvirt
    /// generate one.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// Output only: total capacity of the pool.
    #[unitless = "bytes"]
    pub capacity: Option<Size>,
    /// Output only: allocated space of the pool.
    #[unitless = "bytes"]
    pub allocation: Option<Size>,
    /// Output only: free space of the pool.
    #[unitless = "bytes"]
    pub available: Option<Size>,
    /// Features to enable or disable for the whole pool.
    pub features: Option<PoolFeatures>,
    /// Type of the pool, with its source and target.
    #[form]
    pub storage: PoolType,
}

/// Type of a storage pool.
#[element("type")]
pub enum PoolType {
    /// Directory on the host. Volumes are files.
    Dir {
        /// Vendor and product of the storage behind the directory.
        source: Option<PoolSourceDir>,
        /// Location and permissions of the pool's directory on the host.
        target: PoolTarget,
    },
    /// Block device with a file system that libvirt mounts. Volumes are files.
    Fs {
        /// Block device and its file system.
        source: PoolSourceFs,
        /// Mount point of the file system on the host.
        target: PoolTarget,
        /// Mount options of the file system.
        #[name = "fs-mount_opts"]
        #[xml = "fs:mount_opts"]
        mount_opts: Option<PoolMountOpts>,
    },
    /// Network file system that libvirt mounts from a server. Volumes are files.
    Netfs {
        /// Server and the exported directory.
        source: PoolSourceNetfs,
        /// Mount point of the network file system on the host.
        target: PoolTarget,
        /// Mount options of the network file system.
        #[name = "fs-mount_opts"]
        #[xml = "fs:mount_opts"]
        mount_opts: Option<PoolMountOpts>,
    },
    /// LVM volume group. Volumes are logical volumes.
    Logical {
        /// Volume group and its physical devices.
        source: PoolSourceLogical,
        /// Location of the volume group on the host.
        target: PoolTargetLogical,
    },
    /// Disk. Volumes are partitions.
    Disk {
        /// Disk that the pool partitions.
        source: PoolSourceDisk,
        /// Location of the partition devices on the host.
        target: PoolTarget,
    },
    /// iSCSI target that the host logs in to. Volumes are its logical units.
    Iscsi {
        /// Server and iSCSI target.
        source: PoolSourceIscsi,
        /// Location of the logical unit devices on the host.
        target: PoolTarget,
    },
    /// iSCSI target that libvirt and QEMU access directly, without a login by the host. Volumes are its logical units.
    IscsiDirect {
        /// Server, iSCSI target and initiator.
        source: PoolSourceIscsiDirect,
    },
    /// SCSI host bus adapter. Volumes are its logical units.
    Scsi {
        /// SCSI host bus adapter of the pool.
        source: PoolSourceScsi,
        /// Location of the logical unit devices on the host.
        target: PoolTarget,
    },
    /// Multipath devices of the host. Each device is a volume.
    Mpath {
        /// Source of the pool. Always empty for multipath pools.
        source: Option<PoolSourceMpath>,
        /// Location of the multipath devices on the host.
        target: PoolTarget,
    },
    /// Pool of a Ceph cluster. Volumes are RBD images.
    Rbd {
        /// Ceph cluster and the name of its pool.
        source: PoolSourceRbd,
        /// Refresh settings: the way libvirt determines properties of the volumes.
        refresh: Option<PoolRefresh>,
        /// Configuration options of the Ceph client.
        #[name = "rbd-config_opts"]
        #[xml = "rbd:config_opts"]
        config_opts: Option<PoolConfigOpts>,
    },
    /// Sheepdog cluster. Volumes are its virtual disks.
    Sheepdog {
        /// Sheepdog cluster of the pool.
        source: PoolSourceSheepdog,
    },
    /// Gluster volume. Volumes of the pool are its files.
    Gluster {
        /// Servers and the name of the Gluster volume.
        source: PoolSourceGluster,
    },
    /// ZFS pool. Volumes are ZFS block volumes (zvols).
    Zfs {
        /// Name of the ZFS pool and its device.
        source: PoolSourceZfs,
        /// Location of the volumes on the host.
        target: Option<PoolTarget>,
    },
    /// Virtuozzo storage cluster. Volumes are files.
    Vstorage {
        /// Virtuozzo storage cluster of the pool.
        source: PoolSourceVstorage,
        /// Mount point of the cluster on the host.
        target: PoolTarget,
    },
}

/// Features of a storage pool.
#[element]
pub struct PoolFeatures {
    /// Copy-on-write for the files of the pool, if the file system supports it. Best disabled for disk images on Btrfs.
    pub cow: Option<PoolCow>,
}

/// Copy-on-write setting of a storage pool.
#[element]
pub struct PoolCow {
    /// Whether the file system copies the files of the pool on write.
    #[switch]
    pub state: YesNo,
}

/// Location of a storage pool on the host.
#[element]
pub struct PoolTarget {
    /// Path of the directory with the volumes.
    #[child]
    pub path: AbsolutePath,
    /// Permissions of the directory, for directories that libvirt creates.
    pub permissions: Option<Permissions>,
}

/// Location of an LVM volume group on the host.
#[element]
pub struct PoolTargetLogical {
    /// Path of the directory with the logical volumes: `/dev` and the name of the volume group.
    #[child]
    pub path: Option<AbsolutePath>,
    /// Permissions of the directory.
    pub permissions: Option<Permissions>,
}

/// Refresh settings of a storage pool.
#[element]
pub struct PoolRefresh {
    /// Refresh settings for the volumes of the pool.
    pub volume: Option<PoolRefreshVolume>,
}

/// Refresh settings for the volumes of a storage pool.
#[element]
pub struct PoolRefreshVolume {
    /// Method that determines the allocated size of each volume.
    pub allocation: Option<PoolRefreshAllocation>,
}

/// Method that determines the allocated size of a volume.
#[values]
pub enum PoolRefreshAllocation {
    /// Query the storage for the allocated size. Can be slow.
    Default,
    /// Assume that each volume is fully allocated.
    Capacity,
}

/// Mount options of a storage pool.
#[element]
pub struct PoolMountOpts {
    /// Mount options, one per entry.
    #[xml = "fs:option"]
    pub option: Vec<PoolMountOption>,
}

/// Mount option of a file system.
#[element]
pub struct PoolMountOption {
    /// Option as accepted by mount(8), such as `nodev` or `nfsvers=4.2`.
    pub name: String,
}

/// Configuration options of the Ceph client for a storage pool.
#[element]
pub struct PoolConfigOpts {
    /// Configuration options, one per entry.
    #[xml = "rbd:option"]
    pub option: Vec<PoolConfigOption>,
}

/// Configuration option of the Ceph client.
#[element]
pub struct PoolConfigOption {
    /// Name of the option, such as `client_mount_timeout`.
    pub name: String,
    /// Value of the option.
    pub value: String,
}

/// Brings a pool into the form in which libvirt keeps it: libvirt itself names the folder of logical volumes.
pub fn settle(pool: &mut Element) {
    if matches!(pool.attribute("type"), Some("logical" | "zfs")) {
        for target in pool.children.iter_mut().filter(|child| child.name == "target") {
            target.children.retain(|child| child.name != "path");
        }
    }
}

impl View<'_, Pool> {
    fn rules(self, report: &mut Report<'_>) {
        let kind = self.storage().r#type().and_then(Read::text);
        let is_named_by_source =
            kind.is_none_or(|it| matches!(&*it, "logical" | "rbd" | "sheepdog" | "gluster" | "zfs" | "vstorage"));
        if self.name().is_none() && !is_named_by_source {
            report.missing(self.value(), "name", "expected the name of the pool");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::expect;

    #[test]
    fn an_nfs_pool() {
        let spec = r#"{
            "type": "netfs", "name": "nas", "target": { "path": "/mnt/nas", "permissions": { "mode": "0755", "owner": { "uid": -1 } } },
            "source": { "host": { "name": "nas" }, "dir": { "path": "/export" }, "format": { "type": "nfs" } },
            "fs-mount_opts": { "option": { "name": "nodev" } }
        }"#;
        let spec = json::parse(spec).expect("it is JSON");
        let rendered = render::render(Kind::Pool, &spec);
        assert!(!rendered.report.has_errors());
        expect![[r#"
            <pool type='netfs' xmlns:fs='http://libvirt.org/schemas/storagepool/fs/1.0'>
              <name>nas</name>
              <uuid>34cbc9b3-14e2-8047-abe8-abcac6ce8170</uuid>
              <source>
                <host name='nas'/>
                <dir path='/export'/>
                <format type='nfs'/>
              </source>
              <target>
                <path>/mnt/nas</path>
                <permissions>
                  <mode>0755</mode>
                  <owner>-1</owner>
                </permissions>
              </target>
              <fs:mount_opts>
                <fs:option name='nodev'/>
              </fs:mount_opts>
            </pool>
        "#]]
        .assert_eq(&rendered.xml);
    }
}
