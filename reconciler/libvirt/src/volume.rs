//! Creating, filling, growing and deleting volumes. No content is ever at risk: nothing is written to an existing volume that
//! this run did not create, and a volume that a running guest uses is neither written to nor deleted.

use crate::calls::send_hole;
use crate::connection::Connection;
use crate::error::{Error, VirtError, ask, if_there, refused};
use crate::object::Object;
use nixvirt::change::{child, child_text, children_of, size_of};
use nixvirt::file::{hanging, open_regular};
use nixvirt::object::Id;
use nixvirt::paths::Paths;
use nixvirt_schema::engine::xml::{self, Element};
use rustix::fs::{SeekFrom, seek};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use virt::domain::Domain;
use virt::error::ErrorNumber;
use virt::storage_vol::StorageVol;
use virt::stream::Stream;
use virt::sys;

/// Bytes that are sent to libvirt, or read from it, at once. Every version accepts so many.
pub(crate) const CHUNK: usize = 256 * 1024 - 64;

/// Interval at which a volume that libvirt is creating is read.
const LOOK: Duration = Duration::from_millis(500);

impl Connection {
    pub(crate) fn create_volume(&self, id: &Id, definition: &Element) -> Result<(), Error> {
        if let Some(volume) = self.volume(id)? {
            // The connection was lost after the daemon had created the volume, which did not exist before.
            return if self.has_lost_creation.take() { self.learn(id, volume) } else { self.must_know(id) };
        }
        let pool = self.pool(id.parent.as_deref().unwrap_or_default())?;
        let created = StorageVol::create_xml(&pool, &definition.to_string(), 0);
        self.has_lost_creation.set(created.is_err() && !self.is_alive());
        match created {
            Ok(volume) => self.learn(id, volume),
            Err(why) => {
                // A file that libvirt did not know may have the name of the volume. After this, the next run knows it.
                let _ = pool.refresh(0);
                let failure = refused("libvirt cannot create the volume", &why);
                Err(if self.volume(id)?.is_some() { failure.with_hint(THERE) } else { failure })
            }
        }
    }

    /// Creates a volume, in place of an incomplete one of a killed run.
    pub(crate) fn recreate(&self, id: &Id, definition: &Element) -> Result<StorageVol, Error> {
        if let Some(half) = self.volume(id)? {
            self.must_know(id)?;
            self.delete(&half, id)?;
        }
        let pool = self.pool(id.parent.as_deref().unwrap_or_default())?;
        let created = StorageVol::create_xml(&pool, &definition.to_string(), 0);
        let volume = ask("libvirt cannot create the volume", created)?;
        self.learn(id, volume.clone())?;
        Ok(volume)
    }

    /// Copies a volume. An existing one is an incomplete copy of a killed run, and is copied again.
    pub(crate) fn clone_volume(&self, id: &Id, definition: &Element, source: &Id) -> Result<(), Error> {
        let source = self.existing_volume(source)?;
        if let Some(half) = self.volume(id)? {
            self.must_know(id)?;
            self.delete(&half, id)?;
        }
        let pool = self.pool(id.parent.as_deref().unwrap_or_default())?;
        let xml = definition.to_string();
        let made = when_made(|| StorageVol::create_xml_from(&pool, &xml, &source, 0));
        let volume = ask("libvirt cannot copy the volume", made)?;
        if let Some(capacity) = size_of(definition, "capacity") {
            grow(&volume, capacity)?;
        }
        self.learn(id, volume)
    }

    /// Writes the bytes of a file into a volume, and grows the volume to the declared size, or to that of a larger file.
    pub(crate) fn fill(&self, id: &Id, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        self.must_know(id)?;
        let volume = self.existing_volume(id)?;
        self.must_be_unused(&volume, id, "written to")?;
        let content = hanging::one(path, Upload::open).map_err(|cause| Error::file("read", path, cause))?;
        let xml = ask("cannot read its XML", volume.xml_desc(0))?;
        let format = format_of(&xml);
        let capacity = ask("cannot tell its size", volume.info())?.capacity;
        match (format.as_deref(), content.format) {
            (Some("qcow2"), ImageFormat::Raw) | (Some("raw"), ImageFormat::Qcow2) => {
                self.convert(id, &xml, path, content, progress)?;
            }
            (Some("qcow2"), ImageFormat::Other(name)) => {
                let why = format!("{} is a {name} image, and the volume's format is qcow2", path.display());
                return Err(Error::input(why).with_hint("convert it with `qemu-img convert`"));
            }
            _ => self.upload(&volume, path, content, progress)?,
        }
        grow(&self.existing_volume(id)?, capacity)
    }

