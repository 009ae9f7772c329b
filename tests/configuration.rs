//! Configurations of NixOS and Home Manager with our modules, evaluated by nixpkgs' module system.
//!
//! `NIXPKGS_LIB` is the folder of nixpkgs, or of its `lib` alone. It is not in this project: tests that need it are ignored
//! without it, and say so.

use crate::{Outcome, evaluate, nix, project, run as run_command};
use libtest_mimic::{Arguments, Trial};
use std::fs;
use std::path::PathBuf;

/// Runs tests of a file that all need nixpkgs' lib, each with its name.
pub fn run(tests: &[(&str, fn())]) -> ! {
    run_where(folder().is_some(), "NIXPKGS_LIB does not say where nixpkgs' lib is", tests)
}

/// Runs tests of a file where what they need is there, each with its name.
pub fn run_where(is_there: bool, why_not: &str, tests: &[(&str, fn())]) -> ! {
    if !is_there {
        eprintln!("these tests are ignored, for {why_not}");
    }
    let trials = tests.iter().map(|&(name, test)| {
        let trial = Trial::test(name, move || {
            test();
            Ok(())
        });
        trial.with_ignored_flag(!is_there)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit()
}

/// Where nixpkgs' lib is.
pub fn lib() -> PathBuf {
    folder().expect("tests without it are ignored")
}

/// Where nixpkgs' lib is, if it is anywhere.
pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("NIXPKGS_LIB")?);
    [folder.join("lib"), folder].into_iter().find(|it| it.join("default.nix").exists())
}

/// What an expression gives, over the `config` and `options` of a system with modules of ours.
pub fn of(system: &str, modules: &str, expression: &str) -> Outcome {
    let show = r#"it: if builtins.isString it then it + "\n" else builtins.toJSON it"#;
    evaluate(&over(system, modules, &format!("({show}) ({expression})")))
}

/// The text that an expression gives, when all that it refers to has been built.
#[track_caller]
pub fn built(system: &str, modules: &str, expression: &str) -> String {
    let file = over(system, modules, &format!("pkgs.writeText \"text\" ({expression})"));
    let build = ["--impure", "--no-link", "--print-out-paths", "--expr"];
    let outcome = run_command(nix("build").args(build).arg(file));
    assert!(outcome.succeeded, "{}", outcome.stderr);
    fs::read_to_string(outcome.stdout.trim()).expect("it was built")
}

fn over(system: &str, modules: &str, expression: &str) -> String {
    format!(
        r#"let
             system = import {project}/tests/modules {{ nixpkgsLib = {lib}; system = "{system}"; modules = [ {modules} ]; }};
             inherit (system) config options;
             inherit (system._module.args) pkgs;
             manifest = builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile declared));
             declared = (config.environment.etc or config.xdg.configFile)."nixvirt/manifest.json".source;
             here = manifest.connections."qemu:///system";
             xml = object: builtins.readFile object.definition;
           in {expression}"#,
        project = project().display(),
        lib = lib().display(),
    )
}

/// JSON with a line for each value, and text as it is, both without the hashes of store paths.
pub fn pretty(text: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(text);
    let text = json.map_or_else(|_| text.to_owned(), |json| format!("{json:#}\n"));
    let mut parts = text.split("/nix/store/");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "STORE" + part.get(32..).unwrap_or(part))
}
