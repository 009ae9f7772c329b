//! Mapping of each operation of a plan to calls of libvirt.

use crate::connection::Connection;
use crate::error::{Error, ask};
use nixvirt::object::{Id, Type};
use nixvirt::step::Operation;

impl Connection {
    /// Performs an operation. Nothing happens if its result exists already, or if it changes a running object and the object
    /// does not run.
    pub(crate) fn perform(
        &self,
        id: &Id,
        operation: &Operation,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        match operation {
            Operation::Define { definition } => self.define(id.kind, &definition.0.to_string()).map(drop),
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
            Operation::Undefine { purge, keep, must_be_off } => self.undefine(id, purge, keep, *must_be_off),
            Operation::CreateSnapshot { definition } => self.create_snapshot(id, &definition.0),
            Operation::RestoreSnapshot { definition, is_current, .. } => {
                self.restore_snapshot(id, definition, *is_current)
            }
            Operation::DeleteSnapshot => self.delete_snapshot(id),
        }
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        match self.domain(from)? {
            Some(domain) => ask(format!("cannot rename it from {from:?}"), domain.rename(to, 0)),
            None if self.domain(to)?.is_some() => Ok(()),
            None => Err(Error::libvirt(format!("there is no domain {from:?} to rename"))),
        }
    }
}
