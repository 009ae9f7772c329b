//! What rules on storage ask time and again: which of several parts are there.

use crate::engine::problem::Report;
use crate::engine::value::{Data, Value};

/// Reports a set that does not have exactly one of the named parts.
pub fn just_one(of: Value<'_>, names: &[&str], code: &'static str, report: &mut Report<'_>) {
    if present(of, names) == 0 {
        report.error(of, code, format!("missing {}: set one of them", one_of(names, "or")));
    }
    one_at_most(of, names, code, report);
}

/// Reports a set with more than one of the named parts.
pub fn one_at_most(of: Value<'_>, names: &[&str], code: &'static str, report: &mut Report<'_>) {
    if present(of, names) > 1 {
        report.error(of, code, format!("{} conflict: remove one of them", one_of(names, "and")));
    }
}

/// Reports a set with some but not all of the named parts.
pub fn together(of: Value<'_>, names: &[&str], code: &'static str, report: &mut Report<'_>) {
    if (1..names.len()).contains(&present(of, names)) {
        report.error(of, code, format!("{} require each other: set all or none of them", one_of(names, "and")));
    }
}

/// Reports each of the named parts that is present. `why` completes "cannot be set …".
pub fn none(of: Value<'_>, names: &[&str], code: &'static str, why: &str, report: &mut Report<'_>) {
    for part in names.iter().filter_map(|name| of.attribute(name)) {
        report.error(part, code, format!("`{}` cannot be set {why}", part.key()));
    }
}

/// Reports a set without any part of the given name. The part may repeat, and `false` leaves it out.
pub fn some(of: Value<'_>, name: &'static str, what: &str, report: &mut Report<'_>) {
    if of.attribute(name).is_none_or(|part| *part.data() == Data::Bool(false)) {
        report.missing(of, name, what);
    }
}

/// Returns names in backticks, the last two joined by a word.
fn one_of(names: &[&str], word: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, first) = names.split_last().expect("rules name parts");
    format!("{} {word} {last}", first.join(", "))
}

fn present(of: Value<'_>, names: &[&str]) -> usize {
    names.iter().filter(|name| of.attribute(name).is_some()).count()
}
