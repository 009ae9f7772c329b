//! Evaluation: the templates of Windows domains alone, rendered with the plugin, and rendered by plain Nix; loading the
//! plugin; and a configuration with typed domains.

use crate::measure::{Cost, alternate};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of this crate, with its files of Nix.
const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// The default number of runs of a command.
const RUNS: usize = 9;

/// Measures evaluation for these numbers of domains, and prints tables.
pub fn bench(domains: &[usize]) -> Result<(), String> {
    let runs = match env::var("RUNS") {
        Ok(text) => text.parse().map_err(|_| format!("expected a number in RUNS, found \"{text}\""))?,
        Err(_) => RUNS,
    };
    let before = env::var("NIXVIRT_BEFORE").ok().filter(|it| !it.is_empty());
    table(domains, runs, before.as_deref())?;
    loading(runs)?;
    if let Some(lib) = nixpkgs_lib() {
        typed_domains(runs, &lib)?;
    }
    Ok(())
}

/// The folder of nixpkgs' `lib`, if `NIXPKGS_LIB` names it or the folder of nixpkgs.
fn nixpkgs_lib() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("NIXPKGS_LIB")?);
    [folder.join("lib"), folder].into_iter().find(|it| it.join("default.nix").exists())
}

/// `nix eval` of an expression.
fn plain(expression: &str) -> Command {
    let mut nix = Command::new("nix");
    nix.args(["eval", "--offline", "--impure", "--expr", expression]);
    nix
}

/// `nix eval` of an expression, with the plugin.
fn with_plugin(expression: &str) -> Result<Command, String> {
    let plugin = env::var("NIXVIRT_PLUGIN").map_err(|_| "NIXVIRT_PLUGIN does not name the plugin's file")?;
    let mut nix = plain(expression);
    nix.args(["--plugin-files", &plugin]);
    Ok(nix)
}

fn table(domains: &[usize], runs: usize, before: Option<&str>) -> Result<(), String> {
    let of_before = before.map_or("", |_| " NixVirt in Nix adds |");
    println!(
        "| Windows domains | templates alone | with the plugin | by plain Nix | plugin adds | plain Nix adds | plain Nix / plugin |{of_before}"
    );
    println!("|---|---|---|---|---|---|---|{}", before.map_or("", |_| "---|"));
    for &domains in domains {
        let runs = if domains > 1000 { 3 } else { runs };
        let expression = |measure: &str, before: Option<&str>| {
            let before = before.map_or("null", |it| it);
            format!(
                "import {FOLDER}/domains.nix {{ domains = {domains}; measure = \"{measure}\"; before = {before}; }}"
            )
        };
        let current = [
            with_plugin(&expression("templates", None))?,
            with_plugin(&expression("xml", None))?,
            plain(&expression("xml", None)),
        ];
        let ([templates, plugin, bare], earlier) = match before {
            None => (alternate(runs, current)?, None),
            Some(_) => {
                let [templates, plugin, bare] = current;
                let earlier = ["templates", "xml"].map(|measure| plain(&expression(measure, before)));
                let [earlier_templates, earlier_xml] = earlier;
                let commands = [templates, plugin, bare, earlier_templates, earlier_xml];
                let [templates, plugin, bare, earlier_templates, earlier_xml] = alternate(runs, commands)?;
                ([templates, plugin, bare], Some(earlier_xml.beyond(earlier_templates)))
            }
        };
        println!(
            "| {domains} | {templates} | {plugin} | {bare} | {} | {} | {:.2} |{}",
            plugin.beyond(templates),
            bare.beyond(templates),
            bare.times(plugin),
            earlier.map_or(String::new(), |it| format!(" {it} |"))
        );
    }
    Ok(())
}

fn loading(runs: usize) -> Result<(), String> {
    let [without, with] = alternate(5 * runs, [plain("1"), with_plugin("1")?])?;
    println!(
        "\nnix eval --expr 1: {without} without the plugin, {with} with it, {} ({:.3} times)",
        with.beyond(without),
        with.times(without)
    );
    Ok(())
}

fn typed_domains(runs: usize, lib: &Path) -> Result<(), String> {
    let configuration = |domains| {
        format!("import {FOLDER}/configuration.nix {{ nixpkgsLib = {}; domains = {domains}; }}", lib.display())
    };
    let commands = [with_plugin(&configuration(0))?, with_plugin(&configuration(10))?, plain(&configuration(10))];
    let [none, ten, bare] = alternate(runs, commands)?;
    println!("Ten typed domains in a configuration");
    let line = |name: &str, cost: Cost| {
        println!("  {name:<20} {:+7.3} s ({:.3} times)", cost.elapsed - none.elapsed, cost.times(none));
    };
    line("with the plugin", ten);
    line("by plain Nix", bare);
    Ok(())
}
