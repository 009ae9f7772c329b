//! Completion: the names and words that may stand at a cursor.

use crate::analysis::Analysis;
use crate::catalog::{self, Argument, Setting, Template};
use crate::common;
use crate::cursor::{Cursor, Writing};
use crate::describe;
use crate::document::Document;
use crate::files::FileId;
use crate::find;
use crate::guide::Guide;
use crate::place::{Element, Part, Place, Slot};
use crate::refer;
use crate::units::UNITS;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent, MarkupKind,
    Range, TextEdit,
};
use nixvirt_schema::engine::release::described;
use nixvirt_schema::engine::scalar::{Scalar, Word};
use nixvirt_schema::engine::shorthand::Shorthand;
use nixvirt_schema::engine::table::{Field, Schema, Type, Variant};
use nixvirt_schema::kind::Kind;
use rnix::{TextRange, TextSize};

/// Maximum number of words that a snippet lets choose.
const MAX_CHOICE: usize = 20;

/// Question for completion.
pub struct Asked<'a> {
    /// What is known of the file.
    pub analysis: &'a Analysis,
    /// The file.
    pub file: FileId,
    /// Its content.
    pub document: &'a Document,
    /// Offset of the cursor.
    pub offset: usize,
    /// The guide to link to.
    pub guide: &'a Guide,
    /// Whether the editor knows snippets.
    pub has_snippets: bool,
}

/// What can be inserted at a cursor.
struct Offer {
    label: String,
    kind: CompletionItemKind,
    detail: String,
    documentation: String,
    /// Text to insert, as a snippet.
    snippet: String,
    /// Text that sorts the offer among the others.
    rank: String,
}

/// Returns what may stand at a cursor.
pub fn complete(asked: &Asked<'_>) -> Vec<CompletionItem> {
    let cursor = Cursor::at(asked.document.text(), asked.offset);
    let offset = TextSize::new(asked.offset as u32);
    let marked = find::marked(asked.document.text()).filter(|word| word.contains_inclusive(offset));
    if let Some(word) = marked {
        let range = asked.document.range(TextRange::new(word.start(), offset));
        let kinds = Kind::ALL.iter().enumerate();
        let offers = kinds.map(|(at, kind)| {
            Known { meaning: kind.schema().doc.to_owned(), ..Known::plain(kind.name()) }.offer(at, true)
        });
        return offers.map(|offer| asked.item(offer, range)).collect();
    }
    let place = cursor.place(&asked.analysis.places, asked.file);
    let is_path = !cursor.above().is_empty() && !asked.document.line_before(asked.offset).ends_with([' ', '\t']);
    let offers = match (cursor.writing, place) {
        (Writing::Value, _) if is_path => in_library(cursor.above(), asked.guide),
        (Writing::Name, Some(place)) => asked.names(&place),
        (Writing::Value | Writing::Text, Some(place)) => asked.values(&place, &cursor),
        _ => Vec::new(),
    };
    let word = TextRange::new(TextSize::new(cursor.word as u32), offset);
    let range = asked.document.range(word);
    offers.into_iter().map(|offer| asked.item(offer, range)).collect()
}

