//! libvirt XML to a spec, and back.

use crate::complete::Asked;
use crate::document::Document;
use crate::fix::Fix;
use crate::nix::string;
use crate::spec;
use lsp_types::{CodeActionKind, Position};
use nixvirt_schema::engine::{nix, render};
use nixvirt_schema::kind::{Kind, import_any};
use rnix::{SyntaxKind, TextRange, TextSize};

/// Returns the actions that turn XML at a position into a spec: the whole file, a string or a comment.
pub fn actions(document: &Document, position: Position) -> Vec<Fix> {
    let text = document.text();
    if text.trim_start().starts_with('<') {
        let whole = TextRange::up_to(TextSize::of(text));
        let marked = |kind: Kind, spec: String| format!("# nixvirt: {}\n{spec}", kind.name());
        return conversion(text, whole, 0, marked).into_iter().collect();
    }
    document
        .tokens_at(document.offset(position))
        .filter_map(|token| {
            if token.kind() == SyntaxKind::TOKEN_COMMENT {
                let (xml, range) = comment(&token)?;
                return conversion(&xml, range, indentation(document, range), |_, spec| spec);
            }
            let string = token.parent_ancestors().find(|node| node.kind() == SyntaxKind::NODE_STRING)?;
            let xml = string::text(&string, &mut |_| String::new());
            let range = string.text_range();
            conversion(&xml, range, indentation(document, range), |_, spec| spec)
        })
        .take(1)
        .collect()
}

fn conversion(xml: &str, range: TextRange, indentation: usize, finish: impl Fn(Kind, String) -> String) -> Option<Fix> {
    if !xml.trim_start().starts_with('<') {
        return None;
    }
    let (kind, spec) = import_any(xml).ok()?;
    let spec = nix::print(spec.root());
    let spec =
        if indentation == 0 { spec } else { spec.trim_end().replace('\n', &format!("\n{}", " ".repeat(indentation))) };
    Some(Fix {
        title: format!("Convert the XML to a spec of a {}", kind.name()),
        range,
        text: finish(kind, spec),
        kind: CodeActionKind::REFACTOR_REWRITE,
    })
}

/// Returns the number of blanks in front of the line of a range; 0 for the first.
fn indentation(document: &Document, range: TextRange) -> usize {
    let line = document.line_before(usize::from(range.start()));
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the text of a comment without its marks, and its range. Comments on following lines are one.
fn comment(token: &rnix::SyntaxToken) -> Option<(String, TextRange)> {
    if let Some(inner) = token.text().strip_prefix("/*") {
        return Some((inner.trim_end_matches("*/").to_owned(), token.text_range()));
    }
    let is_line =
        |token: &rnix::SyntaxToken| token.kind() == SyntaxKind::TOKEN_COMMENT && token.text().starts_with('#');
    let beside = |token: &rnix::SyntaxToken, forward: bool| {
        let next = |it: &rnix::SyntaxToken| if forward { it.next_token() } else { it.prev_token() };
        let blank = next(token)?;
        let is_line_break = blank.kind() == SyntaxKind::TOKEN_WHITESPACE && blank.text().matches('\n').count() == 1;
        next(&blank).filter(|found| is_line_break && is_line(found))
    };
    let mut first = token.clone();
    while let Some(before) = beside(&first, false) {
        first = before;
    }
    let mut last = first.clone();
    let mut text = String::new();
    loop {
        let line = last.text().trim_start_matches('#');
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
        match beside(&last, true) {
            Some(after) => last = after,
            None => break,
        }
    }
    Some((text, TextRange::new(first.text_range().start(), last.text_range().end())))
}

/// Returns the XML of the spec under a cursor. Parts that the file does not tell are left out.
pub fn xml_at(asked: &Asked<'_>) -> Option<String> {
    let offset = TextSize::new(asked.offset as u32);
    let around = asked.analysis.specs.iter().filter_map(|declared| {
        let sources = &declared.value.set()?.sources;
        let around = sources.iter().filter(|it| it.file == asked.file && it.range.contains_inclusive(offset));
        around.map(|it| it.range.len()).min().map(|length| (length, declared))
    });
    let (_, declared) = around.min_by_key(|(length, _)| *length)?;
    let built = spec::build(declared, &spec::Branch::new());
    Some(render::render(declared.kind, &built.spec).xml)
}
