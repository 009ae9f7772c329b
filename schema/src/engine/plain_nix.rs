//! Tables of a format in the form from which plain Nix writes specs: JSON, a text for each element, so that only those are read that
//! specs have.

use crate::engine::format::{Format, Namespace};
use crate::engine::json_schema::{may_be_false, short_form, words};
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
}

/// Returns the tables of a format.
///
/// A table has `fields`, by name in a spec; the child of an attribute with the same name is `"NAME child"`. `required` lists names.
/// `special` lists the fields with `unit`, `namespace`, `within` or `absent: "empty"`, and the children with the name of an attribute.
/// `short` and `shortFor` say what a single value means. If the element has forms, `forms` has the deciding attribute as `by`, its
/// `default`, and the tables of the forms as `of`, each with what it adds to the table.
///
/// A field has its `order` in XML and, if it is not named as in XML, its `tag`. It has the table of an `element`, the `words` of a scalar,
/// as JSON Schemas, `raw` for XML, or nothing for an element that is only present. A scalar is an attribute, anything else a child element,
/// unless the field has `place`. It may have `twin` (that name), `many`, `mayBeFalse`, `unit`, `within`, `absent` and `namespace`.
pub fn tables(format: &'static Format) -> Written {
    let mut walk = Walk { namespaces: format.namespaces, elements: BTreeMap::new() };
    let table = walk.element(format.schema());
    let names: Map<_, _> = walk.elements.keys().map(|name| ((*name).to_owned(), Json::Null)).collect();
    Written { root: json!({ "name": format.root, "table": table, "elements": names }), elements: walk.elements }
}

struct Walk {
    namespaces: &'static [Namespace],
    elements: BTreeMap<&'static str, Json>,
}

impl Walk {
    fn element(&mut self, schema: &'static Schema) -> Json {
        let mut element = self.table(schema, 0, 0);
        if let Some((short, parts)) = short_form(schema) {
            element["short"] = short.into();
            if !parts.is_empty() {
                element["shortFor"] = parts.into();
            }
        }
        element
    }

    /// Returns the table of an element, or of a form at a depth, whose fields start at a position.
    fn table(&mut self, schema: &'static Schema, depth: usize, start: u32) -> Json {
        let mut fields = Map::new();
        let mut special = Vec::new();
        for (at, field) in (0..).zip(schema.fields) {
            let is_twin = fields.contains_key(field.name);
            let key = if is_twin { format!("{} child", field.name) } else { field.name.to_owned() };
            let mut made = self.field(field, &key);
            made["order"] = Tables::order(depth, start, at).into();
            if is_twin {
                // A list may hold both the attribute and the child.
                made["twin"] = field.name.into();
                made["many"] = true.into();
            }
            if is_twin
                || field.absent == Absent::Empty
                || ["unit", "within", "namespace"].iter().any(|it| made.get(it).is_some())
            {
                special.push(key.clone());
            }
            fields.insert(key, made);
        }
        let mut table = json!({ "fields": fields });
        if !schema.required.is_empty() {
            table["required"] = schema.required.iter().map(|at| schema.fields[usize::from(*at)].name).collect();
        }
        if !special.is_empty() {
            table["special"] = special.into();
        }
        if let Some(forms) = &schema.forms {
            let variants = (forms.variants)();
            let start = Tables::start_of_form(depth, start, forms.at);
            let each = variants.variants.iter();
            let of: Map<_, _> = each.map(|it| (it.word.to_owned(), self.table(&it.schema, depth + 1, start))).collect();
            table["forms"] = json!({ "by": variants.tag, "of": of });
            if let Some(default) = variants.default {
                table["forms"]["default"] = default.into();
            }
        }
        table
    }

    fn field(&mut self, field: &'static Field, key: &str) -> Json {
        let mut made = json!({});
        let mut set = |name: &str, value: Json| made[name] = value;
        match (field.node, field.ty) {
            (NodeKind::Text, _) => set("place", "text".into()),
            (NodeKind::Child, Type::Scalar(_)) => set("place", "child".into()),
            (NodeKind::Attribute | NodeKind::Child, _) => {}
        }
        if field.node != NodeKind::Text && field.xml != key {
            set("tag", field.xml.into());
        }
        match field.ty {
            Type::Scalar(word) => set("words", cheapest_first(words(word)).into()),
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
        if let Some(within) = field.within {
            set("within", within.into());
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
            let made = self.element(schema);
            self.elements.insert(schema.name, made);
        }
        schema.name
    }
}

/// Returns patterns in the order of their cost, for Nix compiles each that it tries. All of them leave the text as it is.
fn cheapest_first(mut words: Vec<Json>) -> Vec<Json> {
    let length = |word: &Json| word["pattern"].as_str().map(str::len);
    if words.iter().all(|word| length(word).is_some()) {
        words.sort_by_key(length);
    }
    words
}