impl Asked<'_> {
    fn item(&self, offer: Offer, range: Range) -> CompletionItem {
        let text = if self.has_snippets { offer.snippet } else { plain(&offer.snippet) };
        CompletionItem {
            filter_text: Some(offer.label.clone()),
            label: offer.label,
            kind: Some(offer.kind),
            detail: Some(offer.detail).filter(|detail| !detail.is_empty()),
            documentation: Some(offer.documentation)
                .filter(|text| !text.is_empty())
                .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
            sort_text: Some(offer.rank),
            insert_text_format: self.has_snippets.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: text })),
            ..CompletionItem::default()
        }
    }

    /// Returns the names that the braces at a place may have.
    fn names(&self, place: &Place) -> Vec<Offer> {
        let is_given = |name: &str| {
            let known = place.value.as_ref().and_then(|value| value.attribute(name));
            // A set may be continued by a longer path.
            known.is_some_and(|known| known.set().is_none())
        };
        let mut offers = Vec::new();
        match place.slot {
            Slot::Connections => {
                for uri in ["qemu:///system", "qemu:///session"] {
                    offers.push(self.name(&format!("{uri:?}"), "connection", String::new(), "{\n  $0\n}", "1"));
                }
            }
            Slot::Template(template) => {
                for argument in template.arguments.iter().filter(|argument| !is_given(&argument.name)) {
                    let value = snippet_of_argument(argument);
                    let detail = argument.default.clone().unwrap_or_default();
                    let rank = if argument.required { "0" } else { "1" };
                    offers.push(self.name(&argument.name, &detail, describe::argument(argument), &value, rank));
                }
            }
            _ => {}
        }
        for setting in settings(place).iter().filter(|setting| !is_given(&setting.name)) {
            let text = describe::place(&Slot::Setting(setting), self.guide).unwrap_or_default();
            offers.push(self.name(&setting.name, &setting.ty, text, &value_of_setting(setting), "1"));
        }
        if let Some(element) = place.element() {
            let parts = element.parts(place.value.as_ref());
            let parts = parts.into_iter().enumerate().filter(|(_, part)| !is_given(part.name()));
            offers.extend(parts.map(|(at, part)| self.part(part, at, &element)));
            let extra = "Content that the tables lack: additional attributes, and XML to insert into the element.";
            if !is_given("extra") {
                offers.push(self.name("extra", "set", extra.to_owned(), "{\n  $0\n}", "9"));
            }
        }
        offers
    }

    /// Returns the offer of a part of an element: required parts first, then those that many specs have.
    fn part(&self, part: Part, at: usize, element: &Element) -> Offer {
        let slot = match part {
            Part::Field(found) => Slot::Field(found, *element),
            Part::Form(variants) => Slot::Form(variants, *element),
        };
        let path = describe::location(&slot).map(|location| location.path()).unwrap_or_default();
        let rank = if part.is_required() {
            0
        } else if common::is_common(element.kind, &path) {
            1
        } else {
            2
        };
        let value = snippet_of(part);
        let text = describe::place(&slot, self.guide).unwrap_or_default();
        self.name(part.name(), &describe::type_of(part), text, &value, &format!("{rank}{at:03}"))
    }

    fn name(&self, name: &str, detail: &str, documentation: String, value: &str, rank: &str) -> Offer {
        let rest = &self.document.text()[self.offset..];
        let is_assigned = rest.trim_start_matches([' ', '\t']).starts_with(['=', '.']);
        let label = if needs_quotes(name) { format!("{name:?}") } else { name.to_owned() };
        Offer {
            snippet: if is_assigned {
                escaped(&label)
            } else {
                format!("{} = {};", escaped(&label), self.indented(value))
            },
            label,
            kind: CompletionItemKind::PROPERTY,
            detail: detail.to_owned(),
            documentation,
            rank: rank.to_owned(),
        }
    }

    /// Returns a text with the indentation of the cursor's line in front of all lines but the first.
    fn indented(&self, text: &str) -> String {
        let indentation = self.document.indentation(self.offset);
        text.replace('\n', &format!("\n{indentation}"))
    }

    /// Returns the values that a place may have.
    fn values(&self, place: &Place, cursor: &Cursor) -> Vec<Offer> {
        let written = &self.document.text()[cursor.word..self.offset];
        let in_text = cursor.writing == Writing::Text;
        let mut words = Vec::new();
        match place.slot {
            Slot::Field(found, _) | Slot::ByName(found, _) => {
                // An attribute and a child may have one name.
                let twins = found.table.fields.iter().filter(|field| field.name == found.field.name);
                twins.for_each(|field| words_of_field(field, written, in_text, &mut words));
            }
            Slot::Form(variants, _) => words.extend(variants.variants.iter().map(word_of_form)),
            Slot::Setting(setting) | Slot::Item(setting) => {
                words.extend(setting.words.iter().map(|word| Known::text(word)));
                if setting.ty.ends_with("boolean") {
                    words.extend(["true", "false"].map(Known::plain));
                }
            }
            Slot::Argument(_, argument) => {
                words.extend(argument.words.iter().map(|word| Known::text(word)));
                if matches!(argument.default.as_deref(), Some("true" | "false")) {
                    words.extend(["true", "false"].map(Known::plain));
                }
            }
            _ => {}
        }
        words.extend(refer::names(place, self.analysis).iter().map(|name| Known::text(name)));
        let words = words.into_iter().filter(|word| !in_text || word.is_text);
        words.enumerate().map(|(at, word)| word.offer(at, in_text)).collect()
    }
}

