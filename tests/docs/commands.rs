//! Commands and their output.

use crate::blocks::Known;
use libtest_mimic::Failed;
use nixvirt_tests::libvirtd::{self, clear};
use nixvirt_tests::{configuration, plugin, project, run};
use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// The reader's folder of the project.
const CHECKOUT: &str = "/home/you/NixVirt";

/// The reader's folder for the files of a page of the guide.
const FOLDER: &str = "/home/you/guests";

/// The prompt before a command.
const PROMPT: &str = "$ ";

/// A command and its output.
struct Typed {
    command: String,
    shown: String,
}

/// The commands of a block, which bash can read.
pub fn parse(text: &str) -> Result<Vec<String>, String> {
    let typed = split(text)?;
    for it in &typed {
        let outcome = run(Command::new("bash").args(["-n", "-c", &it.command]));
        if !outcome.succeeded {
            return Err(outcome.stderr);
        }
    }
    Ok(typed.into_iter().map(|it| it.command).collect())
}

fn split(text: &str) -> Result<Vec<Typed>, String> {
    let mut typed: Vec<Typed> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        match (line.strip_prefix(PROMPT), typed.last_mut()) {
            (Some(command), _) => typed.push(Typed { command: command.to_owned(), shown: String::new() }),
            // The command continues on the next line.
            (None, Some(last)) if is_open => last.command += &format!("\n{line}"),
            (None, Some(last)) => last.shown += &format!("{line}\n"),
            (None, None) => return Err(format!("the block starts with no command, but with {line:?}")),
        }
        is_open = line.ends_with('\\') && typed.last().is_some_and(|last| last.shown.is_empty());
    }
    if typed.is_empty() { Err("there is no command".to_owned()) } else { Ok(typed) }
}

/// Runs the commands of a page in their order, in that folder.
pub fn check(page: &Path, text: &str, blocks: &[Known], folder: &Path) -> Result<(), Failed> {
    let _libvirtd = libvirtd::alone();
    let home = env::temp_dir().join("docs-home");
    let tools = home.join("bin");
    fs::create_dir_all(&tools)?;
    tool(&tools.join("sudo"), "exec \"$@\"")?;
    tool(&tools.join("nix"), &offline_nix(&env::var("PATH")?, &nixpkgs(&home)?))?;
    clean(folder, &home)?;
    let mut wrong = String::new();
    let mut printed = Vec::new();
    for known in blocks {
        let mut all = String::new();
        for Typed { command, shown } in split(&known.block.text)? {
            // Nix prints the paths of the test's folders. The reader has others.
            let places = [(project(), CHECKOUT), (folder.to_owned(), FOLDER)];
            let said = places.iter().fold(bash(&command, folder, &home)?, |said, (here, there)| {
                said.replace(&here.display().to_string(), there)
            });
            let is_same = matches(&shown, &said);
            if !is_same {
                wrong += &format!("line {}: $ {command}\nprints\n{said}\nand not\n{shown}\n", known.block.line);
            }
            all += &format!("{PROMPT}{command}\n{}", if is_same { &shown } else { &said });
        }
        printed.push(all);
    }
    clean(folder, &home)?;
    if wrong.is_empty() {
        return Ok(());
    }
    if env::var_os("UPDATE_EXPECT").is_none() {
        return Err(wrong.into());
    }
    let mut blessed = text.to_owned();
    // From the end of the page, so that the ranges of earlier blocks stay valid.
    for (known, printed) in blocks.iter().zip(printed).rev() {
        blessed.replace_range(known.block.range.clone(), &printed);
    }
    Ok(fs::write(page, blessed)?)
}

/// A flake in place of nixpkgs: the stub, with nixpkgs' own `lib` where there is one. Returns its URL.
fn nixpkgs(home: &Path) -> std::io::Result<String> {
    let stub = format!("path:{}/dev/nixpkgs-stub", project().display());
    let Some(lib) = configuration::folder() else { return Ok(stub) };
    let folder = home.join("nixpkgs");
    fs::create_dir_all(&folder)?;
    let flake = format!(
        r#"{{
          inputs.stub.url = "{stub}";
          inputs.lib = {{ url = "path:{lib}"; flake = false; }};
          outputs = {{ stub, lib, ... }}: {{
            legacyPackages = builtins.mapAttrs (_: packages: packages // {{ lib = import lib; }}) stub.legacyPackages;
          }};
        }}"#,
        lib = lib.display(),
    );
    fs::write(folder.join("flake.nix"), flake)?;
    Ok(format!("path:{}", folder.display()))
}

/// A `nix` without a network: this flake and the stub of nixpkgs replace the inputs that Nix would fetch, silently.
fn offline_nix(path: &str, nixpkgs: &str) -> String {
    let project = project().display().to_string();
    format!(
        r#"PATH={path}
        [ "$1" != build ] || set -- "$@" --no-write-lock-file --override-input NixVirt git+file://{project} \
          --override-input nixpkgs {nixpkgs}
        said=$(mktemp)
        nix --offline "$@" 2> "$said" || {{ cat "$said" >&2; exit 1; }}"#
    )
}

fn tool(path: &Path, script: &str) -> std::io::Result<()> {
    fs::write(path, format!("#!/bin/sh\n{script}\n"))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

/// The output of a command, without the lines that say what it waits for, which it prints on a busy machine.
fn bash(command: &str, folder: &Path, home: &Path) -> std::io::Result<String> {
    let path = format!("{}:{}", home.join("bin").display(), env::var("PATH").expect("there is a path"));
    let settings = format!(
        "plugin-files = {}\nexperimental-features = nix-command flakes\nsubstituters =\nbuild-users-group =\nsandbox = false",
        plugin()
    );
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .envs([("PATH", &*path), ("NIX_CONFIG", &*settings), ("NO_COLOR", "1")])
        .env("HOME", home)
        .output()?;
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(output.split_inclusive('\n').filter(|line| !line.ends_with(" …\n")).collect())
}

/// Removes all objects and state that an earlier page or test has left.
fn clean(folder: &Path, home: &Path) -> std::io::Result<()> {
    clear();
    bash("rm -rf /var/lib/nixvirt /etc/nixvirt", folder, home).map(drop)
}

/// Whether the output matches the page, in which `…` matches anything.
fn matches(shown: &str, printed: &str) -> bool {
    let clean = |text: &str| text.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
    let (shown, printed) = (clean(shown), clean(printed));
    let mut parts = shown.split('…');
    let Some(mut rest) = printed.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
