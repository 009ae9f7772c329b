//! Activation with a real libvirt: the service and the scripts of the modules run as NixOS and Home Manager run them.

use nixvirt_tests::configuration::built;
use nixvirt_tests::libvirtd::{self, virsh};
use nixvirt_tests::{Outcome, run};
use pretty_assertions::assert_eq;
use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::Path;
use std::process::Command;

/// The part that all steps below share: a pool, a network, and a guest whose disk is created.
fn host(more: &str) -> String {
    format!(
        r#"({{ NixVirt, lib, ... }}: {{
          virtualisation.libvirt = {{
            enable = true;
            connections."qemu:///system" = {{
              pools.disks = {{ type = "dir"; target.path = "/var/lib/libvirt/disks"; active = true; autostart = true; }};
              networks.lan = {{ definition = NixVirt.lib.network.templates.isolated {{ name = "lan"; subnet_byte = 76; dhcp = false; }}; active = true; }};
              domains = {{ {more} }};
            }};
          }};
        }})"#
    )
}

/// A guest that runs without KVM.
const WEB: &str = r#"
    web = {
      definition = {
        type = "qemu"; name = "web"; title = "One"; memory = "64 MiB";
        os = { type = "hvm"; machine = "q35"; };
        volumes = [ { pool = "disks"; definition = NixVirt.lib.volume.templates.raw { name = "web"; size = "1 MiB"; }; } ];
      };
      devices.disk.vda = { type = "volume"; source = { pool = "disks"; volume = "web"; }; target.bus = "virtio"; };
      devices.interface.lan = { type = "network"; source.network = "lan"; model.type = "virtio"; };
      active = true;
      hooks.prepare = "echo $1 is made ready >> /tmp/hooks";
    };"#;

/// A guest that is declared and stopped.
const SPARE: &str =
    r#"spare = { type = "qemu"; memory = "64 MiB"; os = { type = "hvm"; machine = "q35"; }; active = false; };"#;

/// A guest that libvirt refuses.
const BAD: &str = r#"bad = { type = "qemu"; memory = "64 MiB"; os = { type = "hvm"; machine = "none"; }; };"#;

/// Does the same as `nixos-rebuild switch`: puts the new manifest into /etc, and starts the service.
fn switch(module: &str) -> Outcome {
    let manifest = Path::new("/etc/nixvirt/manifest.json");
    fs::create_dir_all("/etc/nixvirt").expect("a writable folder");
    if manifest.is_symlink() {
        fs::remove_file(manifest).expect("the old manifest can be removed");
    }
    symlink(built("nixos", module, "\"${declared}\""), manifest).expect("a writable folder");
    let apply = built("nixos", module, "config.systemd.services.nixvirt.serviceConfig.ExecStart");
    run(Command::new("bash").args(["-euc", &apply]))
}

#[track_caller]
fn switched(module: &str) -> String {
    let outcome = switch(module);
    assert!(outcome.succeeded, "{}{}", outcome.stdout, outcome.stderr);
    outcome.stdout
}

