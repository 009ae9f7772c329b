//! The library that `plugin-files` names.
//!
//! If a plugin does not load, every Nix command fails, and a plugin loads only into the version of Nix that it was built
//! for. This library uses nothing of Nix, so that it always loads. It reads the version of the running Nix and opens the
//! implementation for it. If there is none, it opens the implementation on Nix's C API, if that is there. If that is not
//! there either, or what is found is damaged or does not load, this library prints a warning and leaves Nix unchanged.

mod process;

use nixvirt_implementation::{REINSTALL, check, find, repair};
use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs;
use std::io::{Write, stderr};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Entry point that Nix calls after it has loaded the library.
// SAFETY: no other library that Nix loads with local symbols can have the name in its way.
#[unsafe(no_mangle)]
pub extern "C" fn nix_plugin_entry() {
    // The `plugin-files` setting may name the file twice.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loaded = catch_unwind(load)
            .unwrap_or_else(|_| Err(Failure::new("internal error of the loader", "report this as a bug")));
        if let Err(failure) = loaded {
            failure.warn();
        }
    });
}

/// Reason why the plugin is disabled, and what to do about it.
struct Failure {
    reason: String,
    hint: Cow<'static, str>,
}

impl Failure {
    fn new(reason: impl Into<String>, hint: impl Into<Cow<'static, str>>) -> Self {
        Failure { reason: reason.into(), hint: hint.into() }
    }

    /// Prints a warning, unless the environment disables it.
    fn warn(&self) {
        if env::var_os("NIXVIRT_PLUGIN_QUIET").is_none_or(|value| value != "1") {
            let Failure { reason, hint } = self;
            // If standard error is closed, nobody can read the warning.
            let _ = writeln!(
                stderr(),
                "warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: {reason}\n\
                 hint: {hint}, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning"
            );
        }
    }
}

/// File name of the implementation on the C API, which fits every Nix that has one.
const C_API: &str = "c-api.so";

const REPLACE_NIX: &str = "use a Nix that supports plugins, such as that of nixos.org";
const REBUILD: &str = "build the plugin for this version of Nix";

/// Opens the implementation for the running Nix, which adds its builtins.
fn load() -> Result<(), Failure> {
    let loader = process::own_path().and_then(|path| fs::canonicalize(path).ok());
    let loader = loader.ok_or_else(|| Failure::new("cannot find the file of the plugin", REINSTALL))?;
    let implementations = folder(&loader).ok_or_else(|| Failure::new("the plugin is in no directory", REINSTALL))?;
    let running = process::nix_version();
    let own = running.iter().flat_map(|version| names(version));
    let c_api = if has_usable_c_api() { Some(C_API.to_owned()) } else { None };
    let file = find(&implementations, own.chain(c_api)).ok_or_else(|| {
        let Some(running) = &running else {
            return Failure::new("the running Nix exports no symbols, so it cannot load plugins", REPLACE_NIX);
        };
        let (found, folder) = (list(&implementations), implementations.display());
        Failure::new(format!("no implementation for Nix {running} in {folder} (found: {found})"), REBUILD)
    })?;
    let reason = |why: &dyn Display| format!("{}: {why}", file.display());
    check(&file).map_err(|why| Failure::new(reason(&why), repair(&file)))?;
    process::open(&file).map_err(|why| Failure::new(reason(&why), REBUILD))
}

/// Returns the directory of the implementations: `libexec/nixvirt` beside the loader's directory. It is not below that
/// directory, because Nix loads every file in a directory of `plugin-files` as a plugin.
fn folder(loader: &Path) -> Option<PathBuf> {
    Some(loader.parent()?.parent()?.join("libexec/nixvirt"))
}

/// Returns the possible file names of the implementation for a version of Nix: `2.31.2.so`, or `2.31.so` for one that
/// fits all releases of 2.31. An unreleased version such as `2.36.0pre20260822_88b09c6` has only one file name.
fn names(version: &str) -> impl Iterator<Item = String> {
    let minor = version.rsplit_once('.').filter(|(_, patch)| patch.bytes().all(|byte| byte.is_ascii_digit()));
    [Some(version), minor.map(|(minor, _)| minor)].into_iter().flatten().map(|name| format!("{name}.so"))
}

/// Returns whether the running Nix has a C API for builtins.
fn has_usable_c_api() -> bool {
    process::c_api_version().is_some_and(|version| is_usable(&version))
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

/// Returns the versions of all implementations for a message.
fn list(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let versions = entries.filter(|path| path.extension() == Some(OsStr::new("so")));
    let mut versions: Vec<_> = versions.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    versions.sort();
    if versions.is_empty() { "none".to_owned() } else { versions.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{is_usable, names};

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
