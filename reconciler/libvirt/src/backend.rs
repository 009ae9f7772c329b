//! Connections as the backend of a reconciliation.

use crate::connection::Connection;
use crate::error::Error;
use nixvirt::able::capabilities::{Answer, Request};
use nixvirt::doctor::answers::Answers;
use nixvirt::error::ErrorKind;
use nixvirt::guest::Facts;
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Backend;
use nixvirt::snapshot_archive::DomainArchive;
use nixvirt::step::Operation;
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeSet;

impl Backend for Connection {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        self.list_types(types).map_err(|error| self.judged(error))
    }

    fn read(&self, id: &Id, observed: &mut Observed) -> Result<(), Error> {
        self.read_object(id, observed).map_err(|error| self.judged(error))
    }

    fn archive(&self, id: &Id) -> Result<Option<DomainArchive>, Error> {
        self.archive_domain(id).map_err(|error| self.judged(error))
    }

    fn answers(&self) -> Result<Answers, Error> {
        self.about().map_err(|error| self.judged(error))
    }

    fn domain_capabilities(&self, request: &Request) -> Result<Answer, Error> {
        self.capabilities_of_domains(request).map_err(|error| self.judged(error))
    }

    fn capabilities(&self) -> Result<Option<Element>, Error> {
        self.capabilities_of_host().map_err(|error| self.judged(error))
    }

    fn guests(&self, name: Option<&str>) -> Result<Vec<Facts>, Error> {
        self.facts(name).map_err(|error| self.judged(error))
    }

    fn ask_agent(&self, guest: &str, command: &str) -> Result<String, Error> {
        Connection::ask_agent(self, guest, command).map_err(|error| self.judged(error))
    }

    fn offers_cpu(&self, domain: &Element) -> Result<bool, Error> {
        self.has_cpu(domain).map_err(|error| self.judged(error))
    }

    fn is_local(&self) -> bool {
        self.is_on_this_host()
    }

    /// Connects again and repeats the operation if the daemon was restarted meanwhile.
    fn execute(&self, id: &Id, operation: &Operation, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        let result = match self.perform(id, operation, progress) {
            Err(_) if !self.is_alive() => self.reconnect().and_then(|()| self.perform(id, operation, progress)),
            result => result,
        };
        result.map_err(|error| self.judged(error))
    }
}

impl Connection {
    /// The error of a call. If the connection is lost, that is the cause, even if libvirt names its sockets.
    fn judged(&self, error: Error) -> Error {
        if self.is_alive() || error.kind() == ErrorKind::Connection {
            return error;
        }
        Error::connection(format!("{error}: the connection to the libvirt daemon was lost"))
            .with_hint("check that the libvirt daemon is running")
    }
}
