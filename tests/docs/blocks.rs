//! The test of each kind of block.

use crate::commands;
use crate::pages::{Block, Page};
use crate::started;
use libtest_mimic::{Failed, Trial};
use nixvirt_schema::engine::{import, json, render, xml};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::invalid;
use nixvirt_tests::{configuration, errors, evaluate, lines, project, run};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The reasons why a test cannot run commands, with their meanings.
pub const REASONS: &[(&str, &str)] = &[
    ("nixos", "needs a NixOS host"),
    ("home-manager", "needs a home that Home Manager manages"),
    ("internet", "needs a network"),
    ("screen", "opens a window"),
    ("guest", "needs a guest with an operating system"),
    ("root", "makes the development root, in which this test runs"),
];

/// The kinds of text without a test, with their meanings.
pub const TEXTS: &[(&str, &str)] = &[
    ("files", "files of a package, which another test checks"),
    ("commit", "message of a commit"),
    ("editor", "configuration of an editor"),
    ("message", "message of libvirt or Nix on a host that lacks something"),
    ("report", "report with more cases than a single run has; the tests of reports have real ones"),
];

/// The kind of a block.
enum What {
    /// A Nix expression.
    Expression,
    /// A module: the name of the function of `default.nix` that evaluates it.
    Module(&'static str),
    /// A part of a Nix expression.
    Fragment,
    /// Two parts of a Nix expression, each after a comment.
    Rule,
    /// JSON of any kind.
    Json,
    /// The manifest.
    Manifest,
    /// A spec in JSON.
    Spec(Kind),
    /// XML.
    Xml,
    /// A unit of systemd.
    Unit,
    /// Text without a test.
    Text,
    /// Commands and their output.
    Commands,
    /// Commands that a test cannot run.
    Unrunnable,
}

/// A block of a known kind.
pub struct Known {
    what: What,
    /// The name of the file that the block is written to.
    pub file: Option<String>,
    /// The block.
    pub block: Block,
}

impl Known {
    /// Whether the block has commands that a test can run.
    pub fn is_commands(&self) -> bool {
        matches!(self.what, What::Commands)
    }
}

fn understand(block: &Block) -> Result<Known, String> {
    let mut words: Vec<_> = block.info.split(',').map(str::trim).collect();
    let file =
        words.iter().position(|word| word.starts_with("file=")).map(|at| words.remove(at)["file=".len()..].into());
    let what = match words[..] {
        ["nix"] => What::Expression,
        ["nix", "nixos"] => What::Module("nixos"),
        ["nix", "home"] => What::Module("home"),
        ["nix", "flake"] => What::Module("flake"),
        ["nix", "fragment"] => What::Fragment,
        ["nix", "rule"] => What::Rule,
        ["json"] => What::Json,
        ["json", "manifest"] => What::Manifest,
        ["json", kind] if Kind::named(kind).is_some() => Kind::named(kind).map(What::Spec).expect("it has been asked"),
        ["xml"] => What::Xml,
        ["ini"] => What::Unit,
        ["console"] => What::Commands,
        ["console", reason] if REASONS.iter().any(|(word, _)| *word == reason) => What::Unrunnable,
        ["text", reason] if TEXTS.iter().any(|(word, _)| *word == reason) => What::Text,
        _ => {
            let reasons = REASONS.iter().map(|(word, why)| format!("  console,{word}: {why}\n"));
            let texts = TEXTS.iter().map(|(word, why)| format!("  text,{word}: {why}\n"));
            return Err(format!(
                "```{} does not say how the block is tested; tests/docs/main.rs tells what does. What cannot be tried is\n{}",
                block.info,
                reasons.chain(texts).collect::<String>()
            ));
        }
    };
    Ok(Known { what, file, block: block.clone() })
}

/// The tests of a page: one for each block, and one for all of its commands, which are run in their order.
pub fn trials(page: &Page) -> Vec<Trial> {
    let folder = std::env::temp_dir().join("docs").join(page.name.replace('/', "-"));
    fs::create_dir_all(&folder).expect("a writable folder");
    // The files that a reader already has.
    for file in ["configuration.nix", "home.nix"] {
        fs::write(folder.join(file), "{}\n").expect("a writable folder");
    }
    let mut trials = Vec::new();
    let mut commands = Vec::new();
    for block in &page.blocks {
        let name = format!("{}:{} {}", page.name, block.line, block.info);
        match understand(block) {
            Err(why) => trials.push(Trial::test(name, || Err(why.into()))),
            Ok(known) => {
                if let Some(file) = &known.file {
                    fs::write(folder.join(file), &known.block.text).expect("a writable folder");
                }
                if known.is_commands() {
                    commands.push(known);
                } else {
                    let folder = folder.clone();
                    trials.push(Trial::test(name, move || check(&known, &folder)));
                }
            }
        }
    }
    if !commands.is_empty() {
        let (path, text) = (page.path.clone(), page.text.clone());
        // The README's commands run in the folder of the project.
        let within = if page.name == "README.md" { project() } else { folder };
        let name = format!("{} commands", page.name);
        // The commands of these pages build what a flake makes with nixpkgs' module system.
        let needs_lib = page.blocks.iter().any(|block| block.info.starts_with("nix,flake"));
        let trial = Trial::test(name, move || commands::check(&path, &text, &commands, &within));
        trials.push(trial.with_ignored_flag(needs_lib && configuration::folder().is_none()));
    }
    trials
}

fn check(known: &Known, folder: &Path) -> Result<(), Failed> {
    let text = &known.block.text;
    match known.what {
        What::Expression => started::check_domain(&nix("expression", known, folder)?, folder),
        What::Module(function) => match configuration::folder() {
            Some(_) => started::check(&nix(function, known, folder)?, folder),
            None => {
                eprintln!(
                    "line {}: a module is only parsed, for NIXPKGS_LIB does not say where nixpkgs' lib is",
                    known.block.line
                );
                parses(text)
            }
        },
        What::Fragment => parses(&format!("{{ {text} }}")).or_else(|_| parses(text)),
        What::Rule => match text.split_once("# valid\n") {
            Some((wrong, right)) => {
                let wrong = parses(&format!("{{ {wrong} }}"));
                // JSON allows duplicate names, Nix does not.
                wrong.or_else(|why| {
                    if why.message().is_some_and(|it| it.contains("already defined")) { Ok(()) } else { Err(why) }
                })?;
                parses(&format!("{{ {right} }}"))
            }
            None => Err("there is no `# valid`".into()),
        },
        What::Json => serde_json::from_str::<serde_json::Value>(text).map(drop).map_err(Failed::from),
        What::Manifest => manifest(text),
        What::Spec(kind) => spec(kind, text),
        What::Xml => is_xml(text, folder),
        What::Unit => unit(text, folder),
        What::Unrunnable => commands::parse(text).map(drop).map_err(Failed::from),
        What::Text => Ok(()),
        What::Commands => unreachable!("they are run together"),
    }
}

/// Evaluates a block with a function of `default.nix`, to a text.
fn nix(function: &str, known: &Known, folder: &Path) -> Result<String, Failed> {
    let file = folder.join(known.file.clone().unwrap_or_else(|| format!("line-{}.nix", known.block.line)));
    fs::write(&file, &known.block.text)?;
    let lib = configuration::folder().map_or("null".to_owned(), |lib| lib.display().to_string());
    let project = project().display().to_string();
    let outcome =
        evaluate(&format!("(import {project}/tests/docs {{ nixpkgsLib = {lib}; }}).{function} {}", file.display()));
    if outcome.succeeded { Ok(outcome.stdout) } else { Err(outcome.error().to_owned().into()) }
}

fn parses(expression: &str) -> Result<(), Failed> {
    // Whatever has no value here has one where the expression stands.
    let expression = &format!("with {{ }}; {expression}");
    let outcome = run(Command::new("nix-instantiate").args(["--parse", "--expr", expression]));
    if outcome.succeeded { Ok(()) } else { Err(outcome.error().to_owned().into()) }
}

fn manifest(text: &str) -> Result<(), Failed> {
    let schema = fs::read_to_string(project().join("schema/json/manifest.json"))?;
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema)?)?;
    let manifest = serde_json::from_str(text)?;
    let wrong: Vec<_> =
        validator.iter_errors(&manifest).map(|why| format!("{}: {why}\n", why.instance_path())).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.concat().into()) }
}

