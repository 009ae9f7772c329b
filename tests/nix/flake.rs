//! The flake, evaluated and checked without a network.

use expect_test::{Expect, expect};
use nixvirt_tests::{nix, project, run};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn flake(command: &[&str]) -> nixvirt_tests::Outcome {
    let stub = format!("path:{}/dev/nixpkgs-stub", project().display());
    let mut nix = nix(command[0]);
    nix.args(&command[1..]).current_dir(project());
    run(nix.args(["--override-input", "nixpkgs", &stub, "--no-write-lock-file"]))
}

#[test]
fn every_check_of_the_flake_passes() {
    let outcome = flake(&["flake", "check"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("unknown flake output"), "{}", outcome.stderr);
}

#[test]
fn a_written_spec_is_a_store_file() {
    let outcome = flake(&["eval", "--raw", ".#lib", "--apply", "lib: lib.network.writeXML { name = \"lan\"; }"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    assert!(
        outcome.stdout.starts_with("/nix/store/") && outcome.stdout.ends_with("-NixVirt-network-lan"),
        "{}",
        outcome.stdout
    );
    let xml = std::fs::read_to_string(&outcome.stdout).expect("the file is written");
    assert!(xml.contains("<name>lan</name>"), "{xml}");
}

#[test]
fn a_spec_that_refers_to_a_package_is_built() {
    let spec = "{ name = \"win\"; install_virtio = true; nvram_path = \"/nvram\"; }";
    let apply = format!("lib: lib.domain.writeXML (lib.domain.templates.windows {spec})");
    let outcome = flake(&["eval", "--raw", ".#lib", "--apply", &apply]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    assert!(outcome.stdout.ends_with("-NixVirt-domain-win"), "{}", outcome.stdout);
}

#[test]
fn the_command_has_manual_pages_and_completions() {
    let outcome = flake(&["build", ".#nixvirt", "--no-link", "--print-out-paths"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    let share = Path::new(outcome.stdout.trim()).join("share");
    let read = |name: &str| std::fs::read_to_string(share.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
    for page in ["nixvirt", "nixvirt-plan", "nixvirt-apply", "nixvirt-check", "virtdeclare"] {
        assert!(read(&format!("man/man1/{page}.1")).contains(".TH"), "{page} is a manual page");
    }
    // The script of `nixvirt` asks the program itself, for the names of guests.
    for (program, word) in [("nixvirt", "COMPLETE"), ("virtdeclare", "define")] {
        for script in [
            format!("bash-completion/completions/{program}.bash"),
            format!("zsh/site-functions/_{program}"),
            format!("fish/vendor_completions.d/{program}.fish"),
        ] {
            assert!(read(&script).contains(word), "{script} completes the command line");
        }
    }
}

#[test]
fn the_guide_is_a_book() {
    let outcome = flake(&["build", ".#docs", "--no-link", "--print-out-paths"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    let book = Path::new(outcome.stdout.trim()).join("share/doc/nixvirt");
    let page = |name: &str| std::fs::read_to_string(book.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
    assert!(page("index.html").contains("<h1 id=\"nixvirt\">"), "the first page is the introduction");
    assert!(
        page("reference/fields/domain/devices/disk.html").contains("discard_granularity"),
        "the reference is in it"
    );
    assert!(page("toc.html").contains("href=\"reference/rules.html\""), "the table of contents leads to its pages");
    assert!(serde_json::from_str::<serde_json::Value>(&page("options.json")).is_ok(), "the options are beside it");
}

/// What a later overlay changes reaches the packages of this one, and so does `override`.
#[test]
fn the_overlay_composes_with_others() {
    let built_with = |packages: &str| {
        let stub = format!(
            "(builtins.getFlake \"path:{}/dev/nixpkgs-stub\").legacyPackages.x86_64-linux",
            project().display()
        );
        let apply = format!(
            "overlay: let
               final = pkgs // overlay final pkgs // {{ libvirt = pkgs.alejandra; callPackage = file: more: let make = import file; in make (builtins.intersectAttrs (builtins.functionArgs make) final // more); }};
               pkgs = {stub};
             in builtins.concatStringsSep \" \" (map (it: it.name) ({packages}).buildInputs)"
        );
        let outcome = flake(&["eval", "--raw", "--impure", ".#overlays.default", "--apply", &apply]);
        assert!(outcome.succeeded, "{}", outcome.stderr);
        outcome.stdout
    };
    assert_eq!(built_with("final.nixvirt"), "alejandra");
    assert_eq!(built_with("(overlay pkgs pkgs).nixvirt"), "libvirt");
}

/// The scripts of the tests in virtual machines are Python.
#[test]
fn the_scripts_of_virtual_machines_can_be_read() {
    let scripts = "checks: builtins.mapAttrs (_: it: it.test.testScript) (builtins.intersectAttrs \
                   (builtins.listToAttrs (map (name: { inherit name; value = null; }) (builtins.filter (name: builtins.substring 0 3 name == \"vm-\") (builtins.attrNames checks)))) checks)";
    let outcome = flake(&["eval", "--json", ".#checks.x86_64-linux", "--apply", scripts]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    let scripts: BTreeMap<String, String> = serde_json::from_str(&outcome.stdout).expect("Nix prints JSON");
    assert!(scripts.len() > 5, "{scripts:?}");
    for (name, script) in scripts {
        let outcome = run(Command::new("python3").args([
            "-c",
            "import sys; compile(sys.argv[1], sys.argv[2], 'exec')",
            &script,
            &name,
        ]));
        assert!(outcome.succeeded, "{}", outcome.stderr);
    }
}

/// Disc images are built by the system that evaluates, or by that of the packages that `lib.for` is given.
#[test]
fn the_library_builds_for_the_system_that_is_asked_for() {
    let system = |library: &str| {
        let apply = format!("lib: ({library}).guest-install.virtio-win.iso.system");
        let outcome = flake(&["eval", "--raw", "--impure", ".#lib", "--apply", &apply]);
        assert!(outcome.succeeded, "{}", outcome.stderr);
        outcome.stdout
    };
    let stub = format!("(builtins.getFlake \"path:{}/dev/nixpkgs-stub\").legacyPackages", project().display());
    assert_eq!(
        system(&format!(
            "assert lib.guest-install.virtio-win.iso.system == builtins.currentSystem; lib.for {stub}.aarch64-linux"
        )),
        "aarch64-linux"
    );
    assert_eq!(system(&format!("lib.for {stub}.x86_64-linux")), "x86_64-linux");
}

#[test]
fn the_flake_offers_what_its_users_expect() {
    let check = |output: &str, expected: Expect| {
        let names = "it: builtins.concatStringsSep \" \" (builtins.attrNames it)";
        let outcome = flake(&["eval", "--raw", output, "--apply", names]);
        assert!(outcome.succeeded, "{}", outcome.stderr);
        expected.assert_eq(&outcome.stdout);
    };
    check(".#packages.x86_64-linux", expect!["default docs nixvirt plugin plugin-nix_2_26 schemas"]);
    check(".#packages.aarch64-linux", expect!["default docs nixvirt plugin plugin-nix_2_26 schemas"]);
    check(".#apps.x86_64-linux", expect!["default demo nixvirt virtdeclare"]);
    check(".#nixosModules", expect!["default"]);
    check(".#homeModules", expect!["default"]);
    check(".#templates", expect!["default home-manager nixos"]);
    check(
        ".#lib",
        expect![
            "checkpoint domain fleet for forLibvirt guest-install imports interface manifest network nodedev nwfilter pool secret seed snapshot volume xml"
        ],
    );
    check(".#devShells.x86_64-linux", expect!["default"]);
    let outcome = flake(&["eval", "--raw", ".#formatter.x86_64-linux.name"]);
    expect!["alejandra"].assert_eq(&outcome.stdout);
    let package = "it: \"${it.meta.mainProgram} ${toString (builtins.attrNames it.tests)} ${it.updateScript.name}\"";
    let outcome = flake(&["eval", "--raw", ".#packages.x86_64-linux.nixvirt", "--apply", package]);
    expect!["nixvirt version vm-boot vm-default-network vm-firewall-firewalld vm-firewall-iptables vm-firewall-nftables vm-home-manager vm-plugin-nix_2_26 vm-remote vm-removal vm-restart-of-the-daemon vm-switch update-script"].assert_eq(&outcome.stdout);
    let overlay = "it: builtins.concatStringsSep \" \" (builtins.attrNames (it { } { }))";
    let outcome = flake(&["eval", "--raw", ".#overlays.default", "--apply", overlay]);
    expect!["nixvirt nixvirt-plugin"].assert_eq(&outcome.stdout);
}

#[test]
fn the_library_offers_what_its_users_expect() {
    let shown = |expression: &str, expected: Expect| {
        let outcome = flake(&["eval", "--raw", ".#lib", "--apply", &format!("lib: with builtins; {expression}")]);
        assert!(outcome.succeeded, "{}", outcome.stderr);
        expected.assert_eq(&outcome.stdout);
    };
    shown(
        r#"concatStringsSep "\n" (attrValues (mapAttrs (kind: it: "${kind}: ${toString (attrNames it)}") (removeAttrs lib [ "fleet" "for" "forLibvirt" "guest-install" "imports" "manifest" "xml" ])))"#,
        expect![[r#"
        checkpoint: fromXML getXML schema validate writeXML
        domain: fromXML getXML passthrough schema templates toKubeVirt validate writeXML
        interface: fromXML getXML schema validate writeXML
        network: fromXML getXML schema templates validate writeXML
        nodedev: fromXML getXML schema validate writeXML
        nwfilter: fromXML getXML schema validate writeXML
        pool: fromXML getXML schema templates validate writeXML
        secret: fromXML getXML schema validate writeXML
        seed: cloudInit ignition windows
        snapshot: fromXML getXML schema validate writeXML
        volume: fromXML getXML schema templates validate writeXML"#]],
    );
    shown(
        r#"concatStringsSep "\n" (map (it: toString (attrNames it.templates)) [ lib.domain lib.network lib.pool lib.volume ])"#,
        expect![[r#"
            aarch64 cloud linux nixos pc q35 windows windows11
            bridge isolated nat route
            dir logical netfs zfs
            logical qcow2 raw zfs"#]],
    );
    shown("lib.guest-install.virtio-win.iso.name", expect!["virtio-win.iso"]);
    shown(
        r#"with lib.xml; toText (many [
            (elem "a" [ (attr "x" "'1' & <2>") (opt false (attr "y" "2")) ] [ (elem "b" [ ] "3 > 2") none (elem "c" [ ] null) ])
            (elem "d" [ ] [ ])
        ])"#,
        expect![[r#"
            <a x='&apos;1&apos; &amp; &lt;2&gt;'>
              <b>3 &gt; 2</b>
              <c/>
            </a>
            <d/>
        "#]],
    );
}
