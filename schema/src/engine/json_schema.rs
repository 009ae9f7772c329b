//! JSON Schema of a format, for editors and for plain Nix: each property also has its place in XML.

use crate::engine::format::{Format, Namespace};
use crate::engine::pattern::Pattern;
use crate::engine::ranges;
use crate::engine::release::{Release, described};
use crate::engine::scalar::{Enum, Scalar, noun};
use crate::engine::shorthand::Shorthand;
use crate::engine::size::SizeUnitInAnyCase;
use crate::engine::table::{Absent, Field, FieldType, NodeKind, Occurs, Schema, Type, Variant, Variants};
use serde_json::{Map, Value as Json, json};

/// Returns the JSON Schema of a format (draft 2020-12).
///
/// Beyond the draft, each property has `xml`, like OpenAPI's object of that name: `{ name, attribute?, text?, raw?,
/// within?, absent?, namespace? }`. A property without `attribute` and `text` is a child element; one with `raw` holds
/// XML. An object has `xmlOrder`, its properties in the order in which they are written; the properties of its forms
/// follow after `xmlFormsAt` of them. An element has `xmlShort`, which says what a single value in place of the object
/// is: its `text`, a `switch`, its `presence`, a `size` with a unit, or a `pci` address; `xmlShortFor` names the
/// properties that the value means. `xmlKeyed` says that the options of the modules have the repeated children of
/// an element as sets by name. A number has `xmlHex`, the number of its hexadecimal digits. A switch has `xmlSwitch`,
/// the words for true and false.
/// A text for a number has `xmlSize` if it is a size with a unit: `unitIn` names the property that has the unit in XML;
/// otherwise the size is converted to a number of `unit` from `min` to `max`.
/// `xmlSince` of a property or form is the release of libvirt that introduced it, as the description says too; of an enum, it has
/// the release of each newer word.
/// `xmlAliases` of the whole schema has the names that other tools use for properties. The `title` of an enum is its name in
/// messages.
///
/// The schema accepts what the types accept, except for four things that it cannot express: whether a character or XML
/// is well formed, that a required part may be under `extra`, that a mode is octal if it is a number, and that a size is a
/// whole number of the unit that libvirt counts in. And it does not say that an element that occurs once may be a list of one
/// item, which editors would propose everywhere.
pub fn schema(format: impl Into<&'static Format>) -> Json {
    let format = format.into();
    let mut definitions = Definitions { namespaces: format.namespaces, ..Definitions::default() };
    let root = definitions.set(format.schema());
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("https://nixvirt.org/schema/{}.json", format.name),
        "title": format!("libvirt {}", format.name),
        "$comment": format.manual,
        "description": format.schema().doc,
    });
    merge(&mut schema, root);
    schema["xml"] = json!({ "name": format.root });
    if !format.aliases.is_empty() {
        schema["xmlAliases"] = format.aliases.iter().map(|(alias, meant)| (*alias, *meant)).collect();
    }
    schema["$defs"] = Json::Object(definitions.made);
    schema
}

/// Definitions of the schema by name.
#[derive(Default)]
struct Definitions {
    made: Map<String, Json>,
    /// Tables that have a definition.
    elements: Vec<&'static Schema>,
    /// Namespaces of the format.
    namespaces: &'static [Namespace],
}

impl Definitions {
    /// Returns a reference to the definition of an element, and makes the definition on first use.
    fn element(&mut self, schema: &'static Schema) -> Json {
        if !self.elements.iter().any(|other| std::ptr::eq(*other, schema)) {
            self.elements.push(schema);
            let made = self.object(schema);
            let other = self.made.insert(schema.name.to_owned(), made);
            debug_assert_eq!(other, None, "two types have the same name");
        }
        reference(schema.name)
    }

    fn object(&mut self, schema: &'static Schema) -> Json {
        let object = self.set(schema);
        let mut either = vec![object];
        let word = |at: u16| schema.fields[usize::from(at)].ty.scalar();
        match schema.shorthand {
            Shorthand::None => {}
            Shorthand::Presence => either.push(json!({ "type": "boolean" })),
            Shorthand::Switch(_) => either.push(json!({ "enum": [true, false] })),
            Shorthand::Text(at) => either.push(self.scalar(word(at))),
            Shorthand::Size { unit, count } => {
                let (unit, count) = (word(unit), word(count));
                either.push(self.scalar(count));
                either.push(sized(count, unit));
            }
            Shorthand::Notation(notation) => {
                either.push(json!({ "type": "string", "pattern": format!("^{}$", notation.regex) }));
            }
        }
        let mut made = any_of(either);
        made["description"] = schema.doc.into();
        if schema.keyed {
            made["xmlKeyed"] = true.into();
        }
        if let Some((short, parts)) = short_form(schema) {
            made["xmlShort"] = short.into();
            if !parts.is_empty() {
                made["xmlShortFor"] = parts.into();
            }
        }
        made
    }

