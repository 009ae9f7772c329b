//! Tables of a format in the form from which plain Nix writes specs: a text for each element, so that only those are read that
//! specs have, and one text with what most objects have.

pub mod common;

use crate::engine::format::{Format, Namespace};
use crate::engine::json_schema::{may_be_false, short_form, words};
use crate::engine::scalar::Scalar;
use crate::engine::table::{Absent, Field, NodeKind, Occurs, Schema, Tables, Type};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Tables of a format.
#[derive(Debug)]
pub struct Written {
    /// Root: `name` is its tag, `table` its table, and `elements` the names of all other elements.
    pub root: Json,
    /// Tables of the elements by name.
    pub elements: BTreeMap<&'static str, Json>,
    /// Common elements.
    pub common: common::Written,
}

/// Returns the tables of a format.
///
/// A table has `fields` by name in a spec, and in the order of XML the names of its `attributes`, `children` and `texts`. `twins` has the
/// children with the name of an attribute. `required` lists names; `special` lists the fields with `unit` or `namespace`, and `empties`
/// those that are written without a value too. `short` and `shortFor` say what a single value means. If the element has forms, `forms` has
/// the deciding attribute as `by`, its `default`, and the tables of the forms as `of`; the `fields` belong to all forms.
///
/// A field is a set with the name of an `element`, the `words` of a scalar, `raw` for XML, or nothing for an element that is only present. It
/// may have `tag`, if XML names it differently, `many`, `mayBeFalse`, `unit`, `absent` and `namespace`, and `group`, if it is the text of a
/// child element that other fields are the `attributes` of. In place of a set with one of them, a field is the name of an element, or the
/// words. Words are JSON Schemas of strings with regular expressions of POSIX as `posix`; `any` accepts each
/// text. In place of one enum, words are those of the enum.
pub fn tables(format: &'static Format) -> Written {
    let mut walk = Walk { namespaces: format.namespaces, schemas: BTreeMap::new(), elements: BTreeMap::new() };
    let table = walk.element(format.schema());
    let names: Map<_, _> = walk.elements.keys().map(|name| ((*name).to_owned(), Json::Null)).collect();
    Written {
        root: json!({ "name": format.root, "table": table, "elements": names }),
        common: common::written(format, &walk.schemas),
        elements: walk.elements,
    }
}

struct Walk {
    namespaces: &'static [Namespace],
    schemas: BTreeMap<&'static str, &'static Schema>,
    elements: BTreeMap<&'static str, Json>,
}

/// Fields of a table, with those of the tables around it.
#[derive(Clone, Default)]
struct Whole {
    fields: Vec<Placed>,
    required: Vec<&'static str>,
}

/// A field with its position in XML and its description.
#[derive(Clone)]
struct Placed {
    order: u32,
    field: &'static Field,
    is_twin: bool,
    made: Json,
}

impl Walk {
    /// Returns the table of an element with its short form.
    fn element(&mut self, schema: &'static Schema) -> Json {
        let mut element = self.table(schema, &Whole::default(), 0, 0);
        if let Some((short, parts)) = short_form(schema) {
            element["short"] = short.into();
            if !parts.is_empty() {
                element["shortFor"] = parts.into();
            }
        }
        element
    }

    /// Returns the table of an element, or of a form at a depth, whose fields start at a position.
    fn table(&mut self, schema: &'static Schema, outer: &Whole, depth: usize, start: u32) -> Json {
        let mut whole = outer.clone();
        for (at, field) in (0..).zip(schema.fields) {
            let is_twin = schema.fields[..usize::from(at)].iter().any(|it| it.name == field.name);
            let mut made = self.field(field);
            if is_twin {
                // A list may hold both the attribute and the child.
                made["many"] = true.into();
            }
            whole.fields.push(Placed { order: Tables::order(depth, start, at), field, is_twin, made });
        }
        // What chooses a form is there.
        let is_chosen = |at: &&u16| depth > 0 && **at == 0;
        let required = schema.required.iter().filter(|at| !is_chosen(at));
        whole.required.extend(required.map(|at| schema.fields[usize::from(*at)].name));
        let Some(forms) = &schema.forms else { return leaf(whole, outer.fields.len()) };
        let variants = (forms.variants)();
        let start = Tables::start_of_form(depth, start, forms.at);
        let each = variants.variants.iter();
        let of: Map<_, _> =
            each.map(|it| (it.word.to_owned(), self.table(&it.schema, &whole, depth + 1, start))).collect();
        let mut made = json!({ "by": variants.tag, "of": of });
        if let Some(default) = variants.default {
            made["default"] = default.into();
        }
        json!({ "fields": named(&whole.fields[outer.fields.len()..], false), "forms": made })
    }

