//! libvirt XML to a spec, and back.

use crate::catalog::{self, Setting};
use crate::complete::Asked;
use crate::document::Document;
use crate::files::FileId;
use crate::find;
use crate::fix::Fix;
use crate::nix::string;
use crate::paste::{self, Object, Pasted};
use crate::place::{Place, Places, Slot};
use crate::spec;
use lsp_types::CodeActionKind;
use nixvirt_schema::engine::{nix, render};
use rnix::{SyntaxKind, SyntaxNode, SyntaxToken, TextRange, TextSize, ast};
use rowan::ast::AstNode;
use std::collections::BTreeMap;

/// What an editor shows of XML that is no spec.
pub const TITLE: &str = "Convert the XML to a spec";

/// Returns the action that turns XML at an offset into a spec, or why the XML is none. The XML is the whole file, in a string, in a
/// comment, or in place of an expression.
pub fn action(document: &Document, offset: usize, places: &Places, file: FileId) -> Option<Result<Fix, String>> {
    let text = document.text();
    let pasted = Pasted::read(text);
    let whole = TextRange::up_to(TextSize::of(text));
    if let Some(comments) = comments(&pasted) {
        let comments: String = comments.map(|line| format!("{line}\n")).collect();
        let made = match pasted.objects.as_slice() {
            [one] => Some((title(one), format!("# nixvirt: {}\n{comments}{}\n", one.kind.name(), expression(one, 0)))),
            several => declarations(several).map(|module| {
                (format!("Convert the XML to declarations of {} objects", several.len()), format!("{comments}{module}"))
            }),
        };
        if let Some((title, text)) = made {
            return Some(Ok(fix(title, whole, text)));
        }
    }
    let written = document.tokens_at(offset).find_map(|token| {
        if token.kind() == SyntaxKind::TOKEN_COMMENT {
            return Some(in_comment(document, &token, places, file));
        }
        let string = token.parent_ancestors().find(|node| node.kind() == SyntaxKind::NODE_STRING)?;
        Some(in_string(document, &string))
    });
    let made = written.unwrap_or_else(|| {
        let object = pasted.objects.iter().find(|object| object.range.start <= offset && offset <= object.range.end)?;
        let [start, end] = [object.range.start, object.range.end].map(|at| TextSize::new(at as u32));
        let range = TextRange::new(start, end);
        Some(Ok(fix(title(object), range, expression(object, indentation(document, range)))))
    });
    made.or_else(|| paste::refusal(text).map(Err))
}

/// Returns the comments of a file that has nothing else but commands around its XML.
fn comments(pasted: &Pasted) -> Option<impl Iterator<Item = &String>> {
    // XML behind a single `#` is in a comment itself.
    let is_comment = |line: &&String| line.starts_with('#') && *line != "#";
    if pasted.objects.is_empty() || !pasted.around.iter().all(|line| is_comment(&line) || is_command(line)) {
        return None;
    }
    Some(pasted.around.iter().filter(move |line| is_comment(line) && !is_command(line) && find::marked(line).is_none()))
}

/// Returns whether a line is a command that prints XML, or a prompt.
fn is_command(line: &str) -> bool {
    let is_prompt = |word: &str| word.ends_with(['$', '#', '%']);
    line.contains("virsh") || (!line.starts_with('#') && line.split_whitespace().take(3).any(is_prompt))
}

/// Returns a module that declares objects. `None` if one of them is no option of a connection, or two have one name.
fn declarations(objects: &[Object]) -> Option<String> {
    let mut lines = BTreeMap::new();
    for object in objects {
        let of_kind = |setting: &&Setting| setting.objects.as_deref() == Some(object.kind.name());
        let option = &catalog::settings_of_connection().iter().find(of_kind)?.name;
        let path = format!("{option}.{}", nix::attribute_name(object.name()));
        let line = format!("    {path}.definition = {};\n", expression(object, 4));
        if lines.insert(path, line).is_some() {
            return None;
        }
    }
    let lines: String = lines.into_values().collect();
    Some(format!("{{\n  virtualisation.libvirt.connections.\"qemu:///system\" = {{\n{lines}  }};\n}}\n"))
}

