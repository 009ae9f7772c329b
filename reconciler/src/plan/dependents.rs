//! The guests that use a network, a pool or a volume, under whatever name, path or bridge.

use super::preserve::has_own_bridge;
use crate::change::{child, child_text};
use crate::declared::Desired;
use crate::inventory::{Inventory, Observed};
use crate::manifest::Move;
use crate::object::{Id, Type};
use crate::paths::{FileId, Paths};
use nixvirt_schema::engine::xml::Element;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// An object that guests may use.
pub enum UsedObject<'a> {
    /// A network.
    Network {
        /// The name.
        name: &'a str,
        /// The bridge that libvirt makes for the network, if it makes one.
        bridge: Option<&'a str>,
    },
    /// A pool.
    Pool {
        /// The name.
        name: &'a str,
        /// The folder of the volumes, if that is known.
        folder: Option<&'a str>,
    },
    /// A volume.
    Volume {
        /// The pool.
        pool: &'a str,
        /// The name.
        name: &'a str,
        /// The path, if that is known.
        path: Option<&'a str>,
    },
}

impl<'a> UsedObject<'a> {
    /// A network with this definition.
    pub fn network(name: &'a str, definition: Option<&'a Element>) -> Self {
        let own = definition.filter(|network| has_own_bridge(network));
        UsedObject::Network { name, bridge: own.and_then(|network| child(network, "bridge")?.attribute("name")) }
    }

    /// A pool with this definition.
    pub fn pool(name: &'a str, definition: Option<&'a Element>) -> Self {
        UsedObject::Pool { name, folder: definition.and_then(folder) }
    }

    /// A network or pool that libvirt has, as it runs. None for other types.
    pub fn running(id: &'a Id, observed: &'a Observed) -> Option<Self> {
        let definition = observed.live.as_ref().or(observed.definition.as_ref());
        match id.kind {
            Type::Network => Some(UsedObject::network(&id.name, definition)),
            Type::Pool => Some(UsedObject::pool(&id.name, definition)),
            _ => None,
        }
    }
}

/// The folder of a pool's volumes, or the path of a volume.
pub fn folder(definition: &Element) -> Option<&str> {
    child_text(child(definition, "target")?, "path")
}

/// One thing that a guest uses.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Network(String),
    Bridge(String),
    Pool(String),
    Volume(String, String),
    /// A path without links.
    Path(String),
    File(FileId),
    /// The last part of a path.
    FileName(String),
}

/// Which guests use what.
pub struct Dependents {
    guests: BTreeMap<Key, BTreeSet<String>>,
    /// The guests whose definitions are unknown. They may use any object.
    unknown: BTreeSet<String>,
    paths: Paths,
}

impl Dependents {
    fn new(paths: &Paths) -> Self {
        Dependents { guests: BTreeMap::new(), unknown: BTreeSet::new(), paths: paths.clone() }
    }

    /// What the running guests use.
    pub fn running(inventory: &Inventory) -> Self {
        let mut dependents = Dependents::new(&inventory.paths);
        for (id, guest) in running_guests(inventory) {
            match &guest.live {
                Some(domain) => dependents.add(&id.name, domain),
                None => drop(dependents.unknown.insert(id.name.clone())),
            }
        }
        dependents
    }

    /// What the declared domains use, and those that are about to move away.
    pub fn declared(desired: &Desired, paths: &Paths) -> Self {
        let mut dependents = Dependents::new(paths);
        for declared in desired.objects.iter().filter(|declared| declared.id.kind == Type::Domain) {
            dependents.add(&declared.id.name, &declared.redacted);
        }
        // A domain that moves away needs its pools until it is gone.
        for (id, destination) in desired.moved.away.iter().filter(|(_, it)| it.moves != Move::Never) {
            destination.applied.iter().for_each(|applied| dependents.add(&id.name, applied));
        }
        dependents
    }

    fn add(&mut self, name: &str, domain: &Element) {
        for key in keys(domain, &self.paths) {
            self.guests.entry(key).or_default().insert(name.to_owned());
        }
    }

