//! Reading the definitions and the values of secrets that a manifest names.

use super::files::Files;
use super::password::{self, Console};
use super::secret_file::{self, FilledText};
use super::seed;
use super::{Content, DeclarationError, Declared, Desired, InvalidDeclaration, ManifestPlace, MovedDomains, Policy};
use crate::change::{child, child_text};
use crate::file;
use crate::image::Download;
use crate::manifest::{
    Declarations, Definition, Lifecycle, Move, OnChange, SeedContent, Storage, Transport, VolumeContent,
};
use crate::object::{Id, Type, name_of, uuid_of};
use crate::plan::dependents::folder;
use crate::plan::preserve::has_own_bridge;
use crate::seed::Seed;
use crate::state::hex;
use crate::step::Shutdown;
use nixvirt_schema::engine::secrets::{Taken, take};
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::rules::names;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Reads what a manifest declares on a connection. Paths are relative to `folder`.
pub fn read(connection: &Declarations, folder: &Path, owner: &str) -> Desired {
    let mut reader = Reader {
        connection,
        folder,
        files: Files::read(connection, folder),
        objects: Vec::new(),
        absent: Vec::new(),
        errors: BTreeMap::new(),
        invalid: Vec::new(),
        unknown: BTreeSet::new(),
        known: Vec::new(),
    };
    let types = reader.read();
    reader.refuse_duplicates();
    reader.start_pools();
    let Reader { mut objects, absent, errors, invalid, unknown, .. } = reader;
    let depths = clone_depths(&objects);
    objects.sort_by_key(|declared| (declared.id.kind, depths[&declared.id]));
    let types = types.difference(&unknown).copied().collect();
    let (prune, reset) = (connection.prune, BTreeSet::new());
    let moved = MovedDomains::default();
    Desired { objects, types, prune, absent, errors, invalid, reset, moved, owner: owner.to_owned() }
}

struct Reader<'m> {
    connection: &'m Declarations,
    folder: &'m Path,
    files: Files,
    objects: Vec<Declared>,
    absent: Vec<Id>,
    errors: BTreeMap<Id, DeclarationError>,
    invalid: Vec<InvalidDeclaration>,
    /// The types with a declaration of an unknown object.
    unknown: BTreeSet<Type>,
    /// Every object whose name is known, with its UUID and where it is declared.
    known: Vec<(Id, Option<String>, ManifestPlace)>,
}

/// A declaration in the manifest.
struct Item<'m> {
    kind: Type,
    parent: Option<&'m str>,
    /// The path below the connection.
    path: String,
    definition: &'m Definition,
    name: Option<&'m str>,
    is_present: bool,
    policy: Policy,
    content: Option<Content>,
    /// The seed that a volume is filled with.
    seed: Option<&'m SeedContent>,
    /// The URL and the hash of the file that a volume is filled with.
    download: Option<(&'m str, &'m str)>,
    /// The files with the passwords of a domain's graphics consoles.
    passwords: Vec<(Console, PathBuf)>,
    /// The files with secrets by the names of their placeholders.
    secret_files: BTreeMap<String, PathBuf>,
}