fn spec(kind: Kind, text: &str) -> Result<(), Failed> {
    let spec = json::parse(text).map_err(|why| why.to_string())?;
    let problems = render::render(kind, &spec).report.findings().locate(|_| None);
    if problems.is_empty() { Ok(()) } else { Err(lines(&problems).into()) }
}

fn is_xml(text: &str, folder: &Path) -> Result<(), Failed> {
    let elements = xml::parse(text).map_err(|why| why.to_string())?;
    let Some(kind) = elements.first().and_then(|root| Kind::rooted(&root.name)) else { return Ok(()) };
    let spec = import::import(kind, text).map_err(|why| why.to_string())?;
    let problems = errors(render::render(kind, &spec).report);
    if !problems.is_empty() {
        return Err(lines(&problems).into());
    }
    let file = folder.join("block.xml");
    fs::write(&file, text)?;
    match invalid(kind, std::slice::from_ref(&file)).remove(&file) {
        Some(complaints) => Err(complaints.into()),
        None => Ok(()),
    }
}

fn unit(text: &str, folder: &Path) -> Result<(), Failed> {
    let file = folder.join("block.service");
    // The programs of the unit need not exist.
    let program = |line: &str| match line.split_once("=/") {
        Some((key, _)) if key.starts_with("Exec") => format!("{key}=/bin/true\n"),
        _ => format!("{line}\n"),
    };
    fs::write(&file, text.lines().map(program).collect::<String>())?;
    let outcome = run(Command::new("systemd-analyze").args(["verify", "--man=no", "--recursive-errors=no"]).arg(&file));
    if outcome.succeeded && outcome.stderr.is_empty() { Ok(()) } else { Err(outcome.stderr.into()) }
}
