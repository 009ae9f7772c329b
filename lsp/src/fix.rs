//! Quick fixes of problems.

use crate::complete;
use crate::cursor::Cursor;
use crate::diagnose::Problem;
use crate::document::Document;
use crate::files::FileId;
use crate::nix::value::Value;
use crate::place::{Found, Place, Places, Slot};
use crate::server::OPEN_REFERENCE;
use crate::units::in_larger_unit;
use lsp_types::{
    CodeAction, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, Command, Diagnostic, TextEdit, Uri,
    WorkspaceEdit,
};
use nixvirt_schema::engine::nix::{attribute_name, is_identifier};
use rnix::ast;
use rnix::{SyntaxKind, SyntaxNode, TextRange, TextSize};
use rowan::ast::AstNode;
use std::collections::{BTreeSet, HashMap};

/// Change of a file that solves a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the editor shows.
    pub title: String,
    /// Range that is replaced.
    pub range: TextRange,
    /// Text in its place.
    pub text: String,
    /// Kind of action.
    pub kind: CodeActionKind,
}

impl Fix {
    fn new(title: impl Into<String>, range: TextRange, text: impl Into<String>) -> Self {
        Fix { title: title.into(), range, text: text.into(), kind: CodeActionKind::QUICKFIX }
    }

    /// Returns the action that applies the fix of a problem.
    pub fn action(self, uri: &Uri, document: &Document, problem: &Diagnostic) -> CodeActionOrCommand {
        let mut action = self.code_action(uri, document);
        action.diagnostics = Some(vec![problem.clone()]);
        CodeActionOrCommand::CodeAction(action)
    }

    /// Returns the action that applies a change that solves no problem.
    pub fn alone(self, uri: &Uri, document: &Document) -> CodeActionOrCommand {
        CodeActionOrCommand::CodeAction(self.code_action(uri, document))
    }

    // The protocol has maps by URI.
    #[allow(clippy::mutable_key_type)]
    fn code_action(self, uri: &Uri, document: &Document) -> CodeAction {
        let edit = TextEdit { range: document.range(self.range), new_text: self.text };
        CodeAction {
            title: self.title,
            kind: Some(self.kind),
            edit: Some(WorkspaceEdit {
                changes: Some(HashMap::from([(uri.clone(), vec![edit])])),
                ..WorkspaceEdit::default()
            }),
            ..CodeAction::default()
        }
    }
}

/// Returns a disabled action, with the reason.
pub fn disabled(title: &str, why: &str) -> CodeActionOrCommand {
    CodeActionOrCommand::CodeAction(CodeAction {
        title: title.to_owned(),
        kind: Some(CodeActionKind::REFACTOR_REWRITE),
        disabled: Some(CodeActionDisabled { reason: why.to_owned() }),
        ..CodeAction::default()
    })
}

/// Returns the action that opens a page of the reference.
pub fn open(url: &str) -> CodeActionOrCommand {
    CodeActionOrCommand::Command(Command {
        title: "Open the reference".to_owned(),
        command: OPEN_REFERENCE.to_owned(),
        arguments: Some(vec![url.into()]),
    })
}

/// Returns the fixes of a problem.
pub fn fixes(problem: &Problem, document: &Document, places: &Places) -> Vec<Fix> {
    let range = problem.marked.range;
    let mut fixes = Vec::new();
    if let Some(suggestion) = &problem.problem.suggestion {
        fixes.extend(suggested(problem.problem.code, suggestion, range, document));
    }
    match problem.problem.code {
        "missing" => fixes.extend(missing(problem, document, places)),
        "wrong-type" => {
            fixes.extend(conditional(problem, document));
        }
        _ => {}
    }
    fixes
}

/// Replaces a name or word by the one that was probably meant.
fn suggested(code: &str, suggestion: &str, range: TextRange, document: &Document) -> Option<Fix> {
    let written = document.slice(range);
    let title = format!("Change to `{suggestion}`");
    let token = document.tokens_at(range.start().into()).right_biased();
    let is_comment = token.is_some_and(|token| token.kind() == SyntaxKind::TOKEN_COMMENT);
    if code == "unknown-attribute" || is_comment {
        let is_path = suggestion.split('.').all(is_identifier);
        let name = if is_path { suggestion.to_owned() } else { format!("{suggestion:?}") };
        return Some(Fix::new(title, range, name));
    }
    let is_value = written.starts_with(|it: char| it == '"' || it.is_ascii_digit());
    let text = format!("{:?}", in_larger_unit(suggestion));
    if is_value { Some(Fix::new(format!("Change to `{text}`"), range, text)) } else { None }
}

