//! Render: a spec becomes XML in one walk, which checks each value against its table and writes it at once.

pub mod release;

use crate::engine::format::{Format, Namespace};
use crate::engine::identity;
use crate::engine::meant;
use crate::engine::message;
use crate::engine::outline::Sketched;
use crate::engine::problem::{Added, Report, closest, listing};
use crate::engine::release::Release;
use crate::engine::scalar::{Refused, Scalar};
use crate::engine::shorthand::{Notation, Shorthand};
use crate::engine::size;
use crate::engine::table::{Absent, Field, Named, NodeKind, Occurs, Schema, Tables, Type, Variants};
use crate::engine::taken;
use crate::engine::unknown::{self, Advice, Open};
use crate::engine::value::{Data, Spec, Value};
use crate::engine::xml::{self, Writer};
use std::collections::HashSet;
use std::ops::Range;

/// Result of rendering a spec.
#[derive(Debug)]
pub struct Rendered<'a> {
    /// XML. Meaningless if the report has errors.
    pub xml: String,
    /// Problems of the spec.
    pub report: Report<'a>,
}

/// Checks a spec and renders it as XML.
pub fn render<'a>(format: impl Into<&'static Format>, spec: &'a Spec<'a>) -> Rendered<'a> {
    render_for(format, spec, None)
}

/// Checks a spec for a libvirt of that release and renders it as XML. What the release does not have yet is a warning.
pub fn render_for<'a>(format: impl Into<&'static Format>, spec: &'a Spec<'a>, target: Option<Release>) -> Rendered<'a> {
    walk(format.into(), spec, true, target)
}

/// Checks a spec against the types alone, without the rules, and writes it as XML: for comparison with the JSON Schema,
/// and for libvirt versions that accept what the rules reject.
pub fn render_types<'a>(format: impl Into<&'static Format>, spec: &'a Spec<'a>) -> Rendered<'a> {
    walk(format.into(), spec, false, None)
}

fn walk<'a>(format: &'static Format, spec: &'a Spec<'a>, with_rules: bool, target: Option<Release>) -> Rendered<'a> {
    let mut rendered = walk_once(format, spec, with_rules, target);
    let misread = if with_rules && rendered.report.has_errors() { rendered.report.misread() } else { Vec::new() };
    if !misread.is_empty() {
        // What a rule concludes from such a value may follow from that mistake alone.
        rendered.xml = String::new();
        let known = spec.with_unknown(&misread);
        let places: Vec<_> = misread.into_iter().map(|(at, _)| at).collect();
        rendered.report.replace_rules(walk_once(format, &known, with_rules, target).report, &places);
    }
    rendered
}

fn walk_once<'a>(
    format: &'static Format,
    spec: &'a Spec<'a>,
    with_rules: bool,
    target: Option<Release>,
) -> Rendered<'a> {
    let mut renderer = Renderer {
        format,
        xml: Writer::new(),
        report: Report::new(spec, target),
        parts: Vec::with_capacity(64),
        open: Vec::with_capacity(16),
        with_rules,
        left_out: HashSet::new(),
    };
    match spec.root().data() {
        Data::Set(_) => {
            if with_rules {
                renderer.left_out = taken::left_out(format.taken, spec.root(), &mut renderer.report);
            }
            renderer.element(format.schema(), None, spec.root());
            renderer.check(format.rules, spec.root());
        }
        Data::Text(text) if xml::trim(text).starts_with('<') => renderer.is_xml(spec.root()),
        _ => renderer.wrong_kind(spec.root(), &set_of(format.schema())),
    }
    Rendered { xml: renderer.xml.finish(), report: renderer.report }
}

/// Name of the attribute for XML that the tables do not know, which any element has.
pub const EXTRA: &str = "extra";

/// Names of its parts.
const EXTRA_PARTS: [&str; 2] = ["attributes", "xml"];

/// Position behind all parts of the forms that are known.
const BEHIND_ALL: u32 = 1 << 31;

/// Value of a set with its field.
#[derive(Clone, Copy)]
struct FieldValue<'a> {
    /// Position among the parts of the element.
    order: u32,
    field: &'static Field,
    /// Value of the part, or the element itself if the part is absent.
    value: Value<'a>,
    given: Given,
}

/// How a spec gives a part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// By its value.
    Whole,
    /// By the number of a size in a text.
    Number,
    /// By the unit of a size in a text.
    Unit,
    /// Not at all.
    Absent,
}

