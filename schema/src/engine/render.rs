//! Spec to XML: one walk that checks each value against its table and writes it at once.

use crate::engine::format::{Format, Namespace};
use crate::engine::identity;
use crate::engine::problem::{Report, closest, listing};
use crate::engine::scalar::{Refused, Scalar};
use crate::engine::shorthand::{Notation, Shorthand, split_size};
use crate::engine::table::{Absent, Field, Named, NodeKind, Occurs, Schema, Tables, Type, Variants};
use crate::engine::value::{Data, Spec, Value};
use crate::engine::xml::{self, Writer};
use std::ops::Range;

/// What became of a spec.
#[derive(Debug)]
pub struct Rendered<'a> {
    /// The XML; worth nothing when the report has errors.
    pub xml: String,
    /// What is wrong with the spec.
    pub report: Report<'a>,
}

/// Checks a spec and writes it as XML.
pub fn render<'a>(format: impl Into<&'static Format>, spec: &'a Spec<'a>) -> Rendered<'a> {
    walk(format.into(), spec, true)
}

/// The same by the types alone, without the rules: the part of a spec's problems that the JSON Schema knows of too, and
/// the XML for a libvirt that knows better than the rules.
pub fn render_types<'a>(format: impl Into<&'static Format>, spec: &'a Spec<'a>) -> Rendered<'a> {
    walk(format.into(), spec, false)
}

fn walk<'a>(format: &'static Format, spec: &'a Spec<'a>, with_rules: bool) -> Rendered<'a> {
    let mut renderer =
        Renderer { format, xml: Writer::new(), report: Report::new(spec), parts: Vec::with_capacity(64), with_rules };
    match spec.root().data() {
        Data::Set(_) => {
            renderer.element(format.schema(), format.root, spec.root());
            renderer.check(format.rules, spec.root());
        }
        _ => renderer.wrong_kind(spec.root(), "a set"),
    }
    Rendered { xml: renderer.xml.finish(), report: renderer.report }
}

/// The name under which any element takes what the tables do not know.
pub const EXTRA: &str = "extra";

/// A value of a set with the field that it is for.
#[derive(Clone, Copy)]
struct FieldValue<'a> {
    /// Where among the parts of its element it is written.
    order: u32,
    field: &'static Field,
    /// What it holds; the element itself where the part is absent from it.
    value: Value<'a>,
    is_absent: bool,
}

struct Renderer<'a> {
    format: &'static Format,
    xml: Writer,
    report: Report<'a>,
    /// The parts of all elements that are open, those of the innermost last.
    parts: Vec<FieldValue<'a>>,
    with_rules: bool,
}

impl<'a> Renderer<'a> {
    /// An element that a set stands for.
    fn element(&mut self, schema: &'static Schema, name: &str, value: Value<'a>) {
        let Some(tables) = self.tables(schema, value) else { return };
        let first = self.parts.len();
        let extra = self.gather(&tables, value);
        let end = self.parts.len();
        self.require(&tables, value, first);
        self.xml.open(name);
        let mut declared = Vec::new();
        for at in first..end {
            let FieldValue { field, value, .. } = self.parts[at];
            if is_attribute(field) {
                self.attribute(field, value);
            }
            if field.xml.contains(':') {
                self.declare(name, field, &mut declared);
            }
        }
        let extra = extra.and_then(|extra| self.extra(extra, first..end, &declared));
        let mut at = first;
        while at < end {
            at = self.content(at, end);
        }
        if let Some(extra) = extra {
            self.xml.raw(extra);
        }
        self.parts.truncate(first);
        self.xml.close(name);
        tables.iter().for_each(|(schema, _)| self.check(schema.rules, value));
    }

    /// Checks what the types cannot say.
    fn check(&mut self, rules: Option<fn(Value<'_>, &mut Report<'_>)>, value: Value<'a>) {
        if let Some(rules) = rules.filter(|_| self.with_rules) {
            rules(value, &mut self.report);
        }
    }

