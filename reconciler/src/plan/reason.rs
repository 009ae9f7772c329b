//! Reasons in a plan. The report turns these facts into English.

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
    /// A logical volume is allocated as a whole: its declared allocation is ignored.
    AllocatedAsWhole,
    /// The volume or snapshot is no longer declared, and kept. `present = false` deletes it.
    NoLongerDeclared,
    /// The object existed before it was declared, and is managed from now on.
    AdoptsExisting,
    /// A saved state exists, from which the next start resumes the guest with its old definition.
    HasSavedState,
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