    /// The names of the guests that use it, and of those of which nothing is known.
    pub fn of(&self, used: &UsedObject<'_>) -> BTreeSet<String> {
        let mut names = self.unknown.clone();
        let mut add = |key: Key| names.extend(self.guests.get(&key).into_iter().flatten().cloned());
        match used {
            UsedObject::Network { name, bridge } => {
                add(Key::Network((*name).to_owned()));
                bridge.iter().for_each(|bridge| add(Key::Bridge((*bridge).to_owned())));
            }
            UsedObject::Pool { name, folder } => {
                add(Key::Pool((*name).to_owned()));
                names.extend(folder.iter().flat_map(|folder| self.inside(folder)));
            }
            UsedObject::Volume { pool, name, path } => {
                add(Key::Volume((*pool).to_owned(), (*name).to_owned()));
                if let Some(path) = path {
                    let place = self.paths.resolve(path);
                    place.file.into_iter().for_each(|file| add(Key::File(file)));
                    add(Key::Path(place.path));
                }
                // Another path of that host may lead to the volume. A file keeps its name in most of them.
                if self.paths.are_remote() {
                    add(Key::FileName((*name).to_owned()));
                }
            }
        }
        names
    }

    /// The guests with a file in a folder.
    fn inside(&self, folder: &str) -> impl Iterator<Item = String> {
        let below = self.paths.resolve(folder).path + "/";
        let files = self.guests.range(Key::Path(below.clone())..);
        let is_below = move |key: &Key| matches!(key, Key::Path(path) if path.starts_with(&below));
        files.take_while(move |(key, _)| is_below(key)).flat_map(|(_, guests)| guests.iter().cloned())
    }
}

/// Whether a domain uses a volume of this pool, name and path.
pub fn uses_volume(domain: &Element, pool: &str, name: &str, path: Option<&str>, paths: &Paths) -> bool {
    let mut sought = vec![Key::Volume(pool.to_owned(), name.to_owned())];
    if let Some(place) = path.map(|path| paths.resolve(path)) {
        sought.extend(place.file.map(Key::File));
        sought.push(Key::Path(place.path));
    }
    keys(domain, paths).iter().any(|key| sought.contains(key))
}

/// The guests that run.
pub fn running_guests(inventory: &Inventory) -> impl Iterator<Item = (&Id, &Observed)> {
    inventory.objects.iter().filter(|(id, observed)| id.kind == Type::Domain && observed.is_active)
}

/// All that a domain uses.
fn keys(domain: &Element, paths: &Paths) -> Vec<Key> {
    let mut keys = Vec::new();
    for source in sources(domain) {
        let name = |attribute| source.attribute(attribute).map(str::to_owned);
        keys.extend(name("network").map(Key::Network));
        keys.extend(name("bridge").map(Key::Bridge));
        if let Some(pool) = name("pool") {
            keys.extend(name("volume").map(|volume| Key::Volume(pool.clone(), volume)));
            keys.push(Key::Pool(pool));
        }
    }
    for path in used_paths(domain) {
        let place = paths.resolve(path);
        let file_name = Path::new(path).file_name().and_then(|name| name.to_str());
        keys.extend(place.file.map(Key::File));
        keys.extend(file_name.map(|name| Key::FileName(name.to_owned())));
        keys.push(Key::Path(place.path));
    }
    keys
}

/// The paths in a definition: those that a domain uses, and those of a pool or a volume.
pub fn named_paths(definition: &Element) -> impl Iterator<Item = &str> {
    used_paths(definition).chain(folder(definition))
}

/// The paths of the files and devices that a domain uses.
fn used_paths(domain: &Element) -> impl Iterator<Item = &str> {
    let of_firmware = child(domain, "os").into_iter().flat_map(|os| &os.children).map(|file| file.text.trim());
    let of_devices = sources(domain).into_iter().flat_map(|source| {
        ["file", "dev", "dir", "path"].into_iter().filter_map(|attribute| source.attribute(attribute))
    });
    of_firmware.chain(of_devices).filter(|path| path.starts_with('/'))
}

/// The `<source>` of each device and of each image in its backing chain, and of the NVRAM.
fn sources(domain: &Element) -> Vec<&Element> {
    let mut sources = Vec::new();
    for part in domain.children.iter().filter(|part| matches!(part.name.as_str(), "devices" | "os")) {
        add_sources(part, &mut sources);
    }
    sources
}

fn add_sources<'a>(element: &'a Element, sources: &mut Vec<&'a Element>) {
    for child in &element.children {
        if child.name == "source" {
            sources.push(child);
        }
        add_sources(child, sources);
    }
}