    /// Fills a volume with an image in another format, which libvirt converts: the image gets a volume of its own first.
    fn convert(
        &self,
        id: &Id,
        xml: &str,
        path: &Path,
        content: Upload,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        if !content.stands_alone {
            let why = format!("{} needs another file: a backing image or a data file", path.display());
            return Err(
                Error::input(why).with_hint("declare the format qcow2, or merge the files with `qemu-img convert`")
            );
        }
        let definition = definition_of(xml);
        let uploaded = Id { name: format!(".nixvirt-image-{}", id.name), ..id.clone() };
        let format = if content.format == ImageFormat::Qcow2 { "qcow2" } else { "raw" };
        // One that a killed run has left is replaced.
        self.delete_volume(&uploaded)?;
        let pool = self.pool(id.parent.as_deref().unwrap_or_default())?;
        let created = StorageVol::create_xml(&pool, &image_definition(&uploaded.name, format).to_string(), 0);
        let image = ask("libvirt cannot create a volume for the image", created)?;
        let converted =
            self.upload(&image, path, content, progress).and_then(|()| self.clone_volume(id, &definition, &uploaded));
        let deleted = self.delete_volume(&uploaded);
        converted.and(deleted)
    }

    /// Writes the bytes of a file into a volume.
    fn upload(
        &self,
        volume: &StorageVol,
        path: &Path,
        content: Upload,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        let Upload { file, total, format, .. } = content;
        let info = ask("cannot tell its size", volume.info())?;
        if format != ImageFormat::Qcow2 && total > info.capacity {
            grow(volume, total)?;
        }
        // Holes are skipped only in a volume that nothing was written to.
        let is_sparse = info.allocation == 0;
        let stream = ask("cannot write to it", Stream::new(&self.connect(), 0))?;
        let flags = if is_sparse { sys::VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM } else { 0 };
        ask("cannot write to it", when_made(|| volume.upload(&stream, 0, 0, flags)))?;
        let reading = Reading { file, total, is_sparse, at: 0, data_end: 0 };
        match send(hanging::read_ahead(path, reading), total, &stream, progress) {
            Ok(()) => ask("cannot write to it", stream.finish())?,
            Err(why) => {
                let _ = stream.abort();
                return Err(match why {
                    Broken::File(why) => Error::file("read", path, why),
                    Broken::Stream(why) => refused("cannot write to it", &why),
                });
            }
        }
        Ok(())
    }

    pub(crate) fn grow(&self, id: &Id, capacity: u64) -> Result<(), Error> {
        let volume = self.existing_volume(id)?;
        match self.users(&volume, id)?.first() {
            // QEMU has the image open, and has to grow it.
            Some((guest, target)) if size(&volume)? < capacity => {
                // Guests see whole sectors.
                let capacity = capacity.next_multiple_of(512);
                let grown = guest.block_resize(target, capacity, sys::VIR_DOMAIN_BLOCK_RESIZE_BYTES);
                ask(format!("cannot grow the volume while it is {target} of a running guest"), grown)
            }
            Some(_) => Ok(()),
            None => grow(&volume, capacity),
        }
    }

    pub(crate) fn delete_volume(&self, id: &Id) -> Result<(), Error> {
        match self.volume(id)? {
            Some(volume) => self.delete(&volume, id),
            None => Ok(()),
        }
    }

    fn delete(&self, volume: &StorageVol, id: &Id) -> Result<(), Error> {
        self.must_be_unused(volume, id, "deleted")?;
        ask("libvirt cannot delete the volume", when_made(|| volume.delete(0)))
    }

