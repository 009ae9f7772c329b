//! Quick fixes of problems.

use crate::diagnose::Problem;
use crate::document::Document;
use crate::server::OPEN_REFERENCE;
use crate::units::in_larger_unit;
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, Command, Diagnostic, TextEdit, Uri, WorkspaceEdit};
use nixvirt_schema::engine::nix::is_identifier;
use rnix::ast;
use rnix::{SyntaxNode, TextRange, TextSize};
use rowan::ast::AstNode;
use std::collections::HashMap;

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

/// Returns the action that opens a page of the reference.
pub fn open(url: &str) -> CodeActionOrCommand {
    CodeActionOrCommand::Command(Command {
        title: "Open the reference".to_owned(),
        command: OPEN_REFERENCE.to_owned(),
        arguments: Some(vec![url.into()]),
    })
}

/// Returns the fixes of a problem.
pub fn fixes(problem: &Problem, document: &Document) -> Vec<Fix> {
    let range = problem.marked.range;
    let mut fixes = Vec::new();
    if let Some(suggestion) = &problem.problem.suggestion {
        fixes.extend(suggested(problem.problem.code, suggestion, range, document));
    }
    match problem.problem.code {
        "missing" => fixes.extend(missing(problem, document)),
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
    if code == "unknown-attribute" {
        let is_path = suggestion.split('.').all(is_identifier);
        let name = if is_path { suggestion.to_owned() } else { format!("{suggestion:?}") };
        return Some(Fix::new(title, range, name));
    }
    let is_value = written.starts_with(|it: char| it == '"' || it.is_ascii_digit());
    let text = format!("{:?}", in_larger_unit(suggestion));
    if is_value { Some(Fix::new(format!("Change to `{text}`"), range, text)) } else { None }
}

/// Adds an attribute that a set lacks.
fn missing(problem: &Problem, document: &Document) -> Option<Fix> {
    let name = problem.problem.path.rsplit('.').next().filter(|name| is_identifier(name))?;
    let braces = braces_of(problem, document)?;
    let end = braces.r_curly_token()?.text_range().start();
    let text = document.text();
    let before = &text[..usize::from(end)];
    let value = value_for(problem, name);
    let is_one_line = !document.slice(braces.syntax().text_range()).contains('\n');
    if is_one_line {
        let blank = if before.ends_with(' ') { "" } else { " " };
        let added = format!("{blank}{name} = {value}; ");
        return Some(Fix::new(format!("Add `{name}`"), TextRange::empty(end), added));
    }
    // In front of the line of the closing brace.
    let line = document.line_before(before.len());
    let indentation = document.indentation(before.len());
    let at = TextSize::new((before.len() - line.len()) as u32);
    Some(Fix::new(format!("Add `{name}`"), TextRange::empty(at), format!("{indentation}  {name} = {value};\n")))
}

/// Returns the value that an added attribute starts with.
fn value_for(problem: &Problem, name: &str) -> String {
    let schema = problem.kind.schema();
    match schema.field(name).filter(|_| problem.problem.path == name) {
        Some((_, field)) if matches!(field.ty, nixvirt_schema::engine::table::Type::Element(_)) => "{ }".to_owned(),
        _ => "\"\"".to_owned(),
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
