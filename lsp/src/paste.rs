//! libvirt objects in a text, as people paste them: XML with the command that printed it, comments and other objects around.

use nixvirt_schema::engine::value::Spec;
use nixvirt_schema::engine::xml;
use nixvirt_schema::kind::{Kind, import_any};
use std::ops::Range;

/// Text with libvirt objects.
pub struct Pasted {
    /// The objects, up to the first that cannot be read.
    pub objects: Vec<Object>,
    /// The lines outside of the objects, without white space around them, XML comments and declarations.
    pub around: Vec<String>,
}

/// Object in a text.
pub struct Object {
    /// Range of its XML.
    pub range: Range<usize>,
    /// Its kind.
    pub kind: Kind,
    /// Its spec.
    pub spec: Spec<'static>,
}

impl Pasted {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        let mut objects: Vec<Object> = Vec::new();
        let mut around = String::new();
        let mut end = 0;
        for (start, _) in text.match_indices('<') {
            let rest = &text[start..];
            let length = if start < end {
                continue;
            } else if let Some(mark) = end_of_comment(rest) {
                rest.find(mark).map(|at| at + mark.len())
            } else if starts_object(rest) {
                Object::read(rest, start).map(|object| {
                    let length = object.range.len();
                    objects.push(object);
                    length
                })
            } else {
                continue;
            };
            // What follows may be part of it.
            let Some(length) = length else { break };
            around.push_str(&text[end..start]);
            around.push('\n');
            end = start + length;
        }
        around.push_str(&text[end..]);
        let is_blank = |character: char| character.is_whitespace() || character == BYTE_ORDER_MARK;
        let lines = around.lines().map(|line| line.trim_matches(is_blank)).filter(|line| !line.is_empty());
        Pasted { objects, around: lines.map(str::to_owned).collect() }
    }
}

impl Object {
    /// Reads the object that a text starts with. `start` is the offset of the text.
    fn read(text: &str, start: usize) -> Option<Self> {
        let length = xml::length(text)?;
        let (kind, spec) = import_any(&text[..length]).ok()?;
        Some(Object { range: start..start + length, kind, spec })
    }

    /// Returns the name of the object; that of its kind, if it has none.
    pub fn name(&self) -> &str {
        self.spec.root().attribute("name").and_then(|name| name.text()).unwrap_or(self.kind.name())
    }
}

/// Byte order mark, which some editors put before a document.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Returns what ends the XML comment or declaration that a text starts with.
fn end_of_comment(text: &str) -> Option<&'static str> {
    let marks = [("<!--", "-->"), ("<?", "?>")];
    marks.iter().find(|(start, _)| text.starts_with(start)).map(|(_, end)| *end)
}

/// Returns whether a text starts with the tag of an object.
fn starts_object(text: &str) -> bool {
    let name = text[1..].split(|character: char| !character.is_ascii_alphabetic()).next();
    name.and_then(Kind::rooted).is_some()
}

/// Returns why a text that starts with XML of libvirt is no spec.
pub fn refusal(text: &str) -> Option<String> {
    let xml = text.trim_start();
    let is_libvirt = xml.starts_with('<') && xml.match_indices('<').any(|(at, _)| starts_object(&xml[at..]));
    if is_libvirt { import_any(xml).err().map(|why| why.to_string()) } else { None }
}
