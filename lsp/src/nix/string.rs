//! Strings of Nix: their text without quotes, escapes and indentation.

use rnix::ast;
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

/// Part of a string.
enum Part {
    Text(String),
    Inserted(String),
}

/// Returns the text of a string literal. `insert` returns the text of an expression in it.
pub fn text(string: &SyntaxNode, insert: &mut dyn FnMut(Option<ast::Expr>) -> String) -> String {
    let mut parts = Vec::new();
    let is_indented = string.first_token().is_some_and(|token| token.text() == "''");
    for child in string.children_with_tokens() {
        match child {
            NodeOrToken::Token(token) if token.kind() == SyntaxKind::TOKEN_STRING_CONTENT => {
                parts.push(Part::Text(token.text().to_owned()));
            }
            NodeOrToken::Node(node) => {
                parts.push(Part::Inserted(insert(ast::Interpol::cast(node).and_then(|it| it.expr()))));
            }
            NodeOrToken::Token(_) => {}
        }
    }
    if is_indented { indented(&parts) } else { parts.iter().map(|part| part.shown(unescaped)).collect() }
}

impl Part {
    fn shown(&self, unescape: fn(&str) -> String) -> String {
        match self {
            Part::Text(text) => unescape(text),
            Part::Inserted(text) => text.clone(),
        }
    }
}

/// Returns the text of a string between quotes.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => plain.extend(rest.next().map(escaped)),
            other => plain.push(other),
        }
    }
    plain
}

fn escaped(character: char) -> char {
    match character {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    }
}

/// Returns the text of a string between pairs of single quotes.
fn unescaped_indented(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("''") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        let mut next = rest.chars();
        match next.next() {
            Some('\'') => plain.push_str("''"),
            Some('$') => plain.push('$'),
            Some('\\') => {
                plain.extend(next.next().map(escaped));
                rest = next.as_str();
                continue;
            }
            _ => continue,
        }
        rest = next.as_str();
    }
    plain + rest
}

/// Returns the text of an indented string: without the indentation of all lines, and without a first line of blanks.
fn indented(parts: &[Part]) -> String {
    let indentation = indentation(parts);
    let mut text = String::new();
    let mut is_at_start = true;
    for (at, part) in parts.iter().enumerate() {
        let Part::Text(piece) = part else {
            text.push_str(&part.shown(str::to_owned));
            is_at_start = false;
            continue;
        };
        let is_last = at + 1 == parts.len();
        let mut stripped = String::new();
        for (line_at, line) in piece.split('\n').enumerate() {
            if line_at > 0 {
                stripped.push('\n');
                is_at_start = true;
            }
            let is_blank = line.chars().all(|it| it == ' ');
            let is_end = is_last && line_at == piece.matches('\n').count();
            if is_at_start {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                let kept = if is_blank && is_end { line.len() } else { blanks.min(indentation) };
                stripped.push_str(&line[kept..]);
            } else {
                stripped.push_str(line);
            }
            is_at_start &= is_blank && line_at < piece.matches('\n').count();
        }
        let first = if at == 0 { piece.split('\n').next().unwrap_or_default() } else { "x" };
        let starts_blank = at == 0 && piece.contains('\n') && first.chars().all(|it| it == ' ');
        let stripped = if starts_blank { stripped.split_once('\n').map_or("", |(_, rest)| rest) } else { &stripped };
        text.push_str(&unescaped_indented(stripped));
    }
    text
}

/// Returns the number of blanks that all lines with text start with.
fn indentation(parts: &[Part]) -> usize {
    let mut least = usize::MAX;
    let mut blanks = Some(0);
    for part in parts {
        let Part::Text(text) = part else {
            least = least.min(blanks.take().unwrap_or(usize::MAX));
            continue;
        };
        for character in text.chars() {
            match (character, blanks) {
                ('\n', _) => blanks = Some(0),
                (' ', Some(count)) => blanks = Some(count + 1),
                (_, Some(count)) => {
                    least = least.min(count);
                    blanks = None;
                }
                (_, None) => {}
            }
        }
    }
    if least == usize::MAX { 0 } else { least }
}

#[cfg(test)]
mod tests {
    use super::text;
    use pretty_assertions::assert_eq;
    use rnix::ast;
    use rowan::ast::AstNode;

    fn read(nix: &str) -> String {
        let string = rnix::Root::parse(nix).syntax().descendants().find_map(ast::Str::cast).expect("a string");
        text(string.syntax(), &mut |_| "X".to_owned())
    }

    #[test]
    fn strings_as_nix_reads_them() {
        assert_eq!(read(r#""a\n\"b\" \${c} ${d}""#), "a\n\"b\" ${c} X");
        assert_eq!(read("''\n    a\n      b ${x}\n    c ''$d '''e\n  ''"), "a\n  b X\nc $d ''e\n");
        assert_eq!(read("''one line''"), "one line");
        assert_eq!(read("''\n  <a>\n    <b/>\n  </a>\n''"), "<a>\n  <b/>\n</a>\n");
    }
}
