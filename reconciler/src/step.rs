//! One step of a plan: an operation of libvirt, or an update of the state records. Every step is idempotent: a run that
//! was killed repeats the step that it was in.

use crate::image::ImageSource;
use crate::manifest::Transport;
use crate::object::Id;
use crate::seed::Seed;
use crate::state::Record;
use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// The time limit for a guest to release a device that is detached.
pub const DETACH_LIMIT: Duration = Duration::from_secs(20);

/// The time limit for the live migration of a guest. After the limit, the guest stays on the old host.
pub const MIGRATION_LIMIT: Duration = Duration::from_secs(30 * 60);

/// A step of a plan for one object.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Step {
    /// libvirt changes.
    Libvirt(Operation),
    /// The state directory changes.
    Record(RecordUpdate),
    /// Something changes on the connection that a domain moves away from.
    Origin(OriginStep),
}

/// A step on the connection that a domain moves away from.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OriginStep {
    /// The URI of the connection.
    pub uri: String,
    /// The object there.
    pub object: Id,
    /// The step.
    pub step: Box<Step>,
}

/// An operation that libvirt performs on an object.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "action", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Operation {
    /// Define the object, replacing the definition of the same name and UUID. What runs is not changed.
    Define {
        /// The definition.
        #[serde(skip)]
        definition: Redacted,
    },
    /// Rename a domain, which must be off.
    Rename {
        /// The present name.
        from: String,
    },
    /// Temporarily rename another domain that has the name of this one. The other domain is declared under another name.
    MoveAside {
        /// The UUID of the other domain.
        uuid: String,
        /// The temporary name.
        to: String,
    },
    /// Stop and undefine another network or pool that has the name, the UUID, the bridge or the folder of this one. No guest
    /// uses the other object. Its own declaration defines it again.
    Displace {
        /// The name of the other object.
        name: String,
        /// The UUID of the other object.
        uuid: String,
    },
    /// Create the folder of a pool that does not run, if it is missing, and set the permissions of the folder.
    Build,
    /// Set the value of a secret.
    SetValue {
        /// The file that holds the value.
        file: PathBuf,
        /// Whether the file holds base64 text rather than the bytes themselves.
        base64: bool,
    },
    /// Start a domain, a network or a pool.
    Start,
    /// Stop the object. A guest is asked to shut down.
    Stop(Shutdown),
    /// Set whether the object starts with the host.
    Autostart {
        /// Whether it starts with the host.
        on: bool,
    },
    /// Attach a device to a running guest.
    Attach {
        /// The device.
        #[serde(skip)]
        device: Redacted,
        /// The devices of the guest that must be gone first: what the new one has must not be in a guest twice.
        #[serde(skip)]
        after: Vec<Redacted>,
    },
    /// Detach a device from a running guest.
    Detach {
        /// The device as the guest has it.
        #[serde(skip)]
        device: Redacted,
    },
    /// Change a device of a running guest in place: its medium, its link, its source.
    Update {
        /// The device as declared.
        #[serde(skip)]
        device: Redacted,
    },
    /// Set the current memory of a running guest through its balloon.
    SetMemory {
        /// The current memory in KiB.
        kib: u64,
    },
    /// Set the number of online virtual CPUs of a running guest.
    SetVcpus {
        /// The number of virtual CPUs.
        count: u32,
    },
    /// Set the title, the description or a metadata element of a running guest.
    SetMetadata(Metadata),
    /// Change a section of a running network.
    UpdateNetwork {
        /// Whether the element is added or removed.
        how: NetworkUpdate,
        /// The section.
        section: NetworkSection,
        /// The index of the network's `<ip>` that the section belongs to; -1 for sections outside `<ip>`.
        parent: i32,
        /// The element.
        #[serde(skip)]
        element: Element,
    },
    /// Create an empty volume.
    CreateVolume {
        /// The definition.
        #[serde(skip)]
        definition: Redacted,
    },
    /// Check that a volume is empty. A volume that may hold data is an error.
    CheckEmpty,
    /// Create a volume as a copy of another one. A volume of its name is replaced.
    CloneVolume {
        /// The definition.
        #[serde(skip)]
        definition: Redacted,
        /// The pool of the source volume.
        pool: String,
        /// The name of the source volume.
        volume: String,
    },
    /// Upload an image into a volume.
    Fill {
        /// Where the image comes from.
        #[serde(flatten)]
        image: ImageSource,
    },
    /// Write a small file system of declared files into a volume, whose former one is replaced.
    WriteSeed {
        /// The files, with their secrets.
        #[serde(skip)]
        seed: Seed,
    },
    /// Copy a volume of another connection. A volume of the name that this program created is replaced.
    CopyVolume {
        /// The definition of the new volume.
        #[serde(skip)]
        definition: Redacted,
        /// The new volume.
        volume: Id,
        /// The URI of the other connection.
        uri: String,
        /// The volume that is copied.
        source: Id,
    },
    /// Create a volume that a migration fills, in place of the one that this program created under its name.
    PrepareVolume {
        /// The definition of the volume.
        #[serde(skip)]
        definition: Redacted,
        /// The volume.
        volume: Id,
    },
    /// Migrate a running guest to another connection, where it gets its definition, and undefine it here.
    Migrate {
        /// The URI of the other connection.
        uri: String,
        /// The definition.
        #[serde(skip)]
        persistent: Redacted,
        /// The targets of the disks that are copied.
        disks: Vec<String>,
        /// Connection over which the guest is sent.
        transport: Transport,
    },
    /// Grow a volume. A volume is never shrunk.
    Grow {
        /// The new capacity in bytes.
        capacity: u64,
    },
    /// Delete a volume and its content.
    DeleteVolume,
    /// Undefine the object.
    Undefine {
        /// State of a domain that is deleted with it.
        purge: Vec<Purge>,
        /// State of a domain that is kept.
        keep: Vec<Purge>,
        /// Whether the domain must be off. Otherwise libvirt would delete state that is kept.
        must_be_off: bool,
    },
    /// Create a snapshot.
    CreateSnapshot {
        /// The definition.
        #[serde(skip)]
        definition: Redacted,
    },
    /// Restore a snapshot of a domain from the archive.
    RestoreSnapshot {
        /// The name.
        name: String,
        /// Whether a new snapshot becomes a child of this one.
        is_current: bool,
        /// The definition.
        #[serde(skip)]
        definition: Element,
    },
    /// Delete a snapshot.
    DeleteSnapshot,
    /// Take a snapshot of a domain before a change, with its disks and, if the guest runs, its memory.
    TakeSnapshot {
        /// The name of the snapshot.
        snapshot: String,
    },
    /// Delete a snapshot that was taken before an earlier change.
    DropSnapshot {
        /// The name of the snapshot.
        snapshot: String,
    },
    /// Revert a domain to a snapshot that was taken before a change: its definition, its disks, and whether it runs.
    Revert {
        /// The name of the snapshot.
        snapshot: String,
    },
}

