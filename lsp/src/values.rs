//! Values that options of the modules and arguments of templates do not take. Those in specs are the tables' concern.

use crate::by_name::{any_name, fields_of_one, names};
use crate::catalog::{Form, Setting};
use crate::nix::value::{Data, Value};
use crate::place::{Place, Slot};
use nixvirt_schema::engine::message;
use nixvirt_schema::engine::nix::is_identifier;
use nixvirt_schema::engine::problem::{Diagnostic, Severity, closest, listing};

/// Form of a module: options may be in a file of their own.
const MODULE: &[Form] = &[Form::Set, Form::Path, Form::Absolute];

/// Returns the problem of the value at a place of that path.
pub fn problem(place: &Place, value: &Value, path: &str) -> Option<Diagnostic> {
    let form = form(&value.data)?;
    let is_one_of = |forms: &[Form], expected: &str| {
        let is_taken = forms.contains(&form);
        (!is_taken).then(|| error("wrong-type", path, message::wrong_type(expected, shown(value, form))))
    };
    match place.slot {
        Slot::Options | Slot::Connections => is_one_of(&[Form::Set], message::set()),
        Slot::Connection | Slot::Object(_) => is_one_of(MODULE, message::set()),
        Slot::Objects(kind) => {
            let expected = format!("a list of {0}s, or a set of {0}s by name", kind.name());
            is_one_of(&[Form::Set, Form::List, Form::Null], &expected)
        }
        Slot::Setting(setting) => of_setting(setting, value, form, path),
        Slot::Item(setting) => among(&setting.words, value.text()?, path),
        Slot::Argument(_, argument) if form == Form::Text => {
            // Only evaluation tells whether the template is that of the library.
            let problem = among(&argument.words, value.text()?, path)?;
            Some(Diagnostic { severity: Severity::Warning, ..problem })
        }
        Slot::ByName(found, element) => {
            let fields = fields_of_one(Slot::Element(element.child(found.field)?), value.set()?);
            (!fields.is_empty()).then(|| one_device(path, found.field.name, &names(&fields)))
        }
        Slot::Element(element) if element.is_option && !matches!(form, Form::Set | Form::Null) => {
            let example = match value.text() {
                Some(file) if element.xml == "disk" => format!("source.file = {file:?}; "),
                _ => message::part_of_set("type"),
            };
            let message = message::wrong_type(message::set_of(example), shown(value, form));
            Some(error("wrong-type", path, message))
        }
        _ => None,
    }
}

fn of_setting(setting: &Setting, value: &Value, form: Form, path: &str) -> Option<Diagnostic> {
    let Setting { takes, words, .. } = setting;
    // A list has the words in it.
    let word = value.text().filter(|_| !words.is_empty() && !takes.contains(&Form::List));
    if takes.contains(&form) || (takes.is_empty() && words.is_empty()) {
        return None;
    }
    if let Some(word) = word {
        return among(words, word, path);
    }
    let code = match form {
        Form::Text | Form::Absolute if takes.contains(&Form::Absolute) => "bad-form",
        Form::Integer | Form::Negative | Form::Zero if takes.contains(&Form::Integer) => "out-of-range",
        _ => "wrong-type",
    };
    Some(error(code, path, message::wrong_type(&setting.ty, shown(value, form))))
}

/// Returns the problem of an unknown word.
fn among(words: &[String], word: &str, path: &str) -> Option<Diagnostic> {
    let known = || words.iter().map(String::as_str);
    if words.is_empty() || known().any(|known| known == word) {
        return None;
    }
    let message = message::invalid(path.rsplit('.').next().unwrap_or(path), format!("{word:?}"), listing(known()));
    let suggestion = closest(word, known()).map(str::to_owned);
    Some(Diagnostic { suggestion, ..error("unknown-word", path, message) })
}

/// Returns the problem of a device where devices by name are expected.
fn one_device(path: &str, kind: &str, fields: &str) -> Diagnostic {
    let message = format!("`{path}` expects devices by name, but has the fields of a single device: {fields}");
    let hint = format!("name the device, as in `{path}.{} = {{ … }};`, or give a list of devices", any_name(kind));
    Diagnostic { hint: Some(hint), ..error("wrong-type", path, message) }
}

/// Returns whether an option takes a value, as far as it is known.
pub fn takes(setting: &Setting, value: &Value) -> bool {
    form(&value.data).is_none_or(|form| of_setting(setting, value, form, "").is_none())
}

/// Returns the form of a value. Nothing is known of a value without one.
fn form(data: &Data) -> Option<Form> {
    Some(match data {
        Data::Null => Form::Null,
        Data::Bool(_) => Form::Boolean,
        Data::Int(0) => Form::Zero,
        Data::Int(number) if *number < 0 => Form::Negative,
        Data::Int(_) => Form::Integer,
        Data::Float(_) => Form::Fraction,
        Data::Text(text) if text.starts_with('/') => Form::Absolute,
        Data::Text(_) => Form::Text,
        Data::Path(_) => Form::Path,
        Data::List(_) => Form::List,
        Data::Set(_) => Form::Set,
        Data::Function(_) | Data::Partial(_) | Data::Either(_) | Data::Marked(_) | Data::Named(_) => return None,
    })
}

/// Returns a value as messages show it.
fn shown(value: &Value, form: Form) -> String {
    match (&value.data, form) {
        (Data::Text(text), _) => format!("{text:?}"),
        (Data::Int(number), _) => number.to_string(),
        (Data::Bool(it), _) => it.to_string(),
        (Data::Float(number), _) => number.to_string(),
        (_, Form::List) => message::list().to_owned(),
        (_, Form::Set) => message::set().to_owned(),
        (_, Form::Path) => "a path".to_owned(),
        _ => "null".to_owned(),
    }
}

/// Returns an error.
pub fn error(code: &'static str, path: &str, message: String) -> Diagnostic {
    let path = path.to_owned();
    Diagnostic {
        severity: Severity::Error,
        code,
        path,
        message,
        suggestion: None,
        hint: None,
        reference: None,
        position: None,
    }
}

/// Returns the path of an attribute below a path.
pub fn below(path: &str, name: &str) -> String {
    let name = if is_identifier(name) { name.to_owned() } else { format!("{name:?}") };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}
