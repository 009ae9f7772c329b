//! A real systemd that boots for a test, and runs the parts of the test as a service.

use nixvirt_tests::{project, require_root, run};
use std::env;
use std::fs;
use std::process::Command;
use std::thread;

/// The variable that tells a part of a test which one it is.
const SESSION: &str = "NIXVIRT_SESSION";

/// Runs each session of a test after a boot of its own. What a session leaves in `/etc` and `/var` is there in the next.
///
/// The test runs itself again, as a service of systemd, and then only the session.
#[track_caller]
pub fn boots(sessions: &[fn()]) {
    if let Ok(number) = env::var(SESSION) {
        return sessions[number.parse::<usize>().expect("it is a number")]();
    }
    require_root();
    let test = thread::current().name().expect("a test has a name").to_owned();
    let program = env::current_exe().expect("a test is a program");
    let layers = tempfile::tempdir().expect("a writable folder");
    for number in 0..sessions.len() {
        let boot = run(Command::new(project().join("tests/systemd/boot"))
            .arg(layers.path())
            .arg(&program)
            .args(["--exact", "--nocapture", &test])
            .env(SESSION, number.to_string()));
        let output = fs::read_to_string(layers.path().join("output")).unwrap_or_default();
        assert!(boot.succeeded, "boot {}: {}{output}", number + 1, boot.stderr);
        // A session that does not run has not passed.
        assert!(output.contains("test result: ok. 1 passed"), "boot {}: {output}", number + 1);
    }
}
