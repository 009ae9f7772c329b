//! Passwords of graphics consoles. A manifest names their files, so that no password is in the Nix store.

use super::{DeclarationError, PasswordProblem};
use crate::manifest::GraphicsPasswordFile;
use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::Serialize;
use std::fs;
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
pub fn add(domain: &mut Element, files: &[(Console, PathBuf)]) -> Result<(), DeclarationError> {
    for (console, file) in files {
        let console = *console;
        let graphics = graphics(domain, console).ok_or(DeclarationError::NoConsole { console })?;
        if graphics.attribute(PASSWD).is_some() {
            return Err(DeclarationError::TwoPasswords { console });
        }
        graphics.attributes.push((PASSWD.to_owned(), read(console, file)?));
    }
    Ok(())
}

/// The console of this type in the definition of a domain.
fn graphics(domain: &mut Element, console: Console) -> Option<&mut Element> {
    let devices = domain.children.iter_mut().find(|child| child.name == "devices")?;
    let mut graphics = devices.children.iter_mut().filter(|device| device.name == "graphics");
    graphics.find(|graphics| graphics.attribute("type") == Some(console.name()))
}

/// The password in a file.
fn read(console: Console, file: &Path) -> Result<String, DeclarationError> {
    let content = fs::read(file)
        .map_err(|why| DeclarationError::UnreadablePassword { file: file.to_owned(), message: why.to_string() })?;
    password(&content, console.max()).map_err(|problem| DeclarationError::InvalidPassword {
        console,
        file: file.to_owned(),
        problem,
    })
}

/// The password in the content of a file.
fn password(content: &[u8], max: usize) -> Result<String, PasswordProblem> {
    let text = std::str::from_utf8(content).map_err(|_| PasswordProblem::NotALine)?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        Err(PasswordProblem::Empty)
    } else if line.contains(|letter: char| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}')) {
        Err(PasswordProblem::NotALine)
    } else if line.len() > max {
        Err(PasswordProblem::TooLong { max })
    } else {
        Ok(line.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_files() {
        for (content, expected) in [
            (&b"secret"[..], Ok("secret")),
            (b"secret\n", Ok("secret")),
            (b"secret\r\n", Ok("secret")),
            (b" & '<\n", Ok(" & '<")),
            ("gehe\u{ef}m".as_bytes(), Ok("gehe\u{ef}m")),
            (b"12345678", Ok("12345678")),
            (b"123456789", Err(PasswordProblem::TooLong { max: 8 })),
            (b"", Err(PasswordProblem::Empty)),
            (b"\n", Err(PasswordProblem::Empty)),
            (b"a\nb", Err(PasswordProblem::NotALine)),
            (b"a\n\n", Err(PasswordProblem::NotALine)),
            (b"a\0b", Err(PasswordProblem::NotALine)),
            (b"\xff", Err(PasswordProblem::NotALine)),
        ] {
            assert_eq!(password(content, 8), expected.map(str::to_owned), "{}", content.escape_ascii());
        }
    }
}
