//! The operations of a plan.

use crate::connection::Connection;
use crate::error::{Error, ask};
use nixvirt::object::{Id, Type};
use nixvirt::step::Operation;
use nixvirt_schema::engine::xml::Element;

impl Connection {
    /// Performs an operation. Nothing happens if its result is already there, nor if it changes a running guest or network
    /// that does not run.
    pub(crate) fn perform(
        &self,
        id: &Id,
        operation: &Operation,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        match operation {
            Operation::Define { definition } => self.define_and_restore(id, &definition.0),
            Operation::Rename { from } => self.rename(from, &id.name),
            Operation::SetValue { file, base64 } => self.set_value(id, file, *base64),
            Operation::Start => self.existing(id)?.start(),
            Operation::Stop(how) => self.lookup(id)?.map_or(Ok(()), |object| object.stop(*how)),
            Operation::Autostart { on } => self.existing(id)?.set_autostart(*on),
            Operation::Attach { device, after } => self.attach(id, &device.0, after),
            Operation::Detach { device } => self.detach(id, &device.0),
            Operation::Update { device } => self.update(id, &device.0),
            Operation::SetMemory { kib } => self.set_memory(id, *kib),
            Operation::SetVcpus { count } => self.set_vcpus(id, *count),
            Operation::SetMetadata(metadata) => self.set_metadata(id, metadata),
            Operation::UpdateNetwork { how, section, parent, element } => {
                self.update_network(id, *how, *section, *parent, element)
            }
            Operation::CreateVolume { definition } => self.create_volume(id, &definition.0),
            Operation::CloneVolume { definition, pool, volume } => {
                self.clone_volume(id, &definition.0, &Id::within(Type::Volume, pool, volume))
            }
            Operation::Fill { file } => self.fill(id, file, progress),
            Operation::Grow { capacity } => self.grow(id, *capacity),
            Operation::DeleteVolume => self.delete_volume(id),
            Operation::Undefine { purge } => self.undefine(id, purge),
            Operation::CreateSnapshot { definition } => self.create_snapshot(id, &definition.0),
            Operation::DeleteSnapshot => self.delete_snapshot(id),
        }
    }

    fn define_and_restore(&self, id: &Id, definition: &Element) -> Result<(), Error> {
        if let (Type::Domain, Some(archive)) = (id.kind, &self.archive) {
            if archive.restore(self, definition)? {
                return Ok(());
            }
        }
        self.define(id.kind, &definition.to_string()).map(drop)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        match self.domain(from)? {
            Some(domain) => ask(format!("cannot rename it from {from:?}"), domain.rename(to, 0)),
            None if self.domain(to)?.is_some() => Ok(()),
            None => Err(Error::libvirt(format!("there is no domain {from:?} to rename"))),
        }
    }
}
