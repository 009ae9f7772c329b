//! Disks and the adapters that they are on: [Node devices](https://libvirt.org/formatnode.html).

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::patterns::Wwn;
use nixvirt_schema_derive::{element, values};

/// Additional capability of a SCSI host bus adapter.
#[element("type")]
pub enum NodedevScsiHost {
    /// Fibre Channel host bus adapter.
    #[xml = "fc_host"]
    FcHost {
        /// World wide node name of the adapter.
        #[child]
        wwnn: Wwn,
        /// World wide port name of the adapter.
        #[child]
        wwpn: Wwn,
        /// World wide name of the fabric that the adapter is connected to.
        #[child]
        fabric_wwn: Option<Wwn>,
    },
    /// Support for virtual adapters (NPIV).
    #[xml = "vport_ops"]
    VportOps {
        /// Maximum number of virtual adapters.
        #[child]
        max_vports: u32,
        /// Number of existing virtual adapters.
        #[child]
        vports: u32,
    },
}

/// Fibre Channel capability of a SCSI target.
#[element("type")]
pub enum NodedevScsiTarget {
    /// Fibre Channel remote port.
    #[xml = "fc_remote_port"]
    FcRemotePort {
        /// Name of the remote port.
        #[child]
        rport: String,
        /// World wide port name of the remote port.
        #[child]
        wwpn: Wwn,
    },
}

/// Removable media or hotplug capability of a storage device.
#[element("type", rules)]
pub enum NodedevMedium {
    /// Storage device with a removable medium.
    Removable {
        /// Whether a medium is inserted.
        #[child]
        media_available: NodedevMediumAvailable,
        /// Size of the medium, in bytes.
        #[child]
        media_size: u64,
        /// Label of the medium.
        #[child]
        media_label: Option<String>,
        /// Logical block size of the medium, in bytes.
        #[child]
        logical_block_size: Option<u64>,
        /// Number of logical blocks of the medium.
        #[child]
        num_blocks: Option<u64>,
    },
    /// Storage device that can be removed while the host runs.
    Hotpluggable {},
}

/// Whether a medium is inserted in a storage device.
#[values]
pub enum NodedevMediumAvailable {
    /// Medium inserted.
    #[xml = "1"]
    Yes,
    /// No medium inserted.
    #[xml = "0"]
    No,
}

impl View<'_, NodedevMedium> {
    fn rules(self, report: &mut Report<'_>) {
        let blocks = [self.logical_block_size().map(Read::value), self.num_blocks().map(Read::value)];
        both_blocks(self.value(), blocks, report);
    }
}

/// Reports a block size without a number of blocks, and the reverse.
pub(super) fn both_blocks(of: Value<'_>, [size, count]: [Option<Value<'_>>; 2], report: &mut Report<'_>) {
    match (size, count) {
        (Some(_), None) => {
            report.missing(of, "num_blocks", "`logical_block_size` requires it");
        }
        (None, Some(_)) => {
            report.missing(of, "logical_block_size", "`num_blocks` requires it");
        }
        _ => {}
    }
}
