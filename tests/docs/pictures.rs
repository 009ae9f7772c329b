//! The pictures of the guide that show a terminal are made of what commands print.

use anstyle::RgbColor;
use anstyle_svg::{Palette, Term};
use expect_test::expect_file;
use libtest_mimic::Failed;
use nixvirt_tests::{libvirtd, plugin, project, run};
use std::process::Command;

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
    let manifests = project().join("tests/docs/pictures");
    let declare =
        |manifest| bash(&format!("rm -rf /etc/nixvirt; cp -r {}/{manifest} /etc/nixvirt", manifests.display()));
    bash("rm -rf /var/lib/nixvirt /var/lib/libvirt/images/*.qcow2")?;
    declare("applied")?;
    bash("nixvirt apply")?;
    declare("declared")?;
    let printed = bash("CLICOLOR_FORCE=1 nixvirt plan")?;
    bash("rm -rf /var/lib/nixvirt /etc/nixvirt /var/lib/libvirt/images/*.qcow2")?;
    compare("plan", "nixvirt plan", &printed);
    Ok(())
}

/// The problems of the broken example.
pub fn error() -> Result<(), Failed> {
    let command = "nix eval --raw --impure --expr 'builtins.nixvirt.domain.toXML (import ./broken/domain.nix)'";
    // Nix prints colors only to a terminal, which `script` provides.
    let script = Command::new("script")
        .args(["--quiet", "--command", command, "/dev/null"])
        .current_dir(project().join("examples"))
        .env("NIX_CONFIG", format!("plugin-files = {}\nsubstituters =", plugin()))
        .env("TERM", "xterm")
        .output()?;
    // The progress bar clears its line.
    let printed = String::from_utf8(script.stdout)?.replace('\r', "").replace("\u{1b}[K", "");
    let reader_has = printed.replace(&project().display().to_string(), "/home/you/NixVirt");
    compare("error", command, &reader_has);
    Ok(())
}

/// What a command prints to standard output.
fn bash(command: &str) -> Result<String, Failed> {
    let outcome = run(Command::new("bash").args(["-c", command]));
    if outcome.succeeded { Ok(outcome.stdout) } else { Err(format!("{command}: {}", outcome.stderr).into()) }
}

/// Compares a terminal after that command with the picture that the guide has.
fn compare(name: &str, command: &str, printed: &str) {
    let text = format!("\u{1b}[32m$\u{1b}[0m \u{1b}[1m{command}\u{1b}[0m\n{}", printed.trim_end());
    let svg = Term::new().palette(PALETTE).render_svg(&text);
    let picture = project().join("docs/pictures").join(name).with_extension("svg");
    expect_file![picture].assert_eq(&svg);
}
