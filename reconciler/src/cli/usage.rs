//! Mistakes on the command line, reported like all other errors.

use super::exit_code;
use crate::message;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Parser};
use nixvirt_schema::engine::problem::Severity;
use std::env;
use std::process;

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
            for suggestion in suggestions(error) {
                message::hint(format!("did you mean '{suggestion}'?"));
            }
            message::hint(format!("see `{} --help`", path(command)));
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

/// Returns the names and words that were probably meant.
fn suggestions(error: &clap::Error) -> Vec<String> {
    const KINDS: [ContextKind; 3] =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let found = KINDS.into_iter().filter_map(|kind| error.get(kind));
    let words = found.flat_map(|value| match value {
        ContextValue::String(word) => vec![word.clone()],
        ContextValue::Strings(words) => words.clone(),
        _ => Vec::new(),
    });
    words.collect()
}

/// Returns the name of the command whose help describes what was typed.
fn path(command: &Command) -> String {
    let typed: Vec<_> = env::args().skip(1).collect();
    match typed.iter().find_map(|word| command.find_subcommand(word)) {
        Some(subcommand) => format!("{} {}", command.get_name(), subcommand.get_name()),
        None => command.get_name().to_owned(),
    }
}
