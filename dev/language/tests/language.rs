//! All that people read follows `docs/style.md`.

use clap::{Command, CommandFactory};
use nixvirt::cli::Cli;
use nixvirt_language::phrases::Phrases;
use nixvirt_language::prose::{self, Prose};
use nixvirt_language::{Finding, assert_none, descriptions, headings, project};
use std::fs;

/// Files that name the phrases in order to ban them.
const EXEMPT: &[&str] = &["docs/style.md", "docs/banned-phrases.txt", "dev/language/"];

fn is_checked(file: &str) -> bool {
    !EXEMPT.iter().any(|path| file.starts_with(path))
}

#[test]
fn no_file_has_a_banned_phrase() {
    let phrases = Phrases::read();
    let checked = prose::all().into_iter().filter(|prose| is_checked(&prose.file));
    assert_none(checked.flat_map(|prose| phrases.find(&prose)));
}

#[test]
fn no_help_has_a_banned_phrase() {
    let mut command = Cli::command();
    command.build();
    let mut findings = Vec::new();
    check_help(&command, "", &Phrases::read(), &mut findings);
    assert_none(findings);
}

/// Finds phrases in the help of a command and of its subcommands.
fn check_help(command: &Command, parent: &str, phrases: &Phrases, findings: &mut Vec<Finding>) {
    let name = format!("{parent}{}", command.get_name());
    let help = command.clone().render_long_help().to_string();
    let prose = Prose::of(&format!("{name} --help"), &help).expect("help is plain text");
    findings.extend(phrases.find(&prose));
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        check_help(subcommand, &format!("{name} "), phrases, findings);
    }
}

#[test]
fn each_description_in_the_tables_names_its_subject() {
    assert_none(descriptions::check_tables(&Phrases::read()));
}

#[test]
fn each_description_in_the_other_json_schemas_names_its_subject() {
    assert_none(descriptions::check_other_schemas(&Phrases::read()));
}

#[test]
fn each_description_of_an_option_names_its_subject() {
    assert_none(descriptions::check_options(&Phrases::read()));
}

#[test]
fn each_heading_has_an_anchor_of_its_own() {
    let pages = prose::files("").into_iter().filter(|file| file.ends_with(".md"));
    assert_none(pages.flat_map(|file| {
        let text = fs::read_to_string(project().join(&file)).expect("a page can be read");
        headings::repeated(&file, &text)
    }));
}
