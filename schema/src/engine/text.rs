//! Positions in a text, and characters that make it look like another one.

use std::fmt;

/// Error in a text, with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Description of the error.
    pub message: String,
    /// Line number, from 1.
    pub line: u32,
    /// Column number, from 1.
    pub column: u32,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Malformed {}

impl Malformed {
    /// Creates an error about the whole text.
    pub(crate) fn start(message: impl Into<String>) -> Self {
        Malformed::at("", 0, message)
    }

    /// Creates an error at a byte of a text.
    pub(crate) fn at(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let (line, column) = advance(START, &text.as_bytes()[..offset]);
        Malformed { message: message.into(), line, column }
    }
}

/// Returns whether a character is not shown as itself: it controls the terminal, breaks the line, or changes the direction
/// of the text around it.
pub fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// Lines and columns of a text, for many lookups.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    /// Line and column at each multiple of [`STEP`], which bounds the bytes that a lookup reads.
    marks: Vec<(u32, u32)>,
}

const STEP: usize = 4096;

impl<'t> Lines<'t> {
    /// Indexes a text.
    pub fn new(text: &'t str) -> Self {
        let text = text.as_bytes();
        let mut marks = vec![START];
        for part in text.chunks_exact(STEP) {
            marks.push(advance(marks[marks.len() - 1], part));
        }
        Lines { text, marks }
    }

    /// Returns the line and column of a byte, both from 1.
    pub fn at(&self, offset: usize) -> Option<(u32, u32)> {
        let mark = offset / STEP;
        Some(advance(*self.marks.get(mark)?, self.text.get(mark * STEP..offset)?))
    }
}

const START: (u32, u32) = (1, 1);

/// Returns the line and column behind a text, given those before it.
fn advance(from: (u32, u32), text: &[u8]) -> (u32, u32) {
    text.iter().fold(from, |(line, column), byte| match byte {
        b'\n' => (line + 1, 1),
        // All bytes of a character but the first.
        0x80..=0xBF => (line, column),
        _ => (line, column + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_ups_agree_with_counting() {
        let text = "äb\r\n€\n".repeat(STEP);
        let lines = Lines::new(&text);
        for (offset, _) in text.char_indices().step_by(997).chain([(text.len(), ' ')]) {
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
            assert_eq!(lines.at(offset), Some((line as u32, column as u32)));
        }
        assert_eq!(lines.at(text.len() + 1), None);
    }
}
