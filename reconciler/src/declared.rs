//! What is declared on a connection: the manifest with its definitions read, ready to be compared.

mod error;
mod files;
mod line;
mod moved;
mod password;
mod read;
mod secret_file;
mod seed;

use crate::image::Download;
use crate::manifest::{Move, OnChange, Prune, Storage, Transport};
use crate::object::{Id, Type};
use crate::seed::Seed;
use crate::state::{Record, fingerprint};
use crate::step::{Purge, Shutdown};
pub use error::{DeclarationError, InvalidDeclaration, ManifestPlace, PasswordProblem};
pub use moved::{Destination, DiskImage, MovedDomains, MovingDomain, Origin, Whereabouts};
use nixvirt_schema::engine::xml::Element;
pub use password::Console;
pub use read::{is_part_of, read};
pub use secret_file::{FilledText, Hider};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What is declared on a connection.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The declared objects, in the order in which they are created.
    pub objects: Vec<Declared>,
    /// The types whose undeclared objects may be pruned: the manifest has a list of them, and every name in it is known.
    pub types: BTreeSet<Type>,
    /// Which undeclared objects are pruned.
    pub prune: Prune,
    /// The volumes and snapshots that are declared with `present = false`.
    pub absent: Vec<Id>,
    /// The objects whose declarations are invalid. They are kept as they are.
    pub errors: BTreeMap<Id, DeclarationError>,
    /// The invalid declarations of unknown objects.
    pub invalid: Vec<InvalidDeclaration>,
    /// The objects whose drift is undone, even if their declarations have not changed.
    pub reset: BTreeSet<Id>,
    /// The managed domains whose declarations have moved between connections of the manifest.
    pub moved: MovedDomains,
    /// The owner of the objects: a host and its state directory, which is recorded in the metadata of domains and networks.
    pub owner: String,
}

/// A declared object.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The object.
    pub id: Id,
    /// The UUID that the definition gives.
    pub uuid: Option<String>,
    /// The definition with its secrets redacted.
    pub redacted: Element,
    /// `redacted` as text, which is what a state record holds.
    pub shown: String,
    /// The definition as declared, if it holds secrets.
    pub with_secrets: Option<Element>,
    /// The secrets in the order of the definition, followed by the value of a secret.
    pub secrets: Vec<String>,
    /// The texts with secrets of `secretFiles`, in the order of the definition.
    pub filled: Vec<FilledText>,
    /// What is declared beside the definition.
    pub policy: Policy,
    /// The content of a volume, or the value of a secret.
    pub content: Option<Content>,
}

impl Declared {
    /// The fingerprint of the texts with secrets of `secretFiles`.
    pub fn filled_fingerprint(&self) -> Option<String> {
        let texts: Vec<_> = self.filled.iter().map(|filled| filled.full.clone()).collect();
        fingerprint(&self.id, &texts)
    }

    /// Whether the secrets are those that were applied.
    pub fn has_secrets_of(&self, record: &Record) -> bool {
        record.secrets == fingerprint(&self.id, &self.secrets) && record.filled == self.filled_fingerprint()
    }

    /// The definition as declared.
    pub fn definition(&self) -> &Element {
        self.with_secrets.as_ref().unwrap_or(&self.redacted)
    }
}

/// What is declared of an object beside its definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Whether the object runs; None leaves it as it is.
    pub active: Option<bool>,
    /// Whether the object starts with the host; None leaves it as it is.
    pub autostart: Option<bool>,
    /// How a changed declaration reaches a running object.
    pub on_change: OnChange,
    /// Whether the object is restarted by each run, changed or not.
    pub always_restart: bool,
    /// How the object is stopped.
    pub shutdown: Shutdown,
    /// State of a domain that is deleted with it.
    pub purge: Vec<Purge>,
    /// How a domain moves here from another connection.
    pub moves: Move,
    /// Where the disks of a domain are when it moves.
    pub storage: Storage,
    /// How a running guest is sent when its domain moves.
    pub transport: Transport,
    /// How many snapshots of a domain are kept that were taken before changes. If 0, none is taken.
    pub rollback_snapshots: u16,
}

/// What an object is filled with.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A file that is uploaded into a new volume.
    File(PathBuf),
    /// A file of a web server that is uploaded into a new volume.
    Download(Download),
    /// A volume that a new volume is a copy of.
    Volume {
        /// The pool of the source volume.
        pool: String,
        /// The name of the source volume.
        name: String,
    },
    /// A small file system of declared files.
    Seed(Seed),
    /// The file that holds a secret's value.
    Value {
        /// The file.
        file: PathBuf,
        /// Whether the file holds base64 text rather than the bytes themselves.
        base64: bool,
    },
}
