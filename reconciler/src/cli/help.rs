//! What help shows beside the options: the commands in groups, and examples.

use super::exit_code;
use clap::Command;
use clap::builder::styling::Styles;
use std::fmt::Write;

/// The commands by what they work on, in the order in which help lists them.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Specs", &["init", "check", "explain", "render", "import", "schema", "lsp"]),
    ("Connections", &["plan", "apply", "status", "graph", "doctor", "adopt", "forget"]),
    ("Guests", &["list", "wait", "ssh", "console", "view", "rollback"]),
    ("Shell and documentation", &["completions", "man", "help"]),
];

/// Examples of each command, and of `virtdeclare`: a comment, and the command line.
const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "check",
        &[
            ("Check all specs and manifests in a folder", "nixvirt check specs/"),
            ("Check a spec that Nix evaluates", "nix eval --json --file web.nix | nixvirt check --kind domain -"),
            ("Warn of what a host lacks", "nixvirt check --connect qemu:///system specs/"),
            ("Fail on warnings in CI, and print the problems as JSON", "nixvirt check --deny-warnings --json specs/"),
        ],
    ),
    (
        "explain",
        &[
            ("Explain a code that a message shows", "nixvirt explain disk-target-taken"),
            ("List all codes", "nixvirt explain"),
        ],
    ),
    (
        "render",
        &[
            ("Print the XML of a spec", "nixvirt render lan.network.json"),
            ("Write the XML of all specs in a folder", "nixvirt render --output xml/ specs/"),
            ("Create a virtual machine of KubeVirt", "nixvirt render --to kubevirt web.json | kubectl apply -f -"),
        ],
    ),
    (
        "import",
        &[
            ("Convert the definition of a domain", "virsh dumpxml --inactive web | nixvirt import -"),
            ("Read the domain web from a libvirt daemon", "nixvirt import qemu:///system/web"),
            ("Read it without the values that libvirt fills in again", "nixvirt import --brief qemu:///system/web"),
            ("Read all networks from a libvirt daemon", "nixvirt import --kind network qemu:///system"),
            ("Declare all objects of a host", "nixvirt import --all qemu+ssh://root@alpha/system --to alpha/"),
        ],
    ),
    ("init", &[("Declare the guests of this host, with their networks and pools", "nixvirt init guests/")]),
    ("schema", &[("Let an editor complete specs of domains", "nixvirt schema domain > domain.schema.json")]),
    (
        "lsp",
        &[
            ("Serve an editor", "nixvirt lsp"),
            ("Check the specs of Nix files before a commit", "nixvirt lsp --check guests.nix web.nix"),
        ],
    ),
    (
        "plan",
        &[
            ("Show the changes, with the XML that changes", "nixvirt plan --diff"),
            ("Exit with 2 if there are changes", "nixvirt plan --manifest manifest.json --detailed-exitcode"),
        ],
    ),
    (
        "apply",
        &[
            (
                "Apply a manifest, waiting a minute for libvirt to start",
                "nixvirt apply --manifest manifest.json --wait 60",
            ),
            ("Undo what others changed in a domain", "nixvirt apply --reset web"),
        ],
    ),
    ("status", &[("Exit with 2 if an object is not in sync", "nixvirt status --exit-code")]),
    (
        "graph",
        &[
            ("Draw what a manifest declares", "nixvirt graph --manifest manifest.json"),
            (
                "Draw two hosts as a picture, with Graphviz",
                "nixvirt graph --format svg qemu:///system qemu+ssh://root@beta/system > hosts.svg",
            ),
        ],
    ),
    (
        "doctor",
        &[
            ("Examine this host, as the user who applies the manifest", "nixvirt doctor"),
            ("Examine the libvirt daemon of your user", "nixvirt doctor --connect qemu:///session"),
        ],
    ),
    (
        "list",
        &[
            ("List the guests and their addresses", "nixvirt list"),
            ("List the guests of all hosts of a manifest", "nixvirt list --manifest manifest.json"),
            ("Show the list again every two seconds", "nixvirt list --watch"),
        ],
    ),
    (
        "wait",
        &[
            ("Wait until a guest is set up by cloud-init", "nixvirt wait web --for cloud-init"),
            ("Wait at most ten seconds for an address", "nixvirt wait web --for ip --timeout 10"),
        ],
    ),
    (
        "ssh",
        &[
            ("Log in as the user of the declared seed", "nixvirt ssh web"),
            ("Run a command in the guest as the user debian", "nixvirt ssh debian@web uname -r"),
        ],
    ),
    (
        "rollback",
        &[
            ("Show what a rollback would change", "nixvirt rollback --dry-run web"),
            ("Undo the last change of a guest", "nixvirt rollback web"),
        ],
    ),
    ("console", &[("Log in over the serial console", "nixvirt console web")]),
    ("view", &[("Open the screen of a guest", "nixvirt view web")]),
    ("adopt", &[("Manage two existing domains", "nixvirt adopt domain web db")]),
    (
        "forget",
        &[
            ("Stop managing a domain", "nixvirt forget --connect qemu:///system domain web"),
            ("Stop managing a volume", "nixvirt forget volume default/web.qcow2"),
        ],
    ),
    (
        "completions",
        &[
            ("Complete commands in this shell", "source <(nixvirt completions bash)"),
            ("Complete virtdeclare too", "source <(nixvirt completions bash virtdeclare)"),
        ],
    ),
    ("help", &[("Print the help of plan", "nixvirt help plan")]),
    ("man", &[("Write the page of each command", "nixvirt man --dir /usr/local/share/man/man1")]),
    (
        "virtdeclare",
        &[
            (
                "Define a network, and start it now and when the host boots",
                "virtdeclare --connect qemu:///system --type network --define lan.xml --state active --auto",
            ),
            ("Stop a domain", "virtdeclare --connect qemu:///system --type domain --name web --state inactive"),
        ],
    ),
];

