//! Writing seeds into volumes: small file systems, which are replaced as a whole.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::volume::{grow, send_bytes};
use nixvirt::error::ErrorKind;
use nixvirt::object::Id;
use nixvirt::seed::Seed;
use virt::storage_vol::StorageVol;
use virt::stream::Stream;

/// The bytes of a volume that tell whether it holds a seed.
const BEGINNING: u64 = 512;

impl Connection {
    /// Writes a seed over all of a volume, so that nothing is left of a former one. The volume grows if it is too small.
    pub(crate) fn write_seed(&self, id: &Id, seed: &Seed) -> Result<(), Error> {
        self.must_know(id)?;
        let volume = self.existing_volume(id)?;
        self.must_be_unused(&volume, id, "written to")?;
        if !Seed::may_replace(&self.beginning(&volume)?) {
            let error = Error::libvirt("the volume contains something other than a seed");
            return Err(
                error.with_hint("nothing was written; delete the volume, or declare the seed under another name")
            );
        }
        let capacity = ask("cannot tell its size", volume.info())?.capacity;
        let size = capacity.max(seed.least_size());
        if size > capacity {
            grow(&volume, size)?;
        }
        let image = seed.image(size).map_err(|cause| {
            Error::new(ErrorKind::Input, "the files do not fit into a file system of the volume's size")
                .caused_by(cause)
        })?;
        let what = "cannot write to it";
        let stream = ask(what, Stream::new(&self.connect(), 0))?;
        ask(what, volume.upload(&stream, 0, 0, 0))?;
        ask(what, send_bytes(&stream, &image))?;
        ask(what, stream.finish())
    }

    fn beginning(&self, volume: &StorageVol) -> Result<Vec<u8>, Error> {
        let mut beginning = Vec::new();
        self.download(volume, 0, BEGINNING, |bytes| {
            beginning.extend_from_slice(bytes);
            true
        })?;
        Ok(beginning)
    }
}
