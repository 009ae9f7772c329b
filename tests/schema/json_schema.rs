//! The published JSON Schemas accept exactly what the types accept, except that for an element that occurs once they do not know
//! lists of one item.
//!
//! `NIXVIRT_SPECS` is the number of specs of each kind, `NIXVIRT_SEED` the first seed.

use jsonschema::Validator;
use libtest_mimic::Failed;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::problem::Diagnostic;
use nixvirt_schema::engine::render::render_types;
use nixvirt_schema::engine::{json, json_schema};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::generator::{mutated_spec, smaller_specs, spec};
use nixvirt_tests::libvirt::corpus;
use nixvirt_tests::{errors, lines, setting};
use serde_json::Value as Json;

pub fn check(kind: Kind) -> Result<(), Failed> {
    let schema = jsonschema::draft202012::new(&json_schema::schema(kind))?;
    let mut specs = Vec::new();
    for document in corpus(kind) {
        specs.push(serde_json::to_value(import(kind, &document.text).expect("the corpus can be read").root())?);
    }
    let imported = specs.len();
    let seeds = setting("NIXVIRT_SEED", 1)..setting("NIXVIRT_SEED", 1) + setting("NIXVIRT_SPECS", 2000);
    for seed in seeds {
        let spec = spec(kind, seed);
        specs.push(mutated_spec(&spec, seed));
        specs.push(spec);
    }
    let mut accepted = 0;
    let mut wrong = Vec::new();
    for spec in &specs {
        let by_types = objections(kind, spec).is_empty();
        accepted += usize::from(by_types);
        if is_in_dispute(kind, &schema, spec) {
            wrong.push(dispute(kind, &schema, spec.clone()));
        }
    }
    let (random, refused) = (specs.len() - imported, specs.len() - accepted);
    println!("{}: {imported} imported and {random} random specs: {accepted} accepted, {refused} refused", kind.name());
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{} are in dispute\n\n{}", wrong.len(), wrong.join("\n")).into())
}

/// The errors that the types report, except for those about characters, XML and arithmetic, which no JSON Schema can express.
fn objections(kind: Kind, spec: &Json) -> Vec<Diagnostic> {
    let text = spec.to_string();
    let read = json::parse(&text).expect("it was JSON before");
    let mut objections = errors(render_types(kind, &read).report);
    objections.retain(|problem| !matches!(problem.code, "bad-character" | "not-well-formed" | "unrepresentable-size"));
    objections
}

/// Whether the types and the schema disagree. The types accept a list of one item for an element that occurs once; the schema
/// accepts the item.
fn is_in_dispute(kind: Kind, schema: &Validator, spec: &Json) -> bool {
    let by_types = objections(kind, spec).is_empty();
    by_types != schema.is_valid(spec) && !(by_types && schema.is_valid(&without_lists(spec)))
}

/// A spec with the item in place of each list of one item, and null in place of each empty list.
fn without_lists(spec: &Json) -> Json {
    match spec {
        Json::Object(set) => set.iter().map(|(name, value)| (name.clone(), without_lists(value))).collect(),
        Json::Array(items) => {
            let mut items: Vec<_> = items.iter().filter(|item| !item.is_null()).map(without_lists).collect();
            if items.len() > 1 {
                // An element without parts that is absent.
                items.retain(|item| *item != Json::Bool(false));
            }
            match items.len() {
                0 => Json::Null,
                1 => items.remove(0),
                _ => items.into(),
            }
        }
        _ => spec.clone(),
    }
}

/// The smallest part of a spec on which the types and the schema disagree, and their errors.
fn dispute(kind: Kind, schema: &Validator, mut spec: Json) -> String {
    loop {
        let smaller = smaller_specs(&spec).find(|smaller| is_in_dispute(kind, schema, smaller));
        match smaller {
            Some(smaller) => spec = smaller,
            None => break,
        }
    }
    let said: Vec<_> = schema.iter_errors(&spec).map(|error| format!("{}: {error}", error.instance_path())).collect();
    format!("{spec}\n  the types: {}\n  the schema: {}", lines(&objections(kind, &spec)), said.join("; "))
}
