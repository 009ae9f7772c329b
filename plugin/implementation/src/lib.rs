//! The file of an implementation of the plugin, for the loader, which opens it, and for `nixvirt doctor`, which tells whether the loader can.
//!
//! `dlopen` trusts what is in a file: with a damaged library, the process dies while the library is opened, or later. It also runs code of a library
//! that is no implementation, and one of Nix's own libraries would add its builtins a second time. Therefore each implementation ends in a
//! seal, which `plugin/seal` adds after everything else that changes the file.

use crc32fast::Hasher;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A seal is the CRC-32 of the library and the lowest 32 bits of its size, as at the end of a gzip file, and this mark.
const MARK: &[u8] = b"nixvirt\n";
const SEAL: usize = 8 + MARK.len();

/// What to do about a plugin that is not whole.
pub const REINSTALL: &str = "install the plugin again";

/// Returns the first of some files that is in the folder. What cannot be opened, such as a broken link or a file in a closed folder, is there:
/// the check tells why.
pub fn find(folder: &Path, names: impl IntoIterator<Item = String>) -> Option<PathBuf> {
    let is_absent = |file: &PathBuf| fs::symlink_metadata(file).is_err_and(|why| why.kind() == ErrorKind::NotFound);
    names.into_iter().map(|name| folder.join(name)).find(|file| !is_absent(file))
}

/// Checks that a file is what was sealed. The file is read, not mapped: what the disk cannot read is then an error, where a mapped page would end the
/// process.
pub fn check(path: &Path) -> io::Result<()> {
    // Opening a pipe would block.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let file = File::open(path)?;
    let unsealed = || io::Error::other("not a complete implementation of the plugin");
    let size = file.metadata()?.len().checked_sub(SEAL as u64).ok_or_else(unsealed)?;
    let mut seal = [0; SEAL];
    file.read_exact_at(&mut seal, size)?;
    let expected = seal.strip_suffix(MARK).ok_or_else(unsealed)?;
    let (mut sum, mut part, mut library) = (Hasher::new(), vec![0; 1 << 16], file.take(size));
    loop {
        match library.read(&mut part)? {
            0 => break,
            len => sum.update(&part[..len]),
        }
    }
    let found = [sum.finalize().to_le_bytes(), (size as u32).to_le_bytes()].concat();
    if found == expected { Ok(()) } else { Err(io::Error::other("the file is damaged")) }
}

/// Returns how to repair an implementation. `nix-store` downloads or builds the store path again, and works without the plugin.
pub fn repair(file: &Path) -> Cow<'static, str> {
    match fs::canonicalize(file) {
        Ok(file) if file.starts_with("/nix/store") => {
            format!("repair the file with `sudo nix-store --repair-path {}`", file.display()).into()
        }
        _ => REINSTALL.into(),
    }
}