/// Adds what a set lacks: the part or argument that a problem names, or all that the set must have.
fn missing(problem: &Problem, document: &Document, places: &Places) -> Vec<Fix> {
    let target = braces_of(problem, document).map(Target::Braces).or_else(|| path_of(problem, document));
    let Some(target) = target else { return Vec::new() };
    let place = target.place(problem, document, places);
    let Some((place, all)) = place.as_ref().and_then(|place| Some((place, required(place)?))) else {
        return Vec::new();
    };
    let name = problem.problem.path.rsplit('.').next().unwrap_or_default();
    let required = all.iter().find(|(required, _)| *required == name).cloned();
    let one = required.or_else(|| optional(place, name)).into_iter().collect();
    let mut fixes = vec![(format!("Add `{name}`"), one)];
    if all.len() > 1 {
        fixes.push(("Add all required parts".to_owned(), all));
    }
    fixes.into_iter().filter_map(|(title, parts)| target.added(title, &parts, document)).collect()
}

/// Where parts are added.
enum Target {
    /// In braces.
    Braces(ast::AttrSet),
    /// Behind an assignment, whose path leads through the set that lacks the parts, or to it.
    Path {
        /// The assignment.
        assignment: ast::AttrpathValue,
        /// The path of the set.
        path: TextRange,
    },
}

impl Target {
    /// Returns the place of the set.
    fn place(&self, problem: &Problem, document: &Document, places: &Places) -> Option<Place> {
        let file = problem.origin.expression.file;
        match self {
            Target::Braces(braces) => places.get(file, braces.syntax().text_range().start().into()).cloned(),
            Target::Path { path, .. } => {
                let cursor = Cursor::at(document.text(), path.end().into());
                cursor.place(places, file)?.attribute(cursor.path().last().map(String::as_str))
            }
        }
    }

    fn added(&self, title: String, parts: &[(&str, String)], document: &Document) -> Option<Fix> {
        if parts.is_empty() {
            return None;
        }
        match self {
            Target::Braces(braces) => added(title, parts, braces, document),
            Target::Path { assignment, path } => {
                let whole = assignment.syntax().text_range();
                let path = document.slice(*path);
                let assigned = parts.iter().map(|(name, value)| format!("{path}.{name} = {value};"));
                let text: String = if document.line_before(whole.start().into()).trim().is_empty() {
                    let line = format!("\n{}", document.indentation(whole.start().into()));
                    assigned.map(|part| format!("{line}{}", part.replace('\n', &line))).collect()
                } else {
                    assigned.map(|part| format!(" {}", on_one_line(&part))).collect()
                };
                Some(Fix::new(title, TextRange::empty(whole.end()), text))
            }
        }
    }
}

/// Returns the path that a problem is about, if it makes the set without braces.
fn path_of(problem: &Problem, document: &Document) -> Option<Target> {
    let key = problem.origin.key;
    if problem.origin.expression != key {
        return None;
    }
    let token = document.tokens_at(key.range.start().into()).right_biased()?;
    let assignment = token.parent_ancestors().find_map(ast::AttrpathValue::cast)?;
    let path = assignment.attrpath()?.syntax().text_range();
    let path = path.contains_range(key.range).then(|| TextRange::new(path.start(), key.range.end()))?;
    Some(Target::Path { assignment, path })
}

/// Returns what the braces at a place lack, with the values that it starts with.
fn required(place: &Place) -> Option<Vec<(&'static str, String)>> {
    let is_there = |name: &str| place.value.as_ref().and_then(|value| value.attribute(name)).is_some();
    if let Slot::Template(template) = place.slot {
        let all = template.arguments.iter().filter(|argument| argument.required && !is_there(&argument.name));
        return Some(all.map(|argument| (argument.name.as_str(), complete::value_of_argument(argument))).collect());
    }
    let parts = place.element()?.parts(place.value.as_ref()).into_iter();
    let parts = parts.filter(|part| part.is_required() && !is_there(part.name()));
    Some(parts.map(|part| (part.name(), complete::value_of_part(part))).collect())
}

/// Returns a part that the type does not require, such as one that a rule asks for, with the value that it starts with.
fn optional(place: &Place, name: &str) -> Option<(&'static str, String)> {
    let part = place.element()?.part(name, place.value.as_ref())?;
    Some((part.name(), complete::value_of_part(part)))
}

/// Adds parts at the end of braces.
fn added(title: String, parts: &[(&str, String)], braces: &ast::AttrSet, document: &Document) -> Option<Fix> {
    let end = braces.r_curly_token()?.text_range().start();
    let before = &document.text()[..usize::from(end)];
    let assigned = parts.iter().map(|(name, value)| format!("{name} = {value};"));
    if !document.slice(braces.syntax().text_range()).contains('\n') {
        let blank = if before.ends_with(' ') { "" } else { " " };
        let assigned: Vec<_> = assigned.map(|part| on_one_line(&part)).collect();
        return Some(Fix::new(title, TextRange::empty(end), format!("{blank}{} ", assigned.join(" "))));
    }
    // In front of the line of the closing brace.
    let line = document.line_before(before.len());
    let indentation = document.indentation(before.len());
    let at = TextSize::new((before.len() - line.len()) as u32);
    let lines = assigned.map(|part| format!("{indentation}  {}\n", part.replace('\n', &format!("\n{indentation}  "))));
    Some(Fix::new(title, TextRange::empty(at), lines.collect::<String>()))
}