impl Reader<'_> {
    /// Reads all declarations, and returns the types that the manifest lists.
    fn read(&mut self) -> BTreeSet<Type> {
        let connection = self.connection;
        let lists = [
            (Type::Secret, connection.secrets.is_some()),
            (Type::Nwfilter, connection.nwfilters.is_some()),
            (Type::Pool, connection.pools.is_some()),
            (Type::Volume, connection.pools.is_some() || connection.domains.is_some()),
            (Type::Network, connection.networks.is_some()),
            (Type::Domain, connection.domains.is_some()),
            (Type::Snapshot, connection.domains.is_some()),
        ];
        for (path, secret) in listed("secrets", &connection.secrets) {
            let value = |file: &PathBuf| Content::Value { file: self.folder.join(file), base64: secret.base64 };
            let content = secret.value_file.as_ref().map(value);
            self.add(Item { content, ..self.item(Type::Secret, path, &secret.definition, &Lifecycle::default()) });
        }
        for (path, filter) in listed("nwfilters", &connection.nwfilters) {
            self.add(self.item(Type::Nwfilter, path, &filter.definition, &Lifecycle::default()));
        }
        for (path, pool) in listed("pools", &connection.pools) {
            let volumes = format!("{path}.volumes");
            let Some(name) = self.add(self.item(Type::Pool, path, &pool.definition, &pool.lifecycle)) else {
                self.unknown.insert(Type::Volume);
                continue;
            };
            for (path, volume) in listed(&volumes, &pool.volumes) {
                self.add(Item {
                    parent: Some(&name),
                    name: volume.name.as_deref(),
                    is_present: volume.present,
                    seed: seed_of(volume.content.as_ref()),
                    download: download_of(volume.content.as_ref()),
                    content: volume.content.as_ref().and_then(|content| self.content(content, &name)),
                    ..self.item(Type::Volume, path, &volume.definition, &Lifecycle::default())
                });
            }
        }
        for (path, network) in listed("networks", &connection.networks) {
            self.add(self.item(Type::Network, path, &network.definition, &network.lifecycle));
        }
        for (path, domain) in listed("domains", &connection.domains) {
            let [volumes, snapshots] = ["volumes", "snapshots"].map(|list| format!("{path}.{list}"));
            let mut item = self.item(Type::Domain, path, &domain.definition, &domain.lifecycle);
            item.policy.purge.clone_from(&domain.purge);
            (item.policy.moves, item.policy.storage) = (domain.moves, domain.storage);
            item.policy.transport = domain.transport;
            item.policy.rollback_snapshots = domain.rollback_snapshots;
            if let Some(files) = &domain.graphics_password_file {
                item.passwords = password::files(files, self.folder);
            }
            let file = |(name, file): (&String, &PathBuf)| (name.clone(), self.folder.join(file));
            item.secret_files = domain.secret_files.iter().map(file).collect();
            let Some(name) = self.add(item) else {
                self.unknown.extend([Type::Volume, Type::Snapshot]);
                continue;
            };
            for (path, volume) in numbered(&volumes, &domain.volumes) {
                self.add(Item {
                    parent: Some(&volume.pool),
                    seed: seed_of(volume.content.as_ref()),
                    download: download_of(volume.content.as_ref()),
                    content: volume.content.as_ref().and_then(|content| self.content(content, &volume.pool)),
                    ..self.item(Type::Volume, path, &volume.definition, &Lifecycle::default())
                });
            }
            for (path, snapshot) in listed(&snapshots, &domain.snapshots) {
                self.add(Item {
                    parent: Some(&name),
                    name: snapshot.name.as_deref(),
                    is_present: snapshot.present,
                    ..self.item(Type::Snapshot, path, &snapshot.definition, &Lifecycle::default())
                });
            }
        }
        lists.into_iter().filter(|(_, is_listed)| *is_listed).map(|(kind, _)| kind).collect()
    }

    fn item<'i>(&self, kind: Type, path: String, definition: &'i Definition, lifecycle: &Lifecycle) -> Item<'i> {
        let policy = policy(self.connection, lifecycle);
        Item {
            kind,
            parent: None,
            path,
            definition,
            name: None,
            is_present: true,
            policy,
            content: None,
            seed: None,
            download: None,
            passwords: Vec::new(),
            secret_files: BTreeMap::new(),
        }
    }

    /// The content of a volume, unless it is read later: a seed with its secrets, and a download.
    fn content(&self, content: &VolumeContent, pool: &str) -> Option<Content> {
        match content {
            VolumeContent::File(file) => Some(Content::File(self.folder.join(file))),
            VolumeContent::Volume { pool: other, name } => {
                Some(Content::Volume { pool: other.as_deref().unwrap_or(pool).to_owned(), name: name.clone() })
            }
            VolumeContent::Seed(_) | VolumeContent::Download { .. } => None,
        }
    }

    /// Reads a declaration, and returns the object's name if the declaration tells it.
    fn add(&mut self, item: Item<'_>) -> Option<String> {
        let id = |name: &str| Id { kind: item.kind, parent: item.parent.map(str::to_owned), name: name.to_owned() };
        let place = ManifestPlace {
            path: item.path.clone(),
            definition: item.definition.definition.as_ref().map(|file| self.folder.join(file)),
        };
        let known = match self.known(&item) {
            Ok(known) => known,
            Err(error) => {
                match item.name {
                    Some(name) => {
                        self.known.push((id(name), None, place));
                        self.errors.insert(id(name), error);
                    }
                    None => {
                        self.unknown.insert(item.kind);
                        self.invalid.push(InvalidDeclaration { kind: item.kind, place, error });
                    }
                }
                return None;
            }
        };
        let id = id(&known.name);
        self.known.push((id.clone(), known.uuid.clone(), place));
        match known.definition {
            _ if !item.is_present => self.absent.push(id),
            None => drop(self.errors.insert(id, DeclarationError::NoDefinition)),
            Some((xml, taken)) => match self.with_values(&item, xml, taken) {
                Ok(Values { with_secrets, taken, filled, values, seed, download }) => {
                    let shown = taken.xml();
                    let mut secrets = taken.secrets;
                    secrets.extend(values);
                    self.objects.push(Declared {
                        id,
                        uuid: known.uuid,
                        redacted: taken.root,
                        shown,
                        with_secrets,
                        secrets,
                        filled,
                        policy: item.policy,
                        content: download.map(Content::Download).or(seed.map(Content::Seed)).or(item.content),
                    });
                }
                Err(error) => drop(self.errors.insert(id, error)),
            },
        }
        Some(known.name)
    }

    /// The declaration of an object, from the manifest and the definition.
    fn known(&self, item: &Item<'_>) -> Result<Known, DeclarationError> {
        if let Some(name) = item.name {
            check_name(item.kind, name)?;
        }
        if let Some(whole) = item.parent {
            check_name(Type::Pool, whole)?;
        }
        if let Some(Content::Volume { pool, name }) = &item.content {
            check_name(Type::Pool, pool)?;
            check_name(Type::Volume, name)?;
        }
        let file = item.definition.definition.as_ref().map(|file| self.folder.join(file));
        let xml = match (&file, &item.definition.xml, item.name) {
            (Some(_), Some(_), _) => return Err(DeclarationError::TwoDefinitions),
            (Some(file), None, _) => self.read_definition(file)?,
            (None, Some(xml), _) => xml.clone(),
            (None, None, Some(name)) if item.kind == Type::Snapshot && item.is_present => snapshot(name),
            (None, None, Some(name)) => return Ok(Known { name: name.to_owned(), uuid: None, definition: None }),
            (None, None, None) => return Err(DeclarationError::NoDefinition),
        };
        let taken = redact(item.kind, &xml, file.as_deref())?;
        let Some(name) = name_of(item.kind, &taken.root) else { return Err(DeclarationError::NoName { file }) };
        check_name(item.kind, written_name(item.kind, &taken.root).unwrap_or(&name))?;
        match item.name {
            Some(other) if other != name => {
                Err(DeclarationError::NameMismatch { file, manifest: other.to_owned(), definition: name })
            }
            _ => Ok(Known { name, uuid: uuid_of(&taken.root), definition: Some((xml, taken)) }),
        }
    }

    fn read_definition(&self, file: &Path) -> Result<String, DeclarationError> {
        let content = self.files.content(file, file::MAX_DEFINITION);
        content
            .and_then(|content| file::text(content.to_owned()))
            .map_err(|why| DeclarationError::UnreadableDefinition { file: file.to_owned(), message: why.to_string() })
    }

    /// Reads the secrets that are in files.
    fn with_values(&self, item: &Item<'_>, xml: String, taken: Taken) -> Result<Values, DeclarationError> {
        let mut values: Vec<_> = self.value_of(item.content.as_ref())?.into_iter().collect();
        let mut seed = None;
        let download = item.download.map(|(url, hash)| download(url, hash)).transpose()?;
        if let Some(content) = item.seed {
            let format = child(&taken.root, "target").and_then(|target| child(target, "format")?.attribute("type"));
            if let Some(format) = format.filter(|format| *format != "raw") {
                return Err(DeclarationError::SeedNotRaw { format: format.to_owned() });
            }
            let filled = seed::fill(content, self.folder, &self.files)?;
            values.extend(filled.secrets);
            values.push(filled.seed.digest());
            seed = Some(filled.seed);
        }
        if item.passwords.is_empty() && item.secret_files.is_empty() {
            let with_secrets = if taken.secrets.is_empty() { None } else { xml::element(&xml) };
            return Ok(Values { with_secrets, taken, filled: Vec::new(), values, seed, download });
        }
        let mut root = xml::element(&xml).ok_or(DeclarationError::NoDefinition)?;
        password::add(&mut root, &item.passwords, &self.files)?;
        let taken = redact(item.kind, &root.to_string(), None)?;
        let filled = secret_file::fill(&mut root, &item.secret_files, &self.files)?;
        Ok(Values { with_secrets: Some(root), taken, filled, values, seed, download })
    }

    /// The value of a secret, as text that differs for different values.
    fn value_of(&self, content: Option<&Content>) -> Result<Option<String>, DeclarationError> {
        let Some(Content::Value { file, .. }) = content else { return Ok(None) };
        let value = self.files.content(file, file::MAX_SECRET);
        let value = value
            .map_err(|why| DeclarationError::UnreadableValue { file: file.clone(), message: why.to_string() })?
            .to_owned();
        Ok(Some(String::from_utf8(value).unwrap_or_else(|why| hex(why.as_bytes()))))
    }

    /// Declares pools with volumes as active: volumes are listed and created only while their pool runs.
    fn start_pools(&mut self) {
        let volumes = self.known.iter().filter(|(id, ..)| id.kind == Type::Volume);
        let pools: BTreeSet<Id> = volumes.map(|(id, ..)| id.pool()).collect();
        for pool in self.objects.iter_mut().filter(|declared| pools.contains(&declared.id)) {
            pool.policy.active = pool.policy.active.or(Some(true));
        }
    }

    /// Refuses objects that libvirt can have only once, and what belongs to them.
    fn refuse_duplicates(&mut self) {
        let mut refused = BTreeMap::new();
        let mut by_id: BTreeMap<&Id, Vec<&ManifestPlace>> = BTreeMap::new();
        let mut by_uuid: BTreeMap<(Type, &str), BTreeSet<&Id>> = BTreeMap::new();
        for (id, uuid, place) in &self.known {
            by_id.entry(id).or_default().push(place);
            if let Some(uuid) = uuid {
                by_uuid.entry((id.kind, uuid)).or_default().insert(id);
            }
        }
        for (id, places) in by_id.into_iter().filter(|(_, places)| places.len() > 1) {
            let places = places.into_iter().cloned().collect();
            refused.insert(id.clone(), DeclarationError::DeclaredTwice { places });
        }
        for ((_, uuid), ids) in by_uuid.into_iter().filter(|(_, ids)| ids.len() > 1) {
            let names: Vec<_> = ids.iter().map(|id| id.name.clone()).collect();
            for id in ids {
                let error = || DeclarationError::SharedUuid { uuid: uuid.to_owned(), names: names.clone() };
                refused.entry(id.clone()).or_insert_with(error);
            }
        }
        let mut by_place: BTreeMap<(Type, &str), Vec<&Id>> = BTreeMap::new();
        for declared in &self.objects {
            let place = match declared.id.kind {
                Type::Network => own_bridge(&declared.redacted),
                Type::Pool => own_folder(&declared.redacted),
                _ => None,
            };
            if let Some(place) = place {
                by_place.entry((declared.id.kind, place)).or_default().push(&declared.id);
            }
        }
        for ((kind, place), ids) in by_place.into_iter().filter(|(_, ids)| ids.len() > 1) {
            let names: Vec<_> = ids.iter().map(|id| id.name.clone()).collect();
            for id in ids {
                let error = || match kind {
                    Type::Pool => DeclarationError::SharedFolder { folder: place.to_owned(), names: names.clone() },
                    _ => DeclarationError::SharedBridge { bridge: place.to_owned(), names: names.clone() },
                };
                refused.entry(id.clone()).or_insert_with(error);
            }
        }
        let mut parts = BTreeMap::new();
        for (id, ..) in &self.known {
            if let Some(parent) = refused.keys().find(|other| is_part_of(id, other)) {
                parts.insert(id.clone(), DeclarationError::InvalidParent { parent: parent.clone() });
            }
        }
        refused.extend(parts);
        self.objects.retain(|declared| !refused.contains_key(&declared.id));
        self.absent.retain(|id| !refused.contains_key(id));
        self.errors.extend(refused);
    }
}