struct Renderer<'a> {
    format: &'static Format,
    xml: Writer,
    report: Report<'a>,
    /// Parts of all open elements, innermost last.
    parts: Vec<FieldValue<'a>>,
    /// The elements that are open, the innermost last.
    open: Vec<Open>,
    with_rules: bool,
    /// Indices of the values that libvirt takes and leaves out.
    left_out: HashSet<u32>,
}

/// The tables of an element, and whether its own attributes choose them. If they do not, an error is reported, and the
/// tables are those of the likely form, or only the element's own.
struct Chosen {
    tables: Tables,
    is_certain: bool,
}

impl<'a> Renderer<'a> {
    /// Writes an element from a set. The outermost element has no field.
    fn element(&mut self, schema: &'static Schema, field: Option<&'static Field>, value: Value<'a>) {
        let name = field.map_or(self.format.root, |field| field.xml);
        let Some(Chosen { tables, is_certain }) = self.tables(schema, value) else { return };
        self.open.push(Open { field, tables });
        let first = self.parts.len();
        let Some(extra) = self.gather(&tables, value, is_certain) else {
            self.parts.truncate(first);
            self.open.pop();
            return;
        };
        let end = self.parts.len();
        self.require(&tables, value, first, is_certain);
        self.check_parts(&tables, value, first..end);
        self.xml.open(name);
        let mut declared = Vec::new();
        for at in first..end {
            let FieldValue { field, value, given, .. } = self.parts[at];
            match given {
                Given::Number | Given::Unit => self.part_of_size(field, value, given),
                // A deciding attribute that chooses no form has been reported.
                Given::Whole if !is_certain && is_deciding(&tables, field) => {}
                Given::Whole if is_attribute(field) => self.attribute(field, value),
                Given::Whole | Given::Absent => {}
            }
            if field.prefixed {
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
        self.open.pop();
        self.xml.close(name);
        if is_certain {
            tables.iter().for_each(|(schema, _)| self.check(schema.rules, value));
        }
    }

    /// Checks the rules.
    fn check(&mut self, rules: Option<fn(Value<'_>, &mut Report<'_>)>, value: Value<'a>) {
        if let Some(rules) = rules.filter(|_| self.with_rules) {
            self.report.check_rules(rules, value);
        }
    }

    /// Declares the namespace of a part, unless it is that of the element or is declared already.
    fn declare(&mut self, element: &str, field: &Field, declared: &mut Vec<&'static str>) {
        let Some(Namespace { prefix, uri }) = Namespace::of_name(self.format.namespaces, field.xml) else { return };
        let is_of_element = element.split_once(':').is_some_and(|(it, _)| it == *prefix);
        if !is_of_element && !declared.contains(prefix) {
            self.xml.plain_attribute(&["xmlns:", prefix].concat(), uri);
            declared.push(prefix);
        }
    }

    /// Returns the tables that the element's own attributes choose; `None` if the value is no element at all.
    fn tables(&mut self, schema: &'static Schema, value: Value<'a>) -> Option<Chosen> {
        let word = |variants: &'static Variants| value.written(variants.tag).map(|tag| tag.text().unwrap_or("\0"));
        let is_unknown = |variants: &'static Variants| value.may_have(variants.tag);
        let variants = match Tables::of(schema, word) {
            Ok(tables) if value.has_unknown() => {
                let known = tables.until(is_unknown);
                return Some(Chosen { tables: known, is_certain: known.iter().count() == tables.iter().count() });
            }
            Ok(tables) => return Some(Chosen { tables, is_certain: true }),
            Err(variants) => variants,
        };
        if is_unknown(variants) {
            let any = |variants: &'static Variants| {
                word(variants).filter(|word| variants.variant(word).is_some()).or(variants.words().next())
            };
            let tables = Tables::of(schema, any).map_or_else(|_| Tables::outermost(schema), |it| it.until(is_unknown));
            return Some(Chosen { tables, is_certain: false });
        }
        if self.is_module_function(value) {
            return None;
        }
        self.no_form(variants, value);
        let guess = |variants: &'static Variants| match word(variants) {
            Some(word) if variants.variant(word).is_some() => Some(word),
            Some(word) => closest(word, variants.words()).or_else(|| unknown::likely(variants, value)),
            None if variants.default.is_some() => None,
            None => unknown::likely(variants, value),
        };
        let tables = Tables::of(schema, guess).unwrap_or_else(|_| Tables::outermost(schema));
        Some(Chosen { tables, is_certain: false })
    }

