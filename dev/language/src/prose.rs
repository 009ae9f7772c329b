//! What people read in a file: comments and strings of a program, all of a page. Everything else is left out, and each
//! line keeps its number.

use crate::project;
use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{Event, Parser};
use rnix::{NodeOrToken, SyntaxKind};
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

/// Stands in a [`Prose`] for something that nobody reads as a sentence: program text, inline code.
pub const CODE: char = '\0';

/// What people read in one file.
#[derive(Debug)]
pub struct Prose {
    /// The file, relative to the project's folder.
    pub file: String,
    /// Its text, with [`CODE`] in place of what is no prose, and without the signs of comments.
    pub text: String,
}

impl Prose {
    /// The prose of a file's text, which its name's ending tells apart.
    ///
    /// # Errors
    /// The text is not of the language that the file's name promises.
    pub fn of(file: &str, text: &str) -> Result<Prose, String> {
        let ending = file.rsplit_once('.').map(|(_, ending)| ending);
        let kept = match ending {
            Some("rs") => rust(text).map_err(|why| format!("{file}: {why}"))?,
            Some("nix") => nix(text),
            Some("md") => page(text),
            _ => vec![Range { start: 0, end: text.len() }],
        };
        let mut prose = String::with_capacity(text.len());
        let mut end = 0;
        for piece in kept {
            blank(&text[end..piece.start], &mut prose);
            prose.push_str(&plain(&text[piece.clone()]));
            end = piece.end;
        }
        blank(&text[end..], &mut prose);
        // Of a page, the parser has told inline code from the fences of blocks.
        let text = if ending == Some("md") { prose } else { without_code(&prose) };
        Ok(Prose { file: file.to_owned(), text })
    }

    /// The number of the line at which that byte of the text is, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }
}

/// The prose of each file of the project in which a person reads any.
///
/// # Panics
/// A file cannot be read.
pub fn all() -> Vec<Prose> {
    const ENDINGS: &[&str] = &["cc", "css", "hh", "js", "json", "md", "nix", "rs", "toml"];
    let is_read = |file: &&String| match file.rsplit('/').next().and_then(|name| name.rsplit_once('.')) {
        Some((_, ending)) => ENDINGS.contains(&ending),
        None => file.starts_with("dev/") || file.starts_with(".ci/"),
    };
    let read = |file: &String| {
        let text = fs::read_to_string(project().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"));
        Prose::of(file, &text).unwrap_or_else(|why| panic!("{why}"))
    };
    files("").iter().filter(is_read).map(read).collect()
}

/// The files below a folder of the project, sorted, but for what is built, fetched or recorded.
///
/// # Panics
/// A folder cannot be read.
pub fn files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    files_below(&project().join(folder), &mut files);
    files.sort();
    files
}

fn files_below(folder: &Path, files: &mut Vec<String>) {
    const LEFT_OUT: &[&str] = &[".git", "target", "corpus", "found"];
    for entry in fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display())) {
        let entry = entry.expect("a folder's entry can be read");
        let path = entry.path();
        if path.is_dir() {
            if !LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
                files_below(&path, files);
            }
        } else {
            files.push(path.strip_prefix(project()).expect("it is in the project").display().to_string());
        }
    }
}

/// The comments and strings of a Rust program.
fn rust(text: &str) -> Result<Vec<Range<usize>>, String> {
    let tokens = TokenStream::from_str(text).map_err(|why| why.to_string())?;
    let mut code = Vec::new();
    program_text(tokens, text, &mut code);
    // What is left between the tokens is white space and comments.
    let mut kept = Vec::new();
    let mut end = 0;
    for token in code {
        kept.push(end..token.start);
        end = token.end;
    }
    kept.push(end..text.len());
    kept.retain(|piece| !text[piece.clone()].trim().is_empty());
    Ok(kept)
}