    /// Returns the schema of an element's set: its own parts, and those of one of its forms.
    fn set(&mut self, schema: &'static Schema) -> Json {
        let mut set = self.parts(schema);
        set["type"] = "object".into();
        // Editors show the message in place of one about the type.
        set["unevaluatedProperties"] = json!({ "type": "null", "errorMessage": "Unknown attribute." });
        let properties = set["properties"].as_object_mut().expect("made as an object");
        if !properties.contains_key("extra") {
            properties.insert("extra".to_owned(), self.extra());
        }
        set
    }

    fn parts(&mut self, schema: &'static Schema) -> Json {
        let mut properties: Map<String, Json> = Map::new();
        for (at, field) in (0..).zip(schema.fields) {
            if properties.contains_key(field.name) {
                continue;
            }
            let property = match schema.twin(at) {
                Some((_, child)) => self.twins(field, child),
                None => self.property(schema, field, schema.required.contains(&at) && !is_unit(schema, field)),
            };
            properties.insert(field.name.to_owned(), property);
        }
        let required = schema.required.iter().map(|at| &schema.fields[usize::from(*at)]);
        let required: Vec<_> = required.filter(|it| !is_unit(schema, it)).map(|field| field.name).collect();
        let order: Vec<_> = schema.fields.iter().map(|field| field.name).collect();
        let mut parts = json!({ "xmlOrder": order });
        parts["properties"] = properties.into();
        if !required.is_empty() {
            parts["required"] = required.into();
        }
        let units: Vec<_> = schema.fields.iter().filter_map(|field| unit_once(schema, field)).collect();
        if !units.is_empty() {
            parts["allOf"] = units.into();
        }
        if let Some(forms) = &schema.forms {
            parts["oneOf"] = self.forms((forms.variants)());
            parts["xmlFormsAt"] = forms.at.into();
        }
        parts
    }

