//! Files that hold a secret as text, mostly as a single line.

use super::PasswordProblem;
use super::files::Files;
use crate::file::MAX_SECRET;
use std::path::Path;

/// Why a file holds no such text.
pub enum LineError {
    /// The file cannot be read.
    Unreadable {
        /// Error of the operating system.
        message: String,
    },
    /// The content of the file is not as expected.
    Invalid(PasswordProblem),
}

/// The line in a file, at most so many bytes. A line break at the end is ignored.
pub fn read(files: &Files, file: &Path, max: usize) -> Result<String, LineError> {
    line(content(files, file)?, max).map_err(LineError::Invalid)
}

/// The text in a file, which may have several lines. A line break at the end is ignored.
pub fn read_text(files: &Files, file: &Path) -> Result<String, LineError> {
    text(content(files, file)?, PasswordProblem::NotText).map(str::to_owned).map_err(LineError::Invalid)
}

fn content<'f>(files: &'f Files, file: &Path) -> Result<&'f [u8], LineError> {
    files.content(file, MAX_SECRET).map_err(|why| LineError::Unreadable { message: why.to_string() })
}

/// The text without the line break at its end. `other` is what anything else than text is called.
fn text(content: &[u8], other: PasswordProblem) -> Result<&str, PasswordProblem> {
    let text = std::str::from_utf8(content).map_err(|_| other)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() { Err(PasswordProblem::Empty) } else { Ok(text) }
}

fn line(content: &[u8], max: usize) -> Result<String, PasswordProblem> {
    let line = text(content, PasswordProblem::NotALine)?;
    if line.contains(|letter: char| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}')) {
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
    fn lines_of_files() {
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
            assert_eq!(line(content, 8), expected.map(str::to_owned), "{}", content.escape_ascii());
        }
    }
}
