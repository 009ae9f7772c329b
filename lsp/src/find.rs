//! Finds the specs of a file, the arguments of templates, and the options of the modules.

use crate::catalog::{self, Template};
use crate::files::{FileId, Files};
use crate::nix::evaluate::{Evaluator, Taken, as_set, literal_name, span};
use crate::nix::functions;
use crate::nix::value::{Data, Span, Value};
use crate::place::{Element, Place, Slot};
use nixvirt_schema::kind::Kind;
use rnix::ast::{self, BinOpKind};
use rnix::{SyntaxNode, TextRange, TextSize};
use rowan::ast::AstNode;

/// Functions of the library that take a spec.
const TAKE_SPECS: &[&str] = &["getXML", "writeXML", "validate"];

/// What the first line of a file with one spec has before the kind, after `#`.
const MARK: &str = "nixvirt:";

/// Returns the places of a file from which its specs are reached, with their values.
pub fn roots(files: &Files, evaluator: &Evaluator<'_>, file: FileId) -> Vec<Place> {
    let document = files.document(file);
    let mut found = Vec::new();
    if let Some(word) = marked(document.text()) {
        let text = document.slice(word);
        found.extend(Kind::named(text).map(|kind| whole(evaluator, file, kind)));
        let value = Value { data: Data::Text(text.into()), at: Span { file, range: word } };
        found.push(Place { slot: Slot::Kind, value: Some(value) });
    }
    for braces in document.tree().descendants().filter_map(ast::AttrSet::cast) {
        found.extend(of_options(evaluator, file, &braces));
    }
    for select in document.tree().descendants().filter_map(ast::Select::cast) {
        found.extend(in_library(evaluator, file, &select));
    }
    // The calls that nothing above led to.
    for call in document.tree().descendants().filter_map(ast::Expr::cast) {
        let is_known = || is_function(&call) || evaluator.was_called(span(file, call.syntax()));
        if called(&call).is_some() && !is_known() && may_take_specs(evaluator, file, &call) {
            evaluator.value(file, &call);
        }
    }
    let own = if document.text().contains("_module") { own_arguments(document.tree()) } else { Vec::new() };
    let of_library = |taken: &Taken| !taken.function.first().is_some_and(|name| own.contains(name));
    found.extend(evaluator.taken().into_iter().filter(of_library).filter_map(of_argument));
    found
}

/// Returns the arguments that a module sets for all modules, which are then not those of NixVirt's modules.
fn own_arguments(tree: &SyntaxNode) -> Vec<String> {
    let set = tree.descendants().filter_map(ast::AttrpathValue::cast).map(|entry| path(&entry));
    set.filter_map(|path| match path.as_slice() {
        [module, args, name, ..] if module == "_module" && args == "args" => Some(name.clone()),
        _ => None,
    })
    .collect()
}

/// Returns the names that lead to an attribute in the sets around it, up to a name that only evaluation tells.
fn path(entry: &ast::AttrpathValue) -> Vec<String> {
    let around = entry.syntax().parent().and_then(|set| set.parent()).and_then(ast::AttrpathValue::cast);
    let mut path = around.map(|around| path(&around)).unwrap_or_default();
    path.extend(entry.attrpath().into_iter().flat_map(|path| path.attrs()).map_while(|attr| literal_name(&attr)));
    path
}

/// Returns the place of the word in the first line of a file that names the kind of its spec.
pub fn marked(text: &str) -> Option<TextRange> {
    let first = text.lines().next()?;
    let word = first.strip_prefix('#')?.trim_start().strip_prefix(MARK)?.trim_start();
    let start = TextSize::of(first) - TextSize::of(word);
    Some(TextRange::at(start, TextSize::of(word.trim_end())))
}

/// Returns the place of a name that the library probably lacks, in a path that otherwise leads into the library. Others may have
/// functions of a kind too, but hardly templates, or functions of XML.
fn in_library(evaluator: &Evaluator<'_>, file: FileId, select: &ast::Select) -> Option<Place> {
    let path = select.attrpath().filter(|_| select.or_token().is_none())?;
    let attrs: Vec<_> = path.attrs().collect();
    let names: Vec<_> = attrs.iter().map_while(literal_name).collect();
    let (at, kind) = names.iter().enumerate().find_map(|(at, name)| Some((at, Kind::named(name)?)))?;
    let name = names.get(at + 1)?;
    let (at, known) = match names.get(at + 2) {
        Some(_) if name == "templates" => (at + 2, catalog::template_names(kind)),
        _ => (at + 1, catalog::functions(kind)),
    };
    if known.iter().any(|known| *known == names[at]) {
        return None;
    }
    let Data::Named(base) = evaluator.value(file, &select.expr()?).data else { return None };
    let is_nixvirt = base.iter().chain(&names[..at]).any(|name| name.to_lowercase().contains("nixvirt"));
    if !is_nixvirt && name != "templates" && !name.to_lowercase().contains("xml") {
        return None;
    }
    let value = Value { data: Data::Text(names[at].as_str().into()), at: span(file, attrs[at].syntax()) };
    Some(Place { slot: Slot::InLibrary(known), value: Some(value) })
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

/// Returns the function that an expression calls, as in `f x`, `x |> f` and `f <| x`.
fn called(expression: &ast::Expr) -> Option<ast::Expr> {
    match expression {
        ast::Expr::Apply(call) => call.lambda(),
        ast::Expr::BinOp(pipe) => match pipe.operator()? {
            BinOpKind::PipeRight => pipe.rhs(),
            BinOpKind::PipeLeft => pipe.lhs(),
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether a call is the function of another one, as in `f x y`.
fn is_function(call: &ast::Expr) -> bool {
    let around = call.syntax().parent().and_then(ast::Expr::cast);
    around.and_then(|around| called(&around)).is_some_and(|function| function.syntax() == call.syntax())
}

/// Returns whether a call is one of a function of the library, or of one that may pass its arguments to them.
fn may_take_specs(evaluator: &Evaluator<'_>, file: FileId, call: &ast::Expr) -> bool {
    match called(call) {
        Some(function @ (ast::Expr::Apply(_) | ast::Expr::BinOp(_))) => may_take_specs(evaluator, file, &function),
        Some(function @ (ast::Expr::Ident(_) | ast::Expr::Select(_))) => match evaluator.value(file, &function).data {
            Data::Function(_) => true,
            Data::Named(name) => takes_specs(&name) || functions::calls_argument(&name),
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether a function of the library takes a spec or the arguments of a template.
pub fn takes_specs(name: &[String]) -> bool {
    taken_kind(name).is_some() || template(name).is_some()
}

fn of_argument(Taken { function, argument }: Taken) -> Option<Place> {
    let slot = match taken_kind(&function) {
        Some(kind) => Slot::Element(Element::root(kind, false)),
        None => Slot::Template(template(&function)?),
    };
    Some(Place { slot, value: Some(argument) })
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

/// Returns the options `virtualisation.libvirt` in braces, also where a longer path leads to them.
fn of_options(evaluator: &Evaluator<'_>, file: FileId, braces: &ast::AttrSet) -> Vec<Place> {
    let values = evaluator.values_of(file, braces, "virtualisation").into_iter();
    let options = values.filter_map(|value| Some(as_set(&value).get("libvirt")?.value.clone()));
    options.map(|value| Place { slot: Slot::Options, value: Some(value) }).collect()
}