/// Returns an assignment without line breaks.
fn on_one_line(assignment: &str) -> String {
    assignment.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the action that turns the list of devices around an offset into devices by name, as the options of the modules may
/// have them. `None` if a device is no plain set, or would change.
pub fn by_name(document: &Document, offset: usize, places: &Places, file: FileId) -> Option<Fix> {
    let lists = document.tokens_at(offset).flat_map(|token| token.parent_ancestors().collect::<Vec<_>>());
    let list = lists.filter_map(ast::List::cast).find(|list| device_of(list, places, file).is_some())?;
    let found = device_of(&list, places, file)?;
    let range = list.syntax().text_range();
    let mut names = BTreeSet::new();
    let mut text = "{".to_owned();
    let mut end = range.start() + TextSize::of('[');
    for (at, item) in list.items().enumerate() {
        let ast::Expr::AttrSet(braces) = &item else { return None };
        let braces = braces.syntax().text_range();
        let place = places.get(file, braces.start().into())?;
        let name = name_of(found.field.name, place.value.as_ref()?, at)?;
        if !names.insert(name.clone()) {
            return None;
        }
        let before = document.slice(TextRange::new(end, braces.start()));
        text.push_str(&format!("{before}{} = {};", attribute_name(&name), document.slice(braces)));
        end = braces.end();
    }
    let after = document.slice(TextRange::new(end, range.end())).strip_suffix(']')?;
    text.push_str(&format!("{after}}}"));
    let title = format!("Declare `{}` by name", found.field.name);
    Some(Fix { kind: CodeActionKind::REFACTOR_REWRITE, ..Fix::new(title, range, text) })
}

/// Returns the devices that a list holds, if the options may have them by name.
fn device_of(list: &ast::List, places: &Places, file: FileId) -> Option<Found> {
    let first = list.items().next()?;
    let place = places.get(file, first.syntax().text_range().start().into())?;
    match place.slot {
        Slot::Field(found, element) if element.has_by_name(found.field) => Some(found),
        _ => None,
    }
}

/// Returns the name of a device: that of its target or its type, else its kind and number. `None` if the device would change.
fn name_of(kind: &str, device: &Value, at: usize) -> Option<String> {
    match kind {
        "disk" => Some(device.attribute("target")?.attribute("dev")?.text()?.to_owned()),
        "graphics" => Some(device.attribute("type")?.text()?.to_owned()),
        // The MAC address would follow from the name.
        "interface" if device.attribute("mac").is_none() => None,
        _ => Some(format!("{kind}{at}")),
    }
}

/// Returns the braces that a problem is about: those of the value, or those that the whole spec starts with.
fn braces_of(problem: &Problem, document: &Document) -> Option<ast::AttrSet> {
    let at = problem.origin.expression.range;
    let token = document.tokens_at(at.start().into()).right_biased()?;
    token.parent_ancestors().find_map(ast::AttrSet::cast).filter(|braces| {
        let range = braces.syntax().text_range();
        range == at || range.start() == at.start()
    })
}

/// Replaces `mkIf` and the like, which nothing takes apart in a spec.
fn conditional(problem: &Problem, document: &Document) -> Option<Fix> {
    let call = node_at(document, problem.origin.expression.range)?;
    let call = ast::Apply::cast(call)?;
    let value = call.argument()?.syntax().text().to_string();
    let (function, condition) = match call.lambda()? {
        ast::Expr::Apply(inner) => (inner.lambda()?, inner.argument()),
        function => (function, None),
    };
    let name = function.syntax().text().to_string();
    let name = name.rsplit('.').next()?.to_owned();
    let range = call.syntax().text_range();
    match (name.as_str(), condition) {
        ("mkIf", Some(condition)) => {
            let condition = condition.syntax().text().to_string();
            Some(Fix::new("Change to `if`", range, format!("if {condition} then {value} else null")))
        }
        ("mkDefault" | "mkForce" | "mkBefore" | "mkAfter", None) | ("mkOverride" | "mkOrder", Some(_)) => {
            Some(Fix::new(format!("Remove `{name}`"), range, value))
        }
        _ => None,
    }
}

/// Returns the outermost node with exactly that range.
fn node_at(document: &Document, range: TextRange) -> Option<SyntaxNode> {
    let element = document.tree().covering_element(range);
    let node = element.into_node()?;
    node.ancestors().take_while(|node| node.text_range() == range).last()
}

#[cfg(test)]
mod tests {
    use nixvirt_schema::engine::message::MODULE_FUNCTIONS;

    #[test]
    fn messages_know_the_functions_that_are_removed() {
        assert!(MODULE_FUNCTIONS.iter().any(|known| known.tag == "override"));
    }
}
