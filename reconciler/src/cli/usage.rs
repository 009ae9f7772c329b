//! Mistakes on the command line, reported like all other errors.

use super::exit_code;
use crate::message;
use crate::object::Type;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Parser};
use nixvirt_schema::engine::problem::{Severity, closest};
use std::env;
use std::process;
use std::slice;

/// Parses the command line. Help and a mistake end the program.
pub fn parse<C: Parser>() -> C {
    C::try_parse().unwrap_or_else(|error| end(&error, &C::command()))
}

fn end(error: &clap::Error, command: &Command) -> ! {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => error.exit(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // If standard error is closed, nobody can be told.
            let _ = error.print();
        }
        _ => {
            message::of(Severity::Error, what(error));
            let subcommand = typed_subcommand(command);
            if let Some(advice) = advice(error, subcommand) {
                message::hint(advice);
            }
            let path = subcommand.map(|name| format!("{} {name}", command.get_name()));
            message::hint(format!("see `{} --help`", path.as_deref().unwrap_or(command.get_name())));
        }
    }
    process::exit(exit_code::USAGE.into());
}

/// Returns clap's message without its prefix, and without the advice in the paragraphs after the first.
fn what(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let message = text.split("\n\n").next().unwrap_or_default().trim_end();
    message.strip_prefix("error: ").unwrap_or(message).to_owned()
}

/// Options of other programs: the command that lacks them, and what to use in their place.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    (
        "apply",
        &["--check", "--diff", "--dry-run", "--dryrun", "--noop", "--plan", "--preview", "-n"],
        "`nixvirt plan` shows what `apply` would change",
    ),
    ("apply", &["--auto-approve", "--force", "--yes", "-f", "-y"], "`nixvirt apply` does not ask for confirmation"),
    ("plan", &["--apply", "--auto-approve", "--yes", "-y"], "`nixvirt apply` makes the changes"),
    ("plan", &["--check", "--dry-run", "--dryrun", "--noop", "-n"], "`nixvirt plan` changes nothing"),
];

/// Returns advice on a mistake, given the subcommand that was typed.
fn advice(error: &clap::Error, subcommand: Option<&str>) -> Option<String> {
    let invalid = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let other = ELSEWHERE.iter().find(|(name, options, _)| subcommand == Some(name) && options.contains(&invalid));
    let value = text(error, ContextKind::InvalidValue);
    if let Some((.., advice)) = other {
        return Some((*advice).to_owned());
    }
    if let Some(meant) = meant(error) {
        return Some(format!("did you mean '{meant}'?"));
    }
    match (subcommand?, invalid, value?) {
        // A name in the place of the type.
        (command @ ("adopt" | "forget"), "<TYPE>", name) => {
            let kind = if name.contains('/') { Type::Volume } else { Type::Domain };
            Some(format!("name the type first: `nixvirt {command} {kind} {name}`"))
        }
        _ => None,
    }
}

/// Returns the name or word that was probably meant. clap suggests also what is far from what was typed.
fn meant(error: &clap::Error) -> Option<&String> {
    const PAIRS: [(ContextKind, ContextKind); 3] = [
        (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (ContextKind::InvalidValue, ContextKind::ValidValue),
    ];
    PAIRS.into_iter().find_map(|(invalid, suggested)| {
        let typed = text(error, invalid)?;
        let words = match error.get(suggested)? {
            ContextValue::String(word) => slice::from_ref(word),
            ContextValue::Strings(words) => words,
            _ => return None,
        };
        let near = closest(bare(typed), words.iter().map(|word| bare(word)))?;
        words.iter().find(|word| bare(word) == near)
    })
}

/// Returns an argument without its dashes.
fn bare(word: &str) -> &str {
    word.trim_start_matches('-')
}

/// Returns a part of an error, if it is a text.
fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// Returns the name of the subcommand that was typed.
fn typed_subcommand(command: &Command) -> Option<&str> {
    env::args().skip(1).find_map(|word| command.find_subcommand(word)).map(Command::get_name)
}
