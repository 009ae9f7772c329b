//! The record: what was applied to each object that is ours. It is kept in the state directory, a folder for each
//! connection and in it a file for each object: `URI/TYPE/NAME.json`.

use crate::error::{Error, ErrorKind};
use crate::object::{Id, Type};
use crate::step::Purge;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{self, Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What was applied to the objects of a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    by_id: BTreeMap<Id, Record>,
    /// Whether they are kept somewhere, even if there are none.
    are_kept: bool,
}

impl Records {
    /// Whether there may have been records that are gone now. Where the last was given up on purpose, there were.
    pub fn may_be_lost(&self) -> bool {
        self.by_id.is_empty() && !self.are_kept
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

/// What was applied to an object. One file each, in the state directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// Its UUID, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// The XML that was declared, without the secrets in it; empty where the object is ours, and nobody declared it yet.
    pub xml: String,
    /// A fingerprint of the secrets that were taken out of the XML, or read for it; other secrets have another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
    /// A volume's content was begun and not finished: what is in it is worth nothing, and it is filled again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_half_filled: bool,
    /// What goes with a domain when it is no longer declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purge: Vec<Purge>,
    /// What a running guest or network was started from, where that is not what is declared now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
}

impl Record {
    /// The record of an object that is ours and that nobody declared yet.
    pub fn adopted(id: Id, uuid: Option<String>) -> Self {
        Record { id, uuid, xml: String::new(), secrets: None, is_half_filled: false, purge: Vec::new(), running: None }
    }
}

/// What a guest or a network that runs was started from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Running {
    /// The number of the run, for a domain: in another run, it was started from what is declared.
    pub run: Option<u32>,
    /// The XML that was declared then, without the secrets in it; nothing where nobody declared it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xml: Option<String>,
}

