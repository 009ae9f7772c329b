//! What the engine asks of a connection.

use crate::connection::Connection;
use nixvirt::inventory::{Observed, Inventory};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Daemon;
use nixvirt::step::Step;
use std::collections::BTreeSet;

impl Daemon for Connection {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, String> {
        self.list_types(types).map_err(|why| why.to_string())
    }

    fn read(&self, id: &Id, found: &mut Observed) -> Result<(), String> {
        self.read_object(id, found).map_err(|why| why.to_string())
    }

    /// Where the daemon went away meanwhile, it is waited for and asked again.
    fn perform(&self, step: &Step, progress: &mut dyn FnMut(u64, u64)) -> Result<(), String> {
        let done = match self.do_step(step, progress) {
            Err(_) if !self.is_alive() => self.reconnect().and_then(|()| self.do_step(step, progress)),
            done => done,
        };
        done.map_err(|why| why.to_string())
    }
}