/// The tokens that are neither strings nor doc comments.
fn program_text(tokens: TokenStream, text: &str, code: &mut Vec<Range<usize>>) {
    for token in tokens {
        let at = token.span().byte_range();
        let source = &text[at.clone()];
        match token {
            TokenTree::Literal(_) if source.ends_with('"') || source.ends_with('#') => {}
            _ if ["///", "//!", "/**", "/*!"].iter().any(|sign| source.starts_with(sign)) => {}
            TokenTree::Group(group) => {
                code.push(group.span_open().byte_range());
                program_text(group.stream(), text, code);
                code.push(group.span_close().byte_range());
            }
            _ => code.push(at),
        }
    }
}

/// The comments and strings of a Nix expression.
fn nix(text: &str) -> Vec<Range<usize>> {
    let is_prose = |kind| matches!(kind, SyntaxKind::TOKEN_COMMENT | SyntaxKind::TOKEN_STRING_CONTENT);
    let tokens = rnix::parse(text).node().descendants_with_tokens();
    let pieces = tokens.filter_map(|element| match element {
        NodeOrToken::Token(token) if is_prose(token.kind()) => Some(Range::<usize>::from(token.text_range())),
        _ => None,
    });
    pieces.collect()
}

/// All of a page but its inline code.
fn page(text: &str) -> Vec<Range<usize>> {
    let mut kept = Vec::new();
    let mut end = 0;
    for (event, at) in Parser::new(text).into_offset_iter() {
        if let Event::Code(_) = event {
            kept.push(end..at.start);
            end = at.end;
        }
    }
    kept.push(end..text.len());
    kept
}

/// Puts [`CODE`] in place of a text, and its line breaks.
fn blank(text: &str, prose: &mut String) {
    if !text.trim().is_empty() {
        prose.push(CODE);
    }
    prose.extend(text.matches('\n'));
}

/// A piece of prose without the signs of comments and the escapes of strings, which do not end a sentence.
fn plain(piece: &str) -> String {
    const SIGNS: &[&str] = &["///", "//!", "/**", "/*!", "//", "/*", "*", "#"];
    let line = |line: &str| {
        let start = line.trim_start();
        let text = SIGNS.iter().find_map(|sign| start.strip_prefix(sign)).unwrap_or(start);
        text.strip_suffix('\\').unwrap_or(text).replace("\\n", " ")
    };
    piece.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The text with [`CODE`] in place of what is between backquotes.
fn without_code(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut prose = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let after = &rest[start + 1..];
        prose.push_str(&rest[..start]);
        prose.push(CODE);
        rest = match after.find('`') {
            Some(end) if end <= LONGEST => {
                prose.extend(after[..end].matches('\n'));
                &after[end + 1..]
            }
            _ => after,
        };
    }
    prose + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(file: &str, text: &str) -> String {
        Prose::of(file, text).expect("it is well formed").text
    }

    #[test]
    fn rust_keeps_comments_and_strings() {
        let text = "/// A `name` of\n/// two.\nfn ours() { // Why.\n    say(\"one \\\n        two\");\n}\n";
        let words = prose("a.rs", text).replace(CODE, "·");
        assert_eq!(
            words.lines().map(str::trim).collect::<Vec<_>>(),
            ["A · of", "two.", "· Why.", "·\"one", "two\"·", ""]
        );
    }

    #[test]
    fn nix_keeps_comments_and_strings() {
        let text = "{\n  # Why.\n  ours = \"a ${b} c\";\n}\n";
        let words = prose("a.nix", text).replace(CODE, "·");
        assert_eq!(words.lines().map(str::trim).collect::<Vec<_>>(), ["·", "Why.·", "a ·c·", ""]);
    }

    #[test]
    fn a_page_keeps_all_but_inline_code() {
        let words = prose("a.md", "# One\n\nA `ours` b.\n\n```nix\n# two\n```\n").replace(CODE, "·");
        assert_eq!(words.lines().map(str::trim).collect::<Vec<_>>(), ["One", "", "A ·b.", "", "```nix", "two", "```"]);
    }
}
