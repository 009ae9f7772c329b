//! What is wanted of a connection: the manifest with its XML read, ready to be compared.

mod read;

use crate::manifest::{OnChange, Prune};
use crate::object::{Id, Type};
use crate::step::{Purge, Shutdown};
use nixvirt_schema::engine::xml::Element;
pub use read::{is_part_of, read};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What is wanted of a connection.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The objects that are declared, in the order in which they are made.
    pub objects: Vec<Declared>,
    /// The types of which what is not declared may be pruned: the manifest has a list, and each object of it could be
    /// read, at least so far that it is known which one it is.
    pub types: BTreeSet<Type>,
    /// What happens to what is no longer declared.
    pub prune: Prune,
    /// The objects that are declared to be gone: volumes and snapshots with `present = false`.
    pub absent: Vec<Id>,
    /// What is said of objects that could not be read: they are left alone, and the others go on.
    pub failed: Vec<(Id, String)>,
    /// Who declares: goes into the mark that is left in objects.
    pub owner: String,
}

/// An object as it is declared.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The object.
    pub id: Id,
    /// Its UUID, where the XML says one.
    pub uuid: Option<String>,
    /// The XML as it was declared.
    pub xml: String,
    /// The XML without the secrets in it.
    pub shown: String,
    /// `shown`, read.
    pub root: Element,
    /// The secrets that were taken out of `xml`, in their order, and what stands for other secrets of the object.
    pub secrets: Vec<String>,
    /// What is wanted of it beside its definition.
    pub policy: Policy,
    /// What a volume or a secret is filled with.
    pub content: Option<Content>,
}

/// What is wanted of an object beside its definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Whether it shall run; nothing leaves it as it is.
    pub active: Option<bool>,
    /// Whether it shall start with the host; nothing leaves it as it is.
    pub autostart: Option<bool>,
    /// What happens when the declaration of something that runs has changed.
    pub on_change: OnChange,
    /// Restart it at each run, changed or not.
    pub always_restart: bool,
    /// How it is stopped.
    pub shutdown: Shutdown,
    /// What goes with a domain that is undefined.
    pub purge: Vec<Purge>,
}

/// What an object is filled with.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A file that is written into a volume, once.
    File(PathBuf),
    /// A volume that is copied.
    Volume {
        /// Its pool.
        pool: String,
        /// Its name.
        name: String,
    },
    /// The file with a secret's value.
    Value {
        /// The file.
        file: PathBuf,
        /// Whether its text is base64.
        base64: bool,
    },
}