    /// Reports that the deciding attribute chooses no form.
    fn no_form(&mut self, variants: &'static Variants, value: Value<'a>) {
        let Variants { tag: name, .. } = variants;
        let expected = listing(variants.words());
        let Some(tag) = value.written(name) else {
            let likely = unknown::likely(variants, value);
            self.report.missing(value, name, message::expected(expected)).suggest(likely);
            return;
        };
        let Some(word) = tag.text() else {
            return self.wrong_kind(tag, &expected);
        };
        let message = message::invalid(name, format!("{word:?}"), expected);
        self.report.error(tag, "unknown-word", message).suggest(closest(word, variants.words()));
    }

    /// Collects the fields of the values of a set in the order in which they are written. Returns the value of `extra`;
    /// `None` if the set is no element at all.
    fn gather(&mut self, tables: &Tables, value: Value<'a>, is_certain: bool) -> Option<Option<Value<'a>>> {
        let first = self.parts.len();
        let (mut extra, mut unknown) = (None, Vec::new());
        for child in value.children() {
            if child.is_null() || self.left_out.contains(&child.index()) {
                continue;
            }
            match tables.in_spec(child.name()) {
                Some(Named::One(_, field)) if is_absent(field, child) => {}
                Some(Named::One(order, field)) if field.unit.is_none() => self.gather_one(order, field, child),
                Some(Named::One(order, field)) => self.gather_size(tables, value, (order, field), child),
                Some(Named::Twins(attribute, element)) => self.gather_twins(attribute, element, child),
                None if child.key() == EXTRA => extra = Some(child),
                // Attributes that the source does not tell.
                None if is_rest(child) => {}
                None => unknown.push(child),
            }
        }
        if !unknown.is_empty() && self.is_module_function(value) {
            return None;
        }
        if !is_certain {
            // It may be part of the form that is not known.
            unknown.retain(|child| {
                let mut schemas = tables.iter().map(|(schema, _)| schema);
                let Some(schema) = schemas.find(|schema| unknown::has_name(schema, child.key())) else { return true };
                if let Some(field) = unknown::in_all_forms(schema, child.key()) {
                    self.gather_one(BEHIND_ALL + child.index(), field, *child);
                }
                false
            });
        }
        // Sources differ in the order of a set; the order of the problems does not.
        unknown.sort_unstable_by_key(|child| child.key());
        unknown.into_iter().for_each(|child| self.unknown(child));
        // Faster than a loop: most tables have no such field.
        tables.absent().for_each(|(order, field)| {
            let is_there = self.parts[first..].iter().any(|part| std::ptr::eq(part.field, field));
            if !is_there && !is_in_extra(field, value) {
                self.parts.push(FieldValue { order, field, value, given: Given::Absent });
            }
        });
        self.parts[first..].sort_unstable_by_key(|part| (part.order, part.value.index()));
        for at in first + 1..self.parts.len() {
            // Duplicates occur in JSON, and in a list for an attribute and a child with the same name.
            let FieldValue { order, field, value, .. } = self.parts[at];
            let is_item = value.key().is_empty() && field.occurs == Occurs::Many;
            if self.parts[at - 1].order == order && !is_item {
                self.report.error(value, "said-twice", format!("attribute {:?} is given twice", field.name));
            }
        }
        Some(extra)
    }

    /// Adds the value of a field. For an element that occurs once, a list means its only item.
    #[inline]
    fn gather_one(&mut self, order: u32, field: &'static Field, value: Value<'a>) {
        if matches!(value.data(), Data::List(_)) && field.is_once() {
            return self.gather_item(order, field, value);
        }
        self.parts.push(FieldValue { order, field, value, given: Given::Whole });
    }

    #[inline(never)]
    fn gather_item(&mut self, order: u32, field: &'static Field, list: Value<'a>) {
        let is_there = |item: &Value<'a>| !is_absent(field, *item) && !self.left_out.contains(&item.index());
        let is_known = |item: &Value<'a>| *item.data() != Data::Unknown;
        let (known, unknown): (Vec<_>, Vec<_>) = list.children().filter(is_there).partition(is_known);
        if let Some(second) = known.get(1) {
            self.report.error(*second, "said-twice", message::occurs_once(field.name)).hint(message::keep_one_item());
        }
        if let Some(value) = known.first().or(unknown.first()) {
            self.parts.push(FieldValue { order, field, value: *value, given: Given::Whole });
        }
    }

    /// Adds the value of an attribute and a child that share a name. The type of the value decides; a list may hold both.
    fn gather_twins(&mut self, attribute: (u32, &'static Field), element: (u32, &'static Field), value: Value<'a>) {
        let is_list = matches!(value.data(), Data::List(_));
        let listed = value.children().filter(|item| is_list && *item.data() != Data::Null);
        for value in listed.chain((!is_list).then_some(value)) {
            let (order, field) = if matches!(value.data(), Data::Set(_)) { element } else { attribute };
            self.parts.push(FieldValue { order, field, value, given: Given::Whole });
        }
    }

    /// Adds a number whose unit is another part. A text may have both.
    fn gather_size(&mut self, tables: &Tables, of: Value<'a>, number: (u32, &'static Field), value: Value<'a>) {
        let (order, field) = number;
        let unit = field.unit.and_then(|unit| tables.in_spec(Sketched::of(unit)));
        let (Some(Named::One(unit_order, unit)), Some(_)) = (unit, value.text().and_then(size::split)) else {
            return self.parts.push(FieldValue { order, field, value, given: Given::Whole });
        };
        self.parts.push(FieldValue { order, field, value, given: Given::Number });
        if of.written(unit.name).is_some_and(|unit| *unit.data() != Data::Null) {
            self.report.error(value, "said-twice", message::unit_given_twice(field.name, unit.name));
        } else {
            self.parts.push(FieldValue { order: unit_order, field: unit, value, given: Given::Unit });
        }
    }