    fn volume(&self, id: &Id) -> Result<Option<StorageVol>, Error> {
        Ok(self.lookup(id)?.and_then(|object| match object {
            Object::Volume(volume) => Some(volume),
            _ => None,
        }))
    }

    pub(crate) fn existing_volume(&self, id: &Id) -> Result<StorageVol, Error> {
        self.volume(id)?.ok_or_else(|| Error::libvirt(format!("there is no {id}")))
    }

    /// Checks that the plan knows a volume: it was listed, or this run created it. Another volume belongs to someone else, and
    /// the plan would overwrite it.
    pub(crate) fn must_know(&self, id: &Id) -> Result<(), Error> {
        if self.known.contains(id) {
            return Ok(());
        }
        Err(Error::libvirt("a volume of this name has appeared in libvirt since the plan was made").with_hint(THERE))
    }

    fn learn(&self, id: &Id, volume: StorageVol) -> Result<(), Error> {
        self.known.insert(id.clone(), Object::Volume(volume));
        Ok(())
    }

    pub(crate) fn must_be_unused(&self, volume: &StorageVol, id: &Id, what: &str) -> Result<(), Error> {
        let users = self.users(volume, id)?;
        let Some((guest, target)) = users.first() else { return Ok(()) };
        let name = guest.name().unwrap_or_default();
        Err(Error::libvirt(format!("not {what}: the volume is {target} of the running domain {name:?}")))
    }

    /// The running guests that have the volume as a disk, with the disk's name.
    fn users(&self, volume: &StorageVol, id: &Id) -> Result<Vec<(Domain, String)>, Error> {
        let path = ask("cannot tell its path", volume.path())?;
        let what = "cannot tell which guests use it";
        let guests = ask(what, self.connect().list_all_domains(sys::VIR_CONNECT_LIST_DOMAINS_ACTIVE))?;
        let mut users = Vec::new();
        for guest in guests {
            let Some(text) = if_there(what, guest.xml_desc(0))? else { continue };
            let Some(domain) = xml::element(&text) else { continue };
            let devices = children_of(&domain, "devices");
            let paths = if self.is_on_this_host() {
                Paths::read(disk_paths(devices).chain([&*path]))
            } else {
                Paths::default()
            };
            let disk = devices.iter().find(|device| device.name == "disk" && is_in(device, &path, id, &paths));
            let target = disk.and_then(|disk| child(disk, "target")?.attribute("dev"));
            if let Some(target) = target {
                users.push((guest, target.to_owned()));
            }
        }
        Ok(users)
    }
}

/// Hint for a volume whose name is taken.
const THERE: &str =
    "nothing was written to the volume; the next apply adopts the volume as it is, unless you delete it";

/// The definition of a volume that exists, to create the volume again.
fn definition_of(xml: &str) -> Element {
    let mut definition = xml::element(xml).unwrap_or_default();
    definition.children.retain(|it| !matches!(it.name.as_str(), "key" | "source" | "allocation" | "physical"));
    for target in definition.children.iter_mut().filter(|it| it.name == "target") {
        target.children.retain(|it| !matches!(it.name.as_str(), "path" | "timestamps"));
    }
    definition
}

/// The definition of the volume that holds an image until it is converted.
fn image_definition(name: &str, format: &str) -> Element {
    let element = |name: &str| Element { name: name.to_owned(), ..Element::default() };
    let format = Element { attributes: vec![("type".to_owned(), format.to_owned())], ..element("format") };
    let target = Element { children: vec![format], ..element("target") };
    let children = vec![Element::of_text("name", name), Element::of_text("capacity", "0"), target];
    Element { children, ..element("volume") }
}

/// Whether a disk of a guest is, or is backed by, the volume, by whatever path.
fn is_in(disk: &Element, path: &str, id: &Id, paths: &Paths) -> bool {
    let source_has = |name, value: &str| child(disk, "source").and_then(|source| source.attribute(name)) == Some(value);
    source_path(disk).is_some_and(|source| paths.may_be_same(source, path))
        || (source_has("volume", &id.name) && source_has("pool", id.parent.as_deref().unwrap_or_default()))
        || child(disk, "backingStore").is_some_and(|backing| is_in(backing, path, id, paths))
}