/// The bridge of a network, if libvirt makes the bridge.
fn own_bridge(network: &Element) -> Option<&str> {
    child(network, "bridge")?.attribute("name").filter(|_| has_own_bridge(network))
}

/// The folder of a pool that consists of a folder.
fn own_folder(pool: &Element) -> Option<&str> {
    folder(pool).filter(|_| pool.attribute("type") == Some("dir"))
}

/// The identity of an object and its definition, as far as the declaration has them.
struct Known {
    name: String,
    uuid: Option<String>,
    definition: Option<(String, Taken)>,
}

/// The items of a list that may be left out, with their paths.
fn listed<'l, T>(path: &'l str, list: &'l Option<Vec<T>>) -> impl Iterator<Item = (String, &'l T)> {
    numbered(path, list.as_deref().unwrap_or_default())
}

/// The items of a list, with their paths.
fn numbered<'l, T>(path: &'l str, list: &'l [T]) -> impl Iterator<Item = (String, &'l T)> {
    list.iter().enumerate().map(move |(index, item)| (format!("{path}[{index}]"), item))
}

/// Whether an object is a volume of the other, or a snapshot of it.
pub fn is_part_of(id: &Id, other: &Id) -> bool {
    id.whole().is_some_and(|whole| whole == *other)
}

fn policy(connection: &Declarations, lifecycle: &Lifecycle) -> Policy {
    let shutdown = lifecycle.shutdown.unwrap_or(connection.shutdown);
    let on_change = match (lifecycle.on_change.unwrap_or(connection.on_change), lifecycle.restart) {
        (OnChange::Restart, Some(false)) => OnChange::Live,
        (on_change, _) => on_change,
    };
    Policy {
        active: lifecycle.active,
        autostart: lifecycle.autostart,
        on_change,
        always_restart: lifecycle.restart == Some(true),
        shutdown: Shutdown { timeout: shutdown.timeout, force: shutdown.force },
        purge: Vec::new(),
        moves: Move::default(),
        storage: Storage::default(),
        transport: Transport::default(),
        rollback_snapshots: 0,
    }
}

