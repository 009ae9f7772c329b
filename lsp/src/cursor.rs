//! Where a cursor is, told by the text before it alone, so that what follows may be half written.

use crate::catalog::Template;
use crate::files::FileId;
use crate::place::{Place, Places, Slot};
use rnix::SyntaxKind as Kind;
use std::ops::Range;

/// What a cursor is in.
#[derive(Debug)]
pub struct Cursor {
    /// Brackets around the cursor, outermost first.
    frames: Vec<Frame>,
    /// What is being written.
    pub writing: Writing,
    /// Offset at which the word starts that is being written.
    pub word: usize,
}

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Name of an attribute.
    Name,
    /// Value, outside of a string.
    Value,
    /// Text of a string that is a value.
    Text,
    /// Something else, such as a comment.
    Other,
}

/// Bracket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bracket {
    Braces,
    Let,
    List,
    Parentheses,
}

/// What was read since a bracket.
#[derive(Debug)]
struct Frame {
    bracket: Bracket,
    start: usize,
    /// Whether the brackets are the argument of a function.
    is_argument: bool,
    /// Names that were read last, with points between them.
    chain: Vec<String>,
    /// Offset at which the names start.
    chain_start: usize,
    /// Whether a point follows the names.
    has_point: bool,
    /// Whether the names stand on a new line behind a value, so that a semicolon is missing.
    is_new: bool,
    /// Path that a value is assigned to.
    assigned: Option<Vec<String>>,
    /// Number of `with` and `assert` whose semicolons are still to come.
    conditions: usize,
    is_inherit: bool,
}

impl Frame {
    fn new(bracket: Bracket, start: usize, is_argument: bool) -> Self {
        Frame {
            bracket,
            start,
            is_argument,
            chain: Vec::new(),
            chain_start: start,
            has_point: false,
            is_new: false,
            assigned: None,
            conditions: 0,
            is_inherit: false,
        }
    }

    fn name(&mut self, name: &str, offset: usize, is_new: bool) {
        if !std::mem::take(&mut self.has_point) {
            self.chain.clear();
            self.chain_start = offset;
            self.is_new = is_new;
        }
        self.chain.push(name.to_owned());
    }

    /// Whether a path here leads to NixVirt's options.
    fn names_system(&self) -> bool {
        self.assigned.as_ref().unwrap_or(&self.chain).iter().any(|name| name == "virtualisation")
    }

    /// Whether names here are those of attributes.
    fn names_attributes(&self) -> bool {
        let is_free = self.assigned.is_none() || (self.is_new && !self.chain.is_empty());
        matches!(self.bracket, Bracket::Braces | Bracket::Let) && is_free && !self.is_inherit
    }
}

impl Cursor {
    /// Reads the text before a cursor.
    pub fn at(text: &str, offset: usize) -> Cursor {
        Reader::default().read(&text[..offset])
    }

    /// Returns the place of the braces around the cursor, or of the value that is being written there.
    pub fn place(&self, places: &Places, file: FileId) -> Option<Place> {
        let braces = self.place_in(self.frames.len(), places, file)?;
        if self.writing == Writing::Name { along(braces, self.above()) } else { Some(braces) }
    }

    /// Returns the names in front of the one that is being written, in the same path.
    pub fn above(&self) -> &[String] {
        let Some(frame) = self.frames.last() else { return &[] };
        &frame.chain[..frame.chain.len().saturating_sub(usize::from(!frame.has_point))]
    }

    /// Returns the template whose arguments the cursor is in, and the name of the argument.
    pub fn call(&self, places: &Places, file: FileId) -> Option<(&'static Template, Option<&str>)> {
        self.frames.iter().rev().filter(|frame| frame.bracket == Bracket::Braces).find_map(|frame| {
            let Slot::Template(template) = places.get(file, frame.start)?.slot else { return None };
            let path = frame.assigned.as_ref().unwrap_or(&frame.chain);
            Some((template, path.first().map(String::as_str)))
        })
    }

