//! Connections as the backend of a reconciliation.

use crate::connection::Connection;
use crate::error::Error;
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Backend;
use nixvirt::snapshot_archive::DomainArchive;
use nixvirt::step::Operation;
use std::collections::BTreeSet;

impl Backend for Connection {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        self.list_types(types)
    }

    fn read(&self, id: &Id, observed: &mut Observed) -> Result<(), Error> {
        self.read_object(id, observed)
    }

    fn archive(&self, id: &Id) -> Result<Option<DomainArchive>, Error> {
        self.archive_domain(id)
    }

    /// Connects again and repeats the operation if the daemon was restarted meanwhile.
    fn execute(&self, id: &Id, operation: &Operation, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        match self.perform(id, operation, progress) {
            Err(_) if !self.is_alive() => self.reconnect().and_then(|()| self.perform(id, operation, progress)),
            result => result,
        }
    }
}
