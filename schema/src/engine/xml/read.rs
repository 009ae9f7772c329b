//! XML reader. XML is untrusted: the reader opens nothing that the XML refers to, and its cost is bounded.

use super::{Element, is_bad, is_name, is_space, trim};
use crate::engine::text::Malformed;
use quick_xml::escape::EscapeError;
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Maximum depth of elements.
const MAX_DEPTH: usize = 250;

/// Maximum number of bytes of a text.
pub(crate) const MAX_SIZE: usize = 64 << 20;

/// Maximum number of elements and attributes of a text.
const MAX_PARTS: usize = 1 << 20;

/// Reads the elements of a document.
pub fn parse(xml: &str) -> Result<Vec<Element>, Malformed> {
    read(xml.strip_prefix(BYTE_ORDER_MARK).unwrap_or(xml), true)
}

/// Returns the root element of a document, the last one of several. `None` if the text is not well-formed; [`parse`]
/// says why.
pub fn element(xml: &str) -> Option<Element> {
    parse(xml).ok()?.pop()
}

/// Returns the length of the element that a text starts with. `None` if the element does not end.
pub fn length(xml: &str) -> Option<usize> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(reader.buffer_position() as usize);
        }
    }
}

/// Checks that a text is well-formed XML that can stand inside an element: elements and white space, without a
/// declaration, a document type, processing instructions, and entities other than XML's own five.
pub fn check(xml: &str) -> Result<(), Malformed> {
    read(xml, false).map(drop)
}

/// Byte order mark, which some editors put before a document.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Reads the elements of a text: a document, perhaps with a declaration, or a part of one.
fn read(xml: &str, is_document: bool) -> Result<Vec<Element>, Malformed> {
    if xml.len() > MAX_SIZE {
        return Err(Malformed::start(format!("the XML is larger than {MAX_SIZE} bytes")));
    }
    if let Some((at, character)) = bad_character(xml) {
        return Err(Malformed::at(xml, at, format!("invalid character {character:?}")));
    }
    if xml.starts_with(BYTE_ORDER_MARK) {
        return Err(Malformed::start(OUTSIDE.to_owned()));
    }
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    let mut parts = 0;
    loop {
        let offset = reader.buffer_position() as usize;
        let fail_behind = |at: usize, message: String| Malformed::at(xml, offset + at, message);
        let fail = |message: String| fail_behind(0, message);
        let event =
            reader.read_event().map_err(|why| Malformed::at(xml, reader.error_position() as usize, why.to_string()))?;
        let depth = open.len();
        let top = open.last_mut().expect("the outermost stays");
        match event {
            Event::Start(tag) if depth <= MAX_DEPTH => open.push(start(xml, &tag, &mut parts)?),
            Event::Start(_) => return Err(fail(format!("elements are nested more than {MAX_DEPTH} levels deep"))),
            Event::Empty(tag) => top.children.push(start(xml, &tag, &mut parts)?),
            Event::End(_) => {
                let mut done = open.pop().expect("quick-xml matches end tags");
                if !done.children.is_empty() {
                    done.text = trim(&done.text).to_owned();
                }
                open.last_mut().expect("the outermost stays").children.push(done);
            }
            Event::Text(text) => {
                let raw = &xml[offset..offset + text.len()];
                if let Some((at, _)) = raw.match_indices('>').find(|(at, _)| raw[..*at].ends_with("]]")) {
                    return Err(fail_behind(at - "]]".len(), "invalid `]]>` in text: write `]]&gt;`".to_owned()));
                }
                if let (1, Some(at)) = (depth, raw.find(|it| !is_space(it))) {
                    return Err(fail_behind(at, OUTSIDE.to_owned()));
                }
                // Around child elements, white space says nothing.
                let is_blank = |text: &str| trim(text).is_empty();
                if top.children.is_empty() || !is_blank(raw) || !is_blank(&top.text) {
                    top.text.push_str(&text.xml_content(VERSION).map_err(|why| fail(why.to_string()))?);
                }
            }
            Event::CData(_) | Event::GeneralRef(_) if depth == 1 => return Err(fail(OUTSIDE.to_owned())),
            Event::CData(text) => {
                top.text.push_str(&text.xml_content(VERSION).map_err(|why| fail(why.to_string()))?);
            }
            Event::GeneralRef(entity) => top.text.push(resolve(&entity).map_err(fail)?),
            Event::Comment(text) => {
                let text = text.decode().map_err(|why| fail(why.to_string()))?;
                let dashes = text.find("--").or_else(|| text.strip_suffix('-').map(str::len));
                if let Some(at) = dashes {
                    return Err(fail_behind("<!--".len() + at, "invalid `--` in a comment".to_owned()));
                }
            }
            Event::Decl(_) if is_document && offset == 0 => {}
            Event::Decl(_) => {
                return Err(fail("an XML declaration is allowed at the start of a document only".to_owned()));
            }
            Event::PI(_) => return Err(fail("processing instructions are not supported".to_owned())),
            Event::DocType(_) => return Err(fail("document type declarations are not supported".to_owned())),
            Event::Eof if depth > 1 => return Err(fail(format!("<{}> is not closed", open[depth - 1].name))),
            Event::Eof => return Ok(open.pop().expect("the outermost stays").children),
        }
    }
}