    /// Returns the range of the path that is being written, if it is one of names.
    pub fn unfinished(&self, offset: usize) -> Option<Range<usize>> {
        let frame = self.frames.last().filter(|frame| self.writing == Writing::Name && !frame.chain.is_empty())?;
        Some(frame.chain_start..offset)
    }

    /// Returns the names of the path that leads to the cursor inside the innermost braces.
    pub fn path(&self) -> &[String] {
        self.frames.last().map(|frame| frame.chain.as_slice()).unwrap_or_default()
    }

    /// Returns the place inside the innermost of that many brackets.
    fn place_in(&self, depth: usize, places: &Places, file: FileId) -> Option<Place> {
        let frame = self.frames.get(depth.checked_sub(1)?)?;
        let is_value = depth < self.frames.len() || self.writing != Writing::Name;
        let inside = match frame.bracket {
            Bracket::Braces => match places.get(file, frame.start) {
                Some(known) => known.clone(),
                None if frame.names_system() => Place::empty(Slot::System),
                None if frame.is_argument => return None,
                None => self.place_in(depth - 1, places, file)?,
            },
            // What a `let` binds is not the value that the `let` is.
            Bracket::Let => return None,
            Bracket::List => self.place_in(depth - 1, places, file)?.item(None),
            Bracket::Parentheses if frame.is_argument => return None,
            Bracket::Parentheses => self.place_in(depth - 1, places, file)?,
        };
        match (&frame.assigned, frame.bracket) {
            (Some(path), Bracket::Braces) if is_value => along(inside, path),
            (None, Bracket::Braces) if is_value => None,
            _ => Some(inside),
        }
    }
}

/// Returns the place at the end of a path.
fn along(place: Place, path: &[String]) -> Option<Place> {
    path.iter().try_fold(place, |place, name| place.attribute(Some(name)))
}

#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    /// Kind of the last token that is no white space.
    last: Option<Kind>,
    /// Whether a line ended since.
    has_new_line: bool,
    /// Brackets that were open where each open string starts, and the offset of its text.
    strings: Vec<(usize, usize)>,
    is_in_comment: bool,
    word: usize,
    /// Offset of the last `rec`, at which its set starts.
    rec: usize,
}

impl Reader {
    fn read(mut self, text: &str) -> Cursor {
        // Text outside of all brackets is read as in parentheses.
        self.frames.push(Frame::new(Bracket::Parentheses, 0, false));
        let mut offset = 0;
        self.word = text.len();
        for (kind, token) in rnix::tokenize(text) {
            self.is_in_comment = kind == Kind::TOKEN_COMMENT;
            self.token(kind, token, offset);
            offset += token.len();
        }
        if self.is_in_comment && (text.ends_with('\n') || text.ends_with("*/")) {
            self.is_in_comment = false;
        }
        let in_string = self.strings.last().filter(|(depth, _)| *depth == self.frames.len()).map(|(_, start)| *start);
        let frame = self.frames.last();
        let writing = match (in_string, frame) {
            _ if self.is_in_comment => Writing::Other,
            (Some(_), Some(frame)) if frame.names_attributes() => Writing::Other,
            (Some(_), _) => Writing::Text,
            (None, Some(frame)) if frame.names_attributes() => Writing::Name,
            (None, Some(frame)) if frame.is_inherit => Writing::Other,
            (None, _) => Writing::Value,
        };
        let word = in_string.unwrap_or(self.word);
        Cursor { frames: self.frames, writing, word: word.min(text.len()) }
    }

