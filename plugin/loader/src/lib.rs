//! The library that `plugin-files` names.
//!
//! Nix gives up on every command when a plugin does not load, and a plugin loads only into the Nix it was built
//! for. This library needs nothing of Nix, so that it always loads. It asks the running Nix for its version, opens
//! the implementation for it, and where there is none, or it does not load, says so once and leaves Nix as it is.

mod elf;
mod process;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{Write, stderr};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Nix calls this when it has loaded the library.
// SAFETY: no other library that Nix loads with local symbols can have the name in its way.
#[unsafe(no_mangle)]
pub extern "C" fn nix_plugin_entry() {
    // A setting may name the file twice.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loaded = catch_unwind(load).unwrap_or_else(|_| Err("its loader failed".to_owned()));
        if let Err(why) = loaded {
            warn(&why);
        }
    });
}

/// Opens the implementation for the running Nix and has it add its builtins.
fn load() -> Result<(), String> {
    let loader = process::own_path().and_then(|path| fs::canonicalize(path).ok());
    let loader = loader.ok_or("it cannot find its own file")?;
    let implementations = folder(&loader).ok_or("its file is in no folder")?;
    let running = process::nix_version().ok_or("the running Nix does not tell its version")?;
    let file = names(&running).map(|name| implementations.join(name)).find(|file| file.exists());
    let file = file.ok_or_else(|| {
        let (there, folder) = (list(&implementations), implementations.display());
        format!("it has no implementation for the running Nix {running}; in {folder} there is {there}")
    })?;
    elf::check(&file, &loader).and_then(|()| process::open(&file)).map_err(|why| format!("{}: {why}", file.display()))
}

/// Where the implementations are: `libexec/nixvirt` beside the loader's folder. Not below it: Nix takes every entry of
/// a folder that `plugin-files` names for a plugin.
fn folder(loader: &Path) -> Option<PathBuf> {
    Some(loader.parent()?.parent()?.join("libexec/nixvirt"))
}

/// What the implementation for a version of Nix may be called: `2.31.2.so` or, for one that fits all releases of 2.31,
/// `2.31.so`. What is not released yet, as `2.36.0pre20260822_88b09c6`, only has a name of its own.
fn names(version: &str) -> impl Iterator<Item = String> {
    let minor = version.rsplit_once('.').filter(|(_, patch)| patch.bytes().all(|byte| byte.is_ascii_digit()));
    [Some(version), minor.map(|(minor, _)| minor)].into_iter().flatten().map(|name| format!("{name}.so"))
}

/// The names of all implementations, for people.
fn list(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let versions = entries.filter(|path| path.extension() == Some(OsStr::new("so")));
    let mut versions: Vec<_> = versions.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    versions.sort();
    if versions.is_empty() { "none".to_owned() } else { versions.join(", ") }
}

/// Tells that the builtins are not there, unless that is not wanted.
fn warn(why: &str) {
    if env::var_os("NIXVIRT_PLUGIN_QUIET").is_none_or(|value| value != "1") {
        // Where standard error is closed, nobody is to be told.
        let _ = writeln!(
            stderr(),
            "warning: the NixVirt plugin steps aside, and builtins.nixvirt is not there: {why} \
             (NIXVIRT_PLUGIN_QUIET=1 silences this)"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[track_caller]
    fn check(version: &str, expected: &[&str]) {
        assert_eq!(names(version).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_release_has_two_names() {
        check("2.31.2", &["2.31.2.so", "2.31.so"]);
    }

    #[test]
    fn what_is_not_released_has_one_name() {
        check("2.36.0pre20260822_88b09c6", &["2.36.0pre20260822_88b09c6.so"]);
        check("determinate-3.6.5", &["determinate-3.6.5.so", "determinate-3.6.so"]);
    }
}