    /// Declares the namespace of a part, unless the element has the same or it is among those declared already.
    fn declare(&mut self, element: &str, field: &Field, declared: &mut Vec<&'static str>) {
        let Some(Namespace { prefix, uri }) = Namespace::of_name(self.format.namespaces, field.xml) else { return };
        let is_of_element = element.split_once(':').is_some_and(|(it, _)| it == *prefix);
        if !is_of_element && !declared.contains(prefix) {
            self.xml.plain_attribute(&["xmlns:", prefix].concat(), uri);
            declared.push(prefix);
        }
    }

    /// The tables that the element's own attributes choose.
    fn tables(&mut self, schema: &'static Schema, value: Value<'a>) -> Option<Tables> {
        let chosen = Tables::of(schema, |variants| value.attribute(variants.tag).map(|tag| tag.text().unwrap_or("\0")));
        chosen.map_err(|variants| self.no_form(variants, value)).ok()
    }

    /// Reports why the deciding attribute chooses no form.
    fn no_form(&mut self, variants: &'static Variants, value: Value<'a>) {
        let Some(tag) = value.attribute(variants.tag) else {
            return self.report.missing(
                value,
                variants.tag,
                format!("is required: one of {}", listing(variants.words())),
            );
        };
        let Some(word) = tag.text() else {
            return self.wrong_kind(tag, &format!("one of {}", listing(variants.words())));
        };
        let message = format!("{word:?} is not one of {}", listing(variants.words()));
        self.report.error_with(tag, "unknown-word", message, closest(word, variants.words()).map(str::to_owned));
    }