/// Returns the names of all commands.
pub fn commands() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(_, names)| *names).copied()
}

/// Returns the examples of a command.
pub fn examples_of(command: &str) -> &'static [(&'static str, &'static str)] {
    EXAMPLES.iter().find(|(name, _)| *name == command).map(|(_, examples)| *examples).unwrap_or_default()
}

/// Returns the part of a command's help that shows its examples.
pub fn examples(command: &str) -> String {
    let mut text = heading("Examples");
    for (comment, line) in examples_of(command) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  # {comment}\n  {line}");
    }
    text
}

/// Returns the layout of the help of `nixvirt`: the commands in groups, each with the description that `commands` has.
pub fn layout(commands: &Command) -> String {
    let literal = Styles::styled().get_literal().to_owned();
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (group, names) in GROUPS {
        let _ = write!(text, "\n{}\n", heading(group));
        for name in names {
            let about = commands.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{name:<13}{literal:#}{about}");
        }
    }
    let _ = write!(text, "\n{}\n{{options}}\n\n{}", heading("Options"), exit_code::LINE);
    text
}

fn heading(text: &str) -> String {
    let style = Styles::styled().get_header().to_owned();
    format!("{style}{text}:{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::cli::virtdeclare::Virtdeclare;
    use clap::{CommandFactory, Parser};

    #[test]
    fn every_command_is_in_one_group_and_has_examples() {
        let command = Cli::command();
        let mut grouped: Vec<_> = commands().collect();
        grouped.sort_unstable();
        let mut known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        known.sort_unstable();
        assert_eq!(grouped, known);
        for name in known {
            assert!(!examples_of(name).is_empty(), "{name} has no example");
        }
    }

    #[test]
    fn every_example_is_accepted() {
        for (name, examples) in EXAMPLES {
            for (_, line) in *examples {
                // The command may follow a pipe or a parenthesis, or precede them.
                let mut commands = line.split(['|', '>', '(', ')']).map(str::trim);
                let command = commands.find(|it| it.starts_with("nixvirt") || it.starts_with("virtdeclare"));
                let command = command.unwrap_or_else(|| panic!("{line} runs neither program"));
                let accepted = if *name == "virtdeclare" {
                    Virtdeclare::try_parse_from(command.split_whitespace()).is_ok()
                } else {
                    let parsed = Cli::command().try_get_matches_from(command.split_whitespace());
                    parsed.is_ok_and(|parsed| parsed.subcommand_name() == Some(name))
                };
                assert!(accepted, "{line}");
            }
        }
    }
}
