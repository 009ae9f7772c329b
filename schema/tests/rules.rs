//! The catalog of rules is correct: each bad example has exactly its code, each good example has no problem, and the
//! catalog has exactly the codes in the sources. `dev/run bless` writes `docs/reference/rules.md` from the catalog.

use expect_test::expect_file;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::engine::{json, render};
use nixvirt_schema::rules::{Rule, rules};
use pretty_assertions::assert_eq;
use regex_lite::Regex;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns the problems of an example.
fn problems(rule: &Rule, example: &str) -> Vec<Diagnostic> {
    let text = rule.spec(example);
    let spec = json::parse(&text).unwrap_or_else(|why| panic!("{}: {why}: {text}", rule.code));
    render::render_for(rule.kind, &spec, rule.target).report.findings().locate(|_| None)
}

#[test]
fn examples_are_what_they_are_called() {
    let mut wrong = String::new();
    for rule in rules() {
        // An example of what libvirt refuses may still surprise.
        let is_as_bad = |it: &Diagnostic| rule.severity == Severity::Warning || it.severity == Severity::Error;
        let mut found = problems(rule, &rule.wrong);
        found.retain(is_as_bad);
        let is_it = |it: &Diagnostic| it.code == rule.code && it.severity == rule.severity;
        if found.is_empty() || !found.iter().all(is_it) {
            wrong.push_str(&format!("{}, wrong:\n{}", rule.code, lines(&found)));
        }
        let mut found = problems(rule, &rule.right);
        found.retain(is_as_bad);
        if !found.is_empty() {
            wrong.push_str(&format!("{}, right:\n{}", rule.code, lines(&found)));
        }
    }
    assert_eq!(wrong, "");
}

/// An element that occurs once may be a list of one item. Rules report of the item what they report of the element.
#[test]
fn rules_read_lists_of_one() {
    let mut differences = String::new();
    for rule in rules().iter().filter(|rule| rule.code != "said-twice") {
        for example in [&rule.wrong, &rule.right] {
            let whole: Json = serde_json::from_str(&rule.spec(example)).expect("examples are JSON");
            let expected = said(rule, &whole);
            let mut paths = Vec::new();
            collect_paths(&whole, String::new(), &mut paths);
            for path in paths {
                let mut listed = whole.clone();
                let part = listed.pointer_mut(&path).expect("the path leads there");
                *part = Json::Array(vec![part.take()]);
                let found = said(rule, &listed);
                // An attribute is no list.
                let is_refused = found.iter().any(|(code, _)| *code == "wrong-type");
                if !is_refused && found != expected {
                    differences.push_str(&format!("{} at {path}: {found:?}\n", rule.code));
                }
            }
        }
    }
    assert_eq!(differences, "");
}

/// Returns the codes and messages of the problems of a spec.
fn said(rule: &Rule, spec: &Json) -> Vec<(&'static str, String)> {
    let text = spec.to_string();
    let spec = json::parse(&text).expect("it was JSON before");
    let found = render::render_for(rule.kind, &spec, rule.target).report.findings().locate(|_| None);
    let mut said: Vec<_> =
        found.into_iter().map(|problem| (problem.code, problem.message.replace("[0]", ""))).collect();
    said.sort();
    said
}

/// Collects the JSON pointers of all values below a value that are no lists.
fn collect_paths(value: &Json, path: String, into: &mut Vec<String>) {
    match value {
        Json::Object(set) => set.iter().for_each(|(name, value)| {
            let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
            if !value.is_array() {
                into.push(path.clone());
            }
            collect_paths(value, path, into);
        }),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect_paths(item, format!("{path}/{at}"), into));
        }
        _ => {}
    }
}

fn lines(problems: &[Diagnostic]) -> String {
    problems.iter().map(|problem| format!("  {problem}\n")).collect()
}

#[test]
fn the_table_has_the_codes_of_the_sources() {
    let mut used = BTreeSet::new();
    codes_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
    let rules = rules();
    let listed: BTreeSet<_> = rules.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(listed.len(), rules.len(), "a code is there twice");
    let unlisted: Vec<_> = used.difference(&listed).collect();
    let unused: Vec<_> = listed.difference(&used).collect();
    assert!(unlisted.is_empty() && unused.is_empty(), "not in the table: {unlisted:?}; in no source: {unused:?}");
}

/// Collects the codes that the sources in a folder report.
fn codes_below(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            codes_below(&path, codes);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("rules/catalog.rs") {
            codes.extend(codes_in(&fs::read_to_string(&path).expect("it can be read")));
        }
    }
}

/// Returns the codes in a source: the second argument of a report's methods, the third argument of the functions of
/// `choice`, a constant `CODE`, and codes in a `match`.
fn codes_in(source: &str) -> Vec<String> {
    let forms = [
        r#"report\s*\.(?:error|error_with|warning)\(\s*(?:[^",()]|\([^()]*\))+,\s*"([a-z0-9-]+)""#,
        r#"choice::(?:just_one|one_at_most|together|none)\(\s*[^"\[]*&\[[^\]]*\],\s*"([a-z0-9-]+)""#,
        r#"const CODE: &str = "([a-z0-9-]+)""#,
        r#"(?:Refused|Claim)::\w+(?:\([^)]*\))? => "([a-z0-9-]+)""#,
        r#"(?:refuse|spice|agent|path|socket|channel|service|pair|protocol|thread_pool)\(\s*"([a-z0-9-]+)",\s"#,
        r#"(missing)\("#,
    ];
    let found = forms.iter().flat_map(|form| {
        let form = Regex::new(form).expect("it is an expression");
        form.captures_iter(source).map(|found| found[1].to_owned()).collect::<Vec<_>>()
    });
    found.collect()
}

#[test]
fn the_document_is_current() {
    let mut text = include_str!("rules.md").to_owned();
    for rule in rules() {
        let Rule { code, meaning, .. } = rule;
        let severity = match rule.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        };
        let [wrong, right] = [&rule.wrong, &rule.right].map(|example| Rule::nix(example));
        let kind = match rule.target {
            Some(target) => format!("{} for libvirt {target}", rule.kind.name()),
            None => rule.kind.name().to_owned(),
        };
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        text.push_str(&format!("\n## {code}\n\n**{severity}**: {meaning}\n\n```nix,rule\n"));
        text.push_str(&format!("# invalid, in {article} {kind}\n{wrong}# valid\n{right}```\n"));
    }
    let path = format!("{}/../docs/reference/rules.md", env!("CARGO_MANIFEST_DIR"));
    expect_file![path].assert_eq(&text);
}
