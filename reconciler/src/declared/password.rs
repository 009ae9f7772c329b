//! Passwords of graphics consoles. A manifest names their files, so that no password is in the Nix store.

use super::DeclarationError;
use super::files::Files;
use super::line::{self, LineError};
use crate::change::child_mut;
use crate::manifest::GraphicsPasswordFile;
use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The attribute of `<graphics>` that holds the password.
const PASSWD: &str = "passwd";

/// Type of a graphics console that can have a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Console {
    /// VNC.
    Vnc,
    /// SPICE.
    Spice,
    /// RDP.
    Rdp,
}

impl Console {
    /// The type in a definition, and the name in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Console::Vnc => "vnc",
            Console::Spice => "spice",
            Console::Rdp => "rdp",
        }
    }

    /// The maximum length of a password in bytes, which the protocols of VNC and SPICE set.
    fn max(self) -> usize {
        match self {
            Console::Vnc => 8,
            Console::Spice => 60,
            Console::Rdp => usize::MAX,
        }
    }
}

/// The password files of a domain. Paths are relative to `folder`.
pub fn files(declared: &GraphicsPasswordFile, folder: &Path) -> Vec<(Console, PathBuf)> {
    let files = [(Console::Vnc, &declared.vnc), (Console::Spice, &declared.spice), (Console::Rdp, &declared.rdp)];
    files.into_iter().filter_map(|(console, file)| Some((console, folder.join(file.as_ref()?)))).collect()
}

/// Adds the passwords in these files to the definition of a domain.
pub fn add(domain: &mut Element, passwords: &[(Console, PathBuf)], files: &Files) -> Result<(), DeclarationError> {
    for (console, file) in passwords {
        let console = *console;
        let graphics = graphics(domain, console).ok_or(DeclarationError::NoConsole { console })?;
        if graphics.attribute(PASSWD).is_some() {
            return Err(DeclarationError::TwoPasswords { console });
        }
        graphics.attributes.push((PASSWD.to_owned(), read(files, console, file)?));
    }
    Ok(())
}

/// The console of this type in the definition of a domain.
fn graphics(domain: &mut Element, console: Console) -> Option<&mut Element> {
    let devices = child_mut(domain, "devices")?;
    let mut graphics = devices.children.iter_mut().filter(|device| device.name == "graphics");
    graphics.find(|graphics| graphics.attribute("type") == Some(console.name()))
}

/// The password in a file.
fn read(files: &Files, console: Console, file: &Path) -> Result<String, DeclarationError> {
    line::read(files, file, console.max()).map_err(|error| match error {
        LineError::Unreadable { message } => DeclarationError::UnreadablePassword { file: file.to_owned(), message },
        LineError::Invalid(problem) => DeclarationError::InvalidPassword { console, file: file.to_owned(), problem },
    })
}