/// An update of the state records. It follows the operations that it records, so that a run that was killed in between
/// repeats them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "action", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RecordUpdate {
    /// Save what was applied to the object.
    SaveRecord {
        /// The record.
        #[serde(skip)]
        record: Box<Record>,
    },
    /// Drop the record of an object, which is then no longer managed.
    DropRecord {
        /// The object: for a renamed domain, the one of the former name.
        object: Id,
    },
    /// Archive the definition and the snapshots of a domain, which libvirt forgets when the domain is undefined.
    ArchiveSnapshots {
        /// The UUID of the domain.
        uuid: String,
    },
    /// Confirm that libvirt has undefined the archived domain. The archive is restored when the domain is defined again.
    ConfirmArchive {
        /// The UUID of the domain.
        uuid: String,
    },
    /// Drop the archive of a domain: libvirt has the snapshots again, or they are purged.
    DropArchive {
        /// The UUID of the domain.
        uuid: String,
    },
}

/// Time limit for a guest to shut down, and the action after it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shutdown {
    /// The time limit in seconds.
    pub timeout: u64,
    /// Whether the guest is forced off after the time limit. Otherwise it keeps running, which is an error.
    pub force: bool,
}

/// State of a domain outside its definition. It is kept when the domain is undefined, unless listed under `purge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Purge {
    /// The variables of the UEFI firmware.
    Nvram,
    /// The state of the emulated TPM.
    Tpm,
    /// The saved state of the guest.
    ManagedSave,
    /// The metadata of the snapshots. Their content stays in the disks.
    Snapshots,
}

