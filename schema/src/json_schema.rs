//! The tables as JSON Schema, for editors and for those who read it alone: each property also says where it stands
//! in XML.

use crate::kind::Kind;
use crate::table::{Absent, Cases, Field, Needs, Place, Schema, Short, Type};
use crate::words::{Enum, Word};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema of a kind (draft 2020-12).
///
/// Beside what the draft defines, each property has `xml`, after OpenAPI's object of that name:
/// `{ name, attribute?, text?, within?, absent?, namespace? }`. A property without `attribute` and `text` is a child
/// element. `xmlOrder` of an object lists its properties in the order in which they are written.
pub fn schema(kind: Kind) -> Json {
    let mut definitions = Definitions(Map::new());
    let root = definitions.element(kind.schema());
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("https://nixvirt.org/schema/{}.json", kind.name()),
        "title": format!("libvirt {}", kind.name()),
        "$comment": kind.manual(),
        "xml": { "name": kind.root() },
    });
    merge(&mut schema, root);
    schema["$defs"] = Json::Object(definitions.0);
    schema
}

/// What is used by name.
struct Definitions(Map<String, Json>);

impl Definitions {
    /// A reference to an element's definition, which is made when it is first asked for.
    fn element(&mut self, schema: &'static Schema) -> Json {
        if !self.0.contains_key(schema.name) {
            self.0.insert(schema.name.to_owned(), Json::Null);
            let made = self.object(schema);
            self.0.insert(schema.name.to_owned(), made);
        }
        reference(schema.name)
    }

    fn object(&mut self, schema: &'static Schema) -> Json {
        let object = self.set(schema);
        let mut either = vec![object];
        match schema.short {
            Short::None => {}
            Short::State(_) | Short::Presence => either.push(json!({ "type": "boolean" })),
            Short::Text(at) => either.push(self.word(schema.fields[usize::from(at)].ty.word())),
            Short::Size { count, .. } => {
                either.push(self.word(schema.fields[usize::from(count)].ty.word()));
                either.push(json!({ "type": "string", "pattern": "^\\s*[0-9]+\\s*[A-Za-z]+$" }));
            }
            Short::Pci => {
                let pattern = "^(?:[0-9a-fA-F]{1,4}:)?[0-9a-fA-F]{1,2}:[01]?[0-9a-fA-F]\\.[0-7]$";
                either.push(json!({ "type": "string", "pattern": pattern }));
            }
        }
        let mut made = any_of(either);
        made["description"] = schema.doc.into();
        made
    }

    /// The set form of an element: its own parts, and those of one of its forms.
    fn set(&mut self, schema: &'static Schema) -> Json {
        let mut set = self.parts(schema);
        set["type"] = "object".into();
        set["unevaluatedProperties"] = false.into();
        let properties = set["properties"].as_object_mut().expect("made as an object");
        if !properties.contains_key("extra") {
            properties.insert("extra".to_owned(), self.extra());
        }
        set
    }

    fn parts(&mut self, schema: &'static Schema) -> Json {
        let mut properties: Map<String, Json> = Map::new();
        for field in schema.fields {
            let made = self.property(field);
            match properties.remove(field.name) {
                // An attribute and a child of one name: the value tells which, and a list may hold both.
                Some(twin) => {
                    let either = any_of(vec![twin, made]);
                    let both = json!({ "type": "array", "items": either });
                    properties.insert(field.name.to_owned(), any_of(vec![either, both]))
                }
                None => properties.insert(field.name.to_owned(), made),
            };
        }
        let required: Vec<_> = schema.required.iter().map(|at| schema.fields[usize::from(*at)].name).collect();
        let order: Vec<_> = schema.fields.iter().map(|field| field.name).collect();
        let mut parts = json!({ "xmlOrder": order });
        parts["properties"] = properties.into();
        if !required.is_empty() {
            parts["required"] = required.into();
        }
        if let Some(forms) = &schema.forms {
            parts["oneOf"] = self.forms((forms.cases)());
            parts["xmlFormsAt"] = forms.at.into();
        }
        parts
    }