/// Returns the change of a comment that has one object, and perhaps a text beside it.
fn in_comment(document: &Document, token: &SyntaxToken, places: &Places, file: FileId) -> Option<Result<Fix, String>> {
    let (text, range) = comment(token)?;
    let Pasted { objects, around } = Pasted::read(&text);
    let [object] = objects.as_slice() else { return paste::refusal(&text).map(Err) };
    let indentation = indentation(document, range);
    let spec = expression(object, indentation);
    let braces = token.parent().filter(|parent| parent.kind() == SyntaxKind::NODE_ATTR_SET);
    let spec = match &braces {
        Some(braces) => assigned(object.name(), &spec, places.get(file, braces.text_range().start().into())),
        None => spec,
    };
    let around = around.iter().map(|line| format!("# {line}\n{}", " ".repeat(indentation)));
    Some(Ok(fix(title(object), range, around.collect::<String>() + &spec)))
}

/// Returns the change of a string that is one object. A function that writes the string to a file goes with it.
fn in_string(document: &Document, string: &SyntaxNode) -> Option<Result<Fix, String>> {
    let mut is_whole = true;
    let text = string::text(string, &mut |_| {
        is_whole = false;
        String::new()
    });
    if !is_whole {
        return None;
    }
    let Pasted { objects, around } = Pasted::read(&text);
    let ([object], []) = (objects.as_slice(), around.as_slice()) else { return paste::refusal(&text).map(Err) };
    let range = written(string).unwrap_or_else(|| string.text_range());
    Some(Ok(fix(title(object), range, expression(object, indentation(document, range)))))
}

/// Returns the range of the call that writes a string to a file, such as `pkgs.writeText "web.xml" ''…''`.
fn written(string: &SyntaxNode) -> Option<TextRange> {
    let call = string.parent().and_then(ast::Apply::cast)?;
    let ast::Expr::Apply(named) = call.lambda()? else { return None };
    let function = named.lambda()?.syntax().text().to_string();
    let is_writer =
        ["writeText", "toFile"].iter().any(|name| function == *name || function.ends_with(&format!(".{name}")));
    is_writer.then(|| call.syntax().text_range())
}

/// Returns the assignment of a spec among other attributes.
fn assigned(name: &str, spec: &str, place: Option<&Place>) -> String {
    let name = nix::attribute_name(name);
    let path = match place.map(|place| place.slot) {
        Some(Slot::Objects(_)) => format!("{name}.definition"),
        Some(Slot::Object(_)) => "definition".to_owned(),
        _ => name,
    };
    format!("{path} = {spec};")
}

fn title(object: &Object) -> String {
    let name = object.kind.name();
    let article = if name.starts_with('i') { "an" } else { "a" };
    format!("{TITLE} of {article} {name}")
}

/// Returns the spec of an object as Nix, on lines of that indentation.
fn expression(object: &Object, indentation: usize) -> String {
    nix::print(object.spec.root()).trim_end().replace('\n', &format!("\n{}", " ".repeat(indentation)))
}

fn fix(title: String, range: TextRange, text: String) -> Fix {
    Fix { title, range, text, kind: CodeActionKind::REFACTOR_REWRITE }
}

/// Returns the number of blanks in front of the line of a range; 0 for the first.
fn indentation(document: &Document, range: TextRange) -> usize {
    let line = document.line_before(usize::from(range.start()));
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the text of a comment without its marks, and its range. Comments on following lines are one.
fn comment(token: &SyntaxToken) -> Option<(String, TextRange)> {
    if let Some(inner) = token.text().strip_prefix("/*") {
        return Some((inner.trim_end_matches("*/").to_owned(), token.text_range()));
    }
    let is_line = |token: &SyntaxToken| token.kind() == SyntaxKind::TOKEN_COMMENT && token.text().starts_with('#');
    let beside = |token: &SyntaxToken, forward: bool| {
        let next = |it: &SyntaxToken| if forward { it.next_token() } else { it.prev_token() };
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