/// Checks that libvirt finds an object under its name. Secrets have no names of their own.
fn check_name(kind: Type, name: &str) -> Result<(), DeclarationError> {
    match names::problem(name) {
        Some(problem) if kind != Type::Secret => Err(DeclarationError::InvalidName { name: name.to_owned(), problem }),
        _ => Ok(()),
    }
}

/// The name of an object as libvirt reads it, with the white space around it.
fn written_name(kind: Type, root: &Element) -> Option<&str> {
    match kind {
        Type::Nwfilter => root.attribute("name"),
        _ => child(root, "name").map(|name| name.text.as_str()),
    }
}

/// A definition without its secrets, and the secrets.
fn redact(kind: Type, xml: &str, file: Option<&Path>) -> Result<Taken, DeclarationError> {
    take(kind.kind(), xml).map_err(|why| {
        let (line, column, message) = (why.line, why.column, why.message);
        DeclarationError::InvalidXml { file: file.map(Path::to_owned), line, column, message }
    })
}

/// A definition and its secrets.
struct Values {
    /// The definition with the secrets, if it has any.
    with_secrets: Option<Element>,
    /// The definition without them.
    taken: Taken,
    /// The texts with secrets of `secretFiles`.
    filled: Vec<FilledText>,
    /// The value of a secret, or the secrets of a seed and its digest.
    values: Vec<String>,
    /// The seed that a volume is filled with.
    seed: Option<Seed>,
    /// The file that a volume is filled with.
    download: Option<Download>,
}

/// The declaration of a seed that a volume is filled with.
fn seed_of(content: Option<&VolumeContent>) -> Option<&SeedContent> {
    match content {
        Some(VolumeContent::Seed(seed)) => Some(seed),
        _ => None,
    }
}

/// The URL and the hash of a file that a volume is filled with.
fn download_of(content: Option<&VolumeContent>) -> Option<(&str, &str)> {
    match content {
        Some(VolumeContent::Download { url, hash }) => Some((url, hash)),
        _ => None,
    }
}

fn download(url: &str, hash: &str) -> Result<Download, DeclarationError> {
    if !Download::is_url(url) {
        return Err(DeclarationError::InvalidUrl);
    }
    match hash.parse() {
        Ok(hash) => Ok(Download { url: url.to_owned(), hash }),
        Err(()) => Err(DeclarationError::InvalidHash { hash: hash.to_owned() }),
    }
}

/// The definition of a snapshot that has only a name.
fn snapshot(name: &str) -> String {
    let children = vec![Element::of_text("name", name)];
    Element { name: Kind::Snapshot.root().to_owned(), children, ..Element::default() }.to_string()
}

