//! The pages: their code blocks, headings and links.

use libtest_mimic::Failed;
use nixvirt_tests::{files, project};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

/// A page.
pub struct Page {
    /// The file.
    pub path: PathBuf,
    /// The path relative to the project's folder.
    pub name: String,
    /// The Markdown text.
    pub text: String,
    /// The code blocks.
    pub blocks: Vec<Block>,
    /// The anchors of the headings.
    anchors: BTreeSet<String>,
    /// The targets of the links.
    links: Vec<String>,
}

/// A code block.
#[derive(Clone)]
pub struct Block {
    /// The line of its fence.
    pub line: usize,
    /// The words after the fence.
    pub info: String,
    /// The lines between the fences.
    pub text: String,
    /// The bytes of `text` in the page.
    pub range: Range<usize>,
}

/// All pages: the README and the guide.
pub fn all() -> Vec<Page> {
    let guide = files(&project().join("docs"), "md").into_iter();
    guide.chain([project().join("README.md")]).map(Page::read).collect()
}

impl Page {
    fn read(path: PathBuf) -> Page {
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let name = path.strip_prefix(project()).expect("it is in the project").display().to_string();
        let mut page =
            Page { name, blocks: Vec::new(), anchors: BTreeSet::new(), links: Vec::new(), text: String::new(), path };
        let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
        let mut heading: Option<String> = None;
        let mut explicit: Option<String> = None;
        let mut block: Option<Block> = None;
        for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    let line = text[..range.start].lines().count() + 1;
                    block = Some(Block { line, info, text: String::new(), range: range.end..range.start });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Start(Tag::Heading { id, .. }) => {
                    heading = Some(String::new());
                    explicit = id.map(|id| id.to_string());
                }
                Event::End(TagEnd::Heading(_)) => {
                    let title = heading.take().unwrap_or_default();
                    page.anchors.insert(explicit.take().unwrap_or_else(|| anchor(&title)));
                }
                Event::Start(Tag::Link { dest_url, .. }) => page.links.push(dest_url.to_string()),
                Event::Text(part) | Event::Code(part) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&part);
                        block.range = block.range.start.min(range.start)..block.range.end.max(range.end);
                    }
                    if let Some(title) = &mut heading {
                        title.push_str(&part);
                    }
                }
                _ => {}
            }
        }
        page.text = text;
        page
    }
}

/// The anchor that GitHub and mdBook give a heading.
fn anchor(title: &str) -> String {
    let kept = title.trim().chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it.to_ascii_lowercase() }).collect()
}

/// Links within the project name files and headings that are there.
pub fn links() -> Result<(), Failed> {
    let pages = all();
    let mut wrong = String::new();
    for page in &pages {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = page.path.parent().expect("a page is in a folder");
            let path = if file.is_empty() { page.path.clone() } else { folder.join(file) };
            let path = path.canonicalize().unwrap_or(path);
            let is_there = match pages.iter().find(|it| it.path == path) {
                Some(page) => heading.is_empty() || page.anchors.contains(heading),
                None => path.exists() && heading.is_empty(),
            };
            // The book has the pages of docs/ alone.
            let is_in_book = !page.name.starts_with("docs/") || path.starts_with(project().join("docs"));
            if !is_there || !is_in_book {
                wrong.push_str(&format!("{}: {link} leads nowhere\n", page.name));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// The table of contents has every page of the guide, once.
pub fn contents() -> Result<(), Failed> {
    let pages = all();
    let summary = pages.iter().find(|page| page.name == "docs/SUMMARY.md").ok_or("there is no docs/SUMMARY.md")?;
    let listed: BTreeSet<_> = summary.links.iter().map(|link| format!("docs/{link}")).collect();
    let is_in_guide = |page: &&Page| page.name.starts_with("docs/") && page.name != summary.name;
    let guide: BTreeSet<_> = pages.iter().filter(is_in_guide).map(|page| page.name.clone()).collect();
    if listed.len() != summary.links.len() {
        return Err("docs/SUMMARY.md has a page twice".into());
    }
    let unlisted: Vec<_> = guide.difference(&listed).collect();
    if unlisted.is_empty() { Ok(()) } else { Err(format!("docs/SUMMARY.md lacks {unlisted:?}").into()) }
}
