//! The file of an implementation of the plugin, for the loader, which opens it, and for `nixvirt doctor`, which tells whether the loader can:
//! its name, its place and its seal.
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

/// Returns the possible file names of the implementation for a Nix, the best first: `2.31.2.so`, `2.31.so` for one that fits all releases of
/// 2.31, and `c-api.so` for every Nix whose C API builtins can use. An unreleased version such as `2.36.0pre20260822_88b09c6` has only one file
/// name of its own.
pub fn file_names(version: Option<&str>, c_api: Option<&str>) -> impl Iterator<Item = String> {
    let is_release = |(_, patch): &(&str, &str)| patch.bytes().all(|byte| byte.is_ascii_digit());
    let minor = version.and_then(|version| version.rsplit_once('.')).filter(is_release).map(|(minor, _)| minor);
    let c_api = c_api.filter(|version| is_usable(version)).map(|_| "c-api");
    [version, minor, c_api].into_iter().flatten().map(|name| format!("{name}.so"))
}

/// Returns whether builtins can use the C API of a version of Nix. Nix 2.34 and older, and prereleases of 2.35, call them with a pointer that
/// does not point to an evaluator.
fn is_usable(version: &str) -> bool {
    let mut parts = version.splitn(3, '.');
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (Some(major), Some(minor)) = (number(), number()) else { return false };
    let is_release = parts.next().is_some_and(|patch| patch.bytes().all(|byte| byte.is_ascii_digit()));
    (major, minor) > (2, 35) || (major, minor) == (2, 35) && is_release
}

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

#[cfg(test)]
mod tests {
    use super::{file_names, is_usable};

    #[track_caller]
    fn check(version: Option<&str>, c_api: Option<&str>, expected: &[&str]) {
        assert_eq!(file_names(version, c_api).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_release_has_two_names() {
        check(Some("2.31.2"), None, &["2.31.2.so", "2.31.so"]);
    }

    #[test]
    fn what_is_not_released_has_one_name() {
        check(Some("2.36.0pre20260822_88b09c6"), None, &["2.36.0pre20260822_88b09c6.so"]);
        check(Some("determinate-3.6.5"), None, &["determinate-3.6.5.so", "determinate-3.6.so"]);
    }

    #[test]
    fn the_c_api_comes_last() {
        check(Some("2.35.2"), Some("2.35.2"), &["2.35.2.so", "2.35.so", "c-api.so"]);
        check(Some("2.34.8"), Some("2.34.8"), &["2.34.8.so", "2.34.so"]);
        check(None, Some("2.36.0"), &["c-api.so"]);
    }

    #[test]
    fn c_apis_that_call_builtins_with_an_evaluator() {
        for version in ["2.35.0", "2.35.2", "2.36.0pre20260822_88b09c6", "2.100.1", "3.0.0"] {
            assert!(is_usable(version), "{version}");
        }
        for version in ["2.26.3", "2.34.8", "2.35.0pre20260301_1234567", "2.35", "1.99.0", "two", ""] {
            assert!(!is_usable(version), "{version}");
        }
    }
}
