//! The headings of pages: each has an anchor of its own, so that a link to it leads there and nowhere else.

use crate::Finding;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

/// The headings of a page whose anchors others above them have.
pub fn repeated(file: &str, text: &str) -> Vec<Finding> {
    let mut first = BTreeMap::new();
    let mut findings = Vec::new();
    for Heading { anchor, at } in headings(text) {
        let line = text[..at].matches('\n').count() + 1;
        if let Some(other) = first.insert(anchor.clone(), line) {
            let problem = format!("the anchor #{anchor} is that of the heading in line {other}: reword one of them");
            findings.push(Finding { file: file.to_owned(), line, problem });
        }
    }
    findings
}

struct Heading {
    anchor: String,
    at: usize,
}

/// The headings of a page.
fn headings(text: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut title: Option<String> = None;
    let mut id = None;
    for (event, at) in Parser::new_ext(text, Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { id: explicit, .. }) => {
                title = Some(String::new());
                id = explicit;
            }
            Event::End(TagEnd::Heading(_)) => {
                let title = title.take().unwrap_or_default();
                let anchor = id.take().map_or_else(|| anchor(&title), |id| id.to_string());
                headings.push(Heading { anchor, at: at.start });
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(title) = &mut title {
                    title.push_str(&part);
                }
            }
            _ => {}
        }
    }
    headings
}

/// The anchor that mdBook and forges give a heading that names none.
fn anchor(title: &str) -> String {
    let kept = title.trim().chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_that_repeats_is_found() {
        let found = repeated("a.md", "# A\n\n## `b.c`\n\n## bc\n\n## `b.c` {#b.c}\n");
        let found: Vec<_> = found.iter().map(Finding::to_string).collect();
        assert_eq!(found, ["a.md:5: the anchor #bc is that of the heading in line 3: reword one of them"]);
    }
}
