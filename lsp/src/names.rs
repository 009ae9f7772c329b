//! Problems of arguments of templates and options of the modules: names that nothing has, and values that are not taken. Those in
//! specs are the tables' concern.

use crate::by_name::{fields_of_one, names};
use crate::catalog::{self, Setting, Template};
use crate::diagnose::Problem;
use crate::nix::value::{Data, Entry, Set, Span, Value};
use crate::place::{Place, Slot};
use crate::spec::Origin;
use crate::values::{self, error};
use nixvirt_schema::engine::problem::{Diagnostic, Severity, closest, listing};
use nixvirt_schema::kind::Kind;
use rnix::{TextRange, TextSize};

/// Options that stand beside the definition of an object, and that people pass to a template.
const BESIDE: &[&str] = &["active", "autostart", "onChange", "restart", "shutdown"];

/// Returns the problems of the names and values at a place and below it.
pub fn problems(place: &Place) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Some(Value { at, .. }) = place.value {
        add(place, "", Origin { place: at, key: at, expression: at }, &mut found);
    }
    found
}

/// Adds the problems of a place of that path, whose value has that origin.
fn add(place: &Place, path: &str, origin: Origin, found: &mut Vec<Problem>) {
    let Some(value) = &place.value else { return };
    let of = |value: &Value| Place { value: Some(value.clone()), ..place.clone() };
    if let Some(problem) = values::problem(place, value, path) {
        // Other options and arguments cause the problem of a set.
        let marked = if value.set().is_some() { origin.key } else { origin.expression };
        found.push(Problem { problem, origin, marked });
        return;
    }
    match &value.data {
        Data::Marked(marked) => {
            add(&of(&marked.content), path, Origin { expression: marked.content.at, ..origin }, found);
        }
        Data::Either(all) => {
            let given = all.iter().filter(|one| !matches!(one.data, Data::Null));
            given.for_each(|one| add(&of(one), path, Origin { expression: one.at, ..origin }, found));
        }
        Data::Text(word) => match place.slot {
            Slot::Kind => found.extend(kind(word, value.at)),
            Slot::InLibrary(known) => found.extend(in_library(word, known, origin)),
            _ => {}
        },
        Data::List(list) => {
            for item in &list.items {
                add(&place.item(Some(item.clone())), path, Origin { expression: item.at, ..origin }, found);
            }
        }
        Data::Set(set) => match place.slot {
            Slot::Template(template) => arguments(template, place, set, value.at, found),
            Slot::Options => options(catalog::settings(), place, set, found),
            Slot::Connection => options(catalog::settings_of_connection(), place, set, found),
            Slot::Setting(setting) if !setting.settings.is_empty() => options(&setting.settings, place, set, found),
            Slot::Objects(kind) if !fields_of_one(Slot::Object(kind), set).is_empty() => {
                found.extend(unnamed(kind, path, &fields_of_one(Slot::Object(kind), set)));
            }
            // The fields of specs that stand beside the options of an object are read with its definition.
            Slot::Connections | Slot::Objects(_) => set.entries.iter().for_each(|entry| below(place, "", entry, found)),
            Slot::Object(kind) => {
                found.extend(beside_a_file(kind, set));
                set.entries.iter().for_each(|entry| below(place, "", entry, found));
            }
            Slot::Field(..) | Slot::ByName(..) if has_devices(place) => {
                set.entries.iter().for_each(|entry| below(place, path, entry, found));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Returns whether devices by name may be at a place or below it.
fn has_devices(place: &Place) -> bool {
    match place.slot {
        Slot::Field(..) => place.element().is_some_and(|element| element.is_option && element.schema.keyed),
        slot => matches!(slot, Slot::ByName(..)),
    }
}

/// Returns the problem of a first line that names no kind. One of several words is prose.
fn kind(word: &str, at: Span) -> Option<Problem> {
    if word.is_empty() || word.contains(char::is_whitespace) || Kind::named(word).is_some() {
        return None;
    }
    let names = || Kind::ALL.iter().map(|kind| kind.name());
    let message = format!("unknown kind {word:?}: expected {}", listing(names()));
    let suggestion = closest(word, names()).map(str::to_owned);
    Some(Problem {
        problem: Diagnostic { suggestion, ..error("unknown-word", "", message) },
        origin: Origin { place: at, key: at, expression: at },
        marked: at,
    })
}

/// Returns the problem of a name that the library lacks, if another one was probably meant.
fn in_library(word: &str, known: &[String], origin: Origin) -> Option<Problem> {
    let suggestion = closest(word, known.iter().map(String::as_str))?.to_owned();
    let unknown = warning("unknown-attribute", "", format!("unknown name {word:?} in the library"));
    let problem = Diagnostic { suggestion: Some(suggestion), ..unknown };
    Some(Problem { problem, origin, marked: origin.key })
}

/// Returns the problem of an object of which these fields are given, but not the name.
fn unnamed(kind: Kind, option: &str, fields: &[&Entry]) -> Option<Problem> {
    let is_definition = |entry: &&&Entry| entry.name.as_deref() == Some("definition");
    let shown = fields.iter().find(is_definition).or(fields.first())?;
    let kind = kind.name();
    let names = names(fields);
    let message = format!("the name of the {kind} is missing: `{option}` has the fields of a single {kind}: {names}");
    let name = shown.name.as_deref()?;
    let hint = format!("write `{option}.NAME.{name} = …`, or give a list of {kind}s");
    Some(of_entry(shown, Diagnostic { hint: Some(hint), ..error("missing", option, message) }))
}

/// Returns the problem of an object whose definition is a file, beside which no field can stand.
fn beside_a_file(kind: Kind, object: &Set) -> Option<Problem> {
    let definition = object.get("definition")?;
    if !matches!(definition.value.data, Data::Text(_) | Data::Path(_)) {
        return None;
    }
    let is_certain = |value: &Value| !matches!(value.data, Data::Null | Data::Either(_) | Data::Marked(_));
    let own = object.entries.iter().filter(|entry| is_certain(&entry.value));
    let names = own.filter_map(|entry| entry.name.as_deref());
    let mut names: Vec<_> = names.filter(|name| catalog::setting_of(kind, name).is_none()).collect();
    if names.is_empty() || (names == ["name"] && matches!(kind, Kind::Snapshot | Kind::Volume)) {
        return None;
    }
    names.sort_unstable();
    let names = names.join(", ");
    let message = format!("`definition` is an XML file, which other fields cannot override: {names}");
    let hint = "remove these fields, or give `definition` a spec; `nixvirt import` converts an XML file to a spec";
    let problem = Diagnostic { hint: Some(hint.to_owned()), ..error("wrong-type", "definition", message) };
    Some(of_entry(definition, problem))
}

fn below(place: &Place, path: &str, entry: &Entry, found: &mut Vec<Problem>) {
    let name = entry.name.as_deref();
    let definition = match place.slot {
        Slot::Object(kind) if name == Some("definition") => catalog::setting_of(kind, "definition"),
        _ => None,
    };
    // A definition is an option, and its fields are those of a spec.
    let slot = definition.map(Slot::Setting).or_else(|| Some(place.attribute(name)?.slot));
    if let Some(slot) = slot {
        let Entry { key, path: place, expression, .. } = *entry;
        let inner = Place { slot, value: Some(entry.value.clone()) };
        add(&inner, &values::below(path, name.unwrap_or("?")), Origin { place, key, expression }, found);
    }
}

/// Adds the options that are probably misspelled. Others may be declared by the user's own modules.
fn options(known: &[Setting], place: &Place, set: &Set, found: &mut Vec<Problem>) {
    for entry in &set.entries {
        let Some(name) = entry.name.as_deref() else { continue };
        if place.attribute(Some(name)).is_some() {
            below(place, "", entry, found);
        } else if let Some(near) = closest(name, known.iter().map(|option| option.name.as_str()).chain(["connections"]))
        {
            found.push(of_entry(
                entry,
                Diagnostic {
                    suggestion: Some(near.to_owned()),
                    ..error("unknown-attribute", name, format!("unknown option {name:?}"))
                },
            ));
        }
    }
}

/// Adds the arguments that a template lacks, and those that it does not have: as warnings, for only evaluation tells whether
/// the template is that of the library.
fn arguments(template: &'static Template, place: &Place, set: &Set, at: Span, found: &mut Vec<Problem>) {
    for entry in &set.entries {
        let Some(name) = entry.name.as_deref() else { continue };
        if template.argument(name).is_some() {
            below(place, "", entry, found);
            continue;
        }
        let message = format!("the argument {name:?} has no effect");
        let unknown = warning("unknown-attribute", name, message);
        let suggestion = template.likely(name).map(str::to_owned);
        let hint = match &suggestion {
            Some(_) => None,
            None if BESIDE.contains(&name) => Some("set it beside `definition`".to_owned()),
            None => Some(format!("change the spec instead, as in `{} {{ … }} // {{ … }}`", template.path())),
        };
        found.push(of_entry(entry, Diagnostic { suggestion, hint, ..unknown }));
    }
    if set.is_open {
        return;
    }
    let required = template.arguments.iter().filter(|argument| argument.required && set.get(&argument.name).is_none());
    for argument in required {
        let message = format!("missing argument `{}`", argument.name);
        let brace = Span { range: TextRange::at(at.range.start(), TextSize::new(1)), ..at };
        found.push(Problem {
            problem: warning("missing", &argument.name, message),
            origin: Origin { place: brace, key: brace, expression: at },
            marked: brace,
        });
    }
}

fn warning(code: &'static str, path: &str, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..error(code, path, message) }
}

fn of_entry(entry: &Entry, problem: Diagnostic) -> Problem {
    let Entry { key, path, expression, .. } = *entry;
    Problem { problem, origin: Origin { place: path, key, expression }, marked: key }
}