    fn forms(&mut self, variants: &'static Variants) -> Json {
        let form = |variant: &'static Variant, definitions: &mut Self| {
            let mut form = definitions.parts(&variant.schema);
            form["title"] = variant.word.into();
            form["description"] = described(variant.schema.doc, variant.since).into();
            since(&mut form, variant.since);
            form
        };
        variants.variants.iter().map(|variant| form(variant, self)).collect()
    }

    fn property(&mut self, schema: &'static Schema, field: &'static Field, is_required: bool) -> Json {
        let null = || json!({ "type": "null" });
        let one = match field.absent {
            _ if field.unit.is_some() => {
                let mut text = sized_in(schema, field);
                text["xmlSize"] = json!({ "unitIn": field.unit });
                any_of(vec![self.one(field), text])
            }
            // `false` leaves the part to libvirt.
            Absent::Uuid | Absent::Mac => any_of(vec![self.one(field), json!({ "const": false })]),
            Absent::Empty | Absent::Nothing => self.one(field),
        };
        // Values that mean that an element is absent are not valid if the element is required.
        let absent = if may_be_false(field) { vec![Json::Null, false.into()] } else { vec![Json::Null] };
        let present = |mut one: Json| {
            if may_be_false(field) {
                one["not"] = json!({ "const": false });
            }
            one
        };
        let either = match (field.occurs, is_required) {
            (Occurs::Many, true) => {
                let items = any_of(vec![one.clone(), null()]);
                let list = json!({ "type": "array", "items": items, "contains": { "not": { "enum": absent } } });
                vec![present(one), list]
            }
            (Occurs::Many, false) => {
                let items = any_of(vec![one.clone(), null()]);
                vec![one, json!({ "type": "array", "items": items }), null()]
            }
            (_, true) => vec![present(one)],
            (_, false) => vec![one, null()],
        };
        let mut property = any_of(either);
        property["description"] = field.description().into();
        property["xml"] = self.place(field);
        since(&mut property, field.since);
        if field.secret {
            property["writeOnly"] = true.into();
        }
        property
    }

    /// Returns the schema for an attribute and a child with the same name. The value tells which; a list may hold both.
    fn twins(&mut self, attribute: &'static Field, child: &'static Field) -> Json {
        let mut element = self.one(child);
        element["type"] = "object".into();
        let either = any_of(vec![self.one(attribute), element, json!({ "type": "null" })]);
        let at_most_one = |of: Json| json!({ "contains": of, "minContains": 0, "maxContains": 1 });
        let mut list = json!({ "type": "array", "items": either });
        merge(&mut list, at_most_one(json!({ "not": { "type": ["object", "null"] } })));
        if child.occurs != Occurs::Many {
            list["allOf"] = json!([at_most_one(json!({ "type": "object" }))]);
        }
        let mut property = any_of(vec![either, list]);
        property["description"] = format!("{} In a set: {}", attribute.description(), child.description()).into();
        property["xml"] = self.place(attribute);
        property
    }

    /// Returns the schema of one occurrence of a field.
    fn one(&mut self, field: &'static Field) -> Json {
        match field.ty {
            Type::Scalar(word) => self.scalar(word),
            Type::Element(schema) => self.element(schema()),
            Type::Present => {
                any_of(vec![json!({ "type": "boolean" }), json!({ "type": "object", "maxProperties": 0 })])
            }
            Type::Xml => {
                let item = json!({ "type": ["string", "null"] });
                any_of(vec![json!({ "type": "string" }), json!({ "type": "array", "items": item })])
            }
        }
    }

    fn scalar(&mut self, word: &'static Scalar) -> Json {
        match word {
            Scalar::Text => json!({ "type": ["string", "number"] }),
            Scalar::Float => json!({ "type": ["number", "string"], "pattern": anchored(word) }),
            Scalar::Pattern(pattern) => self.define(pattern.name, || {
                let mut made = json!({ "type": "string", "pattern": anchored(word), "title": pattern.noun, "description": pattern.form });
                merge(&mut made, whole_numbers(pattern));
                made
            }),
            Scalar::Int { min, max } => self.define(&format!("Int{min}To{max}"), || {
                limited(json!({ "type": ["integer", "string"], "minimum": min, "pattern": anchored(word) }), *max)
            }),
            Scalar::Hex { digits, max } => self.define(&format!("Hex{digits}To{max:x}"), || {
                json!({
                    "type": ["integer", "string"],
                    // Nix and this crate read a larger number as text, in which digits are hexadecimal.
                    "minimum": 0, "maximum": (*max).min(i64::MAX as u64), "pattern": anchored(word), "xmlHex": digits,
                })
            }),
            Scalar::Size { number, unit } => {
                let (min, max) = word.range();
                let text = self.define(&format!("SizeIn{}{min}To{max}", unit.name), || {
                    let size = json!({ "unit": unit.name, "min": min, "max": max });
                    let pattern = format!("^[0-9]+ *(?:{})$", form(SizeUnitInAnyCase::TYPE.scalar()));
                    json!({ "type": "string", "pattern": pattern, "xmlSize": size })
                });
                any_of(vec![self.scalar(number), text])
            }
            Scalar::Switch { on, off } => {
                let name = if *on == "yes" { "YesNo" } else { "OnOff" };
                self.define(
                    name,
                    || json!({ "enum": [true, false, on, off], "xmlSwitch": { "true": on, "false": off } }),
                )
            }
            Scalar::Enum(words) if words.name.is_empty() => json!({ "const": words.words[0].word }),
            Scalar::Enum(words) => self.define(words.name, || enumeration(words)),
            Scalar::Either(words) => any_of(words.iter().map(|word| self.scalar(word)).collect()),
        }
    }

    /// Adds the alternatives of the schema of a scalar, with what decides whether they accept a value.
    fn alternatives(&self, schema: &Json, alternatives: &mut Vec<Json>) {
        if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
            return self.alternatives(&self.made[name], alternatives);
        }
        if let Some(several) = schema["anyOf"].as_array() {
            return several.iter().for_each(|one| self.alternatives(one, alternatives));
        }
        let decisive: &[&str] = match schema {
            _ if schema.get("enum").is_some() => &["enum"],
            _ if schema.get("const").is_some() => &["const"],
            _ if schema.get("xmlSize").is_some() => &["type", "xmlSize"],
            _ if schema.get("xmlHex").is_some() => &["type", "xmlHex", "maximum"],
            _ if schema["type"][0] == "integer" => &["type", "minimum", "maximum"],
            _ => &["type", "pattern"],
        };
        let kept = decisive.iter().filter_map(|name| Some(((*name).to_owned(), schema.get(*name)?.clone())));
        alternatives.push(Json::Object(kept.collect()));
    }

    fn extra(&mut self) -> Json {
        self.define("Extra", || {
            json!({
                "description": "Content that the schema does not describe: additional attributes, and XML to insert into the element.",
                "anyOf": [{ "type": "null" }, {
                    "type": "object",
                    "properties": {
                        "attributes": {
                            "type": ["object", "null"],
                            "propertyNames": { "pattern": format!("^(?:{NAME}:)?{NAME}$") },
                            "additionalProperties": { "type": ["string", "number", "null"] },
                        },
                        "xml": { "type": ["string", "null"] },
                    },
                    "additionalProperties": { "type": "null" },
                }],
            })
        })
    }

    /// Returns the place of a field in XML.
    fn place(&self, field: &Field) -> Json {
        let mut place = Map::new();
        match field.node {
            NodeKind::Attribute => drop(place.insert("attribute".to_owned(), true.into())),
            NodeKind::Text => drop(place.insert("text".to_owned(), true.into())),
            NodeKind::Child => {}
        }
        if matches!(field.ty, Type::Xml) {
            place.insert("raw".to_owned(), true.into());
        }
        if field.node != NodeKind::Text {
            place.insert("name".to_owned(), field.xml.into());
        }
        if let Some(name) = field.within {
            place.insert("within".to_owned(), name.into());
        }
        if let Some(what) = field.absent.name() {
            place.insert("absent".to_owned(), what.into());
        }
        if let Some(namespace) = Namespace::of_name(self.namespaces, field.xml) {
            place.insert("namespace".to_owned(), namespace.uri.into());
        }
        Json::Object(place)
    }

    fn define(&mut self, name: &str, make: impl FnOnce() -> Json) -> Json {
        match self.made.get(name) {
            Some(made) => debug_assert_eq!(*made, make(), "two types have the same name"),
            None => drop(self.made.insert(name.to_owned(), make())),
        }
        reference(name)
    }
}

