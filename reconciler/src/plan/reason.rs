//! Reasons in a plan. The report turns these facts into English.

use crate::able::Lack;
use crate::declared::DeclarationError;
use crate::error::ErrorMessage;
use crate::object::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::PathBuf;

/// Reason for a change to an object, or for its absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Reason {
    /// The declaration is invalid.
    InvalidDeclaration {
        /// The error.
        error: DeclarationError,
    },
    /// libvirt has another object of this type and name, with another UUID.
    UuidMismatch {
        /// The UUID of libvirt's object.
        uuid: String,
    },
    /// libvirt has the domain's UUID under another name, and the domain runs. A domain can be renamed while it is off.
    RunsUnderOtherName {
        /// The name in libvirt.
        name: String,
    },
    /// libvirt has the domain's UUID under another name, with a saved state. A domain can be renamed once it has no saved state.
    SavedUnderOtherName {
        /// The name in libvirt.
        name: String,
    },
    /// libvirt has the object's UUID under another name, and cannot rename objects of this type.
    CannotRename {
        /// The name in libvirt.
        name: String,
    },
    /// The managed object of this name has a UUID that is no longer declared: it is removed, and another one is created.
    Replaces {
        /// The UUID that is no longer declared.
        uuid: String,
    },
    /// Another domain has the name, and cannot get its own declared name now.
    NameTaken {
        /// The name that the other domain is declared under.
        declared: String,
    },
    /// Another network or pool has what this one needs, such as its name, bridge or folder, and is in use.
    WaitsForUsed {
        /// The other object.
        object: Id,
        /// The names of the guests that use the object. Empty if the object itself waits for another one.
        by: Vec<String>,
    },
    /// libvirt has another object of this type and name than the one that was applied: their UUIDs differ.
    OtherObject {
        /// The UUID of libvirt's object.
        uuid: String,
        /// The UUID of the object that was applied.
        applied: String,
    },
    /// The definition that libvirt has could not be read.
    UnreadableDefinition {
        /// Error of libvirt, if the definition was requested.
        error: Option<ErrorMessage>,
    },
    /// The volumes of the pool, or the snapshots of the domain, could not be listed.
    UnlistedParent {
        /// The pool of a volume, or the domain of a snapshot.
        parent: Id,
        /// Error of libvirt.
        error: ErrorMessage,
    },
    /// An earlier run was interrupted while it created the volume. The content is written if the volume holds nothing.
    MayBeAnother,
    /// The pool of the volume exists, does not run and is not declared.
    PoolNotRunning {
        /// The pool.
        pool: Id,
    },
    /// The pool of the volume neither exists nor is declared.
    PoolMissing {
        /// The pool.
        pool: Id,
    },
    /// The plan starts the volume's pool; whether the volume exists is known afterwards.
    WaitsForPool {
        /// The pool.
        pool: Id,
    },
    /// The volume's pool does not run, and this plan does not start it. Whether the volume exists is known while it runs.
    UnknownUntilPoolRuns {
        /// The pool.
        pool: Id,
    },
    /// The volume's pool is declared with `active = false`, and its volumes are known only while it runs.
    PoolDeclaredInactive {
        /// The pool.
        pool: Id,
    },
    /// Running guests use the object.
    StillInUse {
        /// The names of the guests.
        by: Vec<String>,
        /// Change that the guests prevent.
        prevents: Prevented,
    },
    /// The definition is removed; the guest keeps running until it shuts down.
    RemovedOnceStopped,
    /// The domain is declared on another connection now. It is removed here by the run that finds the guest off.
    DeclaredElsewhere {
        /// The URI of the other connection.
        uri: String,
    },
    /// The domain was declared on another connection before, and the guest may still run there. It is created here by the run that
    /// finds the guest off, with its volumes.
    MayRunElsewhere {
        /// The domain: this object, or one that uses this volume.
        domain: Id,
        /// The URI of the other connection.
        uri: String,
    },
    /// The domain moves here from another connection.
    MovesFrom {
        /// The URI of the other connection.
        uri: String,
    },
    /// The domain moves here from another connection once the guest is off there: its `move` is `offline`, and its `onChange`
    /// does not allow stopping the guest.
    MovesOnceOff {
        /// The URI of the other connection.
        uri: String,
    },
    /// The content of the volume comes from another connection, with the domain that uses it.
    MovesWithDomain {
        /// The domain.
        domain: Id,
        /// The URI of the other connection.
        uri: String,
    },
    /// The domain cannot move here from another connection.
    CannotMove {
        /// The URI of the other connection.
        uri: String,
        /// Obstacle to the move.
        obstacle: Obstacle,
    },
    /// libvirt would delete the state of the running guest's TPM; the domain is removed once it is off.
    WouldLoseTpmState,
    /// libvirt would delete the saved state of the guest; the domain is removed once the guest has resumed from it.
    WouldLoseSavedState,
    /// The firmware that libvirt chose is missing on the host. libvirt chooses another one, which uses the same NVRAM.
    FirmwareReplaced {
        /// The file of the missing firmware.
        loader: String,
        /// The file of the NVRAM.
        nvram: String,
    },
    /// The declared image of a disk is the base of another image, which the guest used last. Writing to the base would make
    /// that image worthless.
    BaseOfImage {
        /// The declared image.
        base: String,
        /// The other image.
        overlay: String,
        /// The snapshot that made the other image; null if it was declared before.
        snapshot: Option<String>,
    },
    /// The archive of the domain's snapshots cannot be read.
    UnreadableArchive {
        /// The file.
        file: PathBuf,
        /// Error of the operating system.
        message: String,
    },
    /// The object is gone from libvirt; only its state record is dropped.
    AlreadyGone,
    /// The volume was created by an earlier run, and libvirt no longer has it. It is created again.
    Vanished,
    /// Volumes were created in the pool by earlier runs, and libvirt has none of them. Their file system may not be mounted.
    VolumesGone {
        /// The pool.
        pool: Id,
    },
    /// libvirt does not create such volumes in a pool of this type.
    NotCreatedInPool {
        /// The type of the pool.
        pool_type: String,
        /// The volumes that libvirt does not create.
        volumes: UncreatedVolumes,
    },
    /// A network that is declared, too, has a subnet that overlaps one of this network.
    SubnetsOverlap {
        /// The name of the other network.
        other: String,
        /// The subnet of the other network, and that of this one.
        subnets: [String; 2],
        /// Whether libvirt refuses to run both: they have the same IPv4 subnet.
        is_same: bool,
    },
    /// A logical volume is allocated as a whole: its declared allocation is ignored.
    AllocatedAsWhole,
    /// The volume or snapshot is no longer declared, and kept. `present = false` deletes it.
    NoLongerDeclared,
    /// The object existed before it was declared, and is managed from now on.
    AdoptsExisting,
    /// A saved state exists, from which the next start resumes the guest with its old definition.
    HasSavedState,
    /// The domain requires a snapshot before each change, and libvirt cannot take one.
    CannotSnapshot {
        /// Obstacle to the snapshot.
        obstacle: SnapshotObstacle,
    },
    /// The object runs, and its `onChange` is `never`: it is changed by a run that finds it stopped.
    OnChangeNever,
    /// The snapshot exists, and the content of a snapshot cannot change.
    SnapshotImmutable,
    /// The declared files of a seed, or the secrets in them, have changed since they were written.
    ContentChanged,
    /// An earlier run did not finish writing the volume's content; it is written again.
    RewritesContent,
    /// An earlier run did not finish writing the volume's content, and it stays incomplete.
    ContentIncomplete,
    /// The volume is larger than declared. A volume is never shrunk.
    NeverShrinks {
        /// The present capacity in bytes.
        capacity: Option<u64>,
    },
    /// A field of the volume is fixed when the volume is created, and differs from the declaration.
    FixedAtCreation {
        /// The path of the field.
        path: String,
        /// The value that was applied when the volume was created; null if there was none.
        value: Option<String>,
        /// The declared value; null if there is none.
        declared: Option<String>,
    },
    /// The object is managed and not declared, and stays, because the manifest does not list all objects of its type or
    /// does not prune.
    ManagedUndeclared,
}

