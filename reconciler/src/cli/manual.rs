//! The manual pages, made of the help.

use super::{exit_code, help};
use crate::error::Error;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::fs;
use std::io;
use std::path::Path;

/// Returns the page of a program.
pub fn page(program: Command) -> Result<String, Error> {
    text(&built(program))
}

/// Writes a page for each program and each of its commands into a folder, which is created if it is missing.
pub fn write_all(programs: impl IntoIterator<Item = Command>, folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|cause| Error::file("create", folder, cause))?;
    for program in programs {
        let program = built(program);
        for page in [&program].into_iter().chain(program.get_subcommands()) {
            let file = folder.join(format!("{}.1", title(page)));
            fs::write(&file, text(page)?).map_err(|cause| Error::file("write", &file, cause))?;
        }
    }
    Ok(())
}

fn built(program: Command) -> Command {
    let mut program = program.subcommand_help_heading("COMMANDS").subcommand_value_name("COMMAND");
    program.build();
    program
}

/// Returns the name of a command's page, such as `nixvirt-plan`.
fn title(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn text(command: &Command) -> Result<String, Error> {
    let mut page = Vec::new();
    write(command, &mut page).map_err(|cause| Error::system("cannot write a manual page", cause))?;
    // clap_mangen ends the synopsis with a space.
    Ok(String::from_utf8_lossy(&page).lines().map(|line| line.trim_end().to_owned() + "\n").collect())
}

fn write(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let source = format!("nixvirt {}", command.get_version().unwrap_or_default());
    let man = Man::new(command.clone()).title(title(command)).source(source).manual("NixVirt manual");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    man.render_options_section(page)?;
    let mut more = Roff::new();
    let has_changes = |code: u8| code != exit_code::CHANGES || command.get_name() != "virtdeclare";
    let codes = exit_code::TABLE.iter().filter(|(code, _)| has_changes(*code));
    add_list(&mut more, "EXIT STATUS", codes.map(|(code, meaning)| (code.to_string(), *meaning)));
    if command.has_subcommands() {
        add_list(&mut more, "FILES", FILES.map(|(file, meaning)| (file.to_owned(), meaning)));
        add_list(&mut more, "ENVIRONMENT", ENVIRONMENT.map(|(name, meaning)| (name.to_owned(), meaning)));
    } else {
        add_examples(&mut more, help::examples_of(command.get_name()));
        more.control("SH", ["SEE ALSO"]).text([bold("nixvirt"), roman("(1)")]);
    }
    more.to_writer(page)
}

const FILES: [(&str, &str); 3] = [
    ("/etc/nixvirt/manifest.json", "The manifest that commands read by default."),
    ("/var/lib/nixvirt", "The state records of root."),
    ("~/.local/state/nixvirt", "The state records of other users."),
];

const ENVIRONMENT: [(&str, &str); 2] = [
    ("XDG_STATE_HOME", "Folder of the state records of users other than root, in place of ~/.local/state."),
    ("NO_COLOR", "Disables colors if it is set and not empty."),
];

fn add_list<'t>(page: &mut Roff, heading: &str, entries: impl IntoIterator<Item = (String, &'t str)>) {
    page.control("SH", [heading]);
    for (term, meaning) in entries {
        page.control("TP", []).text([bold(term)]).text([roman(meaning)]);
    }
}

fn add_examples(page: &mut Roff, examples: &[(&str, &str)]) {
    page.control("SH", ["EXAMPLES"]);
    for (comment, line) in examples {
        page.control("TP", []).text([roman(format!("{comment}:"))]).text([bold(*line)]);
    }
}
