//! The Debian package, installed as a user installs it.

use nixvirt_tests::{project, require_root, run};
use pretty_assertions::assert_eq;
use std::path::Path;
use std::process::Command;

#[test]
fn the_debian_package() {
    require_root();
    let packed = run(&mut Command::new(project().join("dev/package")));
    assert!(packed.succeeded, "{}", packed.stderr);
    let file = packed.stdout.trim();
    let installed = run(Command::new("dpkg").args(["--install", file]));
    assert!(installed.succeeded, "{}", installed.stderr);
    for program in ["nixvirt", "virtdeclare"] {
        let outcome = run(Command::new(format!("/usr/bin/{program}")).arg("--version"));
        assert_eq!(outcome.stdout, format!("{program} {}\n", env!("CARGO_PKG_VERSION")));
        for path in [
            format!("/usr/share/man/man1/{program}.1.gz"),
            format!("/usr/share/bash-completion/completions/{program}"),
            format!("/usr/share/zsh/vendor-completions/_{program}"),
            format!("/usr/share/fish/vendor_completions.d/{program}.fish"),
        ] {
            assert!(Path::new(&path).exists(), "{path}");
        }
    }
    // The links of `nixvirt lsp` lead to the pages.
    assert!(Path::new("/usr/share/doc/nixvirt/reference/rules.md").exists());
    // The command finds the program that talks to libvirt.
    let status = run(Command::new("/usr/bin/nixvirt").args(["doctor", "--connect", "test:///default"]));
    assert!(status.stdout.starts_with("test:///default\n  libvirt:"), "{}{}", status.stdout, status.stderr);
    let unit = "/usr/lib/systemd/system/nixvirt.service";
    let verified = run(Command::new("systemd-analyze").args(["verify", "--man=no", "--recursive-errors=no", unit]));
    assert!(verified.succeeded && verified.stderr.is_empty(), "{}", verified.stderr);
    let removed = run(Command::new("dpkg").args(["--purge", "nixvirt"]));
    assert!(removed.succeeded && !Path::new("/usr/bin/nixvirt").exists(), "{}", removed.stderr);
}