/// Change that running guests prevent by using the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Prevented {
    /// Deleting the object.
    Delete,
    /// Stopping the object.
    Stop,
    /// Restarting the object.
    Restart,
    /// Renaming the object. A later run renames the object, once no guest uses it.
    Rename,
    /// Writing the new content of a volume. A later run writes it, once no guest uses the volume.
    Rewrite,
    /// Removing the object. A later run removes the object, once no guest uses it.
    Remove,
}

/// Obstacle that prevents a domain from moving to another connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "obstacle", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Obstacle {
    /// The guest runs on both connections. Nothing is changed.
    RunsOnBoth,
    /// The guest has no persistent definition on the other connection.
    Transient,
    /// The state of the guest is saved on the other connection, and is not copied.
    SavedState,
    /// The domain has snapshots on the other connection, and they are not copied.
    Snapshots,
    /// The variables of the UEFI firmware are in a file of the other host, which is not copied while the guest is off.
    Nvram,
    /// The state of the TPM is in files of the other host, which are not copied while the guest is off.
    Tpm,
    /// The declared volume of a disk is not in its pool, or differs from the volume on the other host, although the storage
    /// is declared as shared.
    NotShared {
        /// The volume.
        volume: Id,
    },
    /// The volume that a disk would be copied to exists, and its content is unknown.
    VolumeExists {
        /// The volume.
        volume: Id,
    },
    /// An earlier copy of the volume from the other connection was interrupted, and this plan does not copy the volume again.
    CopyIncomplete {
        /// The volume.
        volume: Id,
    },
    /// The disk is no volume of a pool that runs on the other connection, so that libvirt cannot read it.
    NoSource {
        /// The target of the disk, such as `vda`.
        disk: String,
    },
    /// No declared volume is the image of the disk, so that it is unknown where to copy it.
    NoDestination {
        /// The target of the disk, such as `vda`.
        disk: String,
    },
    /// The image of a disk is based on another image, which the declared volume is not based on.
    OtherBase {
        /// The volume of the image.
        volume: Id,
        /// The path of the other image.
        base: String,
    },
    /// The pool has less room than the copies need.
    NoRoom {
        /// The pool.
        pool: Id,
        /// The size of the copies in bytes.
        needed: u64,
        /// The free bytes of the pool.
        available: u64,
    },
    /// The host lacks what the guest needs.
    Unable {
        /// Parts that the guest needs and the host lacks.
        lacks: Vec<Lack>,
    },
    /// The disks are copied, which a tunnel between the daemons does not carry.
    Tunnel,
    /// The CPU of the host lacks features of the guest's CPU.
    OtherCpu,
    /// The host has another domain with the name or the UUID of the guest.
    Taken {
        /// The name of the other domain.
        name: String,
        /// The UUID of the other domain.
        uuid: String,
    },
}

/// Volumes that libvirt does not create in a type of pools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "which", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum UncreatedVolumes {
    /// All volumes: the pool has those of a device or server.
    All,
    /// Volumes of a format.
    OfFormat {
        /// The format, such as `qcow2`.
        format: String,
    },
    /// Encrypted volumes.
    Encrypted,
}

/// Obstacle to a snapshot that holds the disks and the memory of a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "obstacle", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SnapshotObstacle {
    /// The state of the guest is saved, and a snapshot of its disks would not fit the saved memory.
    SavedState,
    /// The domain has no disk that a snapshot can be stored in.
    NoDisk,
    /// A disk is in a format that holds no snapshots.
    Disk {
        /// The disk, such as `vda`.
        target: String,
        /// The format, such as `raw`. Null if the definition does not state it.
        format: Option<String>,
    },
    /// The NVRAM of the running guest is in a format that holds no snapshots.
    Nvram,
}
