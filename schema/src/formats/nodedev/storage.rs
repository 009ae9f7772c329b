//! Disks and the adapters that they are on: [Node devices](https://libvirt.org/formatnode.html).

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::patterns::Wwn;
use nixvirt_schema_derive::{element, values};

/// What a SCSI host bus adapter can do.
#[element("type")]
pub enum NodedevScsiHost {
    /// It is in a Fibre Channel network.
    #[xml = "fc_host"]
    FcHost {
        /// Its world wide node name.
        #[child]
        wwnn: Wwn,
        /// Its world wide port name.
        #[child]
        wwpn: Wwn,
        /// The world wide name of its fabric.
        #[child]
        fabric_wwn: Option<Wwn>,
    },
    /// Virtual adapters can be made on it.
    #[xml = "vport_ops"]
    VportOps {
        /// How many there can be.
        #[child]
        max_vports: u32,
        /// How many there are.
        #[child]
        vports: u32,
    },
}

/// That a SCSI target is in a Fibre Channel network.
#[element("type")]
pub enum NodedevScsiTarget {
    /// It is.
    #[xml = "fc_remote_port"]
    FcRemotePort {
        /// The name of the port.
        #[child]
        rport: String,
        /// The port's world wide name.
        #[child]
        wwpn: Wwn,
    },
}

/// What can be taken out while the host runs.
#[element("type", rules)]
pub enum NodedevMedium {
    /// The medium.
    Removable {
        /// Whether there is one.
        #[child]
        media_available: NodedevMediumAvailable,
        /// How many bytes it holds.
        #[child]
        media_size: u64,
        /// Its label.
        #[child]
        media_label: Option<String>,
        /// How many bytes are in a block.
        #[child]
        logical_block_size: Option<u64>,
        /// How many blocks there are.
        #[child]
        num_blocks: Option<u64>,
    },
    /// The whole device.
    Hotpluggable {},
}

/// Whether there is a medium.
#[values]
pub enum NodedevMediumAvailable {
    /// There is.
    #[xml = "1"]
    Yes,
    /// There is not.
    #[xml = "0"]
    No,
}

impl View<'_, NodedevMedium> {
    fn rules(self, report: &mut Report<'_>) {
        let blocks = [self.logical_block_size().map(Read::value), self.num_blocks().map(Read::value)];
        both_blocks(self.value(), blocks, report);
    }
}

/// Says that the size of blocks and their number are told together.
pub(super) fn both_blocks(of: Value<'_>, [size, count]: [Option<Value<'_>>; 2], report: &mut Report<'_>) {
    match (size, count) {
        (Some(_), None) => report.missing(of, "num_blocks", "is required with `logical_block_size`"),
        (None, Some(_)) => report.missing(of, "logical_block_size", "is required with `num_blocks`"),
        _ => {}
    }
}