    fn forms(&mut self, cases: &'static Cases) -> Json {
        let form = |case: &'static crate::table::Case, definitions: &mut Self| {
            let mut form = definitions.parts(&case.schema);
            form["title"] = case.word.into();
            form["description"] = case.schema.doc.into();
            form
        };
        cases.cases.iter().map(|case| form(case, self)).collect()
    }

    fn property(&mut self, field: &'static Field) -> Json {
        let one = match field.ty {
            Type::Word(word) => self.word(word),
            Type::Element(schema) => self.element(schema()),
            Type::Present => {
                any_of(vec![json!({ "type": "boolean" }), json!({ "type": "object", "maxProperties": 0 })])
            }
            Type::Xml => {
                any_of(vec![json!({ "type": "string" }), json!({ "type": "array", "items": { "type": "string" } })])
            }
        };
        let one = match field.absent {
            Absent::Uuid | Absent::Mac => any_of(vec![one, json!({ "const": false })]),
            _ => one,
        };
        let mut property = match field.needs {
            Needs::One => one,
            Needs::Option => any_of(vec![one, json!({ "type": "null" })]),
            Needs::Many => {
                let items = any_of(vec![one.clone(), json!({ "type": "null" })]);
                any_of(vec![one, json!({ "type": "array", "items": items }), json!({ "type": "null" })])
            }
        };
        property["description"] = field.doc.into();
        property["xml"] = place(field);
        if field.secret {
            property["writeOnly"] = true.into();
        }
        property
    }

    fn word(&mut self, word: &'static Word) -> Json {
        match word {
            Word::Text => json!({ "type": ["string", "integer", "number"] }),
            Word::Float => json!({ "type": ["number", "string"], "pattern": "^-?[0-9.]+(?:[eE][+-]?[0-9]+)?$" }),
            Word::Pattern(pattern) => self.define(
                pattern.name,
                || json!({ "type": ["string", "integer"], "pattern": pattern.anchored(), "description": pattern.what }),
            ),
            Word::Int { min, max } => {
                json!({ "type": ["integer", "string"], "minimum": min, "maximum": max, "pattern": "^-?[0-9]+$" })
            }
            Word::Hex { digits, max } => {
                let most = if *digits >= 16 { u64::MAX } else { (1 << (4 * u64::from(*digits))) - 1 };
                let pattern = format!("^(?:0x)?[0-9a-fA-F]{{1,{digits}}}$");
                let most = most.min(*max);
                json!({ "type": ["integer", "string"], "minimum": 0, "maximum": most, "pattern": pattern, "xmlHex": digits })
            }
            Word::Switch { on, off } => {
                let name = if *on == "yes" { "YesNo" } else { "OnOff" };
                self.define(
                    name,
                    || json!({ "enum": [true, false, on, off], "xmlSwitch": { "true": on, "false": off } }),
                )
            }
            Word::Enum(words) if words.name.is_empty() => json!({ "const": words.words[0].0 }),
            Word::Enum(words) => self.define(words.name, || enumeration(words)),
            Word::Either(words) => any_of(words.iter().map(|word| self.word(word)).collect()),
        }
    }

    fn extra(&mut self) -> Json {
        self.define("Extra", || {
            json!({
                "description": "What libvirt takes and these types do not know yet: further attributes, and XML to stand inside the element.",
                "anyOf": [{ "type": "null" }, {
                    "type": "object",
                    "properties": {
                        "attributes": { "type": ["object", "null"], "additionalProperties": { "type": ["string", "integer", "number", "null"] } },
                        "xml": { "type": ["string", "null"] },
                    },
                    "additionalProperties": false,
                }],
            })
        })
    }

    fn define(&mut self, name: &str, make: impl FnOnce() -> Json) -> Json {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), make());
        }
        reference(name)
    }
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// One schema where there is one, else that any of several fits.
fn any_of(mut schemas: Vec<Json>) -> Json {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => Json::Object(Map::from_iter([("anyOf".to_owned(), schemas.into())])),
    }
}

fn enumeration(words: &Enum) -> Json {
    let switches = [true, false].into_iter().filter(|it| words.switch(*it).is_some()).map(Json::from);
    let listed: Vec<_> = words.words.iter().map(|(word, _)| Json::from(*word)).chain(switches).collect();
    let meanings: Map<String, Json> =
        words.words.iter().map(|(word, doc)| ((*word).to_owned(), (*doc).into())).collect();
    json!({ "description": words.doc, "enum": listed, "enumDescriptions": meanings })
}

/// Where a field stands in XML.
fn place(field: &Field) -> Json {
    let mut place = Map::new();
    match field.place {
        Place::Attribute => drop(place.insert("attribute".to_owned(), true.into())),
        Place::Text => drop(place.insert("text".to_owned(), true.into())),
        Place::Child => {}
    }
    if field.place != Place::Text {
        place.insert("name".to_owned(), field.xml.into());
    }
    if let Some(name) = field.within {
        place.insert("within".to_owned(), name.into());
    }
    let absent = match field.absent {
        Absent::Nothing => None,
        Absent::Empty => Some("empty"),
        Absent::Uuid => Some("uuid"),
        Absent::Mac => Some("mac"),
    };
    if let Some(what) = absent {
        place.insert("absent".to_owned(), what.into());
    }
    if let Some((_, namespace)) = field.namespace() {
        place.insert("namespace".to_owned(), (*namespace).into());
    }
    Json::Object(place)
}

fn merge(into: &mut Json, from: Json) {
    let (Json::Object(into), Json::Object(from)) = (into, from) else { return };
    into.extend(from);
}
