//! XML: a writer, a reader, and a tree of elements.

mod read;

pub(crate) use read::MAX_SIZE;
pub use read::{check, element, length, parse};
use std::fmt;

/// Writes XML with two spaces of indentation per level, as libvirt does.
#[derive(Debug)]
pub struct Writer {
    text: String,
    depth: usize,
    /// Whether a start tag is not closed yet: `<name a='b'`.
    tag_is_open: bool,
    /// Whether text was written last, so that the end tag follows on the same line.
    after_text: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// Creates a writer with capacity for a usual domain.
    pub fn new() -> Self {
        Writer { text: String::with_capacity(8 * 1024), depth: 0, tag_is_open: false, after_text: false }
    }

    /// Starts an element.
    pub fn open(&mut self, name: &str) {
        self.line();
        self.text.push('<');
        self.text.push_str(name);
        self.tag_is_open = true;
        self.depth += 1;
    }

    /// Adds an attribute to the element that was just started.
    ///
    /// # Errors
    /// A character that XML cannot represent.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), char> {
        self.start_attribute(name);
        let escaped = escape(value, &mut self.text, true);
        self.text.push('\'');
        escaped
    }

    /// Adds an attribute whose value needs no escapes.
    pub fn plain_attribute(&mut self, name: &str, value: &str) {
        self.start_attribute(name);
        self.text.push_str(value);
        self.text.push('\'');
    }

    fn start_attribute(&mut self, name: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("='");
    }

    /// Adds text to the element that was just started.
    ///
    /// # Errors
    /// A character that XML cannot represent.
    pub fn text(&mut self, text: &str) -> Result<(), char> {
        if text.is_empty() {
            return Ok(());
        }
        self.end_tag();
        self.after_text = true;
        escape(text, &mut self.text, false)
    }

    /// Adds text that needs no escapes to the element that was just started.
    pub fn plain_text(&mut self, text: &str) {
        self.end_tag();
        self.after_text = true;
        self.text.push_str(text);
    }

    /// Adds XML verbatim, on lines of its own.
    pub fn raw(&mut self, xml: &str) {
        let xml = trim(xml);
        if !xml.is_empty() {
            self.line();
            self.text.push_str(xml);
        }
    }

    /// Ends the innermost open element, which has that name.
    pub fn close(&mut self, name: &str) {
        self.depth -= 1;
        if self.tag_is_open {
            self.text.push_str("/>");
            self.tag_is_open = false;
            return;
        }
        if !std::mem::take(&mut self.after_text) {
            self.line();
        }
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// Writes an empty element.
    pub fn empty(&mut self, name: &str) {
        self.open(name);
        self.close(name);
    }

    /// Returns the whole text.
    pub fn finish(mut self) -> String {
        self.text.push('\n');
        self.text
    }

    fn end_tag(&mut self) {
        if std::mem::take(&mut self.tag_is_open) {
            self.text.push('>');
        }
    }

    fn line(&mut self) {
        self.end_tag();
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&INDENTATION[..2 * self.depth.min(MAX_INDENT)]);
    }
}

/// Maximum number of indented levels. Otherwise the indentation of deep elements would be most of the text.
const MAX_INDENT: usize = 30;

/// Indentation of the deepest of them.
const INDENTATION: &str = match std::str::from_utf8(&[b' '; 2 * MAX_INDENT]) {
    Ok(spaces) => spaces,
    Err(_) => panic!("spaces are text"),
};

/// For each byte, whether XML needs no escape for it anywhere, as nearly all do.
static IS_PLAIN: [bool; 256] = {
    let mut is_plain = [true; 256];
    let mut byte = 0;
    while byte < is_plain.len() {
        is_plain[byte] = byte >= 0x20 && !matches!(byte as u8, b'&' | b'<' | b'>' | b'\'' | 0xEF);
        byte += 1;
    }
    is_plain
};

/// Writes text with escapes. In an attribute, white space other than a blank becomes a character reference, since
/// readers replace it by blanks.
fn escape(text: &str, out: &mut String, in_attribute: bool) -> Result<(), char> {
    if text.bytes().all(|byte| IS_PLAIN[usize::from(byte)]) {
        out.push_str(text);
        return Ok(());
    }
    let mut from = 0;
    let mut bad = None;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\'' if in_attribute => "&apos;",
            b'\t' if in_attribute => "&#9;",
            b'\n' if in_attribute => "&#10;",
            b'\r' => "&#13;",
            _ => {
                if is_bad(text, at, byte) {
                    bad = text[at..].chars().next();
                }
                continue;
            }
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
    bad.map_or(Ok(()), Err)
}

/// Returns a text as in XML, in an attribute or between tags.
pub(crate) fn escaped(text: &str, in_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // A character that XML cannot represent occurs in no XML.
    let _ = escape(text, &mut out, in_attribute);
    out
}

/// Returns whether XML cannot represent the character that starts with the first byte of a text.
#[inline(always)] // It is asked of every byte.
fn is_bad(text: &str, at: usize, byte: u8) -> bool {
    match byte {
        b'\t' | b'\n' | b'\r' => false,
        0..=31 => true,
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
        0xEF => text[at..].starts_with(['\u{FFFE}', '\u{FFFF}']),
        _ => false,
    }
}

/// Returns whether a text is a valid name of an element or attribute, with at most one prefix.
pub fn is_name(name: &str) -> bool {
    let part =
        |part: &str| part.starts_with(starts_name) && part.chars().all(|it| starts_name(it) || continues_name(it));
    match name.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(name),
    }
}

fn starts_name(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(character: char) -> bool {
    matches!(character,
        '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Returns whether a character is white space in XML.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// Returns a text without the white space around it.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Element of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Name with its prefix, if there is one.
    pub name: String,
    /// Attributes in the order of the document.
    pub attributes: Vec<(String, String)>,
    /// Child elements.
    pub children: Vec<Element>,
    /// Text. Without white space around it if there are child elements.
    pub text: String,
}

impl Element {
    /// Returns an element that holds only a text.
    pub fn of_text(name: &str, text: impl Into<String>) -> Self {
        Element { name: name.to_owned(), text: text.into(), ..Element::default() }
    }

    /// Returns the value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn write(&self, out: &mut Writer) {
        out.open(&self.name);
        for (name, value) in &self.attributes {
            // What was read holds no character that XML cannot represent.
            let _ = out.attribute(name, value);
        }
        let _ = out.text(&self.text);
        self.children.iter().for_each(|child| child.write(out));
        out.close(&self.name);
    }
}

/// Returns the element as XML, on lines of its own.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(std::slice::from_ref(self)))
    }
}

/// Returns elements as XML, each on lines of its own.
pub fn print(elements: &[Element]) -> String {
    let mut out = Writer::new();
    elements.iter().for_each(|element| element.write(&mut out));
    out.finish()
}