/// A part of a domain's metadata that libvirt can set while the guest runs. Null removes the part.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "part", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Metadata {
    /// The `<title>`.
    Title {
        /// The text.
        text: Option<String>,
    },
    /// The `<description>`.
    Description {
        /// The text.
        text: Option<String>,
    },
    /// The child of `<metadata>` in a namespace.
    Element {
        /// The prefix of the namespace.
        prefix: String,
        /// The URI of the namespace.
        uri: String,
        /// The element.
        #[serde(skip)]
        element: Option<Element>,
    },
}

/// Change of a section of a running network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkUpdate {
    /// The element is added as the last of its section.
    Add,
    /// The element is removed.
    Delete,
}

/// A section of a network that libvirt can change while the network runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkSection {
    /// Hosts with a fixed address.
    IpDhcpHost,
    /// Address ranges that DHCP assigns from.
    IpDhcpRange,
    /// Host interfaces that traffic is forwarded to.
    ForwardInterface,
    /// Port groups.
    Portgroup,
    /// Host names of the DNS server.
    DnsHost,
    /// TXT records of the DNS server.
    DnsTxt,
    /// SRV records of the DNS server.
    DnsSrv,
}

/// XML that may hold a secret. It is passed to libvirt, and neither printed nor written to a file.
#[derive(Clone, Default, PartialEq)]
pub struct Redacted(pub Element);

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

impl Operation {
    /// How long libvirt may be silent during the operation, given the limit for a plain request. A guest that starts, or a
    /// snapshot, may move all memory of the guest, and gets ten times as long. What moves the content of volumes has no
    /// limit: libvirt still notices a daemon that is gone.
    pub fn answer_limit(&self, timeout: Duration) -> Option<Duration> {
        match self {
            Operation::CreateVolume { .. }
            | Operation::CloneVolume { .. }
            | Operation::CheckEmpty
            | Operation::Fill { .. }
            | Operation::WriteSeed { .. }
            | Operation::CopyVolume { .. }
            | Operation::PrepareVolume { .. }
            | Operation::Migrate { .. }
            | Operation::DeleteVolume => None,
            Operation::Start
            | Operation::CreateSnapshot { .. }
            | Operation::DeleteSnapshot
            | Operation::TakeSnapshot { .. }
            | Operation::DropSnapshot { .. }
            | Operation::Revert { .. } => Some(timeout.saturating_mul(10)),
            _ => Some(timeout),
        }
    }

    /// Whether this changes a running object that gets the change at the next start anyway. If libvirt cannot, that is no
    /// error: the change is pending.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Operation::Attach { .. }
                | Operation::Detach { .. }
                | Operation::Update { .. }
                | Operation::SetMemory { .. }
                | Operation::SetVcpus { .. }
                | Operation::SetMetadata { .. }
                | Operation::UpdateNetwork { .. }
        )
    }
}

impl From<Operation> for Step {
    fn from(operation: Operation) -> Self {
        Step::Libvirt(operation)
    }
}

impl From<RecordUpdate> for Step {
    fn from(update: RecordUpdate) -> Self {
        Step::Record(update)
    }
}
