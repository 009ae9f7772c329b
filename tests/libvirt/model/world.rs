//! What there is beside NixVirt: libvirt's objects, QEMU's processes, and the images.

use nixvirt::change::{child, child_text};
use nixvirt::object::{Id, Type};
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::libvirtd::URI;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use virt::connect::Connect;
use virt::error::Error;
use virt::sys;

/// Everything at one moment.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// libvirt's objects.
    pub objects: BTreeMap<Id, Object>,
    /// QEMU's processes, by the UUID of their guest.
    pub processes: BTreeMap<String, Process>,
    /// A hash of each image's content.
    pub images: BTreeMap<PathBuf, u64>,
    /// The files with the variables of guests' firmware. Their content is the guests' matter.
    pub variables: BTreeSet<PathBuf>,
}

/// The folder in which libvirt puts the variables of firmware.
const VARIABLES: &str = "/var/lib/libvirt/qemu/nvram";

/// An object of libvirt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// The UUID, if the object has one.
    pub uuid: Option<String>,
    /// The saved definition, with its secrets.
    pub saved: String,
    /// The definition of what runs.
    pub live: Option<String>,
    /// Whether the object is persistent, starts with the host, and has a saved state.
    pub flags: [bool; 3],
    /// The value of a secret.
    pub value: Option<Vec<u8>>,
}

/// A process, which no other one can be taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    pub pid: i32,
    /// When it was started, in clock ticks since the host was.
    pub started: u64,
}

impl World {
    /// What there is now. The images are those in the folder.
    pub fn observe(folder: &Path) -> Self {
        let objects = objects().unwrap_or_else(|why| panic!("libvirt tells what it has: {why}"));
        let variables = fs::read_dir(VARIABLES).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        World { objects, processes: processes(), images: images(folder), variables }
    }

    /// The domain of a UUID.
    pub fn domain(&self, uuid: &str) -> Option<(&Id, &Object)> {
        let is_it = |(id, object): &(&Id, &Object)| id.kind == Type::Domain && object.uuid.as_deref() == Some(uuid);
        self.objects.iter().find(is_it)
    }
}

impl Object {
    /// The saved definition.
    pub fn saved(&self) -> Element {
        xml::element(&self.saved).expect("libvirt prints XML")
    }

    /// The definition of what runs.
    pub fn live(&self) -> Option<Element> {
        self.live.as_ref().map(|live| xml::element(live).expect("libvirt prints XML"))
    }
}

fn objects() -> Result<BTreeMap<Id, Object>, Error> {
    let connect = Connect::open(Some(URI))?;
    let mut objects = BTreeMap::new();
    for domain in connect.list_all_domains(0)? {
        let (name, is_active) = (domain.name()?, domain.is_active()?);
        let secure = sys::VIR_DOMAIN_XML_SECURE;
        for snapshot in domain.list_all_snapshots(0)? {
            let id = Id::within(Type::Snapshot, &name, snapshot.name()?);
            objects.insert(id, Object { saved: snapshot.xml_desc(0)?, ..Object::default() });
        }
        let object = Object {
            uuid: Some(domain.uuid_string()?),
            saved: domain.xml_desc(secure | sys::VIR_DOMAIN_XML_INACTIVE)?,
            live: if is_active { Some(without_what_restarts_change(&domain.xml_desc(secure)?)) } else { None },
            flags: [domain.is_persistent()?, domain.autostart().unwrap_or_default(), domain.has_managed_save(0)?],
            value: None,
        };
        objects.insert(Id::new(Type::Domain, name), object);
    }
    for network in connect.list_all_networks(0)? {
        let live = if network.is_active()? { Some(without_counts(&network.xml_desc(0)?)) } else { None };
        let object = Object {
            uuid: Some(network.uuid_string()?),
            saved: network.xml_desc(sys::VIR_NETWORK_XML_INACTIVE)?,
            live,
            flags: [network.is_persistent()?, network.autostart().unwrap_or_default(), false],
            value: None,
        };
        objects.insert(Id::new(Type::Network, network.name()?), object);
    }
    for pool in connect.list_all_storage_pools(0)? {
        let (name, is_active) = (pool.name()?, pool.is_active()?);
        let live = if is_active { Some(without_counts(&pool.xml_desc(0)?)) } else { None };
        let object = Object {
            uuid: Some(pool.uuid_string()?),
            saved: without_counts(&pool.xml_desc(sys::VIR_STORAGE_XML_INACTIVE)?),
            live,
            flags: [pool.is_persistent()?, pool.autostart().unwrap_or_default(), false],
            value: None,
        };
        objects.insert(Id::new(Type::Pool, &name), object);
        for volume in if is_active { pool.list_all_volumes(0)? } else { Vec::new() } {
            // A volume whose file is gone has no XML.
            let saved = volume.xml_desc(0).map(|xml| without_counts(&xml)).unwrap_or_default();
            objects.insert(Id::within(Type::Volume, &name, volume.name()?), Object { saved, ..Object::default() });
        }
    }
    for secret in connect.list_all_secrets(0)? {
        let object = Object {
            uuid: Some(secret.uuid_string()?),
            saved: secret.xml_desc(0)?,
            value: secret.value(0).ok(),
            ..Object::default()
        };
        let name = xml::element(&object.saved).and_then(|root| nixvirt::object::name_of(Type::Secret, &root));
        objects.insert(Id::new(Type::Secret, name.unwrap_or_default()), object);
    }
    Ok(objects)
}

