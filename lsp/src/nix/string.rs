//! Strings of Nix: their text without quotes, escapes and indentation.

use rnix::ast::{self, InterpolPart};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

/// Returns the text of a string literal. `insert` returns the text of an expression in it, and of what is no Nix yet.
pub fn text(string: &SyntaxNode, insert: &mut dyn FnMut(Option<ast::Expr>) -> String) -> String {
    let Some(literal) = ast::Str::cast(string.clone()).filter(is_complete) else { return insert(None) };
    let parts = literal.normalized_parts().into_iter();
    let text = parts.map(|part| match part {
        InterpolPart::Literal(text) => text,
        InterpolPart::Interpolation(inserted) => insert(inserted.expr()),
    });
    text.collect()
}

/// Returns whether a string has nothing but text and expressions, on which rnix insists.
fn is_complete(string: &ast::Str) -> bool {
    let is_part = |kind| {
        use SyntaxKind::{NODE_INTERPOL, TOKEN_STRING_CONTENT, TOKEN_STRING_END, TOKEN_STRING_START};
        matches!(kind, NODE_INTERPOL | TOKEN_STRING_CONTENT | TOKEN_STRING_END | TOKEN_STRING_START)
    };
    string.syntax().children_with_tokens().all(|part| is_part(part.kind()))
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
