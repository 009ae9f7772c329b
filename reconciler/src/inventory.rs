//! What libvirt has on a connection.

use crate::error::{Error, ErrorKind, ErrorMessage};
use crate::object::Id;
use crate::paths::Paths;
use crate::step::Redacted;
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeMap;

/// The objects of a connection. They are listed in a few calls, whatever their number; definitions are read only of the
/// objects that a plan has to compare.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Every object that libvirt lists.
    pub objects: BTreeMap<Id, Observed>,
    /// What the paths lead to that the definitions name.
    pub paths: Paths,
}

/// An object that libvirt has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The UUID, with hyphens. Volumes and snapshots have none.
    pub uuid: Option<String>,
    /// Whether the object runs. Objects of types that do not run are always active.
    pub is_active: bool,
    /// Whether libvirt keeps the definition when the object stops.
    pub is_persistent: bool,
    /// Whether the object starts with the host. False for types that do not start.
    pub autostart: bool,
    /// Whether the guest's state is saved, to be resumed at the next start.
    pub has_managed_save: bool,
    /// Whether libvirt has snapshots of the domain.
    pub has_snapshots: bool,
    /// libvirt's number of the guest's present run, which differs for each run. None while the guest is off.
    pub run: Option<u32>,
    /// The persistent definition, which takes effect at the next start. None until it is read.
    pub definition: Option<Element>,
    /// The definition of the running domain or network. None until it is read.
    pub live: Option<Element>,
    /// The persistent definition of a domain with its secrets, such as console passwords. None until it is read, if it has no
    /// secrets, or if the connection may not read them.
    pub with_secrets: Option<Redacted>,
    /// The definition of the running domain with its secrets, in the same way.
    pub live_with_secrets: Option<Redacted>,
    /// Whether the connection may not read the secrets of the domain.
    pub hides_secrets: bool,
    /// The definitions of a domain's snapshots, parents before their children. Empty until they are read.
    pub snapshots: Vec<Element>,
    /// Whether the firmware of the domain is a file that is missing on this host. False until the definition is read, and on
    /// connections to other hosts.
    pub loader_is_gone: bool,
    /// Why the object could not be read.
    pub error: Option<ErrorMessage>,
    /// Why the volumes of the pool, or the snapshots of the domain, could not be listed.
    pub parts_error: Option<ErrorMessage>,
}

impl Observed {
    /// Notes why the object could not be read.
    ///
    /// # Errors
    /// The connection is lost, which is no error of the object.
    pub fn note(&mut self, reading: Result<(), Error>) -> Result<(), Error> {
        match reading {
            Err(error) if error.kind() == ErrorKind::Connection => return Err(error),
            Err(error) => self.error = Some(error.into()),
            Ok(()) => {}
        }
        Ok(())
    }
}

impl Inventory {
    /// The object of an id.
    pub fn get(&self, id: &Id) -> Option<&Observed> {
        self.objects.get(id)
    }
}
