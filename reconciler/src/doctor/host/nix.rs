//! Nix, and whether it finds an implementation of the plugin. What the loader asks for is in `plugin/loader`.

use super::{Process, extension_is, names};
use nixvirt_implementation::{check, file_names, find, repair};
use schemars::JsonSchema;
use serde::Serialize;
use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long `nix --version` may take.
const LIMIT: Duration = Duration::from_secs(5);

/// How many files `nix.conf` may include.
const MAX_INCLUDES: usize = 20;

/// Nix on a host.
#[derive(Clone, Debug)]
pub struct Nix {
    /// The path of the command `nix`.
    pub path: String,
    /// What `nix --version` says. None if the output cannot be understood, or the command hangs.
    pub program: Option<NixProgram>,
    /// The plugin, if the settings of Nix name it.
    pub plugin: Option<Plugin>,
}

/// A version of Nix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NixProgram {
    /// Who makes it.
    pub maker: Maker,
    /// The version that names the implementation of the plugin: that of the maker, if its Nix has versions of its own.
    pub version: String,
    /// The version of Nix that it is, or is made of.
    pub nix_version: String,
    /// What the program shares with plugins.
    pub exports: Exports,
}

/// What a program of Nix shares with plugins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exports {
    /// Its C++ classes.
    Classes,
    /// Its C++ classes and the C API.
    CApi,
    /// Nothing, as Debian's own program.
    Nothing,
}

/// The makers of Nix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The NixOS project.
    Nix,
    /// Determinate Systems.
    Determinate,
    /// The Lix project, whose program has no interface for this plugin.
    Lix,
}

/// The plugin in the settings of Nix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// The file that the setting `plugin-files` names.
    pub loader: String,
    /// Whether the file exists.
    pub exists: bool,
    /// The versions of Nix that have an implementation.
    pub versions: Vec<String>,
    /// What the loader finds for this Nix.
    pub implementation: Option<Implementation>,
}

/// The file that the loader opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Implementation {
    /// The path.
    pub file: String,
    /// Why the loader refuses it, if it does.
    pub damage: Option<Damage>,
}

/// Damage of a file, which the loader refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Damage {
    /// The error, in English.
    pub error: String,
    /// Command or other advice that repairs the file.
    pub repair: String,
}

impl NixProgram {
    /// The version, as in the name of its implementation.
    pub fn name(&self) -> String {
        match self.maker {
            Maker::Determinate => format!("determinate-{}", self.version),
            Maker::Nix | Maker::Lix => self.version.clone(),
        }
    }

    /// The file names of the implementations that the loader looks for.
    fn implementations(&self) -> Vec<String> {
        let c_api = if self.exports == Exports::CApi { Some(self.nix_version.as_str()) } else { None };
        file_names(Some(&self.name()), c_api).collect()
    }
}

/// Reads the settings of Nix, and asks it for its version.
pub fn read(process: &Process) -> Option<Nix> {
    let path = process.program("nix", &process.path)?;
    let file = process.at(&path);
    let program = first_line(&file).and_then(|line| program(&line, exports(&file)));
    let plugin = plugin(process, program.as_ref());
    Some(Nix { path, program, plugin })
}

/// What a program shares with plugins. It has the names of what it exports, and those of what it takes from Nix's libraries, which then
/// export them.
fn exports(program: &Path) -> Exports {
    let bytes = fs::read(program).unwrap_or_default();
    let contains = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    if contains(b"nix_register_primop") {
        Exports::CApi
    } else if contains(b"_ZN3nix10nixVersionB5cxx11E") || !bytes.starts_with(b"\x7fELF") {
        // A script runs another program.
        Exports::Classes
    } else {
        Exports::Nothing
    }
}

/// What `nix --version` says, such as `nix (Nix) 2.31.2`.
fn program(line: &str, exports: Exports) -> Option<NixProgram> {
    let (_, rest) = line.split_once('(')?;
    let (made_by, nix_version) = rest.split_once(')')?;
    let nix_version = nix_version.trim();
    let (maker, version) = match made_by.split_whitespace().collect::<Vec<_>>()[..] {
        ["Nix"] => (Maker::Nix, nix_version),
        ["Determinate", "Nix", version] => (Maker::Determinate, version),
        ["Lix,", ..] | ["Lix"] => (Maker::Lix, nix_version),
        _ => return None,
    };
    Some(NixProgram { maker, version: version.to_owned(), nix_version: nix_version.to_owned(), exports })
}

/// The first line that `PROGRAM --version` prints within the limit.
fn first_line(program: &Path) -> Option<String> {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn().ok()?;
    let mut output = child.stdout.take()?.take(4096);
    let (says, said) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let _ = output.read_to_string(&mut text);
        // If nobody listens, the limit has passed.
        let _ = says.send(text);
    });
    let text = said.recv_timeout(LIMIT).ok();
    // The program has ended, or its time limit has passed.
    let _ = child.kill();
    let _ = child.wait();
    text?.lines().next().map(str::to_owned)
}

