//! Outside the development root, tests that would change their host refuse to run.

use nixvirt_tests::run;
use std::env;
use std::process::Command;

#[test]
fn tests_that_change_their_host_refuse() {
    let program = env::current_exe().expect("a test is a program");
    for test in [
        "package::the_debian_package",
        "doctor::the_development_root",
        "drift::a_disk_on_another_bus_waits_for_the_next_start",
    ] {
        // A host is what has no file of the root in `/etc`.
        let refused = run(Command::new("unshare")
            .args(["--mount", "sh", "-c", "mount -t tmpfs tmpfs /etc && exec \"$@\"", "sh"])
            .arg(&program)
            .args(["--exact", "--nocapture", test]));
        assert!(refused.stdout.contains("running 1 test"), "{test}: {}", refused.stdout);
        assert!(
            !refused.succeeded && refused.stderr.contains("run it in the development root"),
            "{test}: {}",
            refused.stderr
        );
    }
}