/// What tells secrets from others without telling what they are; nothing where there are none. The object's id salts it,
/// so that equal secrets of two objects do not look alike, and it is so short that countless texts have the same one.
pub fn fingerprint(id: &Id, secrets: &[String]) -> Option<String> {
    if secrets.is_empty() {
        return None;
    }
    let mut hash = Sha256::new_with_prefix(id.to_string());
    for secret in secrets {
        hash.update(secret.len().to_le_bytes());
        hash.update(secret);
    }
    Some(digits(&hash.finalize()[..4]))
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The state directory.
#[derive(Clone, Debug)]
pub struct State {
    folder: PathBuf,
}

impl State {
    /// The state directory that is given, or the user's own: `/var/lib/nixvirt` for root, else `nixvirt` below
    /// `$XDG_STATE_HOME`, which is `~/.local/state` where it is not set.
    pub fn new(folder: Option<PathBuf>) -> Result<Self, Error> {
        let own = || match rustix::process::geteuid().is_root() {
            true => Some(PathBuf::from("/var/lib/nixvirt")),
            false => {
                let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
                let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
                state.map(|state| state.join("nixvirt"))
            }
        };
        let folder = folder.or_else(own);
        let Some(folder) = folder else {
            let hint = "set $HOME or $XDG_STATE_HOME, or name a state directory with --state";
            return Err(Error::usage("there is no state directory").with_hint(hint));
        };
        let folder = path::absolute(&folder).map_err(|cause| Error::file("find", &folder, cause))?;
        Ok(State { folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The records of a connection.
    pub fn of(&self, uri: &str) -> Store {
        Store { folder: self.folder.join(file_name(uri)) }
    }
}

/// The records of a connection as files.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// The records that could be read.
#[derive(Debug, Default)]
pub struct Kept {
    /// They.
    pub records: Records,
    /// What is wrong with others. They count as missing, and are replaced when their objects are applied again.
    pub warnings: Vec<String>,
}

impl Store {
    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads all records. An error is a folder that cannot be read; one that is missing holds none.
    pub fn read(&self) -> Result<Kept, Error> {
        let mut kept = Kept::default();
        for kind in Type::ALL {
            let folder = self.folder.join(kind.name());
            let entries = match fs::read_dir(&folder) {
                Err(why) if why.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.map_err(|cause| Error::file("read", &folder, cause))?,
            };
            kept.records.are_kept = true;
            for entry in entries {
                let path = entry.map_err(|cause| Error::file("read", &folder, cause))?.path();
                match self.record(&path) {
                    Ok(record) => drop(kept.records.insert(record.id.clone(), record)),
                    Err(error) => kept.warnings.push(format!("{}; the record is ignored", error.message())),
                }
            }
        }
        kept.warnings.sort();
        Ok(kept)
    }

    fn record(&self, path: &Path) -> Result<Record, Error> {
        let cannot = || format!("cannot read the state record {}", path.display());
        let text = fs::read(path).map_err(|cause| Error::system(cannot(), cause))?;
        let record: Record = serde_json::from_slice(&text).map_err(|cause| Error::input(cannot()).caused_by(cause))?;
        let expected = self.path(&record.id);
        if expected == path {
            Ok(record)
        } else {
            let what = format!("it describes {}, whose record is {}", record.id, expected.display());
            Err(Error::input(cannot()).caused_by(what))
        }
    }

    /// Locks the records, so that no two runs change the same connection at a time. Where another run has them, says so
    /// once and waits for it, as long as `limit`.
    pub fn lock(&self, limit: Duration, says: impl FnOnce(String)) -> Result<Lock<'_>, Error> {
        make_folder(&self.folder)?;
        let path = self.folder.join(".lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(|cause| Error::file("write", &path, cause))?;
        let deadline = Instant::now() + limit;
        let mut says = Some(says);
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Lock { store: self, _file: file }),
                Err(Errno::WOULDBLOCK) if Instant::now() < deadline => {
                    if let Some(says) = says.take() {
                        says(format!("another run has locked {}: waiting for it to end", path.display()));
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

    fn path(&self, id: &Id) -> PathBuf {
        let name = match &id.parent {
            // No name of a file has a plus sign of its own.
            Some(parent) => format!("{}+{}.json", file_name(parent), file_name(&id.name)),
            None => format!("{}.json", file_name(&id.name)),
        };
        self.folder.join(id.kind.name()).join(name)
    }
}

/// The records of a connection, which no other run changes as long as this is there.
#[derive(Debug)]
pub struct Lock<'s> {
    store: &'s Store,
    /// What is locked; closing it ends that.
    _file: File,
}

impl Lock<'_> {
    /// Says now whether that many bytes could be written, before libvirt is changed and nothing can be noted of it.
    pub fn try_to_write(&self, bytes: usize) -> Result<(), Error> {
        let path = self.new_file(&vec![b' '; bytes])?;
        fs::remove_file(&path).map_err(|cause| Error::file("write", &path, cause))
    }

    /// Keeps a record: all of it or, where the power goes off meanwhile, the one that was there before.
    pub fn write(&self, record: &Record) -> Result<(), Error> {
        let path = self.store.path(&record.id);
        let folder = path.parent().expect("it is in a folder");
        make_folder(folder)?;
        let text = serde_json::to_string_pretty(record)? + "\n";
        let new = self.new_file(text.as_bytes())?;
        let replaced = fs::rename(&new, &path).and_then(|()| sync(folder));
        replaced.map_err(|cause| Error::file("write", &path, cause))
    }

    /// Drops the record of an object, also one that cannot be read. Answers whether there was one.
    pub fn remove(&self, id: &Id) -> Result<bool, Error> {
        let path = self.store.path(id);
        match fs::remove_file(&path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
            removed => {
                let removed = removed.and_then(|()| sync(path.parent().expect("it is in a folder")));
                removed.map(|()| true).map_err(|cause| Error::file("remove", &path, cause))
            }
        }
    }

    /// Writes a file that takes another's place; what a run that was killed has left of it is overwritten.
    fn new_file(&self, text: &[u8]) -> Result<PathBuf, Error> {
        let path = self.store.folder.join(".new");
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
        let written = file.and_then(|mut file| {
            file.write_all(text)?;
            file.sync_all()
        });
        match written {
            Ok(()) => Ok(path),
            Err(why) => {
                // A full disk has room again for what others want to write.
                let _ = fs::remove_file(&path);
                Err(Error::file("write", &path, why))
            }
        }
    }
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|cause| Error::file("create", folder, cause))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A name of a file for any text, another for each.
fn file_name(text: &str) -> String {
    /// A file's name has 255 bytes at most; there may be two of these in one, and an extension.
    const LENGTH: usize = 120;
    let is_plain =
        |at: usize, byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || (byte == b'.' && at > 0);
    let mut name = String::new();
    for (at, byte) in text.bytes().enumerate() {
        match is_plain(at, byte) {
            true => name.push(char::from(byte)),
            false => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.len() > LENGTH {
        let hash = digits(&Sha256::digest(text)[..16]);
        name.truncate(LENGTH - hash.len() - 1);
        // A percent sign before what is no byte: no shorter text has this name.
        name = format!("{name}%{hash}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use std::os::unix::fs::PermissionsExt;

    /// A state directory that is gone with the test.
    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Folder(tempfile::tempdir().expect("a folder"))
        }

        fn store(&self) -> Store {
            State::new(Some(self.0.path().join("state"))).expect("a state directory").of("qemu:///system")
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
    fn records_are_kept() {
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
        let kept = store.read().expect("readable");
        assert_eq!(kept.warnings, [""; 0]);
        let expected = BTreeMap::from([&first, &second].map(|record| (record.id.clone(), record.clone())));
        assert_eq!(*kept.records, expected);
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
    fn what_is_no_record() {
        let folder = Folder::new();
        let store = folder.store();
        lock(&store).write(&record(Id::new(Type::Domain, "good"))).expect("written");
        let domains = store.folder.join("domain");
        fs::write(domains.join("cut.json"), "{\"type\": \"domain\", \"na").expect("written");
        fs::write(domains.join("more.json"), r#"{"type":"domain","name":"more","xml":"","colour":1}"#)
            .expect("written");
        fs::copy(domains.join("good.json"), domains.join("copy.json")).expect("written");
        fs::create_dir(domains.join("folder.json")).expect("made");
        let kept = store.read().expect("readable");
        assert_eq!(kept.records.len(), 1);
        expect![[r#"
            cannot read the state record /state/qemu%3A%2F%2F%2Fsystem/domain/copy.json: it describes domain good, whose record is /state/qemu%3A%2F%2F%2Fsystem/domain/good.json; the record is ignored
            cannot read the state record /state/qemu%3A%2F%2F%2Fsystem/domain/cut.json: EOF while parsing a string at line 1 column 22; the record is ignored
            cannot read the state record /state/qemu%3A%2F%2F%2Fsystem/domain/folder.json: Is a directory (os error 21); the record is ignored
            cannot read the state record /state/qemu%3A%2F%2F%2Fsystem/domain/more.json: unknown field `colour` at line 1 column 51; the record is ignored
        "#]]
        .assert_eq(&folder.shown(&(kept.warnings.join("\n") + "\n")));
        let cut = record(Id::new(Type::Domain, "cut"));
        lock(&store).write(&cut).expect("replaced");
        assert_eq!(store.read().expect("readable").records.get(&cut.id), Some(&cut));
    }

    #[test]
    fn runs_wait_for_each_other() {
        let folder = Folder::new();
        let store = folder.store();
        let first = lock(&store);
        let mut said = Vec::new();
        let failure = store.lock(Duration::from_millis(250), |what| said.push(what)).expect_err("it is locked");
        expect![[r#"
            another run has locked /state/qemu%3A%2F%2F%2Fsystem/.lock: waiting for it to end
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
    fn no_room_is_known_before() {
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
}