/// libvirt's reader supports no other encoding.
const VERSION: XmlVersion = XmlVersion::Implicit1_0;

const OUTSIDE: &str = "text outside of an element";

/// Returns the element that a start tag opens.
fn start(xml: &str, tag: &BytesStart<'_>, parts: &mut usize) -> Result<Element, Malformed> {
    // The text between `<` and `>` is a slice of the whole text, and so is each name in it.
    let from = tag.as_ptr() as usize - xml.as_ptr() as usize;
    let name = |bytes: &[u8]| {
        let at = bytes.as_ptr() as usize - xml.as_ptr() as usize;
        let name = &xml[at..at + bytes.len()];
        if is_name(name) { Ok((at, name)) } else { Err(Malformed::at(xml, at, "invalid XML name")) }
    };
    let mut element = Element { name: name(tag.name().as_ref())?.1.to_owned(), ..Element::default() };
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|why| no_attribute(xml, from, why))?;
        let (at, name) = name(attribute.key.as_ref())?;
        let fail = |message: String| Malformed::at(xml, at, message);
        if !xml[..at].ends_with(is_space) {
            return Err(fail("missing white space before an attribute".to_owned()));
        }
        if attribute.value.contains(&b'<') {
            return Err(fail("invalid `<` in an attribute: write `&lt;`".to_owned()));
        }
        let value = attribute.normalized_value(VERSION).map_err(|why| match why {
            quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, entity)) => fail(unknown_entity(&entity)),
            why => fail(why.to_string()),
        })?;
        if let Some((_, character)) = bad_character(&value) {
            return Err(fail(format!("invalid character {character:?}")));
        }
        element.attributes.push((name.to_owned(), value.into_owned()));
    }
    *parts += 1 + element.attributes.len();
    if *parts <= MAX_PARTS {
        Ok(element)
    } else {
        let message = format!("the XML has more than {MAX_PARTS} elements and attributes");
        Err(Malformed::at(xml, from - 1, message))
    }
}

/// Returns why the text at `from` in a tag is no attribute.
fn no_attribute(xml: &str, from: usize, why: AttrError) -> Malformed {
    let (at, message) = match why {
        AttrError::ExpectedEq(at) | AttrError::ExpectedValue(at) => (at, "attribute without a value"),
        AttrError::UnquotedValue(at) => (at, "attribute value without quotes"),
        AttrError::ExpectedQuote(at, _) => (at, "attribute value without a closing quote"),
        AttrError::Duplicated(at, _) => (at, "duplicate attribute"),
    };
    Malformed::at(xml, from + at, message)
}

/// Returns the character that `&name;` or `&#10;` denotes.
fn resolve(entity: &BytesRef<'_>) -> Result<char, String> {
    if let Some(character) = entity.resolve_char_ref().map_err(|why| why.to_string())? {
        return match bad_character(character.encode_utf8(&mut [0; 4])) {
            Some(_) => Err(format!("invalid character {character:?}")),
            None => Ok(character),
        };
    }
    match entity.decode().map_err(|why| why.to_string())?.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        name => Err(unknown_entity(name)),
    }
}

fn unknown_entity(name: &str) -> String {
    format!("unknown entity `&{name};`")
}

