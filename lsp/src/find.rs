//! Finds the specs of a file, the arguments of templates, and the options of the modules.

use crate::catalog::Template;
use crate::files::{FileId, Files};
use crate::nix::evaluate::{Evaluator, literal_name};
use crate::nix::value::{Data, Value};
use crate::place::{Element, Place, Slot};
use nixvirt_schema::kind::Kind;
use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

/// Functions of the library that take a spec.
const TAKE_SPECS: &[&str] = &["getXML", "writeXML", "validate"];

/// What the first line of a file with one spec starts with, before the kind.
const MARK: &str = "# nixvirt:";

/// Returns the places of a file from which its specs are reached, with their values.
pub fn roots(files: &Files, evaluator: &Evaluator<'_>, file: FileId) -> Vec<Place> {
    let document = files.document(file);
    let mut found = Vec::new();
    if let Some(kind) = marked_kind(document.text()) {
        found.push(whole(evaluator, file, kind));
    }
    for node in document.tree().descendants() {
        if let Some(call) = ast::Apply::cast(node.clone()) {
            found.extend(of_call(evaluator, file, &call));
        } else if let Some(braces) = ast::AttrSet::cast(node) {
            found.extend(of_options(evaluator, file, &braces));
        }
    }
    found
}

/// Returns the kind that the first line of a file names.
pub fn marked_kind(text: &str) -> Option<Kind> {
    let first = text.lines().next()?.strip_prefix(MARK)?;
    Kind::named(first.trim())
}

/// Returns the place of a file that is one spec.
pub fn whole(evaluator: &Evaluator<'_>, file: FileId, kind: Kind) -> Place {
    let whole = evaluator.file(file).map(|value| without_arguments(evaluator, value));
    Place { slot: Slot::Element(Element::root(kind, false)), value: whole }
}

/// Returns the result of a function, whatever its arguments are.
fn without_arguments(evaluator: &Evaluator<'_>, mut value: Value) -> Value {
    // NixVirt's library, then perhaps the arguments of a user.
    for _ in 0..3 {
        if !matches!(value.data, Data::Function(_)) {
            break;
        }
        let at = value.at;
        value = evaluator.apply(value, Value::unknown(at), at);
    }
    value
}

fn of_call(evaluator: &Evaluator<'_>, file: FileId, call: &ast::Apply) -> Option<Place> {
    let (function, argument) = (call.lambda()?, call.argument()?);
    if !matches!(function, ast::Expr::Ident(_) | ast::Expr::Select(_)) {
        return None;
    }
    let Data::Named(name) = evaluator.value(file, &function).data else { return None };
    let slot = match taken_kind(&name) {
        Some(kind) => Slot::Element(Element::root(kind, false)),
        None => Slot::Template(template(&name)?),
    };
    Some(Place { slot, value: Some(evaluator.value(file, &argument)) })
}

/// Returns the kind of the specs that a function takes.
fn taken_kind(name: &[String]) -> Option<Kind> {
    let [.., kind, function] = name else { return None };
    let is_plugin = function == "toXML" && matches!(name, [.., plugin, _, _] if plugin == "nixvirt");
    if is_plugin || TAKE_SPECS.contains(&function.as_str()) { Kind::named(kind) } else { None }
}

/// Returns the template of a path that ends as in the library, such as `domain.templates.linux`.
pub fn template(name: &[String]) -> Option<&'static Template> {
    match name {
        [.., kind, templates, name] if templates == "templates" => Template::named(kind, name),
        _ => None,
    }
}

/// Returns the options `virtualisation.libvirt` in braces.
fn of_options(evaluator: &Evaluator<'_>, file: FileId, braces: &ast::AttrSet) -> Option<Place> {
    let paths = braces.attrpath_values().filter_map(|entry| entry.attrpath());
    let (is_whole, is_config) = paths.fold((false, false), |(is_whole, is_config), path| {
        let names: Vec<_> = path.attrs().take(2).map(|attr| literal_name(&attr).unwrap_or_default()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        (is_whole || names.first() == Some(&"virtualisation"), is_config || names == ["config", "virtualisation"])
    });
    let value = if is_whole {
        evaluator.attribute_of(file, braces, "virtualisation")?
    } else if is_config {
        evaluator.attribute_of(file, braces, "config")?.attribute("virtualisation")?.clone()
    } else {
        return None;
    };
    let value = value.attribute("libvirt")?.clone();
    Some(Place { slot: Slot::Options, value: Some(value) })
}
