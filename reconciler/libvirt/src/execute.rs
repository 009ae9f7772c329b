//! Mapping of each operation of a plan to calls of libvirt.

use crate::connection::{Connection, Key};
use crate::error::{Error, ask};
use crate::migrate::Migration;
use crate::object::Object;
use nixvirt::image::ImageSource;
use nixvirt::object::{Id, Type};
use nixvirt::step::{Operation, Shutdown};

/// Networks and pools stop at once.
const IMMEDIATELY: Shutdown = Shutdown { timeout: 0, force: false };

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
            Operation::MoveAside { uuid, to } => self.move_aside(id, uuid, to),
            Operation::Displace { name, uuid } => self.displace(id.kind, name, uuid),
            Operation::Build => self.existing(id)?.build(),
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
            Operation::CheckEmpty => self.check_empty(id),
            Operation::CloneVolume { definition, pool, volume } => {
                self.clone_volume(id, &definition.0, &Id::within(Type::Volume, pool, volume))
            }
            Operation::Fill { image: ImageSource::File(file) } => self.fill(id, file, progress),
            Operation::Fill { image: ImageSource::Download(_) } => Err(Error::internal("an image was not downloaded")),
            Operation::WriteSeed { seed } => self.write_seed(id, seed),
            Operation::CopyVolume { definition, volume, uri, source } => {
                self.copy_volume(volume, &definition.0, uri, source, progress)
            }
            Operation::PrepareVolume { definition, volume } => {
                self.must_know(volume)?;
                self.recreate(volume, &definition.0).map(drop)
            }
            Operation::Migrate { uri, persistent, disks, transport } => {
                let persistent = persistent.0.to_string();
                let migration = Migration { name: &id.name, uri, persistent, disks, transport: *transport };
                self.migrate(&migration, progress)
            }
            Operation::Grow { capacity } => self.grow(id, *capacity),
            Operation::DeleteVolume => self.delete_volume(id),
            Operation::Undefine { purge, keep, must_be_off } => self.undefine(id, purge, keep, *must_be_off),
            Operation::CreateSnapshot { definition } => self.create_snapshot(id, &definition.0),
            Operation::RestoreSnapshot { definition, is_current, .. } => {
                self.restore_snapshot(id, definition, *is_current)
            }
            Operation::DeleteSnapshot => self.delete_snapshot(id),
            Operation::TakeSnapshot { snapshot } => self.take_snapshot(&id.name, snapshot),
            Operation::DropSnapshot { snapshot } => {
                self.delete_snapshot(&Id::within(Type::Snapshot, &id.name, snapshot))
            }
            Operation::Revert { snapshot } => self.revert(&id.name, snapshot),
        }
    }

    /// Renames the domain that has the name of another one, unless it has been renamed.
    fn move_aside(&self, id: &Id, uuid: &str, to: &str) -> Result<(), Error> {
        let what = "cannot rename the domain that has this name";
        match self.domain(&id.name)? {
            Some(domain) if ask(what, domain.uuid_string())?.eq_ignore_ascii_case(uuid) => {
                ask(what, domain.rename(to, 0)).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Stops and undefines the network or pool of this name and UUID, if there is one.
    fn displace(&self, kind: Type, name: &str, uuid: &str) -> Result<(), Error> {
        let what = || format!("cannot undefine the {kind} {name}");
        let Some(object) = self.find(kind, &Key::Uuid(uuid))? else { return Ok(()) };
        if object.name()? != name {
            return Ok(());
        }
        object.stop(IMMEDIATELY)?;
        match object {
            Object::Network(network) if ask(what(), network.is_persistent())? => ask(what(), network.undefine()),
            Object::Pool(pool) if ask(what(), pool.is_persistent())? => ask(what(), pool.undefine()),
            _ => Ok(()),
        }
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        match self.domain(from)? {
            Some(domain) => ask(format!("cannot rename the domain from {from:?}"), domain.rename(to, 0)),
            None if self.domain(to)?.is_some() => Ok(()),
            None => Err(Error::libvirt(format!("there is no domain {from:?} to rename"))),
        }
    }
}