/// Returns the functions or templates of the library that may follow a path.
fn in_library(path: &[String], guide: &Guide) -> Vec<Offer> {
    let words = match path {
        [.., lib, kind] if is_library(lib) => Kind::named(kind).map(catalog::functions),
        [.., kind, templates] if templates == "templates" => Kind::named(kind).map(catalog::template_names),
        _ => None,
    };
    let words = words.unwrap_or_default().iter().enumerate();
    let kind = path.iter().rev().find(|name| Kind::named(name).is_some());
    let template = |name: &str| Template::named(kind?, name);
    let meaning = |name: &str| template(name).map(|template| describe::template(template, guide)).unwrap_or_default();
    words.map(|(at, name)| Known { meaning: meaning(name), ..Known::plain(name) }.offer(at, true)).collect()
}

/// Returns whether a name is probably that of the library.
fn is_library(name: &str) -> bool {
    name == "lib" || name.to_lowercase().contains("nixvirt")
}

/// Returns the options of the modules that stand at a place.
fn settings(place: &Place) -> &'static [Setting] {
    match place.slot {
        Slot::Options => catalog::settings(),
        Slot::Connection => catalog::settings_of_connection(),
        Slot::Object(kind) => catalog::settings_of(kind),
        Slot::Setting(setting) => &setting.settings,
        _ => &[],
    }
}

fn value_of_setting(setting: &Setting) -> String {
    if !setting.words.is_empty() {
        choice(setting.words.clone(), true)
    } else if setting.ty.ends_with("boolean") {
        "${1|true,false|}".to_owned()
    } else if !setting.settings.is_empty() || setting.objects.is_some() {
        "{\n  $0\n}".to_owned()
    } else {
        "$1".to_owned()
    }
}

/// Word that a value may be.
struct Known {
    word: String,
    meaning: String,
    is_text: bool,
}

impl Known {
    fn text(word: &str) -> Self {
        Known { word: word.to_owned(), meaning: String::new(), is_text: true }
    }

    fn plain(word: &str) -> Self {
        Known { is_text: false, ..Known::text(word) }
    }

    fn offer(self, at: usize, in_text: bool) -> Offer {
        let quoted = if self.is_text && !in_text { format!("{:?}", self.word) } else { self.word };
        Offer {
            snippet: escaped(&quoted),
            label: quoted,
            kind: CompletionItemKind::ENUM_MEMBER,
            detail: String::new(),
            documentation: self.meaning,
            rank: format!("{at:03}"),
        }
    }
}

fn word_of(word: &Word) -> Known {
    Known { meaning: described(word.doc, word.since).into_owned(), ..Known::text(word.word) }
}

fn word_of_form(variant: &Variant) -> Known {
    Known { meaning: described(variant.schema.doc, variant.since).into_owned(), ..Known::text(variant.word) }
}

