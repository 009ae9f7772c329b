//! Doing the steps of a plan.

use crate::connection::Connection;
use crate::error::{Error, ask};
use nixvirt::object::{Id, Type};
use nixvirt::step::{Action, Step};

impl Connection {
    /// Does a step. Where it was done before, nothing happens. What is done to running guests and networks is nothing where
    /// they do not run. What is remembered and forgotten is no matter of libvirt's, and nothing here.
    pub(crate) fn do_step(&self, Step { id, action }: &Step, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        match action {
            Action::Define { xml } => self.define_and_restore(id, &xml.0),
            Action::Rename { from } => self.rename(from, &id.name),
            Action::SetValue { file, base64 } => self.set_value(id, file, *base64),
            Action::Start => self.existing(id)?.start(),
            Action::Stop(how) => self.lookup(id)?.map_or(Ok(()), |object| object.stop(*how)),
            Action::Autostart { on } => self.existing(id)?.set_autostart(*on),
            Action::Attach { xml } => self.attach(id, &xml.0),
            Action::Detach { xml } => self.detach(id, &xml.0),
            Action::Update { xml } => self.update(id, &xml.0),
            Action::SetMemory { kib } => self.set_memory(id, *kib),
            Action::SetVcpus { count } => self.set_vcpus(id, *count),
            Action::SetMetadata { part, value } => self.set_metadata(id, part, value.as_deref()),
            Action::UpdateNetwork { how, section, parent, xml } => {
                self.update_network(id, *how, *section, *parent, xml)
            }
            Action::CreateVolume { xml } => self.create_volume(id, &xml.0),
            Action::CloneVolume { xml, pool, volume } => {
                self.clone_volume(id, &xml.0, &Id::within(Type::Volume, pool, volume))
            }
            Action::Fill { file } => self.fill(id, file, progress),
            Action::Grow { capacity } => self.grow(id, *capacity),
            Action::DeleteVolume => self.delete_volume(id),
            Action::Undefine { purge } => self.undefine(id, purge),
            Action::CreateSnapshot { xml } => self.create_snapshot(id, &xml.0),
            Action::DeleteSnapshot => self.delete_snapshot(id),
            Action::Remember(_) | Action::Forget => Ok(()),
        }
    }

    fn define_and_restore(&self, id: &Id, xml: &str) -> Result<(), Error> {
        if let (Type::Domain, Some(kept)) = (id.kind, &self.kept) {
            if kept.restore(self, xml)? {
                return Ok(());
            }
        }
        self.define(id.kind, xml).map(drop)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        match self.domain(from)? {
            Some(domain) => ask(format!("cannot rename it from {from:?}"), domain.rename(to, 0)),
            None if self.domain(to)?.is_some() => Ok(()),
            None => Err(Error::libvirt(format!("there is no domain {from:?} to rename"))),
        }
    }
}
