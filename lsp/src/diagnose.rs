//! Problems of the specs of a file: what the types and the rules say of the values that the file tells.

use crate::catalog;
use crate::nix::value::Span;
use crate::spec::{self, Branch, Built, Declared, Origin};
use nixvirt_schema::engine::message;
use nixvirt_schema::engine::problem::{Diagnostic, closest};
use nixvirt_schema::engine::render;
use nixvirt_schema::engine::value::{Data, Spec};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::Reference;
use std::collections::HashSet;

/// Problem of a spec, with its places in the files.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The problem.
    pub problem: Diagnostic,
    /// Where the value comes from.
    pub origin: Origin,
    /// What an editor marks.
    pub marked: Span,
}

/// Maximum number of branches of a spec that are checked.
const MAX_BRANCHES: usize = 32;

/// Returns the problems of a spec: of what is certain, and of each value that a condition may choose. Values that different
/// conditions choose are not combined, because the conditions may exclude each other.
pub fn problems(declared: &Declared) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut branches = vec![Branch::new()];
    let mut seen = HashSet::new();
    let mut next = 0;
    while let Some(branch) = branches.get(next).cloned() {
        let built = spec::build(declared, &branch);
        problems.extend(problems_of(declared, &built));
        for (condition, count) in built.conditions {
            if !seen.insert(condition) {
                continue;
            }
            let more = (0..count).map(|chosen| branch.iter().copied().chain([(condition, chosen)]).collect());
            branches.extend(more.take(MAX_BRANCHES - branches.len().min(MAX_BRANCHES)));
        }
        next += 1;
    }
    problems
}

fn problems_of(declared: &Declared, built: &Built<'_>) -> Vec<Problem> {
    let kind = declared.kind;
    let Built { spec, origins, .. } = built;
    let rendered = render::render(kind, spec);
    let mut findings = rendered.report.findings();
    let numbers: Vec<_> = findings.origins().collect();
    if numbers.is_empty() {
        return Vec::new();
    }
    Reference::refer(kind, spec.root(), &mut findings);
    let is_scalar = scalars(spec, origins.len());
    let problem = |(problem, number): (Diagnostic, u32)| {
        let at = (number as usize).saturating_sub(1);
        let origin = origins[at];
        let is_about_value = is_scalar[at] || problem.code == "wrong-type";
        let is_about_name = matches!(problem.code, "unknown-attribute" | "missing") || !is_about_value;
        Problem { marked: if is_about_name { origin.key } else { origin.expression }, origin, problem }
    };
    let mut problems: Vec<_> = findings.locate(|_| None).into_iter().zip(numbers).map(problem).collect();
    if declared.is_option {
        problems.iter_mut().for_each(|problem| suggest_option(kind, &mut problem.problem));
        for (place, path) in &declared.places {
            problems.iter_mut().for_each(|problem| name_place(&mut problem.problem, place, path));
        }
    }
    problems
}

/// Suggests the option of an object that an unknown field of its spec was probably meant to be. If the name is that of the option,
/// the field is in the definition.
fn suggest_option(kind: Kind, problem: &mut Diagnostic) {
    if problem.code != "unknown-attribute" {
        return;
    }
    if let Some(option) = catalog::setting_of(kind, &problem.path) {
        problem.message = format!("`{}` is no part of `definition`", option.name);
        problem.suggestion = None;
        problem.hint = Some(format!("write `{}` beside `definition`", option.name));
        return;
    }
    if problem.suggestion.is_some() {
        return;
    }
    let names = catalog::settings_of(kind).iter().map(|option| option.name.as_str());
    if let Some(near) = closest(&problem.path, names) {
        problem.message = message::unknown_attribute(&problem.path);
        problem.suggestion = Some(near.to_owned());
        problem.hint = None;
    }
}

/// Names a place in the words of the options, which have devices by name where the spec has lists.
fn name_place(problem: &mut Diagnostic, place: &str, path: &str) {
    for text in [&mut problem.path, &mut problem.message].into_iter().chain(&mut problem.hint) {
        *text = text.replace(place, path);
    }
}

/// Returns for each origin whether its value is a single one.
fn scalars(spec: &Spec<'_>, origins: usize) -> Vec<bool> {
    let mut is_scalar = vec![false; origins];
    for index in 0..=spec.root().index() {
        let value = spec.value(index);
        let single = !matches!(value.data(), Data::Set(_) | Data::List(_) | Data::Unknown);
        if let Some(known) = is_scalar.get_mut((value.origin() as usize).wrapping_sub(1)) {
            *known = single;
        }
    }
    is_scalar
}
