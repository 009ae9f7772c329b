//! The state directory: it records what was last applied to each managed object. It has a folder for each connection, which
//! has a file for each object: `URI/TYPE/NAME.json`.

use crate::error::{Error, ErrorKind};
use crate::file;
use crate::object::{Id, Type};
use crate::snapshot_archive::SnapshotArchive;
use crate::step::Purge;
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use rustix::process::geteuid;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{self, Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The largest record that is read, in bytes.
pub(crate) const MAX_RECORD: u64 = 64 << 20;

/// The state records of a connection, by object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    by_id: BTreeMap<Id, Record>,
    /// Whether the connection has a folder of records, even if it is empty.
    has_folder: bool,
}

impl Records {
    /// Whether there may have been records that are lost. If the last object was forgotten on purpose, the folder is left.
    pub fn may_be_lost(&self) -> bool {
        self.by_id.is_empty() && !self.has_folder
    }
}

impl Deref for Records {
    type Target = BTreeMap<Id, Record>;

    fn deref(&self) -> &Self::Target {
        &self.by_id
    }
}

impl DerefMut for Records {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.by_id
    }
}

/// State record of an object: the definition that was applied last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// The UUID, if the object has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// The definition with its secrets redacted. Empty if the object was adopted and not yet applied.
    pub xml: String,
    /// The fingerprint of the secrets. None if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
    /// The fingerprint of the texts with secrets of `secretFiles`. None if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled: Option<String>,
    /// Whether the content of a volume may be incomplete, because a run has begun and not finished creating or writing it.
    #[serde(rename = "isHalfFilled", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_incomplete: bool,
    /// The folder of the pool that a volume was created in. None if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether this program created a volume whose content may be incomplete. Without that, a volume of the name may be
    /// another one, which must not be overwritten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_created: bool,
    /// The URI of the connection that the content of an incomplete volume is copied from, because its domain moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves_from: Option<String>,
    /// State of a domain that is deleted with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purge: Vec<Purge>,
    /// Definition that the running domain or network was started from, if that is not the one that was applied last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
    /// The snapshots that were taken of a domain before changes, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rollbacks: Vec<Rollback>,
}

impl Record {
    /// The record of an object to which nothing was applied yet.
    pub fn new(id: Id) -> Self {
        Record {
            id,
            uuid: None,
            xml: String::new(),
            secrets: None,
            filled: None,
            is_incomplete: false,
            folder: None,
            is_created: false,
            moves_from: None,
            purge: Vec::new(),
            running: None,
            rollbacks: Vec::new(),
        }
    }
}

/// Definition that a running domain or network was started from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Running {
    /// libvirt's number of the domain's run. A later run was started from what was last applied.
    pub run: Option<u32>,
    /// The definition that was applied then, with its secrets redacted. None if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xml: Option<String>,
}

/// Snapshot that was taken of a domain before a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rollback {
    /// Number of the snapshot, which is part of its name in libvirt.
    pub number: u32,
    /// What was applied to the domain before the change. It has no snapshots of its own.
    pub record: Box<Record>,
    /// Whether the change has not been recorded, because it failed or the run was killed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unfinished: bool,
}

impl Rollback {
    /// The name of the snapshot in libvirt.
    pub fn snapshot(&self) -> String {
        snapshot_name(self.number)
    }
}

/// The name of the snapshot of a number that is taken before a change.
pub fn snapshot_name(number: u32) -> String {
    format!("nixvirt-{number}")
}

