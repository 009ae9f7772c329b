//! A host with the service that the NixOS module makes, started and switched as NixOS does it.

use nixvirt_tests::libvirtd::until;
use nixvirt_tests::{Outcome, project, run};
use serde_json::{Value as Json, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The service.
pub const SERVICE: &str = "nixvirt.service";

const UNITS: &str = "/run/systemd/system";
const MANIFEST: &str = "/etc/nixvirt/manifest.json";

/// Installs libvirt's sockets and the service. `paths` are those that the manifest refers to.
pub fn install(paths: &[&str]) {
    // As in NixOS: guests that run when the host stops are saved, while the daemon still runs.
    write_unit("libvirt-guests.service.d/nixos.conf", "[Unit]\nRequires=libvirtd.service\nAfter=libvirtd.service\n");
    install_with(&["libvirtd.socket", "libvirtd-ro.socket", "libvirtd-admin.socket"], paths);
}

/// Installs the sockets of libvirt's modular daemons, which are in the folder `MODULAR_DAEMONS`, and the service.
pub fn install_modular(paths: &[&str]) {
    let folder = std::env::var("MODULAR_DAEMONS").expect("it names the folder");
    let files = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a readable folder").path());
    let units = files.filter(|file| file.extension().is_some());
    let units: Vec<_> = units.map(|file| (file_name(&file), fs::read_to_string(file).expect("a unit"))).collect();
    for (name, text) in &units {
        write_unit(name, &text.replace("/usr/sbin", &folder));
    }
    let sockets: Vec<_> =
        units.iter().map(|(name, _)| name.as_str()).filter(|name| name.ends_with(".socket")).collect();
    install_with(&sockets, paths);
}

fn file_name(path: &Path) -> String {
    path.file_name().expect("a file has a name").to_string_lossy().into_owned()
}

fn install_with(sockets: &[&str], paths: &[&str]) {
    fs::write("/etc/default/libvirt-guests", "ON_BOOT=start\nON_SHUTDOWN=suspend\n").expect("a writable folder");
    for name in [SERVICE, "libvirt-guests.service"] {
        want("multi-user.target", name);
    }
    for name in sockets.iter().chain(&["virtlogd.socket"]) {
        want("sockets.target", name);
    }
    reinstall(paths);
}

/// Installs the service of another generation.
pub fn reinstall(paths: &[&str]) {
    let golden = project().join("tests/modules/service-of-local-daemons/service.json");
    let service = fs::read_to_string(golden).expect("the service that the module makes");
    let mut service: Json = serde_json::from_str(&service).expect("it is JSON");
    service["unitConfig"]["RequiresMountsFor"] = json!(paths);
    write_unit(SERVICE, &unit(&service));
    systemctl(&["daemon-reload"]);
}

/// The text that NixOS makes of the options of a service.
fn unit(service: &Json) -> String {
    let words = |name: &str| texts(&service[name]).join(" ");
    let options = |section: &str| {
        let options = service[section].as_object().expect("a set of options");
        let lines =
            options.iter().flat_map(|(name, value)| texts(value).into_iter().map(move |it| format!("{name}={it}\n")));
        lines.collect::<String>()
    };
    let path = std::env::var("PATH").expect("there is a PATH");
    let unit = format!(
        "[Unit]\nDescription={}\nAfter={}\nBefore={}\nWants={}\n{}\n[Service]\nEnvironment=PATH={path}\n{}",
        words("description"),
        words("after"),
        words("before"),
        words("wants"),
        options("unitConfig"),
        options("serviceConfig"),
    );
    unit.replace("STORE-nixvirt/bin/nixvirt", &nixvirt().display().to_string())
}

/// The values of an option that may be a list.
fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Array(values) => values.iter().flat_map(texts).collect(),
        Json::String(text) => vec![text.clone()],
        value => vec![value.to_string()],
    }
}

fn nixvirt() -> PathBuf {
    let path = std::env::var("PATH").expect("there is a PATH");
    let files = path.split(':').map(|folder| Path::new(folder).join("nixvirt"));
    files.into_iter().find(|file| file.exists()).expect("nixvirt is built")
}

/// Writes a unit.
pub fn write_unit(name: &str, text: &str) {
    let file = Path::new(UNITS).join(name);
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a writable folder");
    fs::write(file, text).expect("a writable folder");
}

/// Enables a unit.
pub fn want(target: &str, name: &str) {
    let folder = Path::new(UNITS).join(format!("{target}.wants"));
    fs::create_dir_all(&folder).expect("a writable folder");
    symlink(Path::new("..").join(name), folder.join(name)).expect("it is enabled once");
}

/// The output of a command of systemctl.
#[track_caller]
pub fn systemctl(arguments: &[&str]) -> String {
    let outcome = try_systemctl(arguments);
    assert!(outcome.succeeded, "{arguments:?}: {}{}{}", outcome.stdout, outcome.stderr, journal());
    outcome.stdout.trim().to_owned()
}

/// The outcome of a command of systemctl.
pub fn try_systemctl(arguments: &[&str]) -> Outcome {
    run(Command::new("systemctl").args(arguments))
}

/// A property of a unit.
pub fn property(unit: &str, name: &str) -> String {
    systemctl(&["show", "--value", "--property", name, unit])
}

/// What the service said.
pub fn journal() -> String {
    run(Command::new("journalctl").args(["--no-pager", "--output=cat", "--unit", SERVICE])).stdout
}

/// Writes the manifest of a generation, with these objects of the system's connection.
pub fn declare(objects: &Json) {
    let manifest = json!({ "version": 1, "connections": { "qemu:///system": objects } });
    fs::create_dir_all("/etc/nixvirt").expect("a writable folder");
    fs::write(MANIFEST, manifest.to_string()).expect("a writable folder");
}

/// Starts all units that are enabled, as a boot and the last phase of a switch do. Waits until the service has run.
#[track_caller]
pub fn start_all() {
    let invocation = || property(SERVICE, "InvocationID");
    let before = invocation();
    systemctl(&["start", "multi-user.target"]);
    until("the service has run", || invocation() != before && property(SERVICE, "ActiveState") != "activating");
}

/// Switches to a generation with these objects. Starts all enabled units again.
#[track_caller]
pub fn switch(objects: &Json) {
    declare(objects);
    start_all();
}

/// A guest that runs, without a disk.
pub fn guest(title: &str) -> Json {
    let xml = format!(
        "<domain type='qemu'><name>web</name><title>{title}</title><memory unit='MiB'>32</memory>\
         <os><type machine='pc'>hvm</type></os></domain>"
    );
    json!({ "domains": [{ "xml": xml, "active": true }] })
}
