//! Copying a volume of another host, byte by byte, for a domain that moves.

use crate::calls::send_hole;
use crate::connection::Connection;
use crate::error::{Error, ask, refused};
use crate::volume::{format_of, grow, send_bytes};
use nixvirt::change::size_of;
use nixvirt::object::Id;
use nixvirt_schema::engine::xml::{self, Element};
use virt::storage_vol::StorageVol;
use virt::stream::Stream;
use virt::sys;

impl Connection {
    /// Copies a volume of another connection. An existing volume is one that this program created, and is replaced.
    pub(crate) fn copy_volume(
        &self,
        id: &Id,
        definition: &Element,
        uri: &str,
        source: &Id,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        self.must_know(id)?;
        let origin = self.to_other(uri)?;
        let from = origin.existing_volume(source)?;
        origin.must_be_unused(&from, source, "copied")?;
        let to = self.recreate(id, definition)?;
        let formats = (format_of(&text(&from)?), format_of(&text(&to)?));
        if let (Some(there), Some(here)) = &formats {
            if there != here {
                let what = format!("not copied: the volume has the format {there} at {uri}, and {here} on this host");
                return Err(Error::libvirt(what).with_hint("declare the format of the volume that is copied"));
            }
        }
        let total = length(&from)?.unwrap_or_default();
        let capacity = ask("cannot tell its size", to.info())?.capacity;
        if formats.1.as_deref() != Some("qcow2") {
            grow(&to, total)?;
        }
        let copied = self.copy(&origin, &from, &to, total, progress)?;
        // A guest that was started meanwhile may have written to the volume.
        origin.must_be_unused(&from, source, "copied")?;
        if copied != total || length(&to)?.is_some_and(|length| length < copied) {
            return Err(Error::libvirt(format!("the copy is incomplete: {copied} of {total} bytes were copied")));
        }
        grow(&to, capacity)
    }

    /// Copies the bytes of a volume into an empty one, and returns their number.
    fn copy(
        &self,
        origin: &Connection,
        from: &StorageVol,
        to: &StorageVol,
        total: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, Error> {
        let what = "cannot write to it";
        // Holes are skipped only in a volume that nothing was written to.
        let is_sparse = ask("cannot tell its size", to.info())?.allocation == 0;
        let stream = ask(what, Stream::new(&self.connect(), 0))?;
        let flags = if is_sparse { sys::VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM } else { 0 };
        ask(what, to.upload(&stream, 0, 0, flags))?;
        let (mut done, mut failure) = (0, None);
        let read = origin.download(from, 0, 0, |bytes| {
            let is_hole = is_sparse && bytes.iter().all(|byte| *byte == 0);
            let sent = if is_hole { send_hole(&stream, bytes.len() as u64) } else { send_bytes(&stream, bytes) };
            done += bytes.len() as u64;
            progress(done, total.max(done));
            failure = sent.err();
            failure.is_none()
        });
        match (read, failure) {
            (Ok(()), None) => ask(what, stream.finish()).map(|()| done),
            (read, failure) => {
                let _ = stream.abort();
                Err(failure
                    .map_or_else(|| read.err().unwrap_or_else(|| Error::libvirt(what)), |why| refused(what, &why)))
            }
        }
    }
}

fn text(volume: &StorageVol) -> Result<String, Error> {
    ask("cannot read its XML", volume.xml_desc(0))
}

/// The number of bytes of a volume's file or device.
fn length(volume: &StorageVol) -> Result<Option<u64>, Error> {
    Ok(xml::element(&text(volume)?).and_then(|volume| size_of(&volume, "physical")))
}
