//! The library that `plugin-files` names.
//!
//! If a plugin does not load, every Nix command fails, and a plugin loads only into the version of Nix that it was built
//! for. This library uses nothing of Nix, so that it always loads. It reads the version of the running Nix and opens the
//! implementation for it. If there is none, it opens the implementation on Nix's C API, if that is there. If that is not
//! there either, or what is found is damaged or does not load, this library prints a warning and leaves Nix unchanged.

mod process;

use nixvirt_implementation::{REINSTALL, check, file_names, find, repair};
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
    // The `plugin-files` setting may name the file twice, or two copies of it.
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

/// The directory of the implementations, beside that of the loader.
const IMPLEMENTATIONS: &str = "libexec/nixvirt";

const REPLACE_NIX: &str = "use a Nix that supports plugins, such as that of nixos.org";
const REBUILD: &str = "build the plugin for this version of Nix";

/// Opens the implementation for the running Nix, which adds its builtins.
fn load() -> Result<(), Failure> {
    // Another copy of this library has opened one.
    if process::libraries().iter().any(|library| is_implementation(library)) {
        return Ok(());
    }
    let loader = process::own_path().and_then(|path| fs::canonicalize(path).ok());
    let loader = loader.ok_or_else(|| Failure::new("cannot find the file of the plugin", REINSTALL))?;
    let implementations = folder(&loader).ok_or_else(|| Failure::new("the plugin is in no directory", REINSTALL))?;
    let (running, c_api) = (process::nix_version(), process::c_api_version());
    let names = file_names(running.as_deref(), c_api.as_deref());
    let file = find(&implementations, names).ok_or_else(|| {
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
    Some(loader.parent()?.parent()?.join(IMPLEMENTATIONS))
}

/// Returns whether a library is in a directory of implementations, of this copy of the plugin or of another one.
fn is_implementation(library: &Path) -> bool {
    library.parent().is_some_and(|folder| folder.ends_with(IMPLEMENTATIONS))
}

/// Returns the versions of all implementations for a message.
fn list(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let versions = entries.filter(|path| path.extension() == Some(OsStr::new("so")));
    let mut versions: Vec<_> = versions.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    versions.sort();
    if versions.is_empty() { "none".to_owned() } else { versions.join(", ") }
}
