//! Library of the tests: the project's files, a Nix with the plugin, libvirt's validator and its daemon.

pub mod configuration;
pub mod coverage;
pub mod field_paths;
pub mod generator;
pub mod libvirt;
pub mod libvirtd;
pub mod relax_ng;
pub mod xml_equivalence;

use nixvirt_schema::engine::problem::{Diagnostic, Report, Severity};
use nixvirt_schema::engine::render::EXTRA;
use nixvirt_schema::engine::value::{Data, Value};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the project.
pub fn project() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests are in a folder of the project").to_owned()
}

/// Refuses to go on outside the development root.
///
/// # Panics
/// Elsewhere: there, a test that calls this would remove the guests of its host, or install packages.
pub fn require_root() {
    let is_root = Path::new("/etc/nixvirt-root").exists();
    assert!(is_root, "this test changes its host: run it in the development root, with `dev/run test test`");
}

/// The plugin's file.
pub fn plugin() -> String {
    std::env::var("NIXVIRT_PLUGIN").expect("NIXVIRT_PLUGIN names the plugin's file; `dev/run test` sets it")
}

/// Whether the plugin has its implementation on Nix's C API alone. That one does not know where sets begin, nor positions in
/// expressions of the command line.
pub fn is_on_c_api() -> bool {
    let plugin = plugin();
    let prefix = Path::new(&plugin).parent().and_then(Path::parent).expect("the plugin is in a folder");
    let implementations = files(&prefix.join("libexec/nixvirt"), "so");
    implementations.iter().all(|it| name(it) == "c-api.so")
}

/// `nix` with the plugin.
pub fn nix(command: &str) -> Command {
    let mut nix = Command::new("nix");
    nix.args([command, "--offline", "--plugin-files", &plugin()]);
    nix
}

/// A disk of a size in bytes, which boots 16-bit code of a BIOS.
pub fn boot_disk(code: &[u8], size: usize) -> Vec<u8> {
    const MARK: [u8; 2] = [0x55, 0xaa];
    let mut disk = code.to_vec();
    disk.resize(512 - MARK.len(), 0);
    disk.extend(MARK);
    disk.resize(size, 0);
    disk
}

/// A Nix expression that is the library.
pub fn library() -> String {
    let project = project().display().to_string();
    format!(
        "import {project}/nix-lib {{ pkgs = (builtins.getFlake \"path:{project}/dev/nixpkgs-stub\").legacyPackages.x86_64-linux; }}"
    )
}

/// The outcome of a command.
pub struct Outcome {
    /// Whether the command exited with 0.
    pub succeeded: bool,
    /// The standard output.
    pub stdout: String,
    /// The standard error, without Nix's own warnings.
    pub stderr: String,
}

impl Outcome {
    /// The error of Nix, which follows the trace.
    #[track_caller]
    pub fn error(&self) -> &str {
        assert!(!self.succeeded, "it should fail, and gave {}", self.stdout);
        &self.stderr[self.stderr.rfind("error:").expect("Nix says what went wrong")..]
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Outcome { succeeded: output.status.success(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Outcome {
    command.env("NO_COLOR", "1").output().unwrap_or_else(|why| panic!("{command:?}: {why}")).into()
}

/// Evaluates an expression to a string.
pub fn evaluate(expression: &str) -> Outcome {
    run(nix("eval").args(["--impure", "--raw", "--expr", expression]))
}

/// Evaluates an expression over `lib` to JSON.
#[track_caller]
pub fn evaluate_json(expression: &str) -> serde_json::Value {
    let outcome = evaluate(&format!("let lib = {}; in builtins.toJSON ({expression})", library()));
    assert!(outcome.succeeded, "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).expect("Nix prints JSON")
}

/// Builds a derivation, which is an expression over `lib`, and returns its path in the store.
#[track_caller]
pub fn build(expression: &str) -> String {
    let build = ["--impure", "--no-link", "--print-out-paths", "--expr"];
    let outcome = run(nix("build").args(build).arg(format!("let lib = {}; in {expression}", library())));
    assert!(outcome.succeeded, "{}", outcome.stderr);
    outcome.stdout.trim().to_owned()
}

/// Evaluates an expression to a string without the plugin.
pub fn bare(expression: &str) -> Outcome {
    run(Command::new("nix").args(["eval", "--offline", "--impure", "--raw", "--expr", expression]))
}

/// A number from the environment, with a default.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|why| panic!("{name}: {why}")))
}

/// The errors of a report.
pub fn errors(report: Report<'_>) -> Vec<Diagnostic> {
    let problems = report.findings().locate(|_| None).into_iter();
    problems.filter(|problem| problem.severity == Severity::Error).collect()
}

/// Problems as a text, a line each.
pub fn lines(problems: &[Diagnostic]) -> String {
    let lines: Vec<_> = problems.iter().map(|problem| problem.to_string() + "\n").collect();
    lines.concat()
}

/// The first `extra` in a spec, which holds parts that the tables lack.
pub fn extra(value: Value<'_>) -> Option<Value<'_>> {
    match value.data() {
        Data::Set(_) if value.key() == EXTRA => Some(value),
        _ => value.children().find_map(extra),
    }
}

/// The folders in a folder, sorted.
pub fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap_or_else(|why| panic!("{}: {why}", of.display()));
    let mut found: Vec<_> =
        entries.map(|entry| entry.expect("a readable folder").path()).filter(|it| it.is_dir()).collect();
    found.sort();
    found
}

/// A text without the indentation that all of its lines share.
pub fn dedent(text: &str) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let shared = text.lines().filter(|line| !line.trim().is_empty()).map(depth).min().unwrap_or_default();
    text.lines().map(|line| line.get(shared..).unwrap_or_default().to_owned() + "\n").collect()
}

/// All files below a folder that have that extension, sorted.
pub fn files(below: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap_or_else(|why| panic!("{}: {why}", below.display())) {
        let path = entry.expect("a readable folder").path();
        let is_ours = !matches!(path.file_name().and_then(OsStr::to_str), Some("target" | ".git"));
        if path.is_dir() && is_ours {
            found.extend(files(&path, extension));
        } else if path.extension().and_then(OsStr::to_str) == Some(extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The name of a file or folder.
pub fn name(path: &Path) -> &str {
    path.file_name().and_then(OsStr::to_str).expect("names are UTF-8 here")
}