/// A running domain without what changes when libvirt restarts: it forgets the format of empty drives, and the number of the node
/// that they had, and learns whether a channel that was attached to the guest is open.
fn without_what_restarts_change(live: &str) -> String {
    let mut domain = xml::element(live).expect("libvirt prints XML");
    let devices = domain.children.iter_mut().filter(|child| child.name == "devices");
    for device in devices.flat_map(|devices| &mut devices.children) {
        match device.name.as_str() {
            "disk" => forget_empty_drive(device),
            "channel" => {
                let targets = device.children.iter_mut().filter(|part| part.name == "target");
                targets.for_each(|target| target.attributes.retain(|(name, _)| name != "state"));
            }
            _ => {}
        }
    }
    domain.to_string()
}

fn forget_empty_drive(disk: &mut Element) {
    disk.children.retain(|part| part.name != "source" || part.attributes.iter().any(|(name, _)| name != "index"));
    if child(disk, "source").is_some() {
        return;
    }
    for driver in disk.children.iter_mut().filter(|child| child.name == "driver") {
        driver.attributes.retain(|(name, _)| name != "type");
    }
}

/// A definition without what libvirt counts or finds in the file system: connections, free space, times, permissions.
fn without_counts(text: &str) -> String {
    let mut is_permission = false;
    let counts = ["<allocation ", "<available ", "<capacity ", "<atime>", "<mtime>", "<ctime>", "<btime>"];
    let is_volume = text.starts_with("<volume");
    let lines = text.lines().filter(|line| {
        let line = line.trim_start();
        let is_end = line.starts_with("</permissions>");
        is_permission = (is_permission || line.starts_with("<permissions>")) && !is_end;
        let is_count = is_end || is_permission || counts.iter().any(|count| line.starts_with(count));
        !is_count || (is_volume && line.starts_with("<capacity "))
    });
    let lines = lines.map(|line| match line.split_once(" connections='") {
        Some((start, rest)) => format!("{start}{}", rest.split_once('\'').map_or("", |(_, rest)| rest)),
        None => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}

/// The processes of guests by UUID. Those of a host with a name space of its own, as other tests start some, are not its guests.
fn processes() -> BTreeMap<String, Process> {
    let host = |process: &Path| fs::read_link(process.join("ns/uts")).ok();
    let this_host = host(Path::new("/proc/self"));
    let mut processes = BTreeMap::new();
    for entry in fs::read_dir("/proc").expect("Linux has it").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let arguments: Vec<_> = command.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
        let uuid = arguments.iter().position(|argument| argument == "-uuid").and_then(|at| arguments.get(at + 1));
        let started = started(&entry.path()).filter(|_| host(&entry.path()) == this_host);
        if let (Some(uuid), Some(started)) = (uuid, started) {
            processes.insert(uuid.to_string(), Process { pid, started });
        }
    }
    processes
}

/// When a process was started; None if it has ended.
fn started(process: &Path) -> Option<u64> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if state == "Z" { None } else { fields.nth(18)?.parse().ok() }
}

fn images(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut images = BTreeMap::new();
    for folder in [folder.to_owned(), folder.join("pool"), folder.join("hidden")] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if let Some(hash) = hash(&path) {
                images.insert(path, hash);
            }
        }
    }
    images
}

/// A hash of a file's content; None if it is no file. What was not written to since is not read again.
fn hash(path: &Path) -> Option<u64> {
    type Version = (u64, u64, i64, i64);
    static KNOWN: Mutex<BTreeMap<Version, u64>> = Mutex::new(BTreeMap::new());
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let version = (about.ino(), about.len(), about.mtime(), about.mtime_nsec());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let hash = known.entry(version).or_insert_with(|| {
        let mut hash = DefaultHasher::new();
        fs::read(path).unwrap_or_default().hash(&mut hash);
        hash.finish()
    });
    Some(*hash)
}

/// The file of the variables of a domain's firmware.
pub fn variables(domain: &Element) -> Option<PathBuf> {
    child_text(child(domain, "os")?, "nvram").map(PathBuf::from)
}

/// The files of a domain's disks.
pub fn disks(domain: &Element) -> Vec<PathBuf> {
    let devices = child(domain, "devices").into_iter().flat_map(|devices| &devices.children);
    let sources = devices.filter(|device| device.name == "disk").filter_map(|disk| child(disk, "source"));
    sources.filter_map(|source| source.attribute("file")).map(PathBuf::from).collect()
}
