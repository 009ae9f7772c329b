//! The problems of JSON, found with its JSON Schema: all of them at once.

use nixvirt_schema::engine::problem::{Report, closest, listing};
use nixvirt_schema::engine::value::{Data, Value};
use serde_json::Value as Json;

/// Reports all problems of a value, given its JSON Schema as schemars generates it.
pub fn check(schema: &Json, value: Value<'_>, report: &mut Report<'_>) {
    let mut check = Check { root: schema, problems: Vec::new() };
    check.value(schema, value);
    for Problem { at, code, message, suggestion } in check.problems {
        report.error_with(at, code, message, suggestion);
    }
}

struct Problem<'a> {
    at: Value<'a>,
    code: &'static str,
    message: String,
    suggestion: Option<String>,
}

struct Check<'s, 'a> {
    /// The schema that contains the definitions.
    root: &'s Json,
    problems: Vec<Problem<'a>>,
}

impl<'s, 'a> Check<'s, 'a> {
    fn value(&mut self, schema: &'s Json, value: Value<'a>) {
        let schema = self.resolve(schema);
        if let Some(forms) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return self.forms(forms, value);
        }
        let is_of = |name: &str| {
            matches!(
                (name, value.data()),
                ("object", Data::Set(_))
                    | ("array", Data::List(_))
                    | ("string", Data::Text(_))
                    | ("integer", Data::Int(_))
                    | ("boolean", Data::Bool(_))
                    | ("null", Data::Null)
            )
        };
        let types: Vec<_> = types(schema).collect();
        if let (Some(digits), true) = (too_large(value), types.contains(&"integer")) {
            let message = format!("{digits} is out of range: expected at most {}", i64::MAX);
            return self.add(value, "out-of-range", message, None);
        }
        if !types.iter().any(|name| is_of(name)) {
            let expected = types.iter().flat_map(|name| called(name)).copied();
            let message = format!("expected {}, found {}", listing(expected), found(value));
            return self.add(value, "wrong-type", message, None);
        }
        match value.data() {
            Data::Set(_) => self.members(schema, value),
            Data::List(_) => value.children().for_each(|item| self.value(&schema["items"], item)),
            Data::Int(number) => self.number(schema, *number, value),
            _ => {}
        }
    }

    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let path = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        path.and_then(|path| self.root.pointer(path)).unwrap_or(schema)
    }

    /// Checks a value that may have several forms, and reports the problems of the form that fits best.
    fn forms(&mut self, forms: &'s [Json], value: Value<'a>) {
        let words: Vec<_> = forms.iter().filter_map(|form| form["const"].as_str()).collect();
        if words.len() == forms.len() {
            return self.word(&words, value);
        }
        let fields: Vec<_> = forms.iter().filter_map(only_field).collect();
        if fields.len() == forms.len() && matches!(value.data(), Data::Set(_)) {
            return self.one_field(&fields, value);
        }
        let tries = forms.iter().map(|form| {
            let mut tried = Check { root: self.root, problems: Vec::new() };
            tried.value(form, value);
            let form = self.resolve(form);
            // "expected null" helps less than the problems of any other form.
            let is_null = types(form).eq(["null"]);
            let is_far = !value.children().any(|member| form["properties"][member.key()] != Json::Null);
            (!tried.problems.is_empty(), is_null, is_far, tried.problems)
        });
        let best = tries.min_by_key(|(is_wrong, is_null, is_far, found)| (*is_wrong, *is_null, *is_far, found.len()));
        self.problems.extend(best.into_iter().flat_map(|(.., found)| found));
    }

    /// Checks an object that has one of several fields.
    fn one_field(&mut self, fields: &[(&'s str, &'s Json)], value: Value<'a>) {
        let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        let mut set = None;
        for member in value.children() {
            let name = member.key();
            match (fields.iter().find(|(field, _)| *field == name), set) {
                (None, _) => self.unknown(member, &names),
                (Some((_, schema)), None) => {
                    set = Some(name);
                    self.value(schema, member);
                }
                (Some(_), Some(other)) => {
                    let message = format!("fields {other:?} and {name:?} conflict: set one of them");
                    self.add(member, "said-twice", message, None);
                }
            }
        }
        if value.children().next().is_none() {
            self.add(value, "missing", format!("missing field: expected {}", listing(names.into_iter())), None);
        }
    }

    fn unknown(&mut self, member: Value<'a>, names: &[&str]) {
        let name = member.key();
        let suggestion = closest(name, names.iter().copied()).map(str::to_owned);
        let message = match suggestion {
            Some(_) => format!("unknown field {name:?}"),
            None => format!("unknown field {name:?}: expected {}", listing(names.iter().copied())),
        };
        self.add(member, "unknown-attribute", message, suggestion);
    }

    fn word(&mut self, words: &[&'s str], value: Value<'a>) {
        let expected = || listing(words.iter().copied());
        match value.text() {
            Some(text) if words.contains(&text) => {}
            Some(text) => {
                let suggestion = closest(text, words.iter().copied()).map(str::to_owned);
                self.add(value, "unknown-word", format!("invalid value {text:?}: expected {}", expected()), suggestion);
            }
            None => self.add(value, "wrong-type", format!("expected {}, found {}", expected(), found(value)), None),
        }
    }

    fn members(&mut self, schema: &'s Json, value: Value<'a>) {
        let properties = schema["properties"].as_object();
        let names: Vec<_> = properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let mut seen = Vec::new();
        for member in value.children() {
            let name = member.key();
            if seen.contains(&name) {
                self.add(member, "said-twice", format!("field {name:?} is given twice"), None);
            }
            seen.push(name);
            match (properties.and_then(|all| all.get(name)), &schema["additionalProperties"]) {
                (Some(property), _) => self.value(property, member),
                (None, others @ Json::Object(_)) => self.value(others, member),
                (None, _) => self.unknown(member, &names),
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        for name in required.filter(|name| !seen.contains(name)) {
            self.add(value, "missing", format!("missing required field {name:?}"), None);
        }
    }

    fn number(&mut self, schema: &Json, number: i64, value: Value<'a>) {
        let is_less = schema["minimum"].as_i64().is_some_and(|least| number < least);
        let is_more = schema["maximum"].as_i64().is_some_and(|most| number > most);
        if is_less || is_more {
            let bound = if is_less {
                format!("at least {}", schema["minimum"])
            } else {
                format!("at most {}", schema["maximum"])
            };
            self.add(value, "out-of-range", format!("{number} is out of range: expected {bound}"), None);
        }
    }

    fn add(&mut self, at: Value<'a>, code: &'static str, message: String, suggestion: Option<String>) {
        self.problems.push(Problem { at, code, message, suggestion });
    }
}

/// Returns the digits of a number that is too large, which a value keeps as text.
fn too_large(value: Value<'_>) -> Option<&str> {
    let digits = value.text()?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && digits.parse::<i64>().is_err() { Some(digits) } else { None }
}

/// Returns the field of a schema for objects with a single, required field.
fn only_field(schema: &Json) -> Option<(&str, &Json)> {
    let properties = schema["properties"].as_object().filter(|all| all.len() == 1 && schema["required"].is_array())?;
    properties.iter().next().map(|(name, field)| (name.as_str(), field))
}

/// Returns the types that a schema allows.
fn types(schema: &Json) -> impl Iterator<Item = &str> {
    let several = schema["type"].as_array().into_iter().flatten().filter_map(Json::as_str);
    schema["type"].as_str().into_iter().chain(several)
}

/// Returns the name, in messages, of the type of a value.
fn found(value: Value<'_>) -> &'static str {
    match value.data() {
        Data::Set(_) => "an object",
        _ => value.kind(),
    }
}

/// Returns the names, in messages, of the values of a type of JSON Schema.
fn called(name: &str) -> &'static [&'static str] {
    match name {
        "object" => &["an object"],
        "array" => &["a list"],
        "string" => &["a string"],
        "integer" => &["a whole number"],
        "boolean" => &["true", "false"],
        "null" => &["null"],
        _ => &[],
    }
}