fn words_of_field(field: &Field, written: &str, in_text: bool, words: &mut Vec<Known>) {
    match field.ty {
        Type::Scalar(scalar) => words_of(scalar, field.unit.is_some(), written, words),
        Type::Present => words.extend(["true", "false"].map(Known::plain)),
        Type::Element(schema) => {
            let schema = schema();
            let scalar = |at: u16| schema.fields[usize::from(at)].ty.scalar();
            match schema.shorthand {
                Shorthand::Text(at) => words_of(scalar(at), false, written, words),
                Shorthand::Size { .. } => sizes(written, words),
                Shorthand::Switch(_) | Shorthand::Presence => words.extend(["true", "false"].map(Known::plain)),
                Shorthand::Notation(notation) => words.push(Known::text(notation.example)),
                Shorthand::None => {}
            }
            if !in_text {
                words.push(Known::plain("{ }"));
            }
        }
        Type::Xml => {}
    }
}

fn words_of(scalar: &'static Scalar, has_unit: bool, written: &str, words: &mut Vec<Known>) {
    match scalar {
        Scalar::Enum(it) => words.extend(it.words.iter().map(word_of)),
        Scalar::Switch { on, off } => {
            words.extend(["true", "false"].map(Known::plain));
            words.extend([on, off].map(|word| Known::text(word)));
        }
        Scalar::Either(all) => all.iter().for_each(|scalar| words_of(scalar, has_unit, written, words)),
        Scalar::Size { .. } => sizes(written, words),
        _ if has_unit => sizes(written, words),
        _ => {}
    }
}

/// Adds sizes: the number that is written, with each unit.
fn sizes(written: &str, words: &mut Vec<Known>) {
    let number: String = written.trim_start_matches('"').chars().take_while(char::is_ascii_digit).collect();
    if !number.is_empty() {
        words.extend(UNITS.map(|unit| Known::text(&format!("{number} {unit}"))));
    }
}

/// Returns the value that a part starts with.
pub fn value_of_part(part: Part) -> String {
    plain(&snippet_of(part))
}

/// Returns the value that an argument of a template starts with.
pub fn value_of_argument(argument: &Argument) -> String {
    plain(&snippet_of_argument(argument))
}

/// Returns the snippet for the value of an argument.
fn snippet_of_argument(argument: &Argument) -> String {
    let snippet = match argument.default.as_deref() {
        Some("true") => "${1|false,true|}",
        Some("false") => "${1|true,false|}",
        Some(list) if list.starts_with('[') => "$1",
        _ if !argument.words.is_empty() => return choice(argument.words.clone(), true),
        Some(text) if text.starts_with('"') => "\"$1\"",
        None if argument.required => "\"$1\"",
        _ => "$1",
    };
    snippet.to_owned()
}

/// Returns the snippet for the value of a part.
fn snippet_of(part: Part) -> String {
    match part {
        Part::Field(found) => value_of(found.field, 1),
        Part::Form(variants) => choice(variants.words().map(str::to_owned).collect(), true),
    }
}

/// Returns the snippet for the value of a field. `depth` is the number of sets that it may have below it.
fn value_of(field: &Field, depth: usize) -> String {
    match field.ty {
        Type::Scalar(scalar) => value_of_scalar(scalar, field.unit.is_some()),
        Type::Present => "true".to_owned(),
        Type::Xml => "''\n  $1\n''".to_owned(),
        Type::Element(schema) => {
            let schema = schema();
            match schema.shorthand {
                Shorthand::Text(at) => value_of_scalar(schema.fields[usize::from(at)].ty.scalar(), false),
                Shorthand::Size { .. } => "\"${1:1} GiB\"".to_owned(),
                Shorthand::Notation(_) => "\"$1\"".to_owned(),
                _ => braces(schema, depth),
            }
        }
    }
}