    /// Checks a declaration of a namespace. It is written where it is needed, whether the spec has it or not.
    fn namespace(&mut self, child: Value<'a>, prefix: &str) {
        let namespaces = self.format.namespaces;
        let Some(known) = namespaces.iter().find(|known| known.prefix == prefix) else {
            let mut names: Vec<_> = namespaces.iter().map(|known| format!("xmlns:{}", known.prefix)).collect();
            names.sort();
            let reason = message::expected(listing(names.iter().map(String::as_str)));
            self.report.error(child, "unknown-attribute", message::unexpected_attribute(child.key(), reason));
            return;
        };
        match child.text() {
            Some(uri) if uri == known.uri => {}
            Some(uri) => {
                let message = message::invalid("namespace", format!("{uri:?}"), format!("{:?}", known.uri));
                self.report.error(child, "bad-form", message);
            }
            None => self.wrong_kind(child, &format!("{:?}", known.uri)),
        }
    }

    fn unknown(&mut self, child: Value<'a>) {
        let name = child.key();
        if let Some(prefix) = name.strip_prefix("xmlns:") {
            return self.namespace(child, prefix);
        }
        let Advice { message, suggestion, hint } = unknown::advise(name, self.format.aliases, &self.open);
        let is_item = matches!(child.data(), Data::Set(_)) && self.may_repeat();
        let added = self.report.error_of_name(child, "unknown-attribute", message).suggest(suggestion);
        if let Some(hint) = hint {
            added.hint(if is_item { message::write_a_list() } else { hint });
        }
    }

    /// Returns whether the element that is read may occur several times.
    fn may_repeat(&self) -> bool {
        self.open.last().and_then(|open| open.field).is_some_and(|field| field.occurs == Occurs::Many)
    }

