//! The reference of the library, made of the doc comments in `nix-lib/`; `dev/run bless` writes it.

use expect_test::expect_file;
use libtest_mimic::Failed;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::{dedent, evaluate, evaluate_json, files, name, project};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A documented function or value of the library.
struct Item {
    /// Its attribute path, such as `lib.domain.templates.linux`.
    path: String,
    /// Its doc comment.
    doc: String,
}

/// `docs/reference/library.md` has the functions, `docs/reference/templates.md` the templates.
pub fn is_current() -> Result<(), Failed> {
    check_page(
        "library.md",
        "# Library functions\n\n\
         The functions of `NixVirt.lib`. KIND is one of `domain`, `network`, `pool`, `volume`, `secret`, `nwfilter`, `nodedev`,\n\
         `interface`, `snapshot` and `checkpoint`. [Templates](templates.md) have a page of their own.\n",
        &functions(),
    );
    check_page(
        "templates.md",
        "# Templates\n\n\
         A template is a function from a set of arguments to a spec. An argument that a template does not know causes a warning.\n\
         The spec can be changed like any Nix set before it is used:\n\n\
         ```nix\n\
         lib.domain.writeXML (lib.domain.templates.linux { name = \"web\"; } // { title = \"Web server\"; })\n\
         ```\n\n\
         No template sets `emulator`: libvirt finds its own, and a path in the Nix store would change every domain with every update\n\
         of QEMU.\n",
        &templates(),
    );
    Ok(())
}

/// `lsp/src/catalog/templates.json` has the templates with their arguments, and `likely.json` what people call arguments.
/// `functions.json` has the functions of each kind. They are for the language server.
pub fn catalog_is_current() -> Result<(), Failed> {
    let templates = templates();
    let words = evaluate_json(&format!("import {}/nix-lib/templates/words.nix", project().display()));
    let entry = |item: &Item| {
        let [_, kind, _, name] = item.path.split('.').collect::<Vec<_>>()[..] else { return Err("no template".into()) };
        let description = item.doc.split("\n# ").next().unwrap_or_default().trim();
        let with_words = |argument: Argument| Argument { words: words[kind].get(&argument.name).cloned(), ..argument };
        let arguments: Vec<_> = described_arguments(&item.path, &templates).into_values().map(with_words).collect();
        Ok(json!({ "kind": kind, "name": name, "description": description, "arguments": arguments }))
    };
    let catalog: Vec<_> = templates.iter().map(entry).collect::<Result<_, Failed>>()?;
    let file = project().join("lsp/src/catalog/templates.json");
    expect_file![file].assert_eq(&format!("{:#}\n", Json::from(catalog)));
    let kinds: String = Kind::ALL.iter().map(|kind| format!("{:?} ", kind.name())).collect();
    let functions = evaluate_json(&format!(
        "let
          library = import {}/nix-lib {{ pkgs = {{ }}; }};
          functions = kind: {{ name = kind; value = builtins.attrNames library.${{kind}}; }};
        in builtins.listToAttrs (map functions [ {kinds}])",
        project().display()
    ));
    let file = project().join("lsp/src/catalog/functions.json");
    expect_file![file].assert_eq(&format!("{functions:#}\n"));
    let likely = evaluate_json(&format!("import {}/nix-lib/templates/likely.nix", project().display()));
    let file = project().join("lsp/src/catalog/likely.json");
    expect_file![file].assert_eq(&format!("{likely:#}\n"));
    Ok(())
}