/// Returns the snippet of an element with its required parts.
fn braces(schema: &'static Schema, depth: usize) -> String {
    let mut required = Vec::new();
    let forms = schema.forms.map(|forms| (forms.variants)());
    if let Some(forms) = forms.filter(|forms| forms.default.is_none()) {
        required.push(format!("{} = {};", forms.tag, choice(forms.words().map(str::to_owned).collect(), true)));
    }
    for at in schema.required {
        let field = &schema.fields[usize::from(*at)];
        let value = match field.ty {
            Type::Element(_) if depth == 0 => "{ }".to_owned(),
            _ => value_of(field, depth.saturating_sub(1)),
        };
        required.push(format!("{} = {};", field.name, value.replace('\n', "\n  ")));
    }
    if required.is_empty() {
        return "{\n  $0\n}".to_owned();
    }
    numbered(&format!("{{\n  {}\n}}", required.join("\n  ")))
}

/// Numbers the places of a snippet in their order.
fn numbered(snippet: &str) -> String {
    let mut text = String::new();
    let mut number = 0;
    let mut rest = snippet;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (open, digits) = if let Some(inner) = after.strip_prefix('{') { ("{", inner) } else { ("", after) };
        let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
        if end == 0 {
            text.push('$');
            rest = after;
            continue;
        }
        number += 1;
        text.push_str(&format!("${open}{number}"));
        rest = &digits[end..];
    }
    text + rest
}

fn value_of_scalar(scalar: &Scalar, has_unit: bool) -> String {
    match scalar {
        Scalar::Enum(it) => choice(it.words.iter().map(|it| it.word.to_owned()).collect(), true),
        Scalar::Switch { .. } => "${1|true,false|}".to_owned(),
        Scalar::Size { .. } => "\"${1:1} MiB\"".to_owned(),
        _ if has_unit => "\"${1:1} GiB\"".to_owned(),
        Scalar::Int { .. } | Scalar::Float | Scalar::Hex { .. } => "$1".to_owned(),
        Scalar::Either(all) => all.first().map_or("$1".to_owned(), |first| value_of_scalar(first, has_unit)),
        Scalar::Text | Scalar::Pattern(_) => "\"$1\"".to_owned(),
    }
}

/// Returns the snippet that lets choose a word.
fn choice(words: Vec<String>, is_text: bool) -> String {
    let quote = if is_text { "\"" } else { "" };
    let is_short = (1..=MAX_CHOICE).contains(&words.len());
    let is_plain = words.iter().all(|word| !word.contains([',', '|', '$', '\\', '}']));
    match words.as_slice() {
        [only] => format!("{quote}{}{quote}", escaped(only)),
        _ if is_short && is_plain => format!("{quote}${{1|{}|}}{quote}", words.join(",")),
        _ => format!("{quote}$1{quote}"),
    }
}

/// Returns a text as a snippet has it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// Returns the text of a snippet for an editor that has none: the first choice, and nothing in place of the rest.
fn plain(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => text.extend(rest.next()),
            '$' if rest.peek() == Some(&'{') => {
                let inner: String = rest.by_ref().take_while(|it| *it != '}').collect();
                let shown = inner.trim_start_matches(|it: char| it == '{' || it.is_ascii_digit());
                let shown = shown.trim_matches(['|', ':']);
                text.push_str(shown.split(',').next().unwrap_or_default());
            }
            '$' => while rest.next_if(char::is_ascii_digit).is_some() {},
            other => text.push(other),
        }
    }
    text
}

fn needs_quotes(name: &str) -> bool {
    !name.starts_with('"') && !nixvirt_schema::engine::nix::is_identifier(name)
}

#[cfg(test)]
mod tests {
    use super::{numbered, plain};

    #[test]
    fn snippets_without_places() {
        assert_eq!(plain("bus = \"${1|virtio,sata|}\";"), "bus = \"virtio\";");
        assert_eq!(plain("memory = \"${1:1} GiB\";"), "memory = \"1 GiB\";");
        assert_eq!(plain("name = \"$1\"; \\${x\\}"), "name = \"\"; ${x}");
    }

    #[test]
    fn places_have_numbers() {
        assert_eq!(numbered("{ a = \"$1\"; b = ${1|x,y|}; }"), "{ a = \"$1\"; b = ${2|x,y|}; }");
    }
}
