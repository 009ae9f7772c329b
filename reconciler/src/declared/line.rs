//! Files that hold a secret as a single line of text.

use super::PasswordProblem;
use super::files::Files;
use crate::file::MAX_SECRET;
use std::path::Path;

/// Why a file holds no such line.
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
    let unreadable = |why: std::io::Error| LineError::Unreadable { message: why.to_string() };
    line(files.content(file, MAX_SECRET).map_err(unreadable)?, max).map_err(LineError::Invalid)
}

fn line(content: &[u8], max: usize) -> Result<String, PasswordProblem> {
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