/// Returns the first character of a text that XML cannot represent, and its offset.
fn bad_character(text: &str) -> Option<(usize, char)> {
    let at = text.bytes().enumerate().position(|(at, byte)| is_bad(text, at, byte))?;
    text[at..].chars().next().map(|character| (at, character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(xmls: &[&str], said: Expect) {
        let say = |xml: &&str| match parse(xml) {
            Ok(_) => "taken\n".to_owned(),
            Err(why) => format!("{why}\n"),
        };
        said.assert_eq(&xmls.iter().map(say).collect::<String>());
    }

    #[test]
    fn lengths() {
        let texts = ["<a><a/>b</a>c", "<a b='>'/><c/>", "<a><!-- </a> --></a>\n", "<a>", "<a></b>"];
        let lengths = texts.map(|text| length(text).map(|length| &text[..length]));
        let expected = [Some("<a><a/>b</a>"), Some("<a b='>'/>"), Some("<a><!-- </a> --></a>"), None, None];
        assert_eq!(lengths, expected);
    }

    #[test]
    fn characters() {
        let texts = ["<a>\n\u{1}</a>", "<a b='\u{FFFF}'/>", "<a>ä&#1;</a>", "<a b='&#xFFFE;'/>", "<a>&#0;</a>"];
        check(
            &texts,
            expect![[r#"
                line 2, column 1: invalid character '\u{1}'
                line 1, column 7: invalid character '\u{ffff}'
                line 1, column 5: invalid character '\u{1}'
                line 1, column 4: invalid character '\u{fffe}'
                line 1, column 4: invalid character reference: 0x0 character is not permitted in XML
            "#]],
        );
        check(
            &["<a>\u{7F}\u{FFFD}&#9;&#13;</a>"],
            expect![[r#"
            taken
        "#]],
        );
    }

    #[test]
    fn entities() {
        check(
            &["<a>&lt;&gt;&amp;&apos;&quot;</a>", "<a>\r\n  &b;</a>", "<a\n b='x&c;'/>", "<a>&b</a>", "<a>&</a>"],
            expect![[r#"
                taken
                line 2, column 3: unknown entity `&b;`
                line 2, column 2: unknown entity `&c;`
                line 1, column 4: ill-formed document: entity or character reference not closed: `;` not found before end of input
                line 1, column 4: ill-formed document: entity or character reference not closed: `;` not found before end of input
            "#]],
        );
        check(
            &["<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>", "<a/>\n<?b?>"],
            expect![[r#"
                line 1, column 1: document type declarations are not supported
                line 2, column 1: processing instructions are not supported
            "#]],
        );
    }

    #[test]
    fn names() {
        check(
            &["<a:b/>", "<ä-1.·/>", "<1/>", "<a:b:c/>", "<a ª='1'/>", "<ª/>", "< a/>", "<a/b>"],
            expect![[r#"
                taken
                taken
                line 1, column 2: invalid XML name
                line 1, column 2: invalid XML name
                line 1, column 4: invalid XML name
                line 1, column 2: invalid XML name
                line 1, column 2: invalid XML name
                line 1, column 2: invalid XML name
            "#]],
        );
    }

    #[test]
    fn attributes() {
        check(
            &["<a b='1' c = \"2\"/>", "<a b='1'\n b='2'/>", "<a b/>", "<a b=/>", "<a b=1/>", "<a b='1/>"],
            expect![[r#"
                taken
                line 2, column 2: duplicate attribute
                line 1, column 5: attribute without a value
                line 1, column 6: attribute without a value
                line 1, column 6: attribute value without quotes
                line 1, column 1: syntax error: attribute value not closed: `'` not found before end of input
            "#]],
        );
        check(
            &["<a b='1'c='2'/>", "<a b='<'/>"],
            expect![[r#"
                line 1, column 9: missing white space before an attribute
                line 1, column 4: invalid `<` in an attribute: write `&lt;`
            "#]],
        );
    }

    #[test]
    fn text() {
        check(
            &["<a>\n]]></a>", "<a>]]&gt;<![CDATA[<]]></a>", "<a/>\n x", "&lt;<a/>", "<a/><![CDATA[]]>"],
            expect![[r#"
                line 2, column 1: invalid `]]>` in text: write `]]&gt;`
                taken
                line 2, column 2: text outside of an element
                line 1, column 1: text outside of an element
                line 1, column 5: text outside of an element
            "#]],
        );
        check(
            &["<!-- - --><a/>", "<a>\n<!-- - -- --></a>", "<!-- --->"],
            expect![[r#"
                taken
                line 2, column 8: invalid `--` in a comment
                line 1, column 6: invalid `--` in a comment
            "#]],
        );
    }

    #[test]
    fn ends() {
        check(
            &["<a>\n</b>", "</a>", "<a>\n<b>", "<a", "<!--", ""],
            expect![[r#"
            line 2, column 1: ill-formed document: expected `</a>`, but `</b>` was found
            line 1, column 1: ill-formed document: close tag `</a>` does not match any open tag
            line 2, column 4: <b> is not closed
            line 1, column 1: syntax error: tag not closed: `>` not found before end of input
            line 1, column 1: syntax error: comment not closed: `-->` not found before end of input
            taken
        "#]],
        );
    }

    #[test]
    fn declarations() {
        check(
            &["\u{FEFF}<?xml version='1.0'?>\n<a/>", "\n<?xml version='1.0'?><a/>", "\u{FEFF}\u{FEFF}<a/>"],
            expect![[r#"
                taken
                line 2, column 1: an XML declaration is allowed at the start of a document only
                line 1, column 1: text outside of an element
            "#]],
        );
        assert!(super::check("<?xml version='1.0'?><a/>").is_err());
    }

    #[test]
    fn depth() {
        let deep = |depth| "<a>".repeat(depth) + &"</a>".repeat(depth);
        check(
            &[&deep(MAX_DEPTH), &deep(MAX_DEPTH + 1)],
            expect![[r#"
                taken
                line 1, column 751: elements are nested more than 250 levels deep
            "#]],
        );
    }
}
