//! Whether a volume holds nothing, so that writing to it loses nothing.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::volume::{CHUNK, format_of};
use nixvirt::object::Id;
use virt::storage_vol::StorageVol;
use virt::stream::Stream;

/// What to do with a volume that may be another one.
const UNCLEAR: &str = "nothing was written to the volume; delete it, or forget it with `nixvirt forget` so that the next apply adopts \
                       it as it is";

/// The most bytes that the table of a qcow2 image's clusters can have: that is 32 MiB in QEMU.
const MAX_TABLE: u64 = 32 << 20;

impl Connection {
    /// Fails unless nothing was ever written to a volume that exists.
    pub(crate) fn check_empty(&self, id: &Id) -> Result<(), Error> {
        let volume = self.existing_volume(id)?;
        let xml = ask("cannot read its XML", volume.xml_desc(0))?;
        let is_empty = match format_of(&xml).as_deref() {
            Some("qcow2") => self.is_empty_qcow2(&volume)?,
            Some("raw") | None => self.is_zero(&volume, 0, 0)?,
            Some(_) => false,
        };
        if is_empty {
            return Ok(());
        }
        let what = "a volume of this name exists and is not empty, and an earlier run was interrupted before it could tell \
                    whether it had created the volume";
        Err(Error::libvirt(what).with_hint(UNCLEAR))
    }

    /// Whether no cluster of a qcow2 image has data: the first table, which leads to all of them, is zero.
    fn is_empty_qcow2(&self, volume: &StorageVol) -> Result<bool, Error> {
        let mut header = Vec::new();
        self.download(volume, 0, 64, |bytes| {
            header.extend_from_slice(bytes);
            true
        })?;
        let field = |at: usize, size: usize| {
            let bytes = header.get(at..at + size)?;
            Some(bytes.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte)))
        };
        let (Some(entries), Some(place), Some(snapshots)) = (field(36, 4), field(40, 8), field(60, 4)) else {
            return Ok(false);
        };
        let length = entries * 8;
        if !header.starts_with(b"QFI\xfb") || snapshots > 0 || length == 0 || length > MAX_TABLE {
            return Ok(false);
        }
        self.is_zero(volume, place, length)
    }

    /// Whether bytes of a volume's file are zero; a length of 0 means all that follow.
    fn is_zero(&self, volume: &StorageVol, offset: u64, length: u64) -> Result<bool, Error> {
        let mut is_zero = true;
        self.download(volume, offset, length, |bytes| {
            is_zero = bytes.iter().all(|byte| *byte == 0);
            is_zero
        })?;
        Ok(is_zero)
    }

    /// Reads bytes of a volume's file, until the function wants no more.
    pub(crate) fn download(
        &self,
        volume: &StorageVol,
        offset: u64,
        length: u64,
        mut take: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), Error> {
        let what = "cannot read its content";
        let stream = ask(what, Stream::new(&self.connect(), 0))?;
        ask(what, volume.download(&stream, offset, length, 0))?;
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = ask(what, stream.recv(&mut buffer))?;
            let bytes = &buffer[..usize::try_from(count).unwrap_or_default()];
            if bytes.is_empty() {
                return ask(what, stream.finish());
            }
            if !take(bytes) {
                // The rest of the bytes is not needed, so an error does not matter.
                let _ = stream.abort();
                return Ok(());
            }
        }
    }
}