/// Every argument of a template is documented, and said to be required if it has no default.
pub fn has_all_arguments() -> Result<(), Failed> {
    let templates = templates();
    let documented = |path: &str| arguments(path, &templates);
    let mut problems = Vec::new();
    for (path, found) in declared_arguments() {
        let documented = documented(&path);
        for (argument, has_default) in found {
            match documented.get(&argument) {
                None => problems.push(format!("{path}: `{argument}` is not documented")),
                Some(is_required) if *is_required == has_default => {
                    problems
                        .push(format!("{path}: `{argument}` is required or has a default, unlike its documentation"));
                }
                Some(_) => {}
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// The functions that are no templates.
fn functions() -> Vec<Item> {
    let files = [
        ("kind.nix", "lib.KIND"),
        ("guest-install.nix", "lib.guest-install"),
        ("xml.nix", "lib.xml"),
        ("seed.nix", "lib.seed"),
        ("default.nix", "lib"),
        ("kubevirt/default.nix", "lib.domain.toKubeVirt"),
    ];
    let mut items: Vec<_> = files.iter().flat_map(|(file, path)| items(file, path)).collect();
    items.extend(items_of_templates().into_iter().filter(|item| !item.path.contains(".templates.")));
    items
}

fn templates() -> Vec<Item> {
    items_of_templates().into_iter().filter(|item| item.path.contains(".templates.")).collect()
}

/// What the files in the folders of templates document. `passthrough` is there too, and is no template.
fn items_of_templates() -> Vec<Item> {
    let folder = project().join("nix-lib");
    let each = |path: std::path::PathBuf| {
        let kind = name(path.parent().expect("a file is in a folder")).to_owned();
        let function = name(&path).trim_end_matches(".nix").to_owned();
        let group = if function == "passthrough" { "" } else { "templates." };
        let file = path.strip_prefix(&folder).expect("it is below the folder").display().to_string();
        items(&file, &format!("lib.{kind}.{group}{function}"))
    };
    files(&folder.join("templates"), "nix").into_iter().flat_map(each).collect()
}

/// The doc comments of a file. One before `NAME =` documents that attribute, another one the file's function, whose path is given.
fn items(file: &str, path: &str) -> Vec<Item> {
    let text = fs::read_to_string(project().join("nix-lib").join(file)).expect("a readable file");
    let comments = text.split("/**\n").skip(1).map(|rest| {
        let (doc, code) = rest.split_once("*/").expect("a comment ends");
        let attribute =
            code.trim_start().split_once(" = ").map(|(name, _)| name).filter(|name| !name.contains([' ', '\n', ':']));
        Item { path: attribute.map_or_else(|| path.to_owned(), |name| format!("{path}.{name}")), doc: dedent(doc) }
    });
    comments.collect()
}

fn check_page(file: &str, introduction: &str, items: &[Item]) {
    let text = introduction.to_owned() + &items.iter().map(|item| section(item, items)).collect::<String>();
    expect_file![project().join("docs/reference").join(file)].assert_eq(&text);
}

/// A section of a page: the type comes first, and the headings, which would repeat on the page, become bold text.
fn section(item: &Item, page: &[Item]) -> String {
    let (description, after) =
        item.doc.split_once("# Type\n\n```\n").unwrap_or_else(|| panic!("{} has no type", item.path));
    let (signature, more) = after.split_once("\n```\n").expect("a code block ends");
    let line = |line: &str| match line.strip_prefix("# ") {
        Some(heading) => format!("**{heading}**\n"),
        None => format!("{line}\n"),
    };
    let more: String = more.lines().map(line).collect();
    let text = format!("{}\n\n{}\n", description.trim(), more.trim());
    let link = |text: String, other: &Item| {
        let code = format!("`{}`", other.path);
        text.replace(&code, &format!("[{code}](#{})", other.path.replace('.', "").to_lowercase()))
    };
    let text = page.iter().filter(|other| other.path != item.path).fold(text, link);
    format!("\n## `{}`\n\n`{signature}`\n\n{text}", item.path)
}

/// The arguments that a template documents, also those of a template that it refers to, and whether each is required.
fn arguments(path: &str, templates: &[Item]) -> BTreeMap<String, bool> {
    described_arguments(path, templates).into_iter().map(|(name, argument)| (name, argument.required)).collect()
}

/// An argument of a template, as its documentation tells.
#[derive(Serialize)]
struct Argument {
    name: String,
    description: String,
    /// A Nix expression.
    default: Option<String>,
    required: bool,
    /// The words that `words.nix` lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Json>,
}

impl Argument {
    /// The argument that an entry of the list describes: its name in code, perhaps the default, and the description.
    fn of(entry: &str) -> Argument {
        let (name, rest) = entry.split_once('`').expect("a name ends");
        let end = if rest.starts_with(" (") { "): " } else { ": " };
        let (about, description) = rest.split_once(end).expect("an argument is described");
        let about = about.strip_prefix(" (default: ");
        let default = about.and_then(|default| default.strip_prefix('`')?.strip_suffix('`'));
        let words: Vec<_> = description.split_whitespace().collect();
        let description = words.join(" ");
        let note = about.filter(|_| default.is_none()).map(|words| format!(" Defaults to {words}."));
        Argument {
            name: name.to_owned(),
            required: description.contains("Required."),
            description: description.replace(" Required.", "") + &note.unwrap_or_default(),
            default: default.map(str::to_owned),
            words: None,
        }
    }
}

/// The arguments that a template documents, also those of a template that it refers to, by name.
fn described_arguments(path: &str, templates: &[Item]) -> BTreeMap<String, Argument> {
    let item = templates.iter().find(|item| item.path == path).unwrap_or_else(|| panic!("{path} has no documentation"));
    let (_, after) = item.doc.split_once("# Arguments").unwrap_or_else(|| panic!("{path} documents no arguments"));
    let text = after.split_once("# Example").map_or(after, |(text, _)| text);
    let others: BTreeSet<_> = text.split('`').filter(|part| part.starts_with("lib.") && *part != path).collect();
    let mut arguments = BTreeMap::new();
    for other in others {
        arguments.extend(described_arguments(other, templates));
    }
    for entry in text.split("\n- `").skip(1) {
        let argument = Argument::of(entry);
        arguments.insert(argument.name.clone(), argument);
    }
    arguments
}

/// The arguments in the patterns of the templates, and whether each has a default.
fn declared_arguments() -> BTreeMap<String, BTreeMap<String, bool>> {
    let expression = format!(
        r#"let
          folder = {}/nix-lib/templates;
          path = kind: name: {{ name = "lib.${{kind}}.templates.${{name}}"; value = builtins.functionArgs templates.${{kind}}.${{name}}; }};
          templates = import (folder + "/functions.nix") {{ guest-install = null; }};
          all = builtins.concatMap (kind: map (path kind) (builtins.attrNames templates.${{kind}})) (builtins.attrNames templates);
        in builtins.toJSON (builtins.listToAttrs all // {{
          "lib.domain.templates.q35" = builtins.functionArgs (import (folder + "/domain/base.nix") {{ }});
          "lib.network.templates.nat" = builtins.functionArgs (import (folder + "/network/subnet.nix") null);
        }})"#,
        project().display()
    );
    let outcome = evaluate(&expression);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).expect("Nix prints JSON")
}
