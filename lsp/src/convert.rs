//! libvirt XML to a spec, and back.

use crate::complete::Asked;
use crate::document::Document;
use crate::files::FileId;
use crate::fix::{self, Fix};
use crate::nix::string;
use crate::place::{Place, Places, Slot};
use crate::spec;
use lsp_types::CodeActionKind;
use nixvirt_schema::engine::{nix, render};
use nixvirt_schema::kind::{Kind, import_any};
use rnix::{SyntaxKind, TextRange, TextSize};

/// Returns the action that turns XML at an offset into a spec: the whole file, a string or a comment.
pub fn action(document: &Document, offset: usize, places: &Places, file: FileId) -> Option<Fix> {
    let text = document.text();
    if let Some(xml) = without_prompts(text) {
        let whole = TextRange::up_to(TextSize::of(text));
        return conversion(xml, whole, 0, |kind, _, spec| format!("# nixvirt: {}\n{spec}\n", kind.name()));
    }
    document.tokens_at(offset).find_map(|token| {
        if token.kind() == SyntaxKind::TOKEN_COMMENT {
            let (xml, range) = comment(&token)?;
            let braces = token.parent().filter(|parent| parent.kind() == SyntaxKind::NODE_ATTR_SET);
            return conversion(&xml, range, indentation(document, range), |_, name, spec| match &braces {
                Some(braces) => assigned(name, &spec, places.get(file, braces.text_range().start().into())),
                None => spec,
            });
        }
        let string = token.parent_ancestors().find(|node| node.kind() == SyntaxKind::NODE_STRING)?;
        let mut is_whole = true;
        let xml = string::text(&string, &mut |_| {
            is_whole = false;
            String::new()
        });
        let range = string.text_range();
        conversion(&xml, range, indentation(document, range), |_, _, spec| spec).filter(|_| is_whole)
    })
}

/// Returns the XML of a text that has nothing else, except for the command that printed the XML and a prompt behind it.
fn without_prompts(text: &str) -> Option<&str> {
    let (start, end) = (text.find('<')?, text.rfind('>')?);
    let is_command = |line: &str| line.trim().is_empty() || line.contains("virsh");
    let before = &text[..start];
    let after = text[end..].trim_start_matches('>').trim();
    let is_alone =
        before.lines().all(is_command) && (before.is_empty() || before.trim_end_matches(' ').ends_with('\n'));
    (is_alone && !after.contains('\n')).then(|| &text[start..=end])
}

/// Returns the assignment of a spec among other attributes.
fn assigned(name: &str, spec: &str, place: Option<&Place>) -> String {
    let name = fix::attribute(name);
    let path = match place.map(|place| place.slot) {
        Some(Slot::Objects(_)) => format!("{name}.definition"),
        Some(Slot::Object(_)) => "definition".to_owned(),
        _ => name,
    };
    format!("{path} = {spec};")
}

fn conversion(
    xml: &str,
    range: TextRange,
    indentation: usize,
    finish: impl Fn(Kind, &str, String) -> String,
) -> Option<Fix> {
    if !xml.trim_start().starts_with('<') {
        return None;
    }
    let (kind, spec) = import_any(xml).ok()?;
    let text = nix::print(spec.root()).trim_end().replace('\n', &format!("\n{}", " ".repeat(indentation)));
    let name = spec.root().attribute("name").and_then(|name| name.text());
    Some(Fix {
        title: format!("Convert the XML to a spec of a {}", kind.name()),
        range,
        text: finish(kind, name.unwrap_or(kind.name()), text),
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
        let set = declared.value.set()?;
        // A longer path is in no braces of the spec.
        let paths = set.entries.iter().map(|entry| entry.path);
        let all = set.sources.iter().copied().chain(paths);
        let around = all.filter(|it| it.file == asked.file && it.range.contains_inclusive(offset));
        around.map(|it| it.range.len()).min().map(|length| (length, declared))
    });
    let (_, declared) = around.min_by_key(|(length, _)| *length)?;
    let built = spec::build(declared, &spec::Branch::new());
    Some(render::render(declared.kind, &built.spec).xml)
}
