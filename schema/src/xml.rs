//! XML as text: writing it, checking it, and a small tree for those who compare it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::fmt;

/// Writes XML with two spaces a level, as libvirt prints it.
#[derive(Debug)]
pub struct Writer {
    text: String,
    depth: usize,
    /// A start tag waits for its end: `<name a='b'`.
    tag_is_open: bool,
    /// The last thing written was text, so that the end tag follows it at once.
    after_text: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// A writer with room for a usual domain.
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

    /// Adds an attribute to the element just started. An error is a character that XML cannot carry.
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

    /// Adds text to the element just started. An error is a character that XML cannot carry.
    pub fn text(&mut self, text: &str) -> Result<(), char> {
        if text.is_empty() {
            return Ok(());
        }
        self.end_tag();
        self.after_text = true;
        escape(text, &mut self.text, false)
    }

    /// Adds text that needs no escapes to the element just started.
    pub fn plain_text(&mut self, text: &str) {
        self.end_tag();
        self.after_text = true;
        self.text.push_str(text);
    }

    /// Adds XML as it is, on lines of its own.
    pub fn raw(&mut self, xml: &str) {
        let xml = xml.trim();
        if !xml.is_empty() {
            self.line();
            self.text.push_str(xml);
        }
    }

    /// Ends the element of that name, which was started last.
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

    /// Writes an element that holds nothing.
    pub fn empty(&mut self, name: &str) {
        self.open(name);
        self.close(name);
    }

    /// The whole text.
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
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }
}

/// Writes text so that it means itself in XML. In an attribute, white space other than a blank is
/// written by number, since a reader would make blanks of it.
fn escape(text: &str, out: &mut String, in_attribute: bool) -> Result<(), char> {
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
            b'\t' | b'\n' => continue,
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
            0..=31 => {
                bad = Some(char::from(byte));
                continue;
            }
            0xEF if text[at..].starts_with(['\u{FFFE}', '\u{FFFF}']) => {
                bad = text[at..].chars().next();
                continue;
            }
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
    bad.map_or(Ok(()), Err)
}

/// Why a text is not XML, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl Malformed {
    /// Something wrong with the whole text.
    pub(crate) fn start(message: String) -> Self {
        Malformed { message, line: 1, column: 1 }
    }

    fn at(xml: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = xml.get(..offset).unwrap_or(xml);
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) as u32 + 1;
        Malformed { message: message.into(), line, column }
    }
}

/// Whether a text is well-formed XML that can stand inside an element: elements and white space, with no
/// document type, no processing instruction and none but XML's own five entities.
pub fn check(xml: &str) -> Result<(), Malformed> {
    parse(xml).map(|_| ())
}

/// Whether a text can be the name of an attribute, with at most one prefix.
pub fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|it: char| it.is_alphabetic() || it == '_')
            && part.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.'))
    };
    match name.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(name),
    }
}

/// A text without what XML calls white space around it.
pub fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// An element of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name, with its prefix if it has one.
    pub name: String,
    /// Its attributes in the order of the document.
    pub attributes: Vec<(String, String)>,
    /// The elements in it.
    pub children: Vec<Element>,
    /// The text in it; where there are elements beside it, without white space around it.
    pub text: String,
}

impl Element {
    /// The value of the attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn write(&self, out: &mut Writer) {
        out.open(&self.name);
        for (name, value) in &self.attributes {
            // What was read holds no character that XML cannot carry.
            let _ = out.attribute(name, value);
        }
        let _ = out.text(&self.text);
        self.children.iter().for_each(|child| child.write(out));
        out.close(&self.name);
    }
}

/// The element as XML, on lines of its own.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Writer::new();
        self.write(&mut out);
        f.write_str(&out.finish())
    }
}

/// How deep elements may nest in XML that is read.
const MAX_DEPTH: usize = 250;

/// Reads the elements of a text. XML is untrusted: nothing outside it is ever looked at.
pub fn parse(xml: &str) -> Result<Vec<Element>, Malformed> {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        let offset = reader.buffer_position() as usize;
        let fail = |message: String| Malformed::at(xml, offset, message);
        let event =
            reader.read_event().map_err(|why| Malformed::at(xml, reader.error_position() as usize, why.to_string()))?;
        let depth = open.len();
        let top = open.last_mut().expect("the outermost stays");
        match event {
            Event::Start(tag) if depth <= MAX_DEPTH => {
                let element = start(&tag).map_err(fail)?;
                open.push(element);
            }
            Event::Start(_) => return Err(fail(format!("elements nest more than {MAX_DEPTH} deep"))),
            Event::Empty(tag) => top.children.push(start(&tag).map_err(fail)?),
            Event::End(_) => {
                let mut done = open.pop().expect("quick-xml matches end tags");
                if !done.children.is_empty() {
                    done.text = trim(&done.text).to_owned();
                }
                open.last_mut().expect("the outermost stays").children.push(done);
            }
            Event::Text(text) => top
                .text
                .push_str(&text.xml_content(quick_xml::XmlVersion::Implicit1_0).map_err(|why| fail(why.to_string()))?),
            Event::CData(text) => top.text.push_str(&text.decode().map_err(|why| fail(why.to_string()))?),
            Event::GeneralRef(entity) => top
                .text
                .push(resolve(&entity).ok_or_else(|| fail("an entity that XML does not define by itself".to_owned()))?),
            Event::Comment(_) | Event::Decl(_) => {}
            Event::PI(_) => return Err(fail("processing instructions are not taken".to_owned())),
            Event::DocType(_) => return Err(fail("document types are not taken".to_owned())),
            Event::Eof if depth > 1 => return Err(fail(format!("<{}> is not closed", open[depth - 1].name))),
            Event::Eof => {
                let outermost = open.pop().expect("the outermost stays");
                if !trim(&outermost.text).is_empty() {
                    return Err(Malformed::at(xml, 0, "text outside of all elements"));
                }
                return Ok(outermost.children);
            }
        }
    }
}

fn start(tag: &BytesStart<'_>) -> Result<Element, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|why| why.to_string());
    let mut element = Element { name: text(tag.name().as_ref())?, ..Element::default() };
    if !is_name(&element.name) {
        return Err(format!("{:?} is not a name that XML allows", element.name));
    }
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|why| why.to_string())?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|why| why.to_string())?;
        element.attributes.push((text(attribute.key.as_ref())?, value.into_owned()));
    }
    Ok(element)
}

/// The character that `&name;` or `&#10;` stands for.
fn resolve(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return Some(character);
    }
    match entity.decode().ok()?.as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}
