//! Files that other users may control: one that is no regular file, that is too large, or that someone else's link leads
//! to is an error, and never a wait.

pub mod hanging;

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, fstat, open, openat, openat2, readlinkat, statat,
};
use rustix::io::Errno;
use rustix::process::geteuid;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{self, Component, Path, PathBuf};

/// The largest XML file that is read, in bytes. libvirt takes no more than 4 MiB.
pub const MAX_DEFINITION: u64 = 16 << 20;

/// The largest file with the value of a secret, in bytes. libvirt takes values of up to 64 KiB, which base64 makes longer.
pub const MAX_SECRET: u64 = 1 << 20;

/// How many links a path may go through, as in Linux.
const MAX_LINKS: usize = 40;

/// Opens a regular file for reading, without waiting for anything.
///
/// # Errors
/// The file cannot be opened, is not a regular file, or is reached by a link of a third user: a link is followed if root
/// or the user of this process owns it, or the owner of the file that it leads to.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let (file, link_owners) = follow(&path::absolute(path)?)?;
    let owner = file.metadata()?.uid();
    match link_owners.into_iter().find(|link| !is_trusted(*link) && *link != owner) {
        Some(user) => {
            Err(other(format!("a symbolic link to the file belongs to user {user}, who does not own the file")))
        }
        None => Ok(file),
    }
}

/// Reads a regular file, as [`open_regular`] opens it.
///
/// # Errors
/// Those of [`open_regular`], or the file has more than `limit` bytes.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_from(open_regular(path)?, limit)
}

/// Reads up to `limit` bytes.
///
/// # Errors
/// There are more bytes, or they cannot be read.
pub fn read_from(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// The last name of the path that a symbolic link holds. None if there is no such link.
pub fn link_name(link: &Path) -> Option<String> {
    fs::read_link(link).ok()?.file_name()?.to_str().map(str::to_owned)
}

/// The error of a file with more than `limit` bytes.
pub fn too_large(limit: u64) -> io::Error {
    other(format!("it is larger than {limit} bytes"))
}

/// Text of bytes.
pub fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

/// Writes a new file, which only its owner can read, and syncs it to the disk. It replaces the one that a killed run has
/// left. If it cannot be written, nothing is left of it.
pub fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(text).and_then(|()| file.sync_all());
    if written.is_err() {
        // On a full disk, this makes room for other programs.
        let _ = fs::remove_file(path);
    }
    written
}

/// Whether what a user owns is trusted: root and the user of this process.
pub fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == geteuid().as_raw()
}

/// How a folder on the way to a file is opened.
const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Opens the file at the end of an absolute path, one part after the other, and returns the owners of the links on the
/// way. A link that is replaced meanwhile cannot lead elsewhere.
fn follow(path: &Path) -> io::Result<(File, Vec<u32>)> {
    if let Some(file) = without_links(path) {
        return Ok((file, Vec::new()));
    }
    let root = || open("/", FOLDER, Mode::empty());
    let mut folder = root()?;
    let mut owners = Vec::new();
    let mut parts: Vec<OsString> = Vec::new();
    push(&mut parts, path);
    while let Some(part) = parts.pop() {
        let entry = statat(&folder, &part, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(entry.st_mode) == FileType::Symlink {
            owners.push(entry.st_uid);
            if owners.len() > MAX_LINKS {
                return Err(Errno::LOOP.into());
            }
            let target = PathBuf::from(OsString::from_vec(readlinkat(&folder, &part, Vec::new())?.into_bytes()));
            if target.is_absolute() {
                folder = root()?;
            }
            push(&mut parts, &target);
        } else if parts.is_empty() {
            return Ok((last(&folder, &part)?, owners));
        } else {
            folder = openat(&folder, &part, FOLDER, Mode::empty())?;
        }
    }
    Err(Errno::ISDIR.into())
}

/// Opens the file at the end of a path that goes through no link, as nearly all do, in fewer calls.
fn without_links(path: &Path) -> Option<File> {
    let folder = openat2(CWD, path.parent()?, FOLDER, Mode::empty(), ResolveFlags::NO_SYMLINKS).ok()?;
    last(&folder, path.file_name()?).ok()
}

/// Opens a file without waiting for a writer, as opening a pipe does, and without following a link.
fn last(folder: &OwnedFd, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    // A device may act when it is opened.
    let entry = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    match FileType::from_raw_mode(entry.st_mode) {
        FileType::RegularFile => {}
        FileType::Directory => return Err(Errno::ISDIR.into()),
        _ => return Err(other("it is not a regular file")),
    }
    let file = openat(folder, name, flags, Mode::empty())?;
    // It may have been replaced since.
    match FileType::from_raw_mode(fstat(&file)?.st_mode) {
        FileType::RegularFile => Ok(file.into()),
        _ => Err(other("it is not a regular file")),
    }
}

/// Puts the parts of a path in front of others, of which the next one is the last.
fn push(parts: &mut Vec<OsString>, path: &Path) {
    for part in path.components().rev() {
        match part {
            Component::Normal(name) => parts.push(name.to_owned()),
            Component::ParentDir => parts.push("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
}

fn other(message: impl Into<String>) -> io::Error {
    io::Error::other(message.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use std::os::unix::fs::{lchown, symlink};

    #[test]
    fn what_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("text"), "a text").expect("written");
        fs::write(path("bytes"), [0xff]).expect("written");
        fs::create_dir(path("folder")).expect("made");
        symlink("../text", path("folder/link")).expect("made");
        symlink(path("folder"), path("way")).expect("made");
        symlink("loop", path("loop")).expect("made");
        rustix::fs::mkfifoat(CWD, path("pipe"), Mode::RUSR | Mode::WUSR).expect("made");
        let names = ["text", "folder/link", "way/link", "way/../text", "bytes", "folder", "loop", "pipe", "none"];
        let mut shown = String::new();
        for name in names {
            let read = read(&path(name), 6).and_then(text);
            shown += &format!("{name}: {}\n", read.unwrap_or_else(|cause| cause.to_string()));
        }
        shown += &format!("/dev/zero: {}\n", read(Path::new("/dev/zero"), 1).expect_err("a device"));
        shown += &format!("too large: {}\n", read(&path("text"), 5).expect_err("too large"));
        expect![[r#"
            text: a text
            folder/link: a text
            way/link: a text
            way/../text: a text
            bytes: it is not UTF-8 text
            folder: Is a directory (os error 21)
            loop: Too many levels of symbolic links (os error 40)
            pipe: it is not a regular file
            none: No such file or directory (os error 2)
            /dev/zero: it is not a regular file
            too large: it is larger than 5 bytes
        "#]]
        .assert_eq(&shown);
    }

    /// Only root can give a link away.
    #[test]
    fn links_of_others() {
        if !geteuid().is_root() {
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("shadow"), "root's").expect("written");
        symlink(path("shadow"), path("link")).expect("made");
        assert_eq!(read(&path("link"), 10).and_then(text).expect("root's link"), "root's");
        lchown(path("link"), Some(1234), None).expect("root may");
        expect!["a symbolic link to the file belongs to user 1234, who does not own the file"]
            .assert_eq(&read(&path("link"), 10).expect_err("a link of another user").to_string());
        lchown(path("shadow"), Some(1234), None).expect("root may");
        assert_eq!(read(&path("link"), 10).and_then(text).expect("their own file"), "root's");
    }
}