/// The plugin in the settings: those of the system, of the user and of the environment, of which the last counts.
fn plugin(process: &Process, program: Option<&NixProgram>) -> Option<Plugin> {
    let mut settings = Vec::new();
    read_settings(process, "/etc/nix/nix.conf", MAX_INCLUDES, &mut settings);
    if let Some(home) = &process.home {
        read_settings(process, &home.join(".config/nix/nix.conf").display().to_string(), MAX_INCLUDES, &mut settings);
    }
    settings.extend(process.nix_config.lines().map(str::to_owned));
    let mut files: Vec<String> = Vec::new();
    for setting in &settings {
        let Some((name, value)) = setting.split_once('=') else { continue };
        match name.trim() {
            "plugin-files" => files = value.split_whitespace().map(str::to_owned).collect(),
            "extra-plugin-files" => files.extend(value.split_whitespace().map(str::to_owned)),
            _ => {}
        }
    }
    // Nix loads all files of a folder.
    let is_ours = |file: &String| {
        let name = Path::new(file).file_name().unwrap_or_default();
        name == "libnixvirt.so" || process.exists(format!("{file}/libnixvirt.so"))
    };
    let named = files.into_iter().find(is_ours)?;
    let loader = if process.at(&named).is_dir() { format!("{named}/libnixvirt.so") } else { named };
    let folder = folder(process, &loader)?;
    let names = program.map(NixProgram::implementations).unwrap_or_default();
    Some(Plugin {
        exists: process.exists(&loader),
        versions: versions(&folder),
        implementation: find(&folder, names).map(implementation),
        loader,
    })
}

/// The folder of the implementations, where the loader looks for them.
fn folder(process: &Process, loader: &str) -> Option<PathBuf> {
    let file = process.at(loader);
    let file = file.canonicalize().unwrap_or(file);
    Some(file.parent()?.parent()?.join("libexec/nixvirt"))
}

/// What the loader makes of a file.
fn implementation(file: PathBuf) -> Implementation {
    let damage = check(&file).err().map(|why| Damage { error: why.to_string(), repair: repair(&file).into_owned() });
    Implementation { file: file.display().to_string(), damage }
}

/// The versions of Nix that have an implementation.
fn versions(folder: &Path) -> Vec<String> {
    let files = names(folder);
    let libraries = files.iter().filter(|name| extension_is(name, "so"));
    libraries.filter_map(|name| name.strip_suffix(".so").map(str::to_owned)).collect()
}

/// Adds the lines of a settings file, and of those that it includes.
fn read_settings(process: &Process, file: &str, depth: usize, settings: &mut Vec<String>) {
    let Some(text) = process.text(file) else { return };
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let included = line.strip_prefix("!include ").or_else(|| line.strip_prefix("include "));
        match included {
            Some(name) if depth > 0 => {
                let folder = Path::new(file).parent().unwrap_or(Path::new("/"));
                read_settings(process, &folder.join(name.trim()).display().to_string(), depth - 1, settings);
            }
            Some(_) => {}
            None => settings.push(line.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn versions_of_nix() {
        let rows = [
            ("nix (Nix) 2.31.2", Exports::Classes, "Nix", "2.31.2.so 2.31.so"),
            ("nix (Nix) 2.34.8", Exports::CApi, "Nix", "2.34.8.so 2.34.so"),
            ("nix (Nix) 2.36.0pre20260822_88b09c6", Exports::CApi, "Nix", "2.36.0pre20260822_88b09c6.so c-api.so"),
            (
                "nix (Determinate Nix 3.6.5) 2.29.0",
                Exports::CApi,
                "Determinate",
                "determinate-3.6.5.so determinate-3.6.so",
            ),
            (
                "nix (Determinate Nix 3.20.0) 2.36.0",
                Exports::CApi,
                "Determinate",
                "determinate-3.20.0.so determinate-3.20.so c-api.so",
            ),
            ("nix (Lix, like Nix) 2.93.0", Exports::Classes, "Lix", "2.93.0.so 2.93.so"),
        ];
        for (line, exports, maker, names) in rows {
            let program = program(line, exports).expect(line);
            assert_eq!(
                (format!("{:?}", program.maker), program.implementations().join(" ")),
                (maker.into(), names.into())
            );
        }
        assert_eq!(program("something else", Exports::Classes), None);
    }

    #[test]
    fn what_programs_export() {
        let folder = tempfile::tempdir().expect("a writable folder");
        let rows: [(&[u8], Exports); 4] = [
            (b"\x7fELF\0_ZN3nix10nixVersionB5cxx11E\0", Exports::Classes),
            (b"\x7fELF\0_ZN3nix10nixVersionB5cxx11E\0nix_register_primop\0", Exports::CApi),
            (b"\x7fELF\0stripped\0", Exports::Nothing),
            (b"#!/bin/sh\nexec /opt/nix/bin/nix", Exports::Classes),
        ];
        for (bytes, expected) in rows {
            let program = folder.path().join("nix");
            fs::write(&program, bytes).expect("a writable folder");
            assert_eq!(exports(&program), expected);
        }
    }
}
