//! The pictures of the guide that show a terminal are made of what commands print.

use anstyle::RgbColor;
use anstyle_svg::{Palette, Term};
use expect_test::expect_file;
use libtest_mimic::Failed;
use nixvirt_tests::{evaluate, library, libvirtd, plugin, project};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The colors of the terminal: the eight normal ones, then the eight bright ones. Each can be read on the first.
const PALETTE: Palette = Palette([
    RgbColor(0x1b, 0x1f, 0x27),
    RgbColor(0xff, 0x7b, 0x72),
    RgbColor(0x7e, 0xe7, 0x87),
    RgbColor(0xe3, 0xb3, 0x41),
    RgbColor(0x79, 0xc0, 0xff),
    RgbColor(0xd2, 0xa8, 0xff),
    RgbColor(0x56, 0xd4, 0xdd),
    RgbColor(0xd0, 0xd7, 0xde),
    RgbColor(0x8b, 0x94, 0x9e),
    RgbColor(0xff, 0xa1, 0x98),
    RgbColor(0xa5, 0xf0, 0xab),
    RgbColor(0xf2, 0xcc, 0x60),
    RgbColor(0xa5, 0xd6, 0xff),
    RgbColor(0xe2, 0xc5, 0xff),
    RgbColor(0xb3, 0xf0, 0xff),
    RgbColor(0xff, 0xff, 0xff),
]);

/// The plan for a host where objects are created, changed and removed.
pub fn plan() -> Result<(), Failed> {
    let _libvirtd = libvirtd::alone();
    let folder = tempfile::tempdir()?;
    let state = folder.path().join("state");
    let manifest = |name: &str| -> Result<PathBuf, Failed> {
        let file = folder.path().join(name);
        let pictured = project().join("tests/docs/plan.nix").display().to_string();
        fs::write(&file, evaluate(&format!("builtins.toJSON (import {pictured} ({})).{name}", library())).stdout)?;
        Ok(file)
    };
    let nixvirt = |command: &str, manifest: PathBuf| {
        let mut nixvirt = Command::new("nixvirt");
        nixvirt.arg(command).arg("--manifest").arg(manifest).arg("--state").arg(&state);
        printed(nixvirt.env("CLICOLOR_FORCE", "1"))
    };
    fs::remove_dir_all("/var/lib/libvirt/disks").or_else(ignore_missing)?;
    nixvirt("apply", manifest("before")?)?;
    let plan = nixvirt("plan", manifest("after")?);
    fs::remove_dir_all("/var/lib/libvirt/disks")?;
    compare("plan", "nixvirt plan", &plan?)
}

/// Two hosts with their guests, as Graphviz draws them.
pub fn graph() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("manifest.json");
    let pictured = project().join("tests/docs/graph.nix").display().to_string();
    fs::write(&manifest, evaluate(&format!("builtins.toJSON (import {pictured} ({}))", library())).stdout)?;
    let drawn = Command::new("nixvirt").args(["graph", "--format", "svg", "--manifest"]).arg(&manifest).output()?;
    expect_file![project().join("docs/pictures/graph.svg")].assert_eq(&String::from_utf8(drawn.stdout)?);
    Ok(())
}

/// The problems of a spec.
pub fn error() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::copy(project().join("tests/docs/error.nix"), folder.path().join("web.nix"))?;
    let command = "nix eval --impure --expr 'builtins.nixvirt.domain.toXML (import ./web.nix)'";
    // Nix warns if there is no network, as in the tests.
    let offline = command.replacen("nix eval", "nix eval --offline", 1);
    // Nix prints colors only to a terminal, which `script` provides.
    let mut script = Command::new("script");
    script.args(["--quiet", "--command", &offline, "/dev/null"]).current_dir(folder.path());
    script.env("NIX_CONFIG", format!("plugin-files = {}\nsubstituters =", plugin())).env("TERM", "xterm");
    let terminal = String::from_utf8(script.output()?.stdout)?;
    // The progress bar of Nix clears its line.
    let said = terminal.replace('\r', "").replace("\u{1b}[K", "");
    compare("error", command, &said.replace(&folder.path().display().to_string(), "/home/you/guests"))
}

/// What a command that succeeds prints on standard output.
fn printed(command: &mut Command) -> Result<String, Failed> {
    let Output { status, stdout, stderr } = command.output()?;
    if !status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&stderr)).into());
    }
    Ok(String::from_utf8(stdout)?)
}

fn ignore_missing(cause: io::Error) -> io::Result<()> {
    if cause.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(cause) }
}

/// Compares a terminal after a command with the picture of the guide.
fn compare(name: &str, command: &str, printed: &str) -> Result<(), Failed> {
    let text = format!("\u{1b}[32m$\u{1b}[0m \u{1b}[1m{command}\u{1b}[0m\n{}", printed.trim_end());
    let svg = Term::new().palette(PALETTE).render_svg(&text);
    let picture = project().join("docs/pictures").join(name).with_extension("svg");
    expect_file![picture].assert_eq(&svg);
    Ok(())
}
