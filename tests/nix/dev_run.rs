//! `dev/run` itself, which makes this root.

use nixvirt_tests::project;
use pretty_assertions::assert_eq;
use std::process::Command;

/// Making the root takes minutes, so arguments that are wrong are refused first.
#[test]
fn wrong_arguments_make_no_root() {
    let rows = [
        ("test lint bogus", "unknown check \"bogus\""),
        ("bench bogus", "unknown measurement \"bogus\""),
        ("specs many", "expected a number, found \"many\""),
        ("histories 1 last", "expected a number, found \"last\""),
        ("schemas", "schemas needs a folder with libvirt's schemas, such as /usr/share/libvirt/schemas"),
        ("modular-daemons source", "modular-daemons needs libvirt's source and the folder to make"),
        ("build-for-nix", "build-for-nix needs the folder of a Nix: its source or its prefix"),
        ("--", "-- needs a command to run in the root"),
        ("bogus", "unknown command \"bogus\""),
        ("--root bogus test", "unknown root \"bogus\": expected testing"),
    ];
    for (arguments, expected) in rows {
        let cache = tempfile::tempdir().expect("a writable folder");
        let mut run = Command::new(project().join("dev/run"));
        let output = run.args(arguments.split(' ')).env("XDG_CACHE_HOME", cache.path()).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(text.lines().next(), Some(format!("error: {expected}").as_str()), "{arguments}");
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(!cache.path().join("nixvirt").exists(), "{arguments}");
    }
}
