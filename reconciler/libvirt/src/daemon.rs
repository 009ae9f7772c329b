//! What the engine asks of a connection.

use crate::connection::Connection;
use crate::error::Error;
use nixvirt::inventory::{Found, Inventory};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Daemon;
use nixvirt::step::Step;
use std::collections::BTreeSet;

impl Daemon for Connection {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        self.list_types(types)
    }

    fn read(&self, id: &Id, found: &mut Found) -> Result<(), Error> {
        self.read_object(id, found)
    }

    /// Where the daemon went away meanwhile, it is waited for and asked again.
    fn perform(&self, step: &Step, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        match self.do_step(step, progress) {
            Err(_) if !self.is_alive() => self.reconnect().and_then(|()| self.do_step(step, progress)),
            done => done,
        }
    }
}
