//! The phrases that no sentence may have, and the openings that no description may have.

use crate::prose::Prose;
use crate::{Finding, project};
use std::collections::HashMap;
use std::fs;

/// The list in `dev/language/banned-phrases.txt`.
#[derive(Debug)]
pub struct Phrases {
    /// The phrases by their first words.
    phrases: HashMap<String, Vec<Phrase>>,
    /// The openings, in the order of the list.
    openings: Vec<Phrase>,
}

/// A phrase that is banned.
#[derive(Clone, Debug)]
struct Phrase {
    words: Vec<String>,
    written: String,
    better: String,
}

impl Phrase {
    fn problem(&self) -> String {
        format!("\"{}\" -> {}", self.written, self.better)
    }
}

impl Phrases {
    /// The project's list.
    ///
    /// # Panics
    /// The list cannot be read, or a line of it is no `phrase -> better wording`.
    pub fn read() -> Phrases {
        let path = project().join("dev/language/banned-phrases.txt");
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        Phrases::of(&text)
    }

    /// A list: `phrase -> better wording` on each line, with `^` before an opening of a description.
    ///
    /// # Panics
    /// A line is something else.
    pub fn of(list: &str) -> Phrases {
        let mut phrases: HashMap<String, Vec<Phrase>> = HashMap::new();
        let mut openings = Vec::new();
        for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (written, better) = line.split_once(" -> ").unwrap_or_else(|| panic!("`{line}` has no ` -> `"));
            let words = |text: &str| words(text).map(|(_, word)| word.to_lowercase()).collect::<Vec<_>>();
            let phrase =
                |written: &str| Phrase { words: words(written), written: written.into(), better: better.into() };
            match written.strip_prefix('^') {
                Some(opening) => openings.push(phrase(opening)),
                None => phrases.entry(words(written)[0].clone()).or_default().push(phrase(written)),
            }
        }
        Phrases { phrases, openings }
    }

    /// Where the phrases are in a text.
    pub fn find(&self, prose: &Prose) -> Vec<Finding> {
        let words: Vec<(usize, String)> = words(&prose.text).map(|(at, word)| (at, word.to_lowercase())).collect();
        let mut findings = Vec::new();
        for (start, (at, word)) in words.iter().enumerate() {
            for phrase in self.phrases.get(word).into_iter().flatten() {
                let here = words[start..].iter().map(|(_, word)| word).take(phrase.words.len());
                if here.eq(phrase.words.iter()) {
                    findings.push(Finding {
                        file: prose.file.clone(),
                        line: prose.line(*at),
                        problem: phrase.problem(),
                    });
                }
            }
        }
        findings
    }

    /// The banned opening that a description has.
    pub fn opening(&self, description: &str) -> Option<String> {
        let opens = |phrase: &&Phrase| {
            let first = words(description).map(|(_, word)| word.to_lowercase()).take(phrase.words.len());
            first.eq(phrase.words.iter().cloned())
        };
        self.openings.iter().find(opens).map(Phrase::problem)
    }
}

/// The words of a text, each with where it starts. Whatever is neither part of a word nor white space is a word of one
/// letter, so that no phrase goes across it.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut rest = 0;
    std::iter::from_fn(move || {
        rest += text[rest..].find(|letter: char| !letter.is_whitespace())?;
        let start = rest;
        let first = text[start..].chars().next()?;
        let length = match text[start..].find(|letter: char| !is_part(letter)) {
            Some(0) => first.len_utf8(),
            Some(length) => length,
            None => text.len() - start,
        };
        rest += length;
        Some((start, &text[start..rest]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# Why.\n\nthere is to be -> say what is declared\nwe -> the subject\n^it -> name the subject\n";

    fn find(file: &str, text: &str) -> Vec<String> {
        let prose = Prose::of(file, text).expect("it is well formed");
        Phrases::of(LIST).find(&prose).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_phrase_is_found_across_lines_in_each_language() {
        let found = "\"there is to be\" -> say what is declared";
        assert_eq!(find("a.rs", "fn f() {}\n\n/// What there\n/// is to be.\nfn g() {}"), [format!("a.rs:3: {found}")]);
        assert_eq!(find("a.rs", "// What there\n// is to be.\nfn g() {}"), [format!("a.rs:1: {found}")]);
        assert_eq!(
            find("a.rs", "fn f() {\n    say(\"what there \\\n    is to be\");\n}"),
            [format!("a.rs:2: {found}")]
        );
        assert_eq!(
            find("a.nix", "{\n  a = ''\n    What There\n    is to be.\n  '';\n}"),
            [format!("a.nix:3: {found}")]
        );
        assert_eq!(find("a.md", "# Say\n\nwhat there\nis to be\n"), [format!("a.md:3: {found}")]);
        assert_eq!(find("a.json", "{\n\"description\": \"what there is to be\"}"), [format!("a.json:2: {found}")]);
    }

    #[test]
    fn code_and_other_words_are_no_phrase() {
        assert_eq!(
            find("a.rs", "/// The `we` of `there is to be`. West, owe; is there? is to be.\nfn we() {}"),
            [""; 0]
        );
        assert_eq!(find("a.nix", "{ we = 1; }"), [""; 0]);
        assert_eq!(find("a.md", "`we`, there. Is to be.\n"), [""; 0]);
    }

    #[test]
    fn a_description_opens_with_its_subject() {
        let list = Phrases::of(LIST);
        assert_eq!(list.opening("It is a disk."), Some("\"it\" -> name the subject".to_owned()));
        assert_eq!(list.opening("Item of a list."), None);
    }
}
