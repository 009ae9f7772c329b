//! A file that an editor shows: its text, its syntax tree, and positions in it as the protocol counts them.

use lsp_types::{Position, Range};
use rnix::{ParseError, Root, SyntaxNode, SyntaxToken, TextRange, TextSize, TokenAtOffset};
use std::cell::OnceCell;

/// Maximum number of bytes of a file that is read. Nobody writes more by hand.
const MAX_SIZE: usize = 4 << 20;

/// Maximum depth of brackets in a file that is read. The parser needs stack for each.
const MAX_DEPTH: usize = 500;

/// Text of a file with its syntax tree.
#[derive(Debug)]
pub struct Document {
    text: String,
    /// Offset at which each line starts.
    lines: Vec<u32>,
    parsed: OnceCell<Parsed>,
}

#[derive(Debug)]
struct Parsed {
    tree: SyntaxNode,
    /// Offsets at which the text is no Nix, in their order.
    errors: Vec<TextSize>,
}

impl Document {
    /// Keeps a text, which is parsed once someone asks for its tree.
    pub fn new(text: String) -> Self {
        Document { lines: lines(&text), text, parsed: OnceCell::new() }
    }

    /// Parses the text. A text that is too large or too deep has an empty tree.
    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| {
            let is_read = self.text.len() <= MAX_SIZE && depth(&self.text) <= MAX_DEPTH;
            let parsed = Root::parse(if is_read { &self.text } else { "" });
            let mut errors: Vec<_> = parsed.errors().iter().map(|error| place(error, &self.text)).collect();
            errors.sort_unstable();
            Parsed { tree: parsed.syntax(), errors }
        })
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text of a range.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    /// Returns the root of the syntax tree.
    pub fn tree(&self) -> &SyntaxNode {
        &self.parsed().tree
    }

    /// Returns whether something in a range is no Nix yet.
    pub fn has_error(&self, range: TextRange) -> bool {
        let errors = &self.parsed().errors;
        let next = errors.partition_point(|error| *error < range.start());
        errors.get(next).is_some_and(|error| *error <= range.end())
    }

    /// Returns the tokens before and behind an offset.
    pub fn tokens_at(&self, offset: usize) -> TokenAtOffset<SyntaxToken> {
        let offset = TextSize::new(offset as u32);
        // The tree of a text that was not parsed is empty.
        let tree = self.tree();
        if offset > tree.text_range().end() { TokenAtOffset::None } else { tree.token_at_offset(offset) }
    }

    /// Returns the text of the line up to an offset.
    pub fn line_before(&self, offset: usize) -> &str {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        &self.text[start..offset]
    }

    /// Returns the white space that the line of an offset starts with, up to the offset.
    pub fn indentation(&self, offset: usize) -> &str {
        let line = self.line_before(offset);
        &line[..line.len() - line.trim_start().len()]
    }

    /// Returns the position of an offset: the line, and the column in UTF-16, both from 0.
    pub fn position(&self, offset: TextSize) -> Position {
        let offset = usize::from(offset).min(self.text.len());
        let line = self.lines.partition_point(|start| *start as usize <= offset) - 1;
        let before = self.text.get(self.lines[line] as usize..offset).unwrap_or_default();
        Position::new(line as u32, before.encode_utf16().count() as u32)
    }

    /// Returns the range of the protocol.
    pub fn range(&self, range: TextRange) -> Range {
        Range::new(self.position(range.start()), self.position(range.end()))
    }

    /// Returns the line and the column of an offset in characters, both from 1, as Nix counts them.
    pub fn line_and_column(&self, offset: TextSize) -> (u32, u32) {
        let line = self.position(offset).line;
        let start = self.lines[line as usize] as usize;
        let before = self.text.get(start..usize::from(offset)).unwrap_or_default();
        (line + 1, before.chars().count() as u32 + 1)
    }

    /// Returns the offset of a position. A position behind the end of a line or of the text is that end.
    pub fn offset(&self, position: Position) -> usize {
        let mut lines = self.lines.iter().skip(position.line as usize).map(|start| *start as usize);
        let Some(start) = lines.next() else { return self.text.len() };
        let line = self.text[start..lines.next().unwrap_or(self.text.len())].trim_end_matches(['\r', '\n']);
        let mut column = 0;
        for (at, character) in line.char_indices() {
            if column >= position.character as usize {
                return start + at;
            }
            column += character.len_utf16();
        }
        start + line.len()
    }

    /// Returns the text with a range replaced.
    pub fn with_change(&self, range: Range, text: &str) -> String {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        let (start, end) = (start.min(end), start.max(end));
        [&self.text[..start], text, &self.text[end..]].concat()
    }
}

/// Returns the offset at which a text is no Nix: its end, if brackets are open there.
fn place(error: &ParseError, text: &str) -> TextSize {
    match error {
        ParseError::Unexpected(range)
        | ParseError::UnexpectedExtra(range)
        | ParseError::UnexpectedWanted(_, range, _)
        | ParseError::UnexpectedDoubleBind(range)
        | ParseError::DuplicatedArgs(range, _) => range.start(),
        _ => TextSize::of(text),
    }
}

/// Returns the offsets at which lines start. Lines end as the protocol says: with `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let is_end = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let ends = (0..bytes.len()).filter(is_end).map(|at| at as u32 + 1);
    std::iter::once(0).chain(ends).collect()
}

/// Returns how deep brackets are nested, at most.
fn depth(text: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                most = most.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_utf_16() {
        let document = Document::new("a = \"ä𝄞\";\r\nb\n".to_owned());
        let offset = document.text.find('"').expect("there") + "\"ä𝄞".len();
        let position = document.position(TextSize::new(offset as u32));
        assert_eq!(position, Position::new(0, 8));
        assert_eq!(document.offset(position), offset);
        assert_eq!(document.line_and_column(TextSize::new(offset as u32)), (1, 8));
        assert_eq!(document.offset(Position::new(0, 99)), document.text.find('\r').expect("there"));
        assert_eq!(document.offset(Position::new(9, 0)), document.text.len());
    }

    #[test]
    fn lines_of_all_systems() {
        let document = Document::new("a\nb\r\nc\rd".to_owned());
        let starts = [0, 1, 2, 3].map(|line| document.offset(Position::new(line, 0)));
        assert_eq!(starts.map(|start| &document.text[start..=start]), ["a", "b", "c", "d"]);
        let range = Range::new(Position::new(1, 1), Position::new(1, 1));
        assert_eq!(document.with_change(range, "x"), "a\nbx\r\nc\rd");
    }

    #[test]
    fn a_change_replaces_a_range() {
        let document = Document::new("one\ntwo\n".to_owned());
        let range = Range::new(Position::new(0, 2), Position::new(1, 1));
        assert_eq!(document.with_change(range, "x"), "onxwo\n");
    }
}