/// Regular expression for a name in XML without a prefix.
const NAME: &str = r"[\p{Alphabetic}_][\p{Alphabetic}\p{N}_.\-]*";

/// Returns what a scalar accepts as JSON Schemas without descriptions, each of a single word, number or text.
pub(crate) fn words(word: &'static Scalar) -> Vec<Json> {
    let mut definitions = Definitions::default();
    let schema = definitions.scalar(word);
    let mut words = Vec::new();
    definitions.alternatives(&schema, &mut words);
    words
}

/// Returns the name of an element's short form, and the names of the parts that a single value means.
pub(crate) fn short_form(schema: &Schema) -> Option<(&'static str, Vec<&'static str>)> {
    let name = |at: u16| schema.fields[usize::from(at)].name;
    match schema.shorthand {
        Shorthand::None => None,
        Shorthand::Text(at) => Some(("text", vec![name(at)])),
        Shorthand::Switch(at) => Some(("switch", vec![name(at)])),
        Shorthand::Size { unit, count } => Some(("size", vec![name(count), name(unit)])),
        Shorthand::Notation(notation) => Some((notation.name, Vec::new())),
        Shorthand::Presence => Some(("presence", Vec::new())),
    }
}

/// Returns whether `false` means that the field's element is absent.
pub(crate) fn may_be_false(field: &Field) -> bool {
    match field.ty {
        Type::Present => true,
        Type::Element(schema) => schema().shorthand.is_presence(),
        _ => false,
    }
}

/// Returns the expression for all texts that a scalar accepts, anchored at both ends.
fn anchored(word: &Scalar) -> String {
    format!("^(?:{})$", form(word))
}

/// Returns the expression for all texts that a scalar accepts.
fn form(word: &Scalar) -> String {
    match word {
        Scalar::Text => r"[\s\S]*".to_owned(),
        Scalar::Pattern(pattern) => pattern.regex.to_owned(),
        Scalar::Int { min, max } => ranges::decimal(*min, *max),
        Scalar::Size { number, .. } => form(number),
        Scalar::Hex { max, .. } => format!("(?:0x)?(?:{})", ranges::hexadecimal(*max)),
        Scalar::Float => r"-?[0-9]+(?:\.[0-9]+)?".to_owned(),
        Scalar::Switch { on, off } => format!("{on}|{off}"),
        Scalar::Enum(words) => words.words.iter().map(|it| escaped(it.word)).collect::<Vec<_>>().join("|"),
        Scalar::Either(words) => words.iter().map(|word| form(word)).collect::<Vec<_>>().join("|"),
    }
}

/// Returns the schema for a number and its unit in one text.
fn sized(number: &Scalar, unit: &Scalar) -> Json {
    json!({ "type": "string", "pattern": format!("^(?:{}) *(?:{})$", form(number), form(unit)) })
}