    fn token(&mut self, kind: Kind, token: &str, offset: usize) {
        let is_value_end = matches!(
            self.last,
            Some(
                Kind::TOKEN_IDENT
                    | Kind::TOKEN_R_BRACE
                    | Kind::TOKEN_R_BRACK
                    | Kind::TOKEN_R_PAREN
                    | Kind::TOKEN_STRING_END
                    | Kind::TOKEN_INTEGER
                    | Kind::TOKEN_FLOAT
            )
        );
        self.word = offset + token.len();
        match kind {
            Kind::TOKEN_WHITESPACE => {
                self.has_new_line |= token.contains('\n');
                // A name that a blank follows is complete.
                return;
            }
            Kind::TOKEN_COMMENT => return,
            Kind::TOKEN_STRING_CONTENT => {
                if let Some(frame) = self.frames.last_mut().filter(|frame| frame.names_attributes()) {
                    frame.name(token, offset, false);
                }
            }
            Kind::TOKEN_STRING_START => self.strings.push((self.frames.len(), offset + token.len())),
            Kind::TOKEN_STRING_END => drop(self.strings.pop()),
            Kind::TOKEN_L_BRACE | Kind::TOKEN_L_BRACK | Kind::TOKEN_L_PAREN | Kind::TOKEN_INTERPOL_START => {
                let bracket = match kind {
                    Kind::TOKEN_L_BRACE => Bracket::Braces,
                    Kind::TOKEN_L_BRACK => Bracket::List,
                    _ => Bracket::Parentheses,
                };
                let in_list = self.frames.last().is_some_and(|frame| frame.bracket == Bracket::List);
                let start = if self.last == Some(Kind::TOKEN_REC) { self.rec } else { offset };
                self.frames.push(Frame::new(bracket, start, is_value_end && !in_list));
            }
            Kind::TOKEN_R_BRACE | Kind::TOKEN_INTERPOL_END => {
                self.close(if kind == Kind::TOKEN_R_BRACE { Bracket::Braces } else { Bracket::Parentheses });
            }
            Kind::TOKEN_R_BRACK => self.close(Bracket::List),
            Kind::TOKEN_R_PAREN => self.close(Bracket::Parentheses),
            Kind::TOKEN_REC => self.rec = offset,
            Kind::TOKEN_LET => self.frames.push(Frame::new(Bracket::Let, offset, false)),
            Kind::TOKEN_IN => self.close(Bracket::Let),
            _ => {
                let is_new = is_value_end && self.has_new_line;
                if let Some(frame) = self.frames.last_mut() {
                    match kind {
                        Kind::TOKEN_IDENT | Kind::TOKEN_OR => {
                            frame.name(token, offset, is_new);
                            self.word = offset;
                        }
                        Kind::TOKEN_DOT => frame.has_point = true,
                        Kind::TOKEN_ASSIGN => {
                            frame.assigned = Some(std::mem::take(&mut frame.chain));
                            frame.has_point = false;
                        }
                        Kind::TOKEN_WITH | Kind::TOKEN_ASSERT => frame.conditions += 1,
                        Kind::TOKEN_INHERIT => frame.is_inherit = true,
                        Kind::TOKEN_SEMICOLON if frame.conditions > 0 => frame.conditions -= 1,
                        Kind::TOKEN_SEMICOLON => {
                            frame.assigned = None;
                            frame.chain.clear();
                            frame.is_inherit = false;
                        }
                        _ => {}
                    }
                }
            }
        }
        if !matches!(
            kind,
            Kind::TOKEN_IDENT
                | Kind::TOKEN_DOT
                | Kind::TOKEN_STRING_CONTENT
                | Kind::TOKEN_STRING_END
                | Kind::TOKEN_STRING_START
        ) {
            // Any other token ends a chain of names among values.
            if let Some(frame) = self.frames.last_mut().filter(|frame| frame.assigned.is_some()) {
                frame.chain.clear();
                frame.has_point = false;
            }
        }
        self.last = Some(kind);
        self.has_new_line = false;
    }

    /// Closes the innermost bracket of a kind, with all that were left open in it.
    fn close(&mut self, bracket: Bracket) {
        let open = self.frames.iter().rposition(|frame| frame.bracket == bracket);
        if let Some(open) = open.filter(|open| *open > 0) {
            self.frames.truncate(open);
            self.strings.retain(|(depth, _)| *depth <= open);
        }
    }
}