    /// Reports the required parts that are missing; of an element whose form is not certain, only its own.
    fn require(&mut self, tables: &Tables, value: Value<'a>, first: usize, is_certain: bool) {
        let depth = if is_certain { usize::MAX } else { 1 };
        for (schema, _) in tables.iter().take(depth) {
            for at in schema.required {
                let field = &schema.fields[usize::from(*at)];
                let found = self.parts[first..].iter().find(|part| std::ptr::eq(part.field, field));
                match found.map(|part| part.value) {
                    None if is_in_extra(field, value) => {}
                    None => {
                        self.report.missing(value, field.name, message::expected(expected(field)));
                    }
                    Some(list) if !field.is_once() && is_empty(field, list) => {
                        let message = message::empty(field.name, expected(field));
                        self.report.error(list, "missing", message);
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// Writes the content of an element for one part, or for several parts that share a child element. Returns the index
    /// of the next part.
    fn content(&mut self, at: usize, end: usize) -> usize {
        let FieldValue { field, value, given, .. } = self.parts[at];
        if let Some(name) = field.within {
            return self.within(name, at, end);
        }
        match field.node {
            _ if given == Given::Absent => self.absent(field, value),
            NodeKind::Attribute => {}
            NodeKind::Text => self.text(field, value),
            NodeKind::Child => self.children(field, value),
        }
        at + 1
    }

    /// Writes the replacement of an absent part.
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

    /// Writes the child element that several parts share. Returns the index of the next part.
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

    /// Writes the child elements of a field from its value.
    fn children(&mut self, field: &'static Field, value: Value<'a>) {
        match (value.data(), field.ty) {
            // `false` leaves the part to libvirt.
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
            (_, Data::Unknown) => {}
            (Type::Scalar(_), _) => {
                self.xml.open(field.xml);
                self.text(field, value);
                self.xml.close(field.xml);
            }
            (Type::Present, data) => match data {
                Data::Bool(true) => self.xml.empty(field.xml),
                Data::Set(_) if value.children().all(is_rest) => self.xml.empty(field.xml),
                _ => {
                    self.wrong_kind_or(value, message::switch(), |text| meant::switch(text).map(message::write_switch))
                }
            },
            (Type::Element(schema), Data::Set(_)) => self.element(schema(), Some(field), value),
            (Type::Element(schema), _) => self.short(schema(), field, value),
            (Type::Xml, _) => self.free(field, value),
        }
    }

    /// Writes an element from a single value.
    fn short(&mut self, schema: &'static Schema, field: &'static Field, value: Value<'a>) {
        self.short_element(schema, field, value);
        self.check_short(schema, value);
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
            (Shorthand::Size { unit, count }, Data::Text(text)) => match size::split(text) {
                Some((number, name)) => {
                    self.xml.open(field.xml);
                    self.part_of_text(&schema.fields[usize::from(unit)], value, name);
                    self.part_of_text(&schema.fields[usize::from(count)], value, number);
                    self.xml.close(field.xml);
                }
                None => self.count_alone(&schema.fields[usize::from(count)], field.xml, value),
            },
            (Shorthand::Size { count, .. }, Data::Int(_) | Data::Bool(_) | Data::Float(_)) => {
                self.count_alone(&schema.fields[usize::from(count)], field.xml, value);
            }
            (Shorthand::Text(at), Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::Float(_)) => {
                self.text_alone(&schema.fields[usize::from(at)], field.xml, value);
            }
            (Shorthand::Notation(notation), Data::Text(text)) => {
                self.notation(notation, schema, field.xml, value, text);
            }
            _ => self.wrong_kind_or(value, &expected(field), |text| {
                let switch = meant::switch(text).filter(|_| schema.shorthand.is_switch());
                let is_item = value.key().is_empty();
                switch
                    .map(message::write_switch)
                    .or_else(|| meant::parts(field, schema, &shown_parts(schema), text, is_item))
            }),
        }
    }

    fn text_alone(&mut self, text: &'static Field, name: &str, value: Value<'a>) {
        self.xml.open(name);
        self.text(text, value);
        self.xml.close(name);
    }

    /// Writes the number of a size without a unit.
    fn count_alone(&mut self, count: &'static Field, name: &str, value: Value<'a>) {
        match count.ty.scalar().print(value.data()) {
            Ok(_) => self.text_alone(count, name, value),
            Err(why) => self.refused_as(count, value, &why, &or_size(count.ty.scalar())),
        }
    }

    /// Writes an element whose attributes are given by a text.
    fn notation(&mut self, notation: &Notation, schema: &'static Schema, name: &str, value: Value<'a>, text: &str) {
        let Some(attributes) = (notation.split)(text) else {
            let Notation { what, example, .. } = notation;
            let message = message::not_in_notation(what, text, example);
            self.report.error(value, "bad-form", message);
            return;
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

    /// Writes the number or the unit of a size in a text.
    fn part_of_size(&mut self, field: &'static Field, value: Value<'a>, given: Given) {
        let Some((number, unit)) = value.text().and_then(size::split) else { return };
        self.part_of_text(field, value, if given == Given::Unit { unit } else { number });
    }

    fn attribute(&mut self, field: &'static Field, value: Value<'a>) {
        self.secret(field, value);
        match field.ty.scalar().print(value.data()) {
            Ok(text) => {
                self.check_value(field, value, &text);
                self.attribute_text(field.xml, value, &text);
            }
            Err(why) => self.refused(field, value, &why),
        }
    }

    /// Warns of a password in the spec, which everyone can read in the Nix store.
    fn secret(&mut self, field: &'static Field, value: Value<'a>) {
        if field.secret && value.text().is_some_and(|text| !text.is_empty()) {
            let message = "this password is written to the Nix store, where every user of the host can read it";
            self.report
                .warning(value, "literal-password", message)
                .hint("remove it, and name a file with the password in `graphicsPasswordFile` of the domain");
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
                self.check_value(field, value, &text);
                if let Err(bad) = self.xml.text(&text) {
                    self.bad_character(value, bad);
                }
            }
            Err(why) => self.refused(field, value, &why),
        }
    }

    /// Writes an attribute or text from a part of a value's text.
    fn part_of_text(&mut self, field: &'static Field, value: Value<'a>, text: &str) {
        let word = field.ty.scalar();
        match (word.print_text(text), field.node) {
            (Ok(text), NodeKind::Attribute) => self.attribute_text(field.xml, value, &text),
            (Ok(text), _) => self.xml.text(&text).unwrap_or_else(|bad| self.bad_character(value, bad)),
            (Err(why), _) => {
                self.refused_text(word, &word.to_string(), value, text, &why);
            }
        }
    }

    fn bad_character(&mut self, value: Value<'a>, bad: char) {
        self.report.error(value, "bad-character", format!("invalid character {bad:?}: XML cannot contain it"));
    }

    fn refused(&mut self, field: &'static Field, value: Value<'a>, why: &Refused) {
        self.refused_as(field, value, why, &expected(field));
    }

    fn refused_as(&mut self, field: &'static Field, value: Value<'a>, why: &Refused, expected: &str) {
        let word = field.ty.scalar();
        match (value.data(), why) {
            _ if field.secret => self.wrong_kind(value, expected),
            (Data::Text(text), _) => {
                let tables = self.open.last().map(|open| open.tables);
                let part = |name: &str| match tables?.in_spec(Sketched::of(name))? {
                    Named::One(_, field) => Some(field),
                    Named::Twins(..) => None,
                };
                let hint = unit_hint(field, text).or_else(|| meant::without_prefix(field, part, text));
                let added = self.refused_text(word, expected, value, text, why);
                if let Some(hint) = hint {
                    added.hint(hint);
                }
            }
            (Data::Int(number), Refused::Range | Refused::Unknown | Refused::Form) => {
                self.refused_text(word, expected, value, &number.to_string(), why);
            }
            (Data::Float(number), _) => self.refused_float(word, expected, value, *number),
            _ => self.wrong_kind(value, expected),
        }
    }

    fn refused_text(
        &mut self,
        word: &Scalar,
        expected: &str,
        value: Value<'a>,
        text: &str,
        why: &Refused,
    ) -> Added<'_> {
        let code = match why {
            Refused::Kind => "wrong-type",
            Refused::Range => "out-of-range",
            Refused::Unknown => "unknown-word",
            Refused::Form => "bad-form",
            Refused::Size => "unrepresentable-size",
        };
        let switch = meant::switch(text).filter(|on| word.print(&Data::Bool(*on)).is_ok());
        let near = if switch.is_some() { None } else { closest(text, word.known()) };
        let found = if value.text().is_none() { text.to_owned() } else { format!("{text:?}") };
        let message = match (why, word) {
            (Refused::Size, Scalar::Size { unit, .. }) => message::invalid_size(text, unit.name, word.range().1),
            _ => message::invalid(word.noun(), found, expected),
        };
        let added = self.report.error(value, code, message).suggest(near);
        match (switch, why) {
            (Some(on), _) => added.hint(message::write_switch(on)),
            (None, Refused::Unknown) if near.is_none() => added.hint(message::newer_libvirt()),
            _ => added,
        }
    }

    /// Reports a number with a fraction. Nix does not keep the text of a number, so that a version needs quotes.
    fn refused_float(&mut self, word: &Scalar, expected: &str, value: Value<'a>, number: f64) {
        let message = message::no_fraction(expected);
        let added = self.report.error(value, "wrong-type", message);
        let written = format!("{number:?}");
        if word.print_text(&written).is_ok() {
            added.hint(message::write_in_quotes(written));
        }
    }

    fn wrong_kind(&mut self, value: Value<'a>, expected: &str) {
        if !self.is_module_function(value) {
            self.report.error(value, "wrong-type", message::wrong_type(expected, value.kind()));
        }
    }

    /// Reports a value of another type, with advice on a text that probably means something else.
    fn wrong_kind_or(&mut self, value: Value<'a>, expected: &str, meant: impl Fn(&str) -> Option<String>) {
        let Some(hint) = value.text().and_then(meant) else { return self.wrong_kind(value, expected) };
        self.report.error(value, "wrong-type", message::wrong_type(expected, value.kind())).hint(hint);
    }

    /// Reports XML in place of a spec.
    fn is_xml(&mut self, value: Value<'a>) {
        self.report.error(value, "wrong-type", message::xml_for_a_set()).hint(message::convert_xml());
    }

    /// Reports a set that a function of nixpkgs' module system made, such as `lib.mkIf`. Returns whether it is one.
    fn is_module_function(&mut self, value: Value<'a>) -> bool {
        let Some(tag) = value.written("_type").and_then(Value::text) else { return false };
        let Some(made) = message::MODULE_FUNCTIONS.iter().find(|made| made.tag == tag) else { return false };
        let hint = message::instead_of_function(made.instead);
        self.report.error(value, "wrong-type", message::module_function(made.function)).hint(hint);
        true
    }

    /// Writes an element that holds XML of any kind: a string or a list of strings.
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
                Err(why) => {
                    self.report.error(value, "not-well-formed", format!("invalid XML: {why}"));
                }
            },
            _ => self.wrong_kind(value, message::xml()),
        }
    }

    /// Writes the attributes of an `extra` and returns its XML. `parts` are the element's other parts, and `declared` the
    /// namespaces that it declares.
    fn extra(&mut self, extra: Value<'a>, parts: Range<usize>, declared: &[&str]) -> Option<&'a str> {
        let Data::Set(_) = extra.data() else {
            self.wrong_kind(extra, &set_with(EXTRA_PARTS));
            return None;
        };
        let mut inner = None;
        for part in extra.children().filter(|part| *part.data() != Data::Null) {
            match part.key() {
                "attributes" => self.extra_attributes(part, parts.clone(), declared),
                "xml" => inner = self.checked_xml(part),
                name => {
                    let near = closest(name, EXTRA_PARTS);
                    let message = match near {
                        None => {
                            message::unexpected_attribute(name, message::expected(listing(EXTRA_PARTS.into_iter())))
                        }
                        Some(_) => message::unknown_attribute(name),
                    };
                    self.report.error(part, "unknown-attribute", message).suggest(near);
                }
            }
        }
        inner
    }

    fn extra_attributes(&mut self, attributes: Value<'a>, parts: Range<usize>, declared: &[&str]) {
        if !matches!(attributes.data(), Data::Set(_)) {
            return self.wrong_kind(attributes, message::strings());
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
                self.report.error(attribute, "said-twice", format!("attribute {name:?} is given twice"));
                continue;
            }
            if !xml::is_name(attribute.key()) {
                self.report.error(attribute, "bad-form", message::invalid_xml_name(name));
                continue;
            }
            match Scalar::Text.print(attribute.data()) {
                Ok(text) => self.attribute_text(attribute.key(), attribute, &text),
                Err(_) => self.wrong_kind(attribute, message::string()),
            }
        }
    }

    fn checked_xml(&mut self, value: Value<'a>) -> Option<&'a str> {
        let Some(text) = value.text() else {
            self.wrong_kind(value, message::xml());
            return None;
        };
        match xml::check(text) {
            Ok(()) => Some(text),
            Err(why) => {
                self.report.error(value, "not-well-formed", format!("invalid XML: {why}"));
                None
            }
        }
    }
}

/// Returns whether a field decides between forms.
fn is_deciding(tables: &Tables, field: &Field) -> bool {
    tables.iter().any(|(schema, _)| schema.forms.as_ref().is_some_and(|forms| (forms.variants)().tag == field.name))
}

/// Returns whether a field is an attribute of the element itself.
fn is_attribute(field: &Field) -> bool {
    field.node == NodeKind::Attribute && field.within.is_none()
}

/// Returns whether a value represents the attributes of a set that the source does not tell.
fn is_rest(child: Value<'_>) -> bool {
    child.key().is_empty() && *child.data() == Data::Unknown
}

/// Returns whether a value means that the element is absent.
fn is_absent(field: &Field, value: Value<'_>) -> bool {
    match (value.data(), field.ty) {
        (Data::Null, _) | (Data::Bool(false), Type::Present) => true,
        (Data::Bool(false), Type::Element(schema)) => schema().shorthand.is_presence(),
        _ => false,
    }
}

/// Returns whether `extra` has the part, where import puts parts with unknown words, or may have it.
fn is_in_extra(field: &Field, value: Value<'_>) -> bool {
    let may_be_there = |extra: Value<'_>| EXTRA_PARTS.iter().any(|part| extra.may_have(part));
    if value.may_have(EXTRA) || value.written(EXTRA).is_some_and(may_be_there) {
        return true;
    }
    let extra = |name| value.written(EXTRA).and_then(|extra| extra.written(name));
    match field.node {
        NodeKind::Attribute => extra("attributes").is_some_and(|them| them.written(field.xml).is_some()),
        NodeKind::Child => {
            let elements = extra("xml").and_then(Value::text).and_then(|text| xml::parse(text).ok());
            elements.is_some_and(|elements| elements.iter().any(|element| element.name == field.xml))
        }
        NodeKind::Text => false,
    }
}

/// Returns whether a value is a list without items.
fn is_empty(field: &Field, value: Value<'_>) -> bool {
    matches!(value.data(), Data::List(_)) && value.children().all(|item| is_absent(field, item))
}

/// Returns the description of a valid value for messages.
fn expected(field: &Field) -> String {
    match field.ty {
        Type::Scalar(word) if field.unit.is_some() => or_size(word),
        Type::Scalar(word) => word.to_string(),
        Type::Present => message::switch().to_owned(),
        Type::Xml => message::xml().to_owned(),
        Type::Element(schema) => match schema().shorthand {
            Shorthand::None => set_of(schema()),
            Shorthand::Text(at) => message::value_or_set(schema().fields[usize::from(at)].ty.scalar().to_string()),
            Shorthand::Presence if !schema().fields.is_empty() => message::switch_or_set(set_of(schema())),
            Shorthand::Switch(_) | Shorthand::Presence => message::switch_or_set(message::set()),
            Shorthand::Size { .. } => message::value_or_set(message::size(size::EXAMPLE)),
            Shorthand::Notation(Notation { what, example, .. }) => message::notation_or_set(what, example),
        },
    }
}

/// Returns the description of a number that may also be a size with a unit.
fn or_size(number: &Scalar) -> String {
    message::either(number.to_string(), message::size(size::EXAMPLE))
}

/// Returns the description of an element's set, with an example: "a set, e.g. { file = …; }".
fn set_of(schema: &Schema) -> String {
    set_with(shown_parts(schema))
}

/// Returns the names of the parts that messages show of an element's set: those that are required, or else the first.
fn shown_parts(schema: &Schema) -> Vec<&'static str> {
    let forms = schema.forms.as_ref().map(|forms| (forms.variants)());
    let deciding = forms.filter(|variants| variants.default.is_none()).map(|variants| variants.tag);
    let required = schema.required.iter().map(|at| schema.fields[usize::from(*at)].name);
    let mut names: Vec<_> = deciding.into_iter().chain(required).collect();
    if names.is_empty() {
        names.extend(schema.fields.first().map(|field| field.name).or(forms.map(|variants| variants.tag)));
    }
    names
}

/// Returns the advice on a size with a unit, such as `8 GiB`, where only a number is expected.
fn unit_hint(field: &Field, text: &str) -> Option<String> {
    let is_number = matches!(field.ty.scalar(), Scalar::Int { .. }) && field.unit.is_none();
    size::split(text).filter(|_| is_number).map(|_| message::without_a_unit(field.doc))
}

/// Returns the description of a set with certain parts.
fn set_with(names: impl IntoIterator<Item = &'static str>) -> String {
    message::set_of(names.into_iter().map(message::part_of_set).collect::<String>())
}