/// The path of a disk's image, or of an image in its backing chain.
fn source_path(disk: &Element) -> Option<&str> {
    let source = child(disk, "source")?;
    source.attribute("file").or_else(|| source.attribute("dev"))
}

/// The paths of all images of disks, with their backing chains.
fn disk_paths(devices: &[Element]) -> impl Iterator<Item = &str> {
    let chain = |disk| std::iter::successors(Some(disk), |image: &&Element| child(image, "backingStore"));
    devices.iter().filter(|device| device.name == "disk").flat_map(chain).filter_map(source_path)
}

pub(crate) fn format_of(volume: &str) -> Option<String> {
    let root = xml::element(volume)?;
    child_text(&root, "type")
        .filter(|kind| *kind == "file")
        .or(root.attribute("type"))
        .filter(|kind| *kind == "file")?;
    Some(child(child(&root, "target")?, "format")?.attribute("type")?.to_owned())
}

/// The file whose bytes a volume gets.
struct Upload {
    file: File,
    /// The size of the file in bytes.
    total: u64,
    format: ImageFormat,
    /// Whether the image needs no other file.
    stands_alone: bool,
}

/// The format of an image.
#[derive(Clone, Copy, PartialEq)]
enum ImageFormat {
    Raw,
    Qcow2,
    /// A format that is neither written unchanged into a qcow2 volume nor converted: such an image may name other files.
    Other(&'static str),
}

/// How images in other formats than raw begin.
const FORMATS: [(&[u8], ImageFormat); 8] = [
    (b"QFI\xfb", ImageFormat::Qcow2),
    (b"KDMV", ImageFormat::Other("VMDK")),
    (b"COWD", ImageFormat::Other("VMDK")),
    (b"# Disk DescriptorFile", ImageFormat::Other("VMDK")),
    (b"<<< ", ImageFormat::Other("VDI")),
    (b"vhdxfile", ImageFormat::Other("VHDX")),
    (b"conectix", ImageFormat::Other("VHD")),
    (b"QED\0", ImageFormat::Other("QED")),
];

/// Where the header of a qcow2 image has the offset of the name of its backing image.
const BACKING: std::ops::Range<usize> = 8..16;

/// The byte of a qcow2 header with the features without which an image cannot be read, and the one of a separate data file.
const FEATURES: (usize, u8) = (79, 1 << 2);

impl Upload {
    fn open(path: &Path) -> io::Result<Self> {
        let file = open_regular(path)?;
        let mut start = Vec::new();
        (&file).take(104).read_to_end(&mut start)?;
        let known = FORMATS.iter().find(|(magic, _)| start.starts_with(magic));
        let format = known.map_or(ImageFormat::Raw, |(_, format)| *format);
        let (at, data_file) = FEATURES;
        let has_backing = start.get(BACKING).is_some_and(|offset| offset.iter().any(|byte| *byte != 0));
        let is_version_3 = start.get(7).is_some_and(|version| *version >= 3);
        let has_data_file = is_version_3 && start.get(at).is_some_and(|features| features & data_file != 0);
        Ok(Upload {
            total: file.metadata()?.len(),
            format,
            stands_alone: format != ImageFormat::Qcow2 || !(has_backing || has_data_file),
            file,
        })
    }
}

/// Returns the size of a volume in bytes, as a guest sees it.
fn size(volume: &StorageVol) -> Result<u64, Error> {
    ask("cannot tell its size", volume.info()).map(|info| info.capacity)
}

/// Grows a volume to a size, if it is smaller.
pub(crate) fn grow(volume: &StorageVol, capacity: u64) -> Result<(), Error> {
    if size(volume)? >= capacity {
        return Ok(());
    }
    // libvirt refuses less than what is allocated, which is counted in whole blocks.
    let capacity = capacity.max(ask("cannot tell its size", volume.info())?.allocation);
    ask(format!("cannot set the capacity of the volume to {capacity} bytes"), when_made(|| volume.resize(capacity, 0)))
}

/// Repeats a request until libvirt has created the volume, which it may still do for a run that was killed.
fn when_made<T>(mut ask: impl FnMut() -> Result<T, VirtError>) -> Result<T, VirtError> {
    let is_being_made = |why: &VirtError| {
        why.code().is(ErrorNumber::OperationInvalid) && why.message().contains("still being allocated")
    };
    loop {
        match ask() {
            Err(why) if is_being_made(&why) => sleep(LOOK),
            answer => return answer,
        }
    }
}

/// Cause of a failed upload.
enum Broken {
    File(io::Error),
    Stream(VirtError),
}

/// A part of a file.
enum Chunk {
    Bytes(Vec<u8>),
    /// A hole of so many bytes.
    Hole(u64),
}

impl Chunk {
    fn size(&self) -> u64 {
        match self {
            Chunk::Bytes(bytes) => bytes.len() as u64,
            Chunk::Hole(length) => *length,
        }
    }
}

/// Sends the chunks of a file.
fn send(
    chunks: impl Iterator<Item = io::Result<Chunk>>,
    total: u64,
    stream: &Stream,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), Broken> {
    let mut done = 0;
    for chunk in chunks {
        let chunk = chunk.map_err(Broken::File)?;
        match &chunk {
            Chunk::Hole(length) => send_hole(stream, *length).map_err(Broken::Stream)?,
            Chunk::Bytes(bytes) => send_bytes(stream, bytes).map_err(Broken::Stream)?,
        }
        done += chunk.size();
        progress(done, total);
    }
    Ok(())
}

/// Sends all of these bytes.
pub(crate) fn send_bytes(stream: &Stream, bytes: &[u8]) -> Result<(), virt::error::Error> {
    let mut sent = 0;
    while sent < bytes.len() {
        let end = bytes.len().min(sent + CHUNK);
        sent += stream.send(&bytes[sent..end])? as usize;
    }
    Ok(())
}

/// The chunks of a file, one after the other.
struct Reading {
    file: File,
    total: u64,
    /// Whether holes are sent as holes.
    is_sparse: bool,
    at: u64,
    /// The end of the data that the next chunk belongs to.
    data_end: u64,
}

impl Reading {
    fn chunk(&mut self) -> io::Result<Chunk> {
        if self.at >= self.data_end {
            self.data_end = self.total;
            if self.is_sparse {
                let data = next(&self.file, self.at, self.total, SeekFrom::Data(self.at))?;
                if data > self.at {
                    self.data_end = data;
                    return Ok(Chunk::Hole(data - self.at));
                }
                self.data_end = next(&self.file, self.at, self.total, SeekFrom::Hole(self.at))?;
            }
        }
        let size = usize::try_from(self.data_end - self.at).unwrap_or(usize::MAX);
        let mut bytes = vec![0; CHUNK.min(size)];
        self.file.read_exact_at(&mut bytes, self.at).map_err(shortened)?;
        Ok(Chunk::Bytes(bytes))
    }
}

impl Iterator for Reading {
    type Item = io::Result<Chunk>;

    fn next(&mut self) -> Option<io::Result<Chunk>> {
        if self.at >= self.total {
            return None;
        }
        let chunk = self.chunk();
        // Nothing is read after an error.
        self.at += chunk.as_ref().map_or(self.total, Chunk::size);
        Some(chunk)
    }
}

/// A file that ends before its size was reached has been cut meanwhile.
fn shortened(cause: io::Error) -> io::Error {
    match cause.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other("it became shorter while it was read"),
        _ => cause,
    }
}

/// Returns the offset of the next data or hole, or the end of the file.
fn next(file: &File, at: u64, total: u64, what: SeekFrom) -> io::Result<u64> {
    match seek(file, what) {
        Ok(place) => Ok(place.min(total)),
        Err(Errno::NXIO) => Ok(total),
        // A file system without sparse files has no holes.
        Err(Errno::INVAL) => Ok(if matches!(what, SeekFrom::Data(_)) { at } else { total }),
        Err(why) => Err(why.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_cut_while_it_is_read() {
        let cause = shortened(io::ErrorKind::UnexpectedEof.into());
        assert_eq!(cause.to_string(), "it became shorter while it was read");
    }
}
