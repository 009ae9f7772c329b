//! `nixvirt doctor` on the development root, with its libvirt and its Nix.

use crate::reconcile::printed;
use expect_test::expect;
use nixvirt_tests::libvirtd::{self, virsh};
use nixvirt_tests::{Outcome, evaluate_json, plugin, run};
use std::fs;
use std::process::Command;

fn doctor(options: &[&str]) -> Outcome {
    run(Command::new("nixvirt").arg("doctor").args(options))
}

/// The lines whose content does not depend on the host of the development root: its processor, the versions in it, and the hooks
/// of other tests.
fn settled(report: &str) -> String {
    let depends = [
        "  libvirt:",
        "  hooks:",
        "  KVM:",
        "  nested guests:",
        "  processor:",
        "  IOMMU",
        "  USB device:",
        "  Nix plugin:",
        "  state directory:",
    ];
    let mut lines = Vec::new();
    let mut is_left_out = false;
    for line in report.lines() {
        let is_hint = line.starts_with("      ");
        is_left_out = if is_hint { is_left_out } else { depends.iter().any(|it| line.starts_with(it)) };
        if !is_left_out && !line.starts_with(|first: char| first.is_ascii_digit()) {
            lines.push(format!("{line}\n"));
        }
    }
    lines.concat()
}

#[test]
fn the_development_root() {
    let _alone = libvirtd::alone();
    expect![[r#"
        qemu:///system
          socket:           ok, /run/libvirt/libvirt-sock
          network default:  ok, none; guests need a declared network, or a bridge of the host
        Host
          UEFI firmware:    ok, with and without Secure Boot, also with enrolled keys
          TPM emulator:     ok, swtpm
          firewall backend: ok, nftables
        NixVirt
    "#]]
    .assert_eq(&settled(&doctor(&[]).stdout));
    virsh(&["net-define", "/usr/share/libvirt/networks/default.xml"]);
    let report = doctor(&[]).stdout;
    assert!(report.contains("network default:  warning, not running"), "{report}");
}

#[test]
fn the_plugin_in_the_settings_of_nix() {
    let _libvirtd = libvirtd::shared();
    let shown = |settings: &str| {
        let outcome = run(Command::new("nixvirt").arg("doctor").env("NIX_CONFIG", settings));
        let line = outcome.stdout.lines().find(|line| line.starts_with("  Nix plugin:")).map(str::to_owned);
        line.unwrap_or(outcome.stdout)
    };
    let version = run(Command::new("nix").arg("--version")).stdout;
    let version = version.split_whitespace().last().expect("it ends with the version");
    assert_eq!(shown(&format!("plugin-files = {}", plugin())), format!("  Nix plugin:       ok, fits Nix {version}"));
    assert_eq!(
        shown("plugin-files = /gone/libnixvirt.so"),
        "  Nix plugin:       problem, the settings of Nix name /gone/libnixvirt.so, which is missing: every Nix command fails"
    );
}

/// The report of a host is what templates take to pin virtual CPUs to its cores.
#[test]
fn a_guest_is_pinned_by_the_report() {
    let _libvirtd = libvirtd::shared();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("host.json");
    fs::write(&file, doctor(&["--json"]).stdout).expect("a writable folder");
    let pinning = format!("{{ host = {}; cpus = \"0-4095\"; }}", file.display());
    let guest = format!("lib.domain.templates.q35 {{ name = \"web\"; topology.cores = 1; pinning = {pinning}; }}");
    let pinned = evaluate_json(&format!("(builtins.head ({guest}).cputune.vcpupin).cpuset"));
    let siblings = fs::read_to_string("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list");
    let siblings = siblings.expect("the kernel lists them").trim().replace('-', ",");
    assert_eq!(pinned, siblings);
}

#[test]
fn the_json_has_its_schema() {
    let _libvirtd = libvirtd::shared();
    for uri in ["qemu:///system", "test:///default", "qemu+unix:///system?socket=/gone"] {
        printed(&doctor(&["--json", "--connect", uri]), "doctor");
    }
}