/// For each object, the number of volumes that are made one after the other before it can be: the sources of copies, and
/// backing images.
fn clone_depths(objects: &[Declared]) -> BTreeMap<Id, usize> {
    let folders: Vec<_> = objects
        .iter()
        .filter(|it| it.id.kind == Type::Pool)
        .filter_map(|pool| Some((folder(&pool.redacted)?, pool.id.name.as_str())))
        .collect();
    let backing = |declared: &Declared| {
        let path = child_text(child(&declared.redacted, "backingStore")?, "path")?;
        let (place, name) = path.rsplit_once('/')?;
        let (_, pool) = folders.iter().find(|(folder, _)| *folder == place)?;
        Some(Id::within(Type::Volume, *pool, name))
    };
    let source = |declared: &Declared| match &declared.content {
        Some(Content::Volume { pool, name }) => Some(Id::within(Type::Volume, pool, name)),
        _ if declared.id.kind == Type::Volume => backing(declared),
        _ => None,
    };
    let sources: BTreeMap<_, _> = objects.iter().filter_map(|it| Some((it.id.clone(), source(it)?))).collect();
    // A cycle of clones ends when every source has been counted.
    let depth = |id: &Id| {
        let chain = std::iter::successors(Some(id), |id| sources.get(id));
        chain.take(sources.len() + 1).count() - 1
    };
    objects.iter().map(|declared| (declared.id.clone(), depth(&declared.id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest;
    use expect_test::{Expect, expect};
    use serde_json::json;
    use std::fs;

    /// Reads a connection beside files of these names and contents, and shows what came of it.
    #[track_caller]
    fn check(files: &[(&str, &str)], connection: serde_json::Value, expected: Expect) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            fs::write(folder.path().join(name), content).expect("written");
        }
        let text = json!({ "version": 1, "connections": { "c": connection } }).to_string();
        let manifest = manifest::read(&text, "m.json", None).expect("a sound manifest");
        let desired = read(&manifest.connections["c"], folder.path(), "me");
        let mut shown = String::new();
        for Declared { id, uuid, shown: xml, secrets, policy, content, .. } in &desired.objects {
            shown += &format!("{id} {uuid:?} {}", xml.lines().map(str::trim).collect::<String>());
            if !secrets.is_empty() || content.is_some() {
                shown += &format!("\n  secrets {secrets:?} content {content:?}");
            }
            if *policy != super::policy(&Declarations::default(), &Lifecycle::default()) {
                shown += &format!("\n  {policy:?}");
            }
            shown.push('\n');
        }
        desired.absent.iter().for_each(|id| shown += &format!("absent: {id}\n"));
        for InvalidDeclaration { kind, place, error } in &desired.invalid {
            shown += &format!("invalid {kind}: {}: {}\n", place.path, json!(error));
        }
        desired.errors.iter().for_each(|(id, error)| shown += &format!("error: {id}: {}\n", json!(error)));
        shown += &format!("prune {:?} of {:?}\n", desired.prune, desired.types);
        expected.assert_eq(&shown.replace(&folder.path().display().to_string(), ""));
    }

    const VNC: &str = "<domain type='qemu'><name>a</name><uuid>B77F3C10EAB011EEA95D5254000000FF</uuid>
        <devices><graphics type='vnc' passwd='x'/></devices></domain>";

    #[test]
    fn all_types() {
        check(
            &[("a.xml", VNC), ("value", "pass\n")],
            json!({
                "secrets": [
                    { "xml": "<secret><usage type='ceph'><name>b</name></usage></secret>", "valueFile": "value", "base64": true },
                    { "xml": "<secret><uuid>b77f3c10-eab0-11ee-a95d-525400000001</uuid></secret>" },
                ],
                "nwfilters": [{ "xml": "<filter name='f'/>" }],
                "pools": [{
                    "xml": "<pool type='dir'><name>p</name></pool>",
                    "volumes": [
                        { "xml": "<volume><name>third</name></volume>", "content": { "volume": { "name": "second" } } },
                        { "xml": "<volume><name>second</name></volume>", "content": { "volume": { "pool": "p", "name": "first" } } },
                        { "xml": "<volume><name>first</name></volume>", "content": { "file": "image" } },
                        { "name": "gone", "present": false },
                    ],
                }],
                "networks": [{ "xml": "<network><name>n</name></network>", "active": false, "autostart": true, "restart": true }],
                "domains": [{
                    "definition": "a.xml", "onChange": "restart", "restart": false, "shutdown": { "timeout": 5, "force": true },
                    "purge": ["tpm"],
                    "volumes": [
                        { "pool": "p", "xml": "<volume><name>a</name></volume>", "content": { "volume": { "name": "first" } } },
                        { "pool": "other", "xml": "<volume><name>a</name></volume>" },
                    ],
                    "snapshots": [{ "name": "s&t" }, { "name": "old", "present": false }],
                }],
            }),
            expect![[r#"
                secret ceph b None <secret><usage type='ceph'><name>b</name></usage></secret>
                  secrets ["pass\n"] content Some(Value { file: "/value", base64: true })
                secret b77f3c10-eab0-11ee-a95d-525400000001 Some("b77f3c10-eab0-11ee-a95d-525400000001") <secret><uuid>b77f3c10-eab0-11ee-a95d-525400000001</uuid></secret>
                nwfilter f None <filter name='f'/>
                pool p None <pool type='dir'><name>p</name></pool>
                  Policy { active: Some(true), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                volume p/first None <volume><name>first</name></volume>
                  secrets [] content Some(File("/image"))
                volume other/a None <volume><name>a</name></volume>
                volume p/second None <volume><name>second</name></volume>
                  secrets [] content Some(Volume { pool: "p", name: "first" })
                volume p/a None <volume><name>a</name></volume>
                  secrets [] content Some(Volume { pool: "p", name: "first" })
                volume p/third None <volume><name>third</name></volume>
                  secrets [] content Some(Volume { pool: "p", name: "second" })
                network n None <network><name>n</name></network>
                  Policy { active: Some(false), autostart: Some(true), on_change: Live, always_restart: true, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                domain a Some("b77f3c10-eab0-11ee-a95d-5254000000ff") <domain type='qemu'><name>a</name><uuid>B77F3C10EAB011EEA95D5254000000FF</uuid><devices><graphics type='vnc' passwd='(secret)'/></devices></domain>
                  secrets ["x"] content None
                  Policy { active: None, autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 5, force: true }, purge: [Tpm], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                snapshot a/s&t None <domainsnapshot><name>s&amp;t</name></domainsnapshot>
                absent: volume p/gone
                absent: snapshot a/old
                prune Owned of {Secret, Nwfilter, Pool, Volume, Network, Domain, Snapshot}
            "#]],
        );
    }

    #[test]
    fn what_cannot_be_read() {
        check(
            &[("cut.xml", "<pool><name>p</name>"), ("network.xml", "<network><name>n</name></network>")],
            json!({
                "prune": "all",
                "secrets": [
                    { "xml": "<secret/>" },
                    { "xml": "<secret><usage type='tls'><name>t</name></usage></secret>", "valueFile": "none" },
                ],
                "nwfilters": [{ "xml": "<filter/>" }, { "definition": "none.xml" }],
                "pools": [{ "definition": "cut.xml", "volumes": [{ "name": "v", "present": false }] }],
                "networks": [{ "definition": "network.xml" }],
                "domains": [{ "definition": "network.xml" }, {}, { "definition": "network.xml", "xml": "<domain/>" }],
            }),
            expect![[r#"
                network n None <network><name>n</name></network>
                invalid secret: secrets[0]: {"file":null,"kind":"no-name"}
                invalid nwfilter: nwfilters[0]: {"file":null,"kind":"no-name"}
                invalid nwfilter: nwfilters[1]: {"file":"/none.xml","kind":"unreadable-definition","message":"No such file or directory (os error 2)"}
                invalid pool: pools[0]: {"column":21,"file":"/cut.xml","kind":"invalid-xml","line":1,"message":"<pool> is not closed"}
                invalid domain: domains[0]: {"column":1,"file":"/network.xml","kind":"invalid-xml","line":1,"message":"expected the root element <domain>, found <network>"}
                invalid domain: domains[1]: {"kind":"no-definition"}
                invalid domain: domains[2]: {"kind":"two-definitions"}
                error: secret tls t: {"file":"/none","kind":"unreadable-value","message":"No such file or directory (os error 2)"}
                prune All of {Network}
            "#]],
        );
        check(
            &[("cut.xml", "<volume>")],
            json!({ "pools": [{ "xml": "<pool><name>p</name></pool>", "volumes": [
                { "name": "a" },
                { "name": "b", "xml": "<volume><name>c</name></volume>" },
                { "name": "d", "definition": "cut.xml" },
                { "definition": "cut.xml" },
            ] }] }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(true), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                invalid volume: pools[0].volumes[3]: {"column":9,"file":"/cut.xml","kind":"invalid-xml","line":1,"message":"<volume> is not closed"}
                error: volume p/a: {"kind":"no-definition"}
                error: volume p/b: {"definition":"c","file":null,"kind":"name-mismatch","manifest":"b"}
                error: volume p/d: {"column":9,"file":"/cut.xml","kind":"invalid-xml","line":1,"message":"<volume> is not closed"}
                prune Owned of {Pool}
            "#]],
        );
    }

    #[test]
    fn seeds() {
        let check = |seed: serde_json::Value, expected: Expect| {
            let volume = json!({ "xml": "<volume><name>a</name></volume>", "content": { "seed": seed } });
            let pool = json!({ "xml": "<pool><name>p</name></pool>", "active": false, "volumes": [volume] });
            check(&[("token", "a\"b\n"), ("empty", "\n")], json!({ "pools": [pool] }), expected);
        };
        let text = |text: &str| json!({ "user-data": { "text": text, "escape": "json" } });
        check(
            json!({ "files": text("@token@ @other@"), "secretFiles": { "token": "token" } }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(false), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                volume p/a None <volume><name>a</name></volume>
                  secrets ["a\"b", "a\\\"b", "efe8c5d749d1202e96b161e72ece2b554d8f7e7f021c9f9d9ba09f6a583c5991"] content Some(Seed((redacted)))
                prune Owned of {Pool, Volume}
            "#]],
        );
        check(
            json!({ "files": text("none"), "secretFiles": { "token": "token" } }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(false), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                error: volume p/a: {"kind":"no-placeholder-in-seed","name":"token"}
                prune Owned of {Pool, Volume}
            "#]],
        );
        check(
            json!({ "files": text("@token@"), "secretFiles": { "token": "gone" } }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(false), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                error: volume p/a: {"file":"/gone","kind":"unreadable-secret-file","message":"No such file or directory (os error 2)"}
                prune Owned of {Pool, Volume}
            "#]],
        );
        check(
            json!({ "files": text("@token@"), "secretFiles": { "token": "empty" } }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(false), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                error: volume p/a: {"file":"/empty","kind":"invalid-secret-file","name":"token","problem":"empty"}
                prune Owned of {Pool, Volume}
            "#]],
        );
        check(
            json!({ "files": { "../a": { "text": "" } } }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(false), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                error: volume p/a: {"kind":"invalid-seed-file","paths":["../a"]}
                prune Owned of {Pool, Volume}
            "#]],
        );
        check(
            json!({ "files": {}, "label": "a label that is long" }),
            expect![[r#"
                pool p None <pool><name>p</name></pool>
                  Policy { active: Some(false), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                error: volume p/a: {"kind":"invalid-seed-label","label":"a label that is long"}
                prune Owned of {Pool, Volume}
            "#]],
        );
    }

    #[test]
    fn images() {
        let volume = |name: &str, more: &str| format!("<volume><name>{name}</name>{more}</volume>");
        let backed = |name: &str, by: &str| volume(name, &format!("<backingStore><path>{by}</path></backingStore>"));
        let download = |url: &str, hash: &str| json!({ "download": { "url": url, "hash": hash } });
        let zeros = format!("sha256:{}", "0".repeat(64));
        check(
            &[],
            json!({
                "pools": [{
                    "xml": "<pool><name>p</name><target><path>/images</path></target></pool>",
                    "volumes": [
                        { "xml": backed("top", "/images/middle") },
                        { "xml": backed("middle", "/images/base") },
                        { "xml": backed("other", "/elsewhere/base") },
                        { "xml": volume("base", ""), "content": download("https://me:pass@example.org/a?key=b", &zeros) },
                        { "xml": volume("no-url", ""), "content": download("file:///etc/shadow", &zeros) },
                        { "xml": volume("no-hash", ""), "content": download("https://example.org/a", "sha1-AAAA") },
                    ],
                }],
            }),
            expect![[r#"
                pool p None <pool><name>p</name><target><path>/images</path></target></pool>
                  Policy { active: Some(true), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                volume p/other None <volume><name>other</name><backingStore><path>/elsewhere/base</path></backingStore></volume>
                volume p/base None <volume><name>base</name></volume>
                  secrets [] content Some(Download(https://example.org/a sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=))
                volume p/middle None <volume><name>middle</name><backingStore><path>/images/base</path></backingStore></volume>
                volume p/top None <volume><name>top</name><backingStore><path>/images/middle</path></backingStore></volume>
                error: volume p/no-hash: {"hash":"sha1-AAAA","kind":"invalid-hash"}
                error: volume p/no-url: {"kind":"invalid-url"}
                prune Owned of {Pool, Volume}
            "#]],
        );
    }

    #[test]
    fn console_passwords() {
        let domain = |graphics: &str| format!("<domain><name>a</name><devices>{graphics}</devices></domain>");
        let check = |graphics: &str, files: serde_json::Value, expected: Expect| {
            let item = json!({ "xml": domain(graphics), "graphicsPasswordFile": files });
            check(&[("short", "pass\n"), ("long", "more than eight")], json!({ "domains": [item] }), expected);
        };
        let both = "<graphics type='vnc'/><graphics type='spice'/>";
        check(
            both,
            json!({ "spice": "long", "vnc": "short" }),
            expect![[r#"
                domain a None <domain><name>a</name><devices><graphics type='vnc' passwd='(secret)'/><graphics type='spice' passwd='(secret)'/></devices></domain>
                  secrets ["pass", "more than eight"] content None
                prune Owned of {Volume, Domain, Snapshot}
            "#]],
        );
        check(
            both,
            json!({ "vnc": null }),
            expect![[r#"
                domain a None <domain><name>a</name><devices><graphics type='vnc'/><graphics type='spice'/></devices></domain>
                prune Owned of {Volume, Domain, Snapshot}
            "#]],
        );
        check(
            both,
            json!({ "vnc": "long" }),
            expect![[r#"
                error: domain a: {"console":"vnc","file":"/long","kind":"invalid-password","problem":{"too-long":{"max":8}}}
                prune Owned of {Volume, Domain, Snapshot}
            "#]],
        );
        check(
            both,
            json!({ "vnc": "none" }),
            expect![[r#"
                error: domain a: {"file":"/none","kind":"unreadable-password","message":"No such file or directory (os error 2)"}
                prune Owned of {Volume, Domain, Snapshot}
            "#]],
        );
        check(
            both,
            json!({ "rdp": "short" }),
            expect![[r#"
                error: domain a: {"console":"rdp","kind":"no-console"}
                prune Owned of {Volume, Domain, Snapshot}
            "#]],
        );
        check(
            "<graphics type='vnc' passwd='old'/>",
            json!({ "vnc": "short" }),
            expect![[r#"
                error: domain a: {"console":"vnc","kind":"two-passwords"}
                prune Owned of {Volume, Domain, Snapshot}
            "#]],
        );
    }

    #[test]
    fn a_domain_that_cannot_be_read_loses_nothing() {
        check(
            &[("cut.xml", "<domain>")],
            json!({ "domains": [
                { "definition": "cut.xml", "volumes": [{ "pool": "p", "xml": "<volume><name>v</name></volume>" }] },
            ] }),
            expect![[r#"
                invalid domain: domains[0]: {"column":9,"file":"/cut.xml","kind":"invalid-xml","line":1,"message":"<domain> is not closed"}
                prune Owned of {}
            "#]],
        );
    }

    #[test]
    fn duplicates() {
        let pool = |name: &str| format!("<pool><name>{name}</name></pool>");
        let network = |name: &str, uuid: &str| format!("<network><name>{name}</name><uuid>{uuid}</uuid></network>");
        check(
            &[("a.xml", &pool("p")), ("b.xml", &pool("p"))],
            json!({
                "pools": [
                    { "definition": "a.xml", "volumes": [{ "name": "v", "present": false }] },
                    { "definition": "b.xml" },
                    { "xml": pool("q"), "volumes": [
                        { "name": "w", "present": false },
                        { "xml": "<volume><name>w</name></volume>" },
                        { "xml": "<volume><name>v</name></volume>" },
                    ] },
                ],
                "networks": [
                    { "xml": network("a", "b77f3c10-eab0-11ee-a95d-525400000001") },
                    { "xml": network("b", "B77F3C10EAB011EEA95D525400000001") },
                    { "xml": network("c", "b77f3c10-eab0-11ee-a95d-525400000002") },
                ],
            }),
            expect![[r#"
                pool q None <pool><name>q</name></pool>
                  Policy { active: Some(true), autostart: None, on_change: Live, always_restart: false, shutdown: Shutdown { timeout: 120, force: false }, purge: [], moves: Never, storage: Shared, transport: Plain, rollback_snapshots: 0 }
                volume q/v None <volume><name>v</name></volume>
                network c Some("b77f3c10-eab0-11ee-a95d-525400000002") <network><name>c</name><uuid>b77f3c10-eab0-11ee-a95d-525400000002</uuid></network>
                error: pool p: {"kind":"declared-twice","places":[{"definition":"/a.xml","path":"pools[0]"},{"definition":"/b.xml","path":"pools[1]"}]}
                error: volume p/v: {"kind":"invalid-parent","parent":{"name":"p","type":"pool"}}
                error: volume q/w: {"kind":"declared-twice","places":[{"definition":null,"path":"pools[2].volumes[0]"},{"definition":null,"path":"pools[2].volumes[1]"}]}
                error: network a: {"kind":"shared-uuid","names":["a","b"],"uuid":"b77f3c10-eab0-11ee-a95d-525400000001"}
                error: network b: {"kind":"shared-uuid","names":["a","b"],"uuid":"b77f3c10-eab0-11ee-a95d-525400000001"}
                prune Owned of {Pool, Volume, Network}
            "#]],
        );
    }

    #[test]
    fn two_networks_of_one_bridge() {
        let network =
            |name: &str, rest: &str| format!("<network><name>{name}</name><bridge name='br0'/>{rest}</network>");
        check(
            &[],
            json!({ "networks": [
                { "xml": network("a", "") },
                { "xml": network("b", "<forward mode='nat'/>") },
                { "xml": network("c", "<forward mode='bridge'/>") },
                { "xml": network("d", "<forward mode='bridge'/>") },
            ] }),
            expect![[r#"
                network c None <network><name>c</name><bridge name='br0'/><forward mode='bridge'/></network>
                network d None <network><name>d</name><bridge name='br0'/><forward mode='bridge'/></network>
                error: network a: {"bridge":"br0","kind":"shared-bridge","names":["a","b"]}
                error: network b: {"bridge":"br0","kind":"shared-bridge","names":["a","b"]}
                prune Owned of {Network}
            "#]],
        );
    }

    #[test]
    fn two_pools_of_one_folder() {
        let pool = |name: &str, kind: &str| {
            format!("<pool type='{kind}'><name>{name}</name><target><path>/srv</path></target></pool>")
        };
        check(
            &[],
            json!({ "pools": [
                { "xml": pool("a", "dir"), "volumes": [{ "xml": "<volume><name>v</name></volume>" }] },
                { "xml": pool("b", "dir") },
                { "xml": pool("c", "netfs") },
            ] }),
            expect![[r#"
                pool c None <pool type='netfs'><name>c</name><target><path>/srv</path></target></pool>
                error: pool a: {"folder":"/srv","kind":"shared-folder","names":["a","b"]}
                error: pool b: {"folder":"/srv","kind":"shared-folder","names":["a","b"]}
                error: volume a/v: {"kind":"invalid-parent","parent":{"name":"a","type":"pool"}}
                prune Owned of {Pool, Volume}
            "#]],
        );
    }

    #[test]
    fn a_place_in_the_manifest_is_no_object() {
        check(
            &[],
            json!({ "domains": [
                { "xml": "<domain>" },
                { "xml": "<domain><name>number 1</name></domain>" },
                { "xml": "<domain><name>domains[0]</name></domain>" },
            ] }),
            expect![[r#"
                domain number 1 None <domain><name>number 1</name></domain>
                domain domains[0] None <domain><name>domains[0]</name></domain>
                invalid domain: domains[0]: {"column":9,"file":null,"kind":"invalid-xml","line":1,"message":"<domain> is not closed"}
                prune Owned of {}
            "#]],
        );
    }
}