#[test]
#[cfg_attr(not(has_nixpkgs), ignore = "NIXPKGS_LIB does not name nixpkgs' lib")]
fn nixos() {
    let _libvirtd = libvirtd::alone();
    let first = host(&[WEB, SPARE].concat());
    // libvirt reads the hooks when it starts.
    let hook = built("nixos", &first, "toString (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu)");
    fs::create_dir_all("/etc/libvirt/hooks/qemu.d").expect("a writable folder");
    symlink(hook, "/etc/libvirt/hooks/qemu.d/nixvirt").expect("a writable folder");
    fs::create_dir_all("/var/lib/libvirt/disks").expect("a writable folder");
    libvirtd::kill();
    libvirtd::start();

    // A dry run prints the plan and changes nothing.
    let script = built("nixos", &first, "config.system.preSwitchChecks.nixvirt");
    let check =
        |action: &str| run(Command::new("bash").args(["-euc", &script, "check", "/run/current-system", action]));
    let dry = check("dry-activate");
    assert!(dry.succeeded && dry.stdout.contains("web"), "{}{}", dry.stdout, dry.stderr);
    assert_eq!(virsh(&["list", "--all", "--name"]), "");
    let wet = check("switch");
    assert!(wet.succeeded && wet.stdout.is_empty(), "{}{}", wet.stdout, wet.stderr);

    // The first activation creates all objects.
    switched(&first);
    assert_eq!(virsh(&["domstate", "web"]), "running");
    assert_eq!(virsh(&["domstate", "spare"]), "shut off");
    assert!(virsh(&["net-info", "lan"]).contains("Active:         yes"));
    assert!(virsh(&["pool-info", "disks"]).contains("Autostart:      yes"));
    assert!(virsh(&["vol-info", "web", "disks"]).contains("Capacity:       1.00 MiB"));
    assert_eq!(fs::read_to_string("/tmp/hooks").expect("the hook has run"), "web is made ready\n");
    virsh(&["start", "spare"]);
    assert_eq!(virsh(&["domstate", "spare"]), "running");
    virsh(&["destroy", "spare"]);

    // A second activation changes nothing.
    let id = virsh(&["domid", "web"]);
    let definition = virsh(&["dumpxml", "--inactive", "web"]);
    switched(&first);
    assert_eq!([virsh(&["domid", "web"]), virsh(&["dumpxml", "--inactive", "web"])], [id.clone(), definition]);

    // A change reaches the running guest, and an object in error does not stop the others.
    let changed = host(&[&WEB.replace("One", "Two"), SPARE, BAD].concat());
    let outcome = switch(&changed);
    assert!(!outcome.succeeded && outcome.stdout.contains("domain bad"), "{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(
        built("nixos", &changed, "toString config.systemd.services.nixvirt.serviceConfig.SuccessExitStatus"),
        "1"
    );
    assert_eq!(virsh(&["domid", "web"]), id);
    assert!(virsh(&["dumpxml", "web"]).contains("<title>Two</title>"));
    assert!(virsh(&["dumpxml", "--inactive", "web"]).contains("<title>Two</title>"));

    // Undeclared objects are undefined. The disk and all running guests stay.
    fs::write("/var/lib/libvirt/disks/web", [b'x'; 1024 * 1024]).expect("a writable disk");
    virsh(&["destroy", "web"]);
    let other = std::env::temp_dir().join("other.xml");
    fs::write(&other, "<network><name>other</name><bridge name='virbr75'/></network>").expect("a writable folder");
    virsh(&["net-define", other.to_str().expect("a plain path")]);
    let networks = virsh(&["net-list", "--all", "--name"]);
    assert_eq!(networks, "lan\nother");
    switched(&host(SPARE));
    assert_eq!(virsh(&["list", "--all", "--name"]), "spare");
    assert_eq!(virsh(&["net-list", "--all", "--name"]), networks);

    // A rollback restores the former state.
    switched(&first);
    assert_eq!(virsh(&["domstate", "web"]), "running");
    assert!(virsh(&["dumpxml", "web"]).contains("<title>One</title>"));
    assert!(fs::read("/var/lib/libvirt/disks/web").expect("its disk is there").starts_with(b"xxx"));
    virsh(&["destroy", "web"]);
}

#[test]
#[cfg_attr(not(has_nixpkgs), ignore = "NIXPKGS_LIB does not name nixpkgs' lib")]
fn home_manager() {
    let module = r#"
        { virtualisation.libvirt = {
            enable = true;
            connections."qemu:///session".domains.mine = { type = "qemu"; memory = "64 MiB"; os = { type = "hvm"; machine = "q35"; }; };
        }; }"#;
    let script = built("home-manager", module, "config.home.activation.NixVirt.data");
    // For root, libvirt's default connection is the system's.
    let home = std::env::temp_dir().join("home");
    let login = Path::new("/run/user/65534");
    for folder in [&home, login] {
        fs::create_dir_all(folder).expect("a writable folder");
        chown(folder, Some(65534), Some(65534)).expect("the folder's owner can be changed");
    }
    let user = |script: &str, environment: &[(&str, &str)]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-euc", script]);
        run(command.env("HOME", &home).envs(environment.iter().copied()))
    };
    let guests = || {
        // The daemon of the user's login session. The script gets no URI of it.
        let environment = [("XDG_RUNTIME_DIR", "/run/user/65534")];
        let guests = user("virsh -c qemu:///session list --all --name", &environment);
        assert!(guests.succeeded, "{}", guests.stderr);
        guests.stdout.trim().to_owned()
    };
    let dry = user(&script, &[("DRY_RUN", "1"), ("VERBOSE_ARG", "--verbose")]);
    assert!(dry.succeeded && dry.stdout.contains("mine"), "{}{}", dry.stdout, dry.stderr);
    assert_eq!(guests(), "");
    let wet = user(&script, &[("VERBOSE_ARG", "")]);
    assert!(wet.succeeded, "{}{}", wet.stdout, wet.stderr);
    assert_eq!(guests(), "mine");
    // The daemon of a login session starts in a scope of that session if systemd can create one.
    let scopes = fs::read_to_string("/tmp/scopes").expect("there was a scope");
    let verbs: Vec<_> = scopes.lines().map(|line| line.split(' ').nth(1).unwrap_or(line)).collect();
    assert_eq!(verbs, ["true", "plan", "true", "apply"]);
    let elsewhere = format!("{module} {{ systemd.user.systemctlPath = \"/nowhere/systemctl\"; }}");
    let script = built("home-manager", &elsewhere, "config.home.activation.NixVirt.data");
    let without = user(&script, &[("VERBOSE_ARG", "--verbose")]);
    assert!(without.succeeded && without.stdout.contains("mine"), "{}{}", without.stdout, without.stderr);
    assert_eq!(fs::read_to_string("/tmp/scopes").expect("it is there"), scopes);
}
