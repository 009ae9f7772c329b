//! `<pool>`: [Storage pool XML](https://libvirt.org/formatstorage.html#storage-pool-xml).

pub mod format;
pub mod host;
pub mod source;

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsolutePath, Name, Uuid};
use crate::formats::size::Size;
use crate::formats::storage::Permissions;
use nixvirt_schema_derive::{element, values};
use source::{
    PoolSourceDir, PoolSourceDisk, PoolSourceFs, PoolSourceGluster, PoolSourceIscsi, PoolSourceIscsiDirect,
    PoolSourceLogical, PoolSourceMpath, PoolSourceNetfs, PoolSourceRbd, PoolSourceScsi, PoolSourceSheepdog,
    PoolSourceVstorage, PoolSourceZfs,
};

/// A place for volumes.
#[element(rules)]
pub struct Pool {
    /// Its name, unique on the host. Some types take that of their source when absent.
    #[child]
    pub name: Option<Name>,
    /// Its id, unique everywhere. Derived from the name when absent; `false`: libvirt makes one up.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// How much it can hold. libvirt finds out.
    pub capacity: Option<Size>,
    /// How much of it is taken. libvirt finds out.
    pub allocation: Option<Size>,
    /// How much of it is free. libvirt finds out.
    pub available: Option<Size>,
    /// What is switched on or off for all of it.
    pub features: Option<PoolFeatures>,
    /// What it is made of.
    #[form]
    pub storage: PoolType,
}

/// What a pool is made of.
#[element("type")]
pub enum PoolType {
    /// A folder of the host; volumes are files.
    Dir {
        /// Who made the storage.
        source: Option<PoolSourceDir>,
        /// Where it is on the host.
        target: PoolTarget,
    },
    /// A block device with a file system, which libvirt mounts; volumes are files.
    Fs {
        /// The device.
        source: PoolSourceFs,
        /// Where it is on the host.
        target: PoolTarget,
        /// Options for mounting it.
        #[name = "fs-mount_opts"]
        #[xml = "fs:mount_opts"]
        mount_opts: Option<PoolMountOpts>,
    },
    /// A file system of a server, which libvirt mounts; volumes are files.
    Netfs {
        /// The server and its folder.
        source: PoolSourceNetfs,
        /// Where it is on the host.
        target: PoolTarget,
        /// Options for mounting it.
        #[name = "fs-mount_opts"]
        #[xml = "fs:mount_opts"]
        mount_opts: Option<PoolMountOpts>,
    },
    /// A volume group of LVM; volumes are logical volumes.
    Logical {
        /// The volume group, and the devices that it is made of.
        source: PoolSourceLogical,
        /// Where it is on the host.
        target: PoolTargetLogical,
    },
    /// A disk; volumes are partitions.
    Disk {
        /// The disk.
        source: PoolSourceDisk,
        /// Where the partitions are on the host.
        target: PoolTarget,
    },
    /// An iSCSI target that the host logs in to; volumes are its units.
    Iscsi {
        /// The server and the target.
        source: PoolSourceIscsi,
        /// Where the units are on the host.
        target: PoolTarget,
    },
    /// An iSCSI target that libvirt and QEMU reach by themselves; volumes are its units.
    IscsiDirect {
        /// The server and the target.
        source: PoolSourceIscsiDirect,
    },
    /// A SCSI adapter; volumes are its units.
    Scsi {
        /// The adapter.
        source: PoolSourceScsi,
        /// Where the units are on the host.
        target: PoolTarget,
    },
    /// The multipath devices of the host; each is a volume.
    Mpath {
        /// Nothing.
        source: Option<PoolSourceMpath>,
        /// Where the devices are on the host.
        target: PoolTarget,
    },
    /// A pool of a Ceph cluster; volumes are its images.
    Rbd {
        /// The cluster and its pool.
        source: PoolSourceRbd,
        /// How libvirt finds out about the volumes.
        refresh: Option<PoolRefresh>,
        /// Options for the client of Ceph.
        #[name = "rbd-config_opts"]
        #[xml = "rbd:config_opts"]
        config_opts: Option<PoolConfigOpts>,
    },
    /// A Sheepdog cluster; volumes are its virtual disks.
    Sheepdog {
        /// The cluster.
        source: PoolSourceSheepdog,
    },
    /// A Gluster volume; volumes are its files.
    Gluster {
        /// The servers and the Gluster volume.
        source: PoolSourceGluster,
    },
    /// A pool of ZFS; volumes are its block volumes.
    Zfs {
        /// The pool of ZFS, and the device that it is made of.
        source: PoolSourceZfs,
        /// Where the volumes are on the host.
        target: Option<PoolTarget>,
    },
    /// A cluster of Virtuozzo storage; volumes are files.
    Vstorage {
        /// The cluster.
        source: PoolSourceVstorage,
        /// Where it is on the host.
        target: PoolTarget,
    },
}

/// What is switched on or off for all of a pool.
#[element]
pub struct PoolFeatures {
    /// Whether files are copied on write, where the file system can; off suits images on Btrfs.
    pub cow: Option<PoolCow>,
}

/// Whether the files of a pool are copied on write.
#[element]
pub struct PoolCow {
    /// Whether they are.
    pub state: YesNo,
}

/// Where a pool is on the host.
#[element]
pub struct PoolTarget {
    /// The folder in which the volumes are found.
    #[child]
    pub path: AbsolutePath,
    /// Who may use that folder, where libvirt makes it.
    pub permissions: Option<Permissions>,
}

/// Where a volume group is on the host.
#[element]
pub struct PoolTargetLogical {
    /// The folder in which the volumes are found: /dev and the name of the volume group.
    #[child]
    pub path: Option<AbsolutePath>,
    /// Who may use that folder.
    pub permissions: Option<Permissions>,
}

/// How libvirt finds out about the volumes of a pool.
#[element]
pub struct PoolRefresh {
    /// How it finds out about one of them.
    pub volume: Option<PoolRefreshVolume>,
}

/// How libvirt finds out about a volume.
#[element]
pub struct PoolRefreshVolume {
    /// How it finds out how much the volume takes.
    pub allocation: Option<PoolRefreshAllocation>,
}

/// How libvirt finds out how much a volume takes.
#[values]
pub enum PoolRefreshAllocation {
    /// It asks, which may take long.
    Default,
    /// It takes it to be full.
    Capacity,
}

/// Options for mounting a pool's file system.
#[element]
pub struct PoolMountOpts {
    /// One option.
    #[xml = "fs:option"]
    pub option: Vec<PoolMountOption>,
}

/// An option for mounting a file system.
#[element]
pub struct PoolMountOption {
    /// The option as mount(8) takes it, such as nodev or nfsvers=4.2.
    pub name: String,
}

/// Options for the client of Ceph.
#[element]
pub struct PoolConfigOpts {
    /// One option.
    #[xml = "rbd:option"]
    pub option: Vec<PoolConfigOption>,
}

/// An option for the client of Ceph.
#[element]
pub struct PoolConfigOption {
    /// Its name, such as client_mount_timeout.
    pub name: String,
    /// What it is set to.
    pub value: String,
}

impl View<'_, Pool> {
    fn rules(self, report: &mut Report<'_>) {
        let kind = self.storage().r#type().and_then(Read::text);
        let is_named_by_source =
            kind.is_none_or(|it| matches!(&*it, "logical" | "rbd" | "sheepdog" | "gluster" | "zfs" | "vstorage"));
        if self.name().is_none() && !is_named_by_source {
            report.missing(self.value(), "name", "is required: the name of the pool");
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
