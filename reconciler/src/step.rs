//! One thing that is done to one object. Each step may be done again: the second time finds it done.

use crate::object::Id;
use crate::state::Record;
use serde::{Serialize, Serializer};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// The time limit for a guest to release a device that is unplugged.
pub const UNPLUG_LIMIT: Duration = Duration::from_secs(20);

/// A step, and the object that it is done to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// What is done to it.
    #[serde(flatten)]
    pub action: Action,
}

/// What can be done to an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Action {
    /// Have libvirt keep this definition, in place of what it has under the same name and UUID. What runs goes on as it is.
    Define {
        /// The XML.
        xml: Hidden,
    },
    /// Give a domain another name; it must be off.
    Rename {
        /// The name that it has now.
        from: String,
    },
    /// Give a secret its value.
    SetValue {
        /// The file to read it from.
        file: PathBuf,
        /// Whether the file's text is base64.
        base64: bool,
    },
    /// Start a domain or network, or a pool (whose folder is made where it is a folder's, and missing).
    Start,
    /// Stop it. A guest is asked to shut down.
    Stop(Shutdown),
    /// Set whether it starts with the host.
    Autostart {
        /// Whether it does.
        on: bool,
    },
    /// Plug a device into a running guest.
    Attach {
        /// The device.
        xml: Hidden,
    },
    /// Unplug a device from a running guest.
    Detach {
        /// The device, as the guest has it.
        xml: Hidden,
    },
    /// Change a device of a running guest: its medium, its link, its source.
    Update {
        /// The device as it shall be.
        xml: Hidden,
    },
    /// Set how much memory a running guest has at the moment, through its balloon.
    SetMemory {
        /// In KiB.
        kib: u64,
    },
    /// Set how many of its virtual CPUs a running guest has at the moment.
    SetVcpus {
        /// How many.
        count: u32,
    },
    /// Set the title, the description or a piece of the metadata of a running guest.
    SetMetadata {
        /// Which of them.
        part: MetadataPart,
        /// The text or XML; nothing takes it away.
        value: Option<String>,
    },
    /// Change a part of a running network.
    UpdateNetwork {
        /// Whether the part is added, taken away or changed.
        how: UpdateHow,
        /// Which part: `ip-dhcp-host`, `ip-dhcp-range`, `dns-host`, `dns-txt`, `dns-srv`, `portgroup`, `forward-interface`.
        section: NetworkSection,
        /// Which of the network's `<ip>` it is in; -1 where it is in none.
        parent: i32,
        /// The part.
        xml: String,
    },
    /// Make a volume, empty.
    CreateVolume {
        /// The XML.
        xml: Hidden,
    },
    /// Make a volume as a copy of another.
    CloneVolume {
        /// The XML.
        xml: Hidden,
        /// The other's pool.
        pool: String,
        /// The other's name.
        volume: String,
    },
    /// Write a file's content into a volume.
    Fill {
        /// The file.
        file: PathBuf,
    },
    /// Make a volume larger; it is never made smaller.
    Grow {
        /// In bytes.
        capacity: u64,
    },
    /// Delete a volume and what is in it.
    DeleteVolume,
    /// Have libvirt keep the object no more. What a guest has beside its definition stays, but for what is named.
    Undefine {
        /// What goes with a domain.
        purge: Vec<Purge>,
    },
    /// Make a snapshot.
    CreateSnapshot {
        /// The XML.
        xml: Hidden,
    },
    /// Delete a snapshot.
    DeleteSnapshot,
    /// Note what was applied. It comes after what it tells of, so that a run that ended between does it again.
    Remember(Box<Record>),
    /// Drop the note of what was applied: the object is no longer ours.
    Forget,
}

/// How long a guest may take to shut down, and what then.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shutdown {
    /// In seconds.
    pub timeout: u64,
    /// Whether its power is cut then; else that it runs on is a failure.
    pub force: bool,
}

/// What a domain has beside its definition, and keeps when it is undefined unless told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Purge {
    /// The variables of its UEFI firmware.
    Nvram,
    /// The state of its emulated TPM.
    Tpm,
    /// The saved state of the guest.
    ManagedSave,
    /// What libvirt knows of its snapshots; their content stays in the disks.
    Snapshots,
}

/// A piece of text that libvirt can change in a running guest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MetadataPart {
    /// `<title>`.
    Title,
    /// `<description>`.
    Description,
    /// A child of `<metadata>`, by its namespace.
    Element {
        /// The namespace's prefix.
        prefix: String,
        /// The namespace.
        uri: String,
    },
}

/// What is done to a part of a network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateHow {
    /// It is added after the others.
    Add,
    /// It is taken away.
    Delete,
}

/// The parts of a network that libvirt can change while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkSection {
    /// A host with a fixed address.
    IpDhcpHost,
    /// A range of addresses that are given out.
    IpDhcpRange,
    /// A device that traffic leaves the host by.
    ForwardInterface,
    /// A group of ports.
    Portgroup,
    /// A name's addresses.
    DnsHost,
    /// A TXT record.
    DnsTxt,
    /// An SRV record.
    DnsSrv,
}

/// Text that may hold a secret: it is given to libvirt, and neither printed nor written.
#[derive(Clone, PartialEq)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.0.len())
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("({} bytes)", self.0.len()))
    }
}

impl Action {
    /// Whether it changes something that runs, for what will be so at its next start anyway. Where libvirt cannot, that is
    /// no failure: the change waits.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Action::Attach { .. }
                | Action::Detach { .. }
                | Action::Update { .. }
                | Action::SetMemory { .. }
                | Action::SetVcpus { .. }
                | Action::SetMetadata { .. }
                | Action::UpdateNetwork { .. }
        )
    }
}
