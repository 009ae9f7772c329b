//! The command `nixvirt` as a user runs it, without libvirt.

mod check;
mod explain;
mod graph;
mod help;
mod import;
mod lsp;
mod render;
mod usage;

use expect_test::Expect;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder with files, in which the command runs.
struct Folder(TempDir);

impl Folder {
    /// Creates a folder with these files, each with its path and content.
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        for (path, content) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be created");
            fs::write(path, content).expect("a file can be written");
        }
        Folder(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).expect("the command has written it")
    }

    /// Runs the command with that input, and compares its output, its messages and its exit code.
    #[track_caller]
    fn check_with(&self, arguments: &[&str], input: &str, expected: Expect) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nixvirt"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("COLUMNS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo has built the command");
        // A command that does not read its input closes the pipe.
        let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let shown = format!(
            "{}{}exit code {}\n",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
            output.status.code().expect("it exits by itself"),
        );
        // Help has blanks at the ends of some lines, which editors take away.
        let lines: String = shown.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        expected.assert_eq(&lines);
    }

    #[track_caller]
    fn check(&self, arguments: &[&str], expected: Expect) {
        self.check_with(arguments, "", expected);
    }
}

/// Runs the command with that input in an empty folder.
#[track_caller]
fn check(arguments: &[&str], input: &str, expected: Expect) {
    Folder::new(&[]).check_with(arguments, input, expected);
}