    /// Finds the field of each value of a set, in the order in which they are written. Answers what stands
    /// under `extra`.
    fn gather(&mut self, tables: &Tables, value: Value<'a>) -> Option<Value<'a>> {
        let first = self.parts.len();
        let (mut extra, mut unknown) = (None, Vec::new());
        for child in value.children() {
            if *child.data() == Data::Null {
                continue;
            }
            match tables.in_spec(child.key()) {
                Some(Named::One(_, field)) if is_absent(field, child) => {}
                Some(Named::One(order, field)) => {
                    self.parts.push(FieldValue { order, field, value: child, is_absent: false })
                }
                Some(Named::Twins(attribute, element)) => self.gather_twins(attribute, element, child),
                None if child.key() == EXTRA => extra = Some(child),
                None => unknown.push(child),
            }
        }
        // Sources differ in the order of a set; what is said does not.
        unknown.sort_unstable_by_key(|child| child.key());
        unknown.into_iter().for_each(|child| self.unknown(tables, value, child));
        for (order, field) in tables.absent() {
            let is_there = self.parts[first..].iter().any(|part| std::ptr::eq(part.field, field));
            if !is_there && !is_in_extra(field, value) {
                self.parts.push(FieldValue { order, field, value, is_absent: true });
            }
        }
        self.parts[first..].sort_unstable_by_key(|part| (part.order, part.value.index()));
        for at in first + 1..self.parts.len() {
            // Only JSON can say a thing twice, and a list that holds an attribute and a child of one name.
            let FieldValue { order, field, value, .. } = self.parts[at];
            let is_item = value.key().is_empty() && field.occurs == Occurs::Many;
            if self.parts[at - 1].order == order && !is_item {
                self.report.error(value, "said-twice", "is there twice");
            }
        }
        extra
    }

    /// An attribute and a child that share a name are told apart by the value; a list may hold both.
    fn gather_twins(&mut self, attribute: (u32, &'static Field), element: (u32, &'static Field), value: Value<'a>) {
        let is_list = matches!(value.data(), Data::List(_));
        let listed = value.children().filter(|item| is_list && *item.data() != Data::Null);
        for value in listed.chain((!is_list).then_some(value)) {
            let (order, field) = if matches!(value.data(), Data::Set(_)) { element } else { attribute };
            self.parts.push(FieldValue { order, field, value, is_absent: false });
        }
    }

    fn unknown(&mut self, tables: &Tables, value: Value<'a>, child: Value<'a>) {
        let names: Vec<_> = tables.names().collect();
        let near = closest(child.key(), names.iter().copied()).map(str::to_owned);
        let mut message = "unknown attribute".to_owned();
        if let Some((schema, _)) = tables.iter().skip(1).last() {
            let tag = schema.fields[0].name;
            let word = value.attribute(tag).and_then(Value::text).unwrap_or_default();
            message.push_str(&format!(" where {tag} is {word:?}"));
        }
        match (near.is_some(), names.is_empty()) {
            (true, _) => {}
            (_, true) => message.push_str("; there are none here"),
            (_, false) => message.push_str(&format!("; known here are {}", listing(names.into_iter()))),
        }
        self.report.error_with(child, "unknown-attribute", message, near);
    }

    /// Reports what must be there and is not.
    fn require(&mut self, tables: &Tables, value: Value<'a>, first: usize) {
        for (schema, _) in tables.iter() {
            for at in schema.required {
                let field = &schema.fields[usize::from(*at)];
                let found = self.parts[first..].iter().find(|part| std::ptr::eq(part.field, field));
                match found.map(|part| part.value) {
                    None if is_in_extra(field, value) => {}
                    None => self.report.missing(value, field.name, format!("is required: {}", expected(field))),
                    Some(list) if is_empty(field, list) => {
                        self.report.error(list, "missing", format!("is empty and must not be: {}", expected(field)));
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// Writes what stands inside an element for one part, or for several that share a child element.
    /// Answers the part after it.
    fn content(&mut self, at: usize, end: usize) -> usize {
        let FieldValue { field, value, is_absent, .. } = self.parts[at];
        if let Some(name) = field.within {
            return self.within(name, at, end);
        }
        match field.node {
            _ if is_absent => self.absent(field, value),
            NodeKind::Attribute => {}
            NodeKind::Text => self.text(field, value),
            NodeKind::Child => self.children(field, value),
        }
        at + 1
    }

    /// Writes what stands for a part that is absent from an element.
    fn absent(&mut self, field: &'static Field, element: Value<'a>) {
        let root = self.report.spec().root();
        let name = root.attribute("name").and_then(Value::text);
        match (field.absent, name) {
            (Absent::Empty, _) => self.xml.empty(field.xml),
            (Absent::Uuid, Some(name)) if element.index() == root.index() => {
                self.xml.open(field.xml);
                self.xml.plain_text(&identity::uuid(self.format.name, name));
                self.xml.close(field.xml);
            }
            (Absent::Mac, _) => {
                if let Some(mac) = self.format.mac.and_then(|mac| mac(root, element)) {
                    self.xml.open(field.xml);
                    self.xml.plain_attribute("address", &mac);
                    self.xml.close(field.xml);
                }
            }
            _ => {}
        }
    }

    /// Writes the child element that several parts share.
    fn within(&mut self, name: &str, from: usize, end: usize) -> usize {
        let to = (from..end).find(|at| self.parts[*at].field.within != Some(name)).unwrap_or(end);
        self.xml.open(name);
        for node in [NodeKind::Attribute, NodeKind::Text] {
            for at in from..to {
                let FieldValue { field, value, .. } = self.parts[at];
                match node {
                    _ if field.node != node => {}
                    NodeKind::Attribute => self.attribute(field, value),
                    _ => self.text(field, value),
                }
            }
        }
        self.xml.close(name);
        to
    }

    /// Writes the child elements that a value stands for.
    fn children(&mut self, field: &'static Field, value: Value<'a>) {
        match (value.data(), field.ty) {
            // What would be derived is left to libvirt.
            (Data::Bool(false), _) if matches!(field.absent, Absent::Uuid | Absent::Mac) => {}
            (_, Type::Xml) => self.free(field, value),
            (Data::List(_), _) if field.occurs == Occurs::Many => {
                for item in value.children().filter(|item| !is_absent(field, *item)) {
                    self.child(field, item);
                }
            }
            _ => self.child(field, value),
        }
    }

    fn child(&mut self, field: &'static Field, value: Value<'a>) {
        match (field.ty, value.data()) {
            (Type::Scalar(_), _) => {
                self.xml.open(field.xml);
                self.text(field, value);
                self.xml.close(field.xml);
            }
            (Type::Present, data) => match data {
                Data::Bool(true) => self.xml.empty(field.xml),
                Data::Set(_) if value.children().len() == 0 => self.xml.empty(field.xml),
                _ => self.wrong_kind(value, "true or false"),
            },
            (Type::Element(schema), Data::Set(_)) => self.element(schema(), field.xml, value),
            (Type::Element(schema), _) => self.short(schema(), field, value),
            (Type::Xml, _) => self.free(field, value),
        }
    }

    /// Writes an element that a single value stands for.
    fn short(&mut self, schema: &'static Schema, field: &'static Field, value: Value<'a>) {
        self.short_element(schema, field, value);
        if !matches!(schema.shorthand, Shorthand::None) {
            self.check(schema.rules, value);
        }
    }

    fn short_element(&mut self, schema: &'static Schema, field: &'static Field, value: Value<'a>) {
        match (schema.shorthand, value.data()) {
            (Shorthand::Switch(at), Data::Bool(_)) => {
                self.xml.open(field.xml);
                self.attribute(&schema.fields[usize::from(at)], value);
                self.xml.close(field.xml);
            }
            (Shorthand::Presence, Data::Bool(true)) => self.xml.empty(field.xml),
            (Shorthand::Size { unit, count }, Data::Text(text)) => match split_size(text) {
                Some((number, name)) => {
                    self.xml.open(field.xml);
                    self.part_of_text(&schema.fields[usize::from(unit)], value, name);
                    self.part_of_text(&schema.fields[usize::from(count)], value, number);
                    self.xml.close(field.xml);
                }
                _ => self.text_alone(&schema.fields[usize::from(count)], field.xml, value),
            },
            (
                Shorthand::Size { count: at, .. } | Shorthand::Text(at),
                Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::Float(_),
            ) => {
                self.text_alone(&schema.fields[usize::from(at)], field.xml, value);
            }
            (Shorthand::Notation(notation), Data::Text(text)) => {
                self.notation(notation, schema, field.xml, value, text);
            }
            _ => self.wrong_kind(value, &expected(field)),
        }
    }

    fn text_alone(&mut self, text: &'static Field, name: &str, value: Value<'a>) {
        self.xml.open(name);
        self.text(text, value);
        self.xml.close(name);
    }

    /// Writes the attributes that a text stands for.
    fn notation(&mut self, notation: &Notation, schema: &'static Schema, name: &str, value: Value<'a>, text: &str) {
        let Some(attributes) = (notation.split)(text) else {
            let Notation { what, example, .. } = notation;
            return self.report.error(value, "bad-form", format!("{text:?} is not {what}, such as {example:?}"));
        };
        self.xml.open(name);
        let mut table = schema;
        if let Some(forms) = schema.forms {
            let variants = (forms.variants)();
            self.xml.plain_attribute(variants.tag, notation.name);
            table = variants.variant(notation.name).unwrap_or(schema);
        }
        for (name, text) in attributes {
            if let Some((_, field)) = table.field(name) {
                self.part_of_text(field, value, text);
            }
        }
        self.xml.close(name);
    }

    fn attribute(&mut self, field: &'static Field, value: Value<'a>) {
        self.secret(field, value);
        match field.ty.scalar().print(value.data()) {
            Ok(text) => self.attribute_text(field.xml, value, &text),
            Err(why) => self.refused(field, value, &why),
        }
    }

    /// Warns of a password: whoever reads the spec, or what becomes of it in the Nix store, has it.
    fn secret(&mut self, field: &'static Field, value: Value<'a>) {
        if field.secret && value.text().is_some_and(|text| !text.is_empty()) {
            let message = "would be readable to all in the Nix store: leave it out, and set it while the guest runs";
            self.report.warning(value, "literal-password", message);
        }
    }

    fn attribute_text(&mut self, name: &str, value: Value<'a>, text: &str) {
        if let Err(bad) = self.xml.attribute(name, text) {
            self.bad_character(value, bad);
        }
    }

    fn text(&mut self, field: &'static Field, value: Value<'a>) {
        self.secret(field, value);
        match field.ty.scalar().print(value.data()) {
            Ok(text) => {
                if let Err(bad) = self.xml.text(&text) {
                    self.bad_character(value, bad);
                }
            }
            Err(why) => self.refused(field, value, &why),
        }
    }

    /// Writes the attribute or text that a part of a value's text stands for.
    fn part_of_text(&mut self, field: &'static Field, value: Value<'a>, text: &str) {
        let word = field.ty.scalar();
        match (word.print_text(text), field.node) {
            (Ok(text), NodeKind::Attribute) => self.attribute_text(field.xml, value, &text),
            (Ok(text), _) => self.xml.text(&text).unwrap_or_else(|bad| self.bad_character(value, bad)),
            (Err(why), _) => self.refused_text(word, value, text, &why),
        }
    }

    fn bad_character(&mut self, value: Value<'a>, bad: char) {
        self.report.error(value, "bad-character", format!("holds the character {bad:?}, which XML cannot carry"));
    }

    fn refused(&mut self, field: &'static Field, value: Value<'a>, why: &Refused) {
        let word = field.ty.scalar();
        match (value.data(), why) {
            _ if field.secret => self.wrong_kind(value, &word.to_string()),
            (Data::Text(text), _) => self.refused_text(word, value, text, why),
            (Data::Int(number), Refused::Range | Refused::Unknown | Refused::Form) => {
                self.refused_text(word, value, &number.to_string(), why);
            }
            _ => self.wrong_kind(value, &word.to_string()),
        }
    }

    fn refused_text(&mut self, word: &Scalar, value: Value<'a>, text: &str, why: &Refused) {
        let code = match why {
            Refused::Kind => "wrong-type",
            Refused::Range => "out-of-range",
            Refused::Unknown => "unknown-word",
            Refused::Form => "bad-form",
        };
        let near = closest(text, word.known()).map(str::to_owned);
        let found =
            if *value.data() == Data::Null || value.text().is_none() { text.to_owned() } else { format!("{text:?}") };
        self.report.error_with(value, code, format!("{found} is not {word}"), near);
    }

    fn wrong_kind(&mut self, value: Value<'a>, expected: &str) {
        self.report.error(value, "wrong-type", format!("expected {expected}, found {}", value.kind()));
    }

    /// Writes an element that holds XML of any kind: a string, or a list of them.
    fn free(&mut self, field: &'static Field, value: Value<'a>) {
        self.xml.open(field.xml);
        match value.data() {
            Data::List(_) => value.children().for_each(|item| self.fragment(item)),
            _ => self.fragment(value),
        }
        self.xml.close(field.xml);
    }

    fn fragment(&mut self, value: Value<'a>) {
        match (value.data(), value.text()) {
            (Data::Null, _) => {}
            (_, Some(text)) => match xml::check(text) {
                Ok(()) => self.xml.raw(text),
                Err(why) => self.report.error(value, "not-well-formed", format!("is not well-formed XML: {why}")),
            },
            _ => self.wrong_kind(value, "XML in a string"),
        }
    }

    /// Writes the attributes of an `extra` and gives its XML, given the element's other parts and the namespaces
    /// that it declares.
    fn extra(&mut self, extra: Value<'a>, parts: Range<usize>, declared: &[&str]) -> Option<&'a str> {
        let Data::Set(_) = extra.data() else {
            self.wrong_kind(extra, "a set of `attributes` and `xml`");
            return None;
        };
        let mut inner = None;
        for part in extra.children().filter(|part| *part.data() != Data::Null) {
            match part.key() {
                "attributes" => self.extra_attributes(part, parts.clone(), declared),
                "xml" => inner = self.checked_xml(part),
                name => {
                    let near = closest(name, ["attributes", "xml"]).map(str::to_owned);
                    self.report.error_with(
                        part,
                        "unknown-attribute",
                        "unknown attribute; known here are attributes, xml".to_owned(),
                        near,
                    );
                }
            }
        }
        inner
    }

    fn extra_attributes(&mut self, attributes: Value<'a>, parts: Range<usize>, declared: &[&str]) {
        if !matches!(attributes.data(), Data::Set(_)) {
            return self.wrong_kind(attributes, "a set of strings");
        }
        let mut attributes: Vec<_> = attributes.children().filter(|it| *it.data() != Data::Null).collect();
        attributes.sort_unstable_by_key(|attribute| (attribute.key(), attribute.index()));
        let parts = self.parts[parts].iter().map(|part| part.field).filter(|field| is_attribute(field));
        let mut written: Vec<_> = parts.map(|field| field.xml).collect();
        written.dedup();
        let mut last = None;
        for attribute in attributes {
            let name = attribute.key();
            let is_declared = name.strip_prefix("xmlns:").is_some_and(|prefix| declared.contains(&prefix));
            if is_declared || written.contains(&name) || last.replace(name) == Some(name) {
                self.report.error(attribute, "said-twice", "is there twice");
                continue;
            }
            if !xml::is_name(attribute.key()) {
                self.report.error(attribute, "bad-form", "is not a name that XML allows");
                continue;
            }
            match Scalar::Text.print(attribute.data()) {
                Ok(text) => self.attribute_text(attribute.key(), attribute, &text),
                Err(_) => self.wrong_kind(attribute, "a string"),
            }
        }
    }

    fn checked_xml(&mut self, value: Value<'a>) -> Option<&'a str> {
        let Some(text) = value.text() else {
            self.wrong_kind(value, "XML in a string");
            return None;
        };
        match xml::check(text) {
            Ok(()) => Some(text),
            Err(why) => {
                self.report.error(value, "not-well-formed", format!("is not well-formed XML: {why}"));
                None
            }
        }
    }
}

/// Whether a field is written as an attribute of the element that has it.
fn is_attribute(field: &Field) -> bool {
    field.node == NodeKind::Attribute && field.within.is_none()
}

/// Whether a value says that an element is not there.
fn is_absent(field: &Field, value: Value<'_>) -> bool {
    match (value.data(), field.ty) {
        (Data::Null, _) | (Data::Bool(false), Type::Present) => true,
        (Data::Bool(false), Type::Element(schema)) => schema().shorthand.is_presence(),
        _ => false,
    }
}

/// Whether the `extra` of a set has what the field is for, as import leaves it where its word is not known.
fn is_in_extra(field: &Field, value: Value<'_>) -> bool {
    let extra = |name| value.attribute(EXTRA).and_then(|extra| extra.attribute(name));
    match field.node {
        NodeKind::Attribute => extra("attributes").is_some_and(|them| them.attribute(field.xml).is_some()),
        NodeKind::Child => {
            let elements = extra("xml").and_then(Value::text).and_then(|text| xml::parse(text).ok());
            elements.is_some_and(|elements| elements.iter().any(|element| element.name == field.xml))
        }
        NodeKind::Text => false,
    }
}

/// Whether a value is a list that holds nothing.
fn is_empty(field: &Field, value: Value<'_>) -> bool {
    matches!(value.data(), Data::List(_)) && value.children().all(|item| is_absent(field, item))
}

/// What would be right for a field, as messages say it.
fn expected(field: &Field) -> String {
    match field.ty {
        Type::Scalar(word) => word.to_string(),
        Type::Present => "true or false".to_owned(),
        Type::Xml => "XML in a string".to_owned(),
        Type::Element(schema) => match schema().shorthand {
            Shorthand::None => "a set".to_owned(),
            Shorthand::Text(at) => format!("{} or a set", schema().fields[usize::from(at)].ty.scalar()),
            Shorthand::Switch(_) | Shorthand::Presence => "true, false or a set".to_owned(),
            Shorthand::Size { .. } => "a size such as \"8 GiB\" or a set".to_owned(),
            Shorthand::Notation(Notation { what, example, .. }) => format!("{what} such as {example:?} or a set"),
        },
    }
}
