//! All that people read follows `docs/style.md`.

use clap::{Command, CommandFactory};
use nixvirt::cli::Cli;
use nixvirt_language::phrases::Phrases;
use nixvirt_language::prose::{self, Prose};
use nixvirt_language::{Finding, assert_none, descriptions, headings, project, subjects};
use std::fs;
use std::process::Command as Process;

/// Files that name the phrases in order to ban them.
const EXEMPT: &[&str] = &["docs/style.md", "dev/language/"];

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

/// mdBook copies each file that is no page into the book.
#[test]
fn the_guide_has_only_pages_and_pictures() {
    let is_shown = |file: &String| file.ends_with(".md") || file.starts_with("docs/pictures/");
    let others = prose::files("docs").into_iter().filter(|file| !is_shown(file));
    let problem = "it would be copied into the book: move it out of docs/";
    assert_none(others.map(|file| Finding { file, line: 1, problem: problem.to_owned() }));
}

/// A clone without its history has only some commits, and a copy of the files none.
#[test]
fn each_new_commit_has_a_short_subject() {
    let mut git = Process::new("git");
    git.args(["log", "--no-merges", "--format=%h %s", "--since", subjects::SINCE]).current_dir(project());
    let log = git.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    assert_none(subjects::long(&log.unwrap_or_default()));
}