    fn field(&mut self, field: &'static Field) -> Json {
        let mut made = json!({});
        let mut set = |name: &str, value: Json| made[name] = value;
        if field.node != NodeKind::Text && field.xml != field.name {
            set("tag", field.xml.into());
        }
        match field.ty {
            Type::Scalar(word) => set("words", cheapest_first(texts(word)).into()),
            Type::Element(schema) => set("element", self.reference(schema()).into()),
            Type::Present => {}
            Type::Xml => set("raw", true.into()),
        }
        if field.occurs == Occurs::Many && !matches!(field.ty, Type::Xml) {
            set("many", true.into());
        }
        if may_be_false(field) {
            set("mayBeFalse", true.into());
        }
        if let Some(unit) = field.unit {
            set("unit", unit.into());
        }
        if let Some(absent) = field.absent.name() {
            set("absent", absent.into());
        }
        if let Some(namespace) = Namespace::of_name(self.namespaces, field.xml) {
            set("namespace", namespace.uri.into());
        }
        made
    }

    /// Returns the name of an element, whose table is made on first use.
    fn reference(&mut self, schema: &'static Schema) -> &'static str {
        if !self.elements.contains_key(schema.name) {
            // An element may contain itself.
            self.elements.insert(schema.name, Json::Null);
            self.schemas.insert(schema.name, schema);
            let made = self.element(schema);
            self.elements.insert(schema.name, made);
        }
        schema.name
    }
}

/// Returns a table without forms. `from` is the number of the fields that the tables around it have.
fn leaf(Whole { mut fields, required }: Whole, from: usize) -> Json {
    let parts = fields.clone();
    for text in fields.iter_mut().filter(|it| it.field.node == NodeKind::Text) {
        if let Some(tag) = text.field.within {
            let is_beside = |it: &&Placed| it.field.within == Some(tag) && it.field.node == NodeKind::Attribute;
            let attributes: Vec<_> = parts.iter().filter(is_beside).map(|it| it.field.name).collect();
            text.made["group"] = json!({ "tag": tag, "attributes": attributes });
        }
    }
    let mut table = json!({ "fields": named(&fields[from..], false) });
    fields.sort_by_key(|it| it.order);
    let mut list = |name: &str, is_listed: &dyn Fn(&Placed) -> bool| {
        let names: Vec<_> = fields.iter().filter(|it| is_listed(it)).map(|it| it.field.name).collect();
        if !names.is_empty() {
            table[name] = names.into();
        }
    };
    // The text of a child element is in the place of that child.
    let is_group = |it: &Placed| it.made.get("group").is_some();
    let is_at = |node, it: &Placed| it.field.node == node && it.field.within.is_none();
    list("attributes", &|it| is_at(NodeKind::Attribute, it));
    list("children", &|it| is_at(NodeKind::Child, it) || is_group(it));
    list("texts", &|it| is_at(NodeKind::Text, it));
    list("special", &|it| ["unit", "namespace"].iter().any(|name| it.made.get(name).is_some()));
    list("empties", &|it| it.field.absent == Absent::Empty);
    let twins = named(&fields, true);
    if !twins.is_empty() {
        table["twins"] = twins.into();
    }
    if !required.is_empty() {
        table["required"] = required.into();
    }
    table
}

/// Returns the descriptions of fields by name: of the children with the name of an attribute, or of all others.
fn named(fields: &[Placed], are_twins: bool) -> Map<String, Json> {
    let fields = fields.iter().filter(|it| it.is_twin == are_twins);
    fields.map(|it| (it.field.name.to_owned(), short(&it.made))).collect()
}

/// Returns the description of a field without the set, if that says one thing.
fn short(made: &Json) -> Json {
    let alone = |name: &str| made.get(name).filter(|_| made.as_object().is_some_and(|set| set.len() == 1));
    let is_enum = |word: &Json| word.as_object().is_some_and(|set| set.len() == 1 && set.contains_key("enum"));
    match (alone("element"), alone("words").and_then(Json::as_array)) {
        (Some(element), _) => element.clone(),
        (_, Some(words)) if words.len() == 1 && is_enum(&words[0]) => words[0]["enum"].clone(),
        (_, Some(words)) => words.clone().into(),
        _ => made.clone(),
    }
}

/// Returns what a scalar accepts, as the tables have it.
fn texts(word: &'static Scalar) -> Vec<Json> {
    let mut made = match word {
        Scalar::Either(either) => return either.iter().flat_map(|word| texts(word)).collect(),
        _ => words(word),
    };
    for text in &mut made {
        if let Some(word) = text.get("const") {
            *text = json!({ "enum": [word] });
        }
        if let Some(pattern) = text["pattern"].as_str() {
            text["posix"] = posix(pattern).into();
        }
        if *text == json!({ "type": ["string", "number"] }) {
            text["any"] = true.into();
        }
        let is_text = text["type"] == "string";
        if let Some(set) = text.as_object_mut() {
            set.remove("pattern");
            if is_text {
                set.remove("type");
            }
        }
    }
    made
}

/// Returns an anchored regular expression as Nix has them, POSIX extended ones: groups have no `?:`, and a backslash between brackets is
/// literal, so that `]` has to come first there and `-` last.
fn posix(expression: &str) -> String {
    let inner = expression.strip_prefix("^(?:").and_then(|it| it.strip_suffix(")$"));
    let mut rest = inner.expect("anchored").chars();
    let mut posix = String::new();
    while let Some(letter) = rest.next() {
        match letter {
            '(' => {
                posix.push('(');
                if let Some(after) = rest.as_str().strip_prefix("?:") {
                    rest = after.chars();
                }
            }
            '\\' => {
                let letter = rest.next().expect("an escaped character");
                match unescaped(letter) {
                    Some(control) => posix.push(control),
                    None if ".[\\()*+?{|^$".contains(letter) => posix.extend(['\\', letter]),
                    None => posix.push(letter),
                }
            }
            '[' => {
                let (mut start, mut inside, mut end) = ("[".to_owned(), String::new(), String::new());
                if let Some(after) = rest.as_str().strip_prefix('^') {
                    start.push('^');
                    rest = after.chars();
                }
                loop {
                    match rest.next().expect("brackets end") {
                        ']' => break,
                        '\\' => match rest.next().expect("an escaped character") {
                            ']' => start.push(']'),
                            '-' => end.push('-'),
                            letter => inside.push(unescaped(letter).unwrap_or(letter)),
                        },
                        letter => inside.push(letter),
                    }
                }
                posix.extend([start, inside, end, "]".to_owned()]);
            }
            letter => posix.push(letter),
        }
    }
    posix
}

/// Returns the control character that a letter after a backslash means.
fn unescaped(letter: char) -> Option<char> {
    match letter {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        _ => None,
    }
}

/// Returns patterns in the order of their cost, for Nix compiles each that it tries. All of them leave the text as it is.
fn cheapest_first(mut words: Vec<Json>) -> Vec<Json> {
    let length = |word: &Json| word["posix"].as_str().map(str::len);
    if words.iter().all(|word| length(word).is_some()) {
        words.sort_by_key(length);
    }
    words
}
