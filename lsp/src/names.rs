//! Names that nothing has: arguments of templates, and options of the modules. Those in specs are the tables' concern.

use crate::catalog::{self, Setting, Template};
use crate::diagnose::Problem;
use crate::nix::value::{Data, Entry, Set, Span};
use crate::place::{Place, Slot};
use crate::spec::Origin;
use nixvirt_schema::engine::problem::{Diagnostic, Severity, closest, listing};
use nixvirt_schema::kind::Kind;
use rnix::{TextRange, TextSize};

/// Options that stand beside the definition of an object, and that people pass to a template.
const BESIDE: &[&str] = &["active", "autostart", "onChange", "restart", "shutdown"];

/// Returns the problems of the names at a place and below it.
pub fn problems(place: &Place) -> Vec<Problem> {
    let mut found = Vec::new();
    add(place, &mut found);
    found
}

fn add(place: &Place, found: &mut Vec<Problem>) {
    let Some(value) = &place.value else { return };
    match &value.data {
        Data::Marked(marked) => add(&Place { value: Some(marked.content.clone()), ..place.clone() }, found),
        Data::Either(all) => {
            all.iter().for_each(|one| add(&Place { value: Some(one.clone()), ..place.clone() }, found));
        }
        Data::Text(word) if matches!(place.slot, Slot::Kind) => found.extend(kind(word, value.at)),
        Data::List(list) => list.items.iter().for_each(|item| add(&place.item(Some(item.clone())), found)),
        Data::Set(set) => match place.slot {
            Slot::Template(template) => arguments(template, set, value.at, found),
            Slot::Options => options(catalog::settings(), place, set, found),
            Slot::Connection => options(catalog::settings_of_connection(), place, set, found),
            Slot::Setting(setting) if !setting.settings.is_empty() => options(&setting.settings, place, set, found),
            // The fields of specs that stand beside the options of an object are read with its definition.
            Slot::Connections | Slot::Objects(_) | Slot::Object(_) => {
                set.entries.iter().for_each(|entry| below(place, entry, found));
            }
            _ => {}
        },
        _ => {}
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
    let unknown = problem(Severity::Error, "unknown-word", "", message);
    Some(Problem {
        problem: Diagnostic { suggestion, ..unknown },
        origin: Origin { place: at, key: at, expression: at },
        marked: at,
    })
}

fn below(place: &Place, entry: &Entry, found: &mut Vec<Problem>) {
    if let Some(inner) = place.attribute(entry.name.as_deref()) {
        add(&Place { value: Some(entry.value.clone()), ..inner }, found);
    }
}

/// Adds the options that are probably misspelled. Others may be declared by the user's own modules.
fn options(known: &[Setting], place: &Place, set: &Set, found: &mut Vec<Problem>) {
    for entry in &set.entries {
        let Some(name) = entry.name.as_deref() else { continue };
        if place.attribute(Some(name)).is_some() {
            below(place, entry, found);
        } else if let Some(near) = closest(name, known.iter().map(|option| option.name.as_str()).chain(["connections"]))
        {
            found.push(of_entry(
                entry,
                Diagnostic {
                    suggestion: Some(near.to_owned()),
                    ..problem(Severity::Error, "unknown-attribute", name, format!("unknown option {name:?}"))
                },
            ));
        }
    }
}

/// Adds the arguments that a template lacks, and those that it does not have: as warnings, for only evaluation tells whether
/// the template is that of the library.
fn arguments(template: &'static Template, set: &Set, at: Span, found: &mut Vec<Problem>) {
    for entry in &set.entries {
        let Some(name) = entry.name.as_deref() else { continue };
        if template.argument(name).is_some() {
            continue;
        }
        let message = format!("the argument {name:?} has no effect");
        let unknown = problem(Severity::Warning, "unknown-attribute", name, message);
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
            problem: problem(Severity::Warning, "missing", &argument.name, message),
            origin: Origin { place: brace, key: brace, expression: at },
            marked: brace,
        });
    }
}

fn problem(severity: Severity, code: &'static str, path: &str, message: String) -> Diagnostic {
    let path = path.to_owned();
    Diagnostic { severity, code, path, message, suggestion: None, hint: None, reference: None, position: None }
}

fn of_entry(entry: &Entry, problem: Diagnostic) -> Problem {
    let Entry { key, path, expression, .. } = *entry;
    Problem { problem, origin: Origin { place: path, key, expression }, marked: key }
}