/// A fingerprint that tells whether secrets have changed; None if there are none. It is salted with the object's id, so that
/// equal secrets of two objects have different ones, and so short that countless texts share it.
pub fn fingerprint(id: &Id, secrets: &[String]) -> Option<String> {
    if secrets.is_empty() {
        return None;
    }
    let mut hash = Sha256::new_with_prefix(id.to_string());
    for secret in secrets {
        hash.update(secret.len().to_le_bytes());
        hash.update(secret);
    }
    Some(hex(&hash.finalize()[..4]))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The state directory.
#[derive(Clone, Debug)]
pub struct StateDirectory {
    folder: PathBuf,
    /// The folder of root, if this is another user's own, which nobody has named.
    of_root: Option<&'static str>,
}

/// The state directory of root.
const OF_ROOT: &str = "/var/lib/nixvirt";

impl StateDirectory {
    /// The given folder, or the user's own: `/var/lib/nixvirt` for root, else `nixvirt` in `$XDG_STATE_HOME`, which
    /// defaults to `~/.local/state`.
    pub fn new(folder: Option<PathBuf>) -> Result<Self, Error> {
        let of_root = if folder.is_none() && !geteuid().is_root() { Some(OF_ROOT) } else { None };
        let Some(folder) = folder.or_else(default_folder) else {
            let hint = "set $HOME or $XDG_STATE_HOME, or name a state directory with --state";
            return Err(Error::usage("there is no state directory").with_hint(hint));
        };
        let folder = path::absolute(&folder).map_err(|cause| Error::file("find", &folder, cause))?;
        Ok(StateDirectory { folder, of_root })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The records of a connection.
    pub fn of(&self, uri: &str) -> Store {
        // The daemon of a user's session is no other user's.
        let is_session = uri.split('?').next().is_some_and(|address| address.ends_with("/session"));
        let of_root = self.of_root.filter(|_| !is_session).map(|folder| Path::new(folder).join(file_name(uri)));
        Store { folder: self.folder.join(file_name(uri)), of_root }
    }
}

fn default_folder() -> Option<PathBuf> {
    if geteuid().is_root() {
        return Some(PathBuf::from(OF_ROOT));
    }
    let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))?;
    Some(state.join("nixvirt"))
}

/// The folder of a connection's records.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    /// The folder in which root has its records of the connection, if root has any.
    of_root: Option<PathBuf>,
}

/// The records of a connection, as read.
#[derive(Debug, Default)]
pub struct Stored {
    /// The records.
    pub records: Records,
    /// The records that could not be read. They are ignored, and replaced when their objects are applied.
    pub unreadable: Vec<UnreadableRecord>,
    /// The snapshots of undefined domains.
    pub archive: SnapshotArchive,
}

/// A state record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct UnreadableRecord {
    /// The file.
    pub path: PathBuf,
    /// Error of the operating system or of the JSON parser.
    pub message: String,
}

impl Store {
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads all records, and the archive. It is an error if a folder exists and cannot be read, or if others can write to it.
    pub fn read(&self) -> Result<Stored, Error> {
        self.check_of_root()?;
        self.check_folders()?;
        let mut stored = Stored { archive: self.read_archive()?, ..Stored::default() };
        for kind in Type::ALL {
            let Some(paths) = read_folder(&self.folder.join(kind.name()))? else { continue };
            stored.records.has_folder = true;
            check_folder(&self.folder.join(kind.name()))?;
            for path in paths {
                match self.record(&path) {
                    Ok(record) => drop(stored.records.insert(record.id.clone(), record)),
                    Err(message) => stored.unreadable.push(UnreadableRecord { path, message }),
                }
            }
        }
        stored.unreadable.sort();
        Ok(stored)
    }

    fn record(&self, path: &Path) -> Result<Record, String> {
        let text = file::read(path, MAX_RECORD).map_err(|cause| cause.to_string())?;
        let record: Record = serde_json::from_slice(&text).map_err(|cause| cause.to_string())?;
        let expected = self.path(&record.id);
        if expected == path {
            Ok(record)
        } else {
            Err(format!("it is the record of {}, which belongs in {}", record.id, expected.display()))
        }
    }