/// Returns the same for a field that has its unit in another one.
fn sized_in(schema: &Schema, field: &Field) -> Json {
    let unit = schema.fields.iter().find(|other| Some(other.name) == field.unit).expect("the macro finds the unit");
    sized(field.ty.scalar(), unit.ty.scalar())
}

/// Returns whether a field has the unit of another one.
fn is_unit(schema: &Schema, field: &Field) -> bool {
    schema.fields.iter().any(|other| other.unit == Some(field.name))
}

/// Returns the condition that the unit of a number is given once: in the text of the number, or by itself.
fn unit_once(schema: &Schema, field: &Field) -> Option<Json> {
    let unit = schema.fields.iter().find(|other| Some(other.name) == field.unit)?;
    let mut once = json!({
        "if": { "required": [field.name], "properties": { field.name: sized_in(schema, field) } },
        "then": { "properties": { unit.name: { "type": "null" } } },
    });
    if unit.required {
        once["else"] = json!({ "required": [unit.name], "properties": { unit.name: { "not": { "type": "null" } } } });
    }
    Some(once)
}

/// Returns the expression for one text.
fn escaped(text: &str) -> String {
    let escape =
        |letter: char| if letter.is_ascii_punctuation() && letter != '_' { vec!['\\', letter] } else { vec![letter] };
    text.chars().flat_map(escape).collect()
}

/// Returns the range of the whole numbers whose digits match a pattern. It is found by trying some numbers of each
/// length.
fn whole_numbers(pattern: &Pattern) -> Json {
    let samples = (0..19).flat_map(|zeros| {
        let first = 10_i64.pow(zeros);
        let last = first.checked_mul(10).map_or(i64::MAX, |next| next - 1);
        [first, last / 9 * 7, last]
    });
    let samples = samples.flat_map(|number| [number, -number]).chain([0, i64::MIN]);
    let taken: Vec<_> = samples.filter(|number| pattern.matches(&number.to_string())).collect();
    let (Some(min), Some(max)) = (taken.iter().min(), taken.iter().max()) else { return json!({}) };
    let mut range = json!({ "type": ["string", "integer"] });
    if *min != i64::MIN {
        range["minimum"] = (*min).into();
    }
    if *max != i64::MAX {
        range["maximum"] = (*max).into();
    }
    // Numbers of a fixed length are on both sides of zero.
    let below = taken.iter().filter(|number| **number < 0).max();
    let above = taken.iter().filter(|number| **number > 0).min();
    if let (Some(below), Some(above), false) = (below, above, taken.contains(&0)) {
        range["not"] = json!({ "type": "integer", "exclusiveMinimum": below, "exclusiveMaximum": above });
    }
    range
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Returns a schema that accepts what any of several accepts.
fn any_of(mut schemas: Vec<Json>) -> Json {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => Json::Object(Map::from_iter([("anyOf".to_owned(), schemas.into())])),
    }
}

fn enumeration(words: &Enum) -> Json {
    let switches = [true, false].into_iter().filter(|it| words.switch(*it).is_some()).map(Json::from);
    let numbers =
        words.words.iter().filter_map(|it| it.word.parse::<i64>().ok().filter(|number| number.to_string() == it.word));
    let listed: Vec<_> =
        words.words.iter().map(|it| Json::from(it.word)).chain(numbers.map(Json::from)).chain(switches).collect();
    let meanings: Map<String, Json> =
        words.words.iter().map(|it| (it.word.to_owned(), described(it.doc, it.since).into())).collect();
    let newer: Map<String, Json> =
        words.words.iter().filter_map(|it| Some((it.word.to_owned(), json!(it.since?)))).collect();
    let mut made =
        json!({ "title": noun(words.name), "description": words.doc, "enum": listed, "enumDescriptions": meanings });
    if !newer.is_empty() {
        made["xmlSince"] = newer.into();
    }
    made
}

/// Adds the release that introduced a property or form.
fn since(schema: &mut Json, since: Option<Release>) {
    if let Some(since) = since {
        schema["xmlSince"] = json!(since);
    }
}

/// Returns a number's schema with a maximum. Nix cannot read JSON with a number above its own maximum, so that such a
/// limit is omitted.
fn limited(mut number: Json, most: u64) -> Json {
    if i64::try_from(most).is_ok() {
        number["maximum"] = most.into();
    }
    number
}

fn merge(into: &mut Json, from: Json) {
    let (Json::Object(into), Json::Object(from)) = (into, from) else { return };
    into.extend(from);
}