    /// Locks the records, so that no two runs change a connection at once. If another run has locked them, calls `waits`
    /// with the locked file, and waits as long as `limit`.
    pub fn lock(&self, limit: Duration, waits: impl FnOnce(&Path)) -> Result<Lock<'_>, Error> {
        self.check_of_root()?;
        make_folder(&self.folder)?;
        self.check_folders()?;
        let path = self.folder.join(".lock");
        // Neither a link nor a pipe that is in its place leads elsewhere, or makes this wait.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).custom_flags(flags).open(&path);
        let file = file.map_err(|cause| Error::file("write", &path, cause))?;
        let deadline = Instant::now() + limit;
        let mut waits = Some(waits);
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Lock { store: self, _file: file }),
                Err(Errno::WOULDBLOCK) if Instant::now() < deadline => {
                    if let Some(waits) = waits.take() {
                        waits(&path);
                    }
                    sleep(Duration::from_millis(100));
                }
                Err(Errno::WOULDBLOCK) => {
                    let (path, seconds) = (path.display(), limit.as_secs());
                    let what = format!("another run has locked {path} and has not ended in {seconds} s");
                    return Err(Error::new(ErrorKind::System, what));
                }
                Err(why) => return Err(Error::file("lock", &path, why.into())),
            }
        }
    }

    /// Checks that the user does not begin a second set of records beside that of root.
    fn check_of_root(&self) -> Result<(), Error> {
        if let (Some(of_root), false) = (&self.of_root, self.folder.exists()) {
            if !fs::metadata(of_root).is_err_and(|why| why.kind() == io::ErrorKind::NotFound) {
                let what = format!("root manages this connection with the state records in {OF_ROOT}");
                let hint = "run the command as root, or name a state directory of your own with --state";
                return Err(Error::new(ErrorKind::System, what).with_hint(hint));
            }
        }
        Ok(())
    }

    /// Checks that only trusted users can write to the state directory and to the folder of the connection.
    fn check_folders(&self) -> Result<(), Error> {
        [self.folder.parent(), Some(self.folder.as_path())].into_iter().flatten().try_for_each(check_folder)
    }

    fn path(&self, id: &Id) -> PathBuf {
        let name = match &id.parent {
            // `file_name` never yields a plus sign.
            Some(parent) => format!("{}+{}.json", file_name(parent), file_name(&id.name)),
            None => format!("{}.json", file_name(&id.name)),
        };
        self.folder.join(id.kind.name()).join(name)
    }
}

/// The locked records of a connection. Dropping it unlocks them.
#[derive(Debug)]
pub struct Lock<'s> {
    store: &'s Store,
    /// The lock ends when this file is closed.
    _file: File,
}

impl Lock<'_> {
    /// Checks that so many bytes can be written, before libvirt is changed and the change cannot be recorded.
    pub fn try_to_write(&self, bytes: usize) -> Result<(), Error> {
        let path = self.new_file(&vec![b' '; bytes])?;
        fs::remove_file(&path).map_err(|cause| Error::file("write", &path, cause))
    }

    /// Saves a record. If the power fails meanwhile, either this record or the former one is left.
    pub fn write(&self, record: &Record) -> Result<(), Error> {
        self.replace(&self.store.path(&record.id), &(serde_json::to_string_pretty(record)? + "\n"))
    }

    /// Writes a file of the store. If the power fails meanwhile, either the new file or the former one is left.
    pub(crate) fn replace(&self, path: &Path, text: &str) -> Result<(), Error> {
        let folder = path.parent().expect("it is in a folder");
        make_folder(folder)?;
        let new = self.new_file(text.as_bytes())?;
        let replaced = fs::rename(&new, path).and_then(|()| sync(folder));
        replaced.map_err(|cause| Error::file("write", path, cause))
    }

    /// The store of the records.
    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    /// Drops the record of an object, readable or not. Returns whether there was one.
    pub fn remove(&self, id: &Id) -> Result<bool, Error> {
        remove_file(&self.store.path(id))
    }

    /// Writes a file that is to replace another.
    fn new_file(&self, text: &[u8]) -> Result<PathBuf, Error> {
        let path = self.store.folder.join(".new");
        file::write_new(&path, text).map_err(|cause| Error::file("write", &path, cause))?;
        Ok(path)
    }
}

/// The paths of the files in a folder; None if there is no folder.
pub(crate) fn read_folder(folder: &Path) -> Result<Option<Vec<PathBuf>>, Error> {
    let fail = |cause| Error::file("read", folder, cause);
    match fs::read_dir(folder) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        entries => {
            let paths = entries.map_err(fail)?.map(|entry| entry.map(|entry| entry.path()).map_err(fail));
            paths.collect::<Result<_, _>>().map(Some)
        }
    }
}

/// Removes a file of the store. Returns whether there was one.
pub(crate) fn remove_file(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => {
            let removed = removed.and_then(|()| sync(path.parent().expect("it is in a folder")));
            removed.map(|()| true).map_err(|cause| Error::file("remove", path, cause))
        }
    }
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|cause| Error::file("create", folder, cause))
}

/// Checks that a folder, if it exists, belongs to a trusted user, and that no other user can write to it.
fn check_folder(folder: &Path) -> Result<(), Error> {
    let metadata = match fs::metadata(folder) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata.map_err(|cause| Error::file("read", folder, cause))?,
    };
    let refused = |why: &str, hint: String| {
        let what = format!("the state directory {} is not safe: {why}", folder.display());
        Err(Error::new(ErrorKind::System, what).with_hint(hint))
    };
    if !file::is_trusted(metadata.uid()) {
        let why = format!("it belongs to user {}", metadata.uid());
        refused(&why, "run nixvirt as that user, or name another state directory with --state".to_owned())
    } else if metadata.mode() & 0o022 != 0 {
        refused("other users can write to it", format!("chmod go-w {}", folder.display()))
    } else {
        Ok(())
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A file name for a text. Different texts have different names.
fn file_name(text: &str) -> String {
    /// A file name has at most 255 bytes, and may consist of two of these and an extension.
    const LENGTH: usize = 120;
    let is_plain =
        |at: usize, byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || (byte == b'.' && at > 0);
    let mut name = String::new();
    for (at, byte) in text.bytes().enumerate() {
        if is_plain(at, byte) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    if name.len() > LENGTH {
        let hash = hex(&Sha256::digest(text)[..16]);
        name.truncate(LENGTH - hash.len() - 1);
        // No shorter text has this name, in which digits that encode no byte follow the percent sign.
        name = format!("{name}%{hash}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use pretty_assertions::{assert_eq, assert_ne};
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A state directory that is gone with the test.
    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Folder(tempfile::tempdir().expect("a folder"))
        }

        fn store(&self) -> Store {
            StateDirectory::new(Some(self.0.path().join("state"))).expect("a state directory").of("qemu:///system")
        }

        /// A text without the folder's name.
        fn shown(&self, text: &str) -> String {
            text.replace(&self.0.path().display().to_string(), "")
        }
    }

    fn lock(store: &Store) -> Lock<'_> {
        store.lock(Duration::ZERO, |_| ()).expect("no other run")
    }

    fn record(id: Id) -> Record {
        let mut record = serde_json::json!({ "xml": "<domain/>" });
        let id = serde_json::json!(id);
        record.as_object_mut().expect("it is").extend(id.as_object().expect("it is").clone());
        serde_json::from_value(record).expect("what has a default may be missing")
    }

    #[test]
    fn records_of_root_are_not_doubled() {
        let folder = Folder::new();
        let of_root = folder.0.path().join("root");
        let store = Store { of_root: Some(of_root.clone()), ..folder.store() };
        assert!(store.read().is_ok(), "root has no records");
        fs::create_dir(&of_root).expect("made");
        for error in [store.read().err(), store.lock(Duration::ZERO, |_| ()).err()] {
            expect!["root manages this connection with the state records in /var/lib/nixvirt; run the command as root, or name a state directory of your own with --state"]
                .assert_eq(&error.expect("root has records").line());
        }
        make_folder(&store.folder).expect("made");
        assert!(store.read().is_ok(), "the user has records");
    }

    #[test]
    fn records_are_stored() {
        let folder = Folder::new();
        let store = folder.store();
        assert!(store.read().expect("no folder is no record").records.may_be_lost());
        let running = Running { run: Some(3), xml: Some("<domain id='1'/>".to_owned()) };
        let mut first =
            Record { uuid: Some("u".to_owned()), running: Some(running), ..record(Id::new(Type::Domain, "a")) };
        first.secrets = fingerprint(&first.id, &["x".to_owned()]);
        let second = record(Id::within(Type::Volume, "pool+", "../a b"));
        let lock = lock(&store);
        lock.write(&record(first.id.clone())).expect("written");
        lock.write(&first).expect("replaced");
        lock.write(&second).expect("written");
        let stored = store.read().expect("readable");
        assert_eq!(stored.unreadable, []);
        let expected = BTreeMap::from([&first, &second].map(|record| (record.id.clone(), record.clone())));
        assert_eq!(*stored.records, expected);
        assert!(lock.remove(&first.id).expect("it is removed"));
        assert!(!lock.remove(&first.id).expect("there is none"));
        assert_eq!(store.read().expect("readable").records.len(), 1);
        assert!(lock.remove(&second.id).expect("it is removed"));
        let none = store.read().expect("readable").records;
        assert!(none.is_empty() && !none.may_be_lost());
        lock.write(&second).expect("written");
        assert_eq!(fs::metadata(store.path(&second.id)).expect("a file").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&store.folder).expect("a folder").permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn names_of_files() {
        let long = "x".repeat(300);
        let names: Vec<_> = ["web", "qemu:///system", "..", "ä+b%", "", &long].map(file_name).into();
        expect![[r#"
            web
            qemu%3A%2F%2F%2Fsystem
            %2E.
            %C3%A4%2Bb%25

            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx%0d4e2ca9e9cbced7a7a5380eb29e1a37
        "#]]
        .assert_eq(&(names.join("\n") + "\n"));
        assert_ne!(file_name(&long), file_name(&(long.clone() + "y")));
    }

    #[test]
    fn unreadable_records() {
        let folder = Folder::new();
        let store = folder.store();
        lock(&store).write(&record(Id::new(Type::Domain, "good"))).expect("written");
        let domains = store.folder.join("domain");
        fs::write(domains.join("cut.json"), "{\"type\": \"domain\", \"na").expect("written");
        fs::write(domains.join("more.json"), r#"{"type":"domain","name":"more","xml":"","color":1}"#).expect("written");
        fs::copy(domains.join("good.json"), domains.join("copy.json")).expect("written");
        fs::create_dir(domains.join("folder.json")).expect("made");
        let stored = store.read().expect("readable");
        assert_eq!(stored.records.len(), 1);
        let shown = stored.unreadable.iter().map(|it| format!("{}: {}\n", it.path.display(), it.message));
        let shown: String = shown.collect();
        expect![[r#"
            /state/qemu%3A%2F%2F%2Fsystem/domain/copy.json: it is the record of domain good, which belongs in /state/qemu%3A%2F%2F%2Fsystem/domain/good.json
            /state/qemu%3A%2F%2F%2Fsystem/domain/cut.json: EOF while parsing a string at line 1 column 22
            /state/qemu%3A%2F%2F%2Fsystem/domain/folder.json: Is a directory (os error 21)
            /state/qemu%3A%2F%2F%2Fsystem/domain/more.json: unknown field `color` at line 1 column 50
        "#]]
        .assert_eq(&folder.shown(&shown));
        let cut = record(Id::new(Type::Domain, "cut"));
        lock(&store).write(&cut).expect("replaced");
        assert_eq!(store.read().expect("readable").records.get(&cut.id), Some(&cut));
    }

    #[test]
    fn a_folder_that_others_can_write_to() {
        let folder = Folder::new();
        let store = folder.store();
        lock(&store).write(&record(Id::new(Type::Domain, "a"))).expect("written");
        let mut shown = String::new();
        let state = store.folder.parent().expect("the state directory").to_owned();
        for unsafe_folder in [state, store.folder.clone(), store.folder.join("domain")] {
            fs::set_permissions(&unsafe_folder, fs::Permissions::from_mode(0o770)).expect("it is owned");
            shown += &(store.read().expect_err("others can write to it").line() + "\n");
            fs::set_permissions(&unsafe_folder, fs::Permissions::from_mode(0o755)).expect("it is owned");
        }
        expect![[r#"
            the state directory /state is not safe: other users can write to it; chmod go-w /state
            the state directory /state/qemu%3A%2F%2F%2Fsystem is not safe: other users can write to it; chmod go-w /state/qemu%3A%2F%2F%2Fsystem
            the state directory /state/qemu%3A%2F%2F%2Fsystem/domain is not safe: other users can write to it; chmod go-w /state/qemu%3A%2F%2F%2Fsystem/domain
        "#]]
        .assert_eq(&folder.shown(&shown));
        assert_eq!(store.read().expect("only the owner can write").records.len(), 1);
    }

    #[test]
    fn links_and_pipes_in_the_folder() {
        let folder = Folder::new();
        let store = folder.store();
        let [victim, new, locked] = ["victim", ".new", ".lock"].map(|name| store.folder.join(name));
        drop(lock(&store));
        fs::write(&victim, "untouched").expect("written");
        symlink(&victim, &new).expect("made");
        lock(&store).write(&record(Id::new(Type::Domain, "a"))).expect("written");
        assert_eq!(fs::read_to_string(&victim).expect("a file"), "untouched");
        fs::remove_file(&locked).expect("it is there");
        symlink(&victim, &locked).expect("made");
        let mut shown = store.lock(Duration::ZERO, |_| ()).expect_err("a link").line() + "\n";
        fs::remove_file(&locked).expect("it is there");
        pipe(&locked);
        shown += &(store.lock(Duration::ZERO, |_| ()).expect_err("a pipe").line() + "\n");
        pipe(&store.folder.join("domain/pipe.json"));
        shown += &(store.read().expect("readable").unreadable[0].message.clone() + "\n");
        expect![[r#"
            cannot write /state/qemu%3A%2F%2F%2Fsystem/.lock: Too many levels of symbolic links (os error 40)
            cannot write /state/qemu%3A%2F%2F%2Fsystem/.lock: No such device or address (os error 6)
            it is not a regular file
        "#]]
        .assert_eq(&folder.shown(&shown));
    }

    fn pipe(path: &Path) {
        rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).expect("made");
    }

    #[test]
    fn runs_wait_for_each_other() {
        let folder = Folder::new();
        let store = folder.store();
        let first = lock(&store);
        let mut said = Vec::new();
        let failure = store
            .lock(Duration::from_millis(250), |path| said.push(path.display().to_string()))
            .expect_err("it is locked");
        expect![[r#"
            /state/qemu%3A%2F%2F%2Fsystem/.lock
            another run has locked /state/qemu%3A%2F%2F%2Fsystem/.lock and has not ended in 0 s
        "#]]
        .assert_eq(&folder.shown(&format!("{}\n{failure}\n", said.join("\n"))));
        std::thread::scope(|scope| {
            let second = scope.spawn(|| store.lock(Duration::from_secs(60), |_| ()).map(drop));
            drop(first);
            second.join().expect("no panic").expect("it is locked in time");
        });
    }

    #[test]
    fn a_full_disk_is_found_in_time() {
        let folder = Folder::new();
        let store = folder.store();
        let lock = lock(&store);
        lock.try_to_write(1 << 20).expect("there is room");
        let left: Vec<_> =
            fs::read_dir(&store.folder).expect("readable").map(|it| it.expect("readable").file_name()).collect();
        assert_eq!(left, [".lock"]);
        fs::create_dir(store.folder.join(".new")).expect("made");
        expect![[r#"
            cannot write /state/qemu%3A%2F%2F%2Fsystem/.new: Is a directory (os error 21)
        "#]]
        .assert_eq(&folder.shown(&(lock.try_to_write(1).expect_err("it is a folder").line() + "\n")));
    }

    #[test]
    fn fingerprints() {
        let print = |name: &str, secrets: &[&str]| {
            let secrets: Vec<_> = secrets.iter().map(|it| (*it).to_owned()).collect();
            fingerprint(&Id::new(Type::Domain, name), &secrets)
        };
        assert_eq!(print("a", &[]), None);
        assert_eq!(print("a", &["b", "c"]), print("a", &["b", "c"]));
        assert_ne!(print("a", &["b", "c"]), print("a", &["bc"]));
        assert_ne!(print("a", &["b"]), print("b", &["b"]));
    }

    /// A record as version 0.1 wrote it.
    #[test]
    fn records_of_earlier_versions_are_read() {
        let folder = Folder::new();
        let store = folder.store();
        fs::create_dir_all(store.folder.join("volume")).expect("made");
        let written = r#"{
          "type": "volume",
          "in": "p",
          "name": "v",
          "uuid": "u",
          "xml": "<volume/>",
          "secrets": "01020304",
          "isHalfFilled": true,
          "purge": ["nvram", "tpm", "managedSave", "snapshots"],
          "running": { "run": 3, "xml": "<volume/>" }
        }"#;
        fs::write(store.folder.join("volume/p+v.json"), written).expect("written");
        let stored = store.read().expect("readable");
        assert_eq!(stored.unreadable, []);
        let record = stored.records.values().next().expect("a record");
        let expected = Record {
            id: Id::within(Type::Volume, "p", "v"),
            uuid: Some("u".to_owned()),
            xml: "<volume/>".to_owned(),
            secrets: Some("01020304".to_owned()),
            filled: None,
            is_incomplete: true,
            folder: None,
            is_created: false,
            moves_from: None,
            purge: vec![Purge::Nvram, Purge::Tpm, Purge::ManagedSave, Purge::Snapshots],
            running: Some(Running { run: Some(3), xml: Some("<volume/>".to_owned()) }),
            rollbacks: Vec::new(),
        };
        assert_eq!(*record, expected);
        let again: serde_json::Value = serde_json::to_value(record).expect("it is JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(written).expect("JSON"));
    }
}
