//! Many connections at the same time: a plan is quick, and a host that hangs costs its own time alone.

use nixvirt_tests::{libvirtd, run};
use serde_json::{Value as Json, json};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const HOSTS: usize = 50;
const GUESTS: usize = 20;

/// Writes the hosts of libvirt's test driver to a folder. Returns the connections of a manifest that declares their guests.
fn hosts(folder: &Path) -> serde_json::Map<String, Json> {
    let host = |number: usize| {
        let guests: Vec<_> = (0..GUESTS)
            .map(|guest| {
                format!(
                    "<domain type='test'><name>guest-{guest}</name><uuid>00000000-0000-4000-8000-{number:06}{guest:06}</uuid>\
                     <memory>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>"
                )
            })
            .collect();
        let file = folder.join(format!("{number}.xml"));
        fs::write(&file, format!("<node>{}</node>", guests.concat())).expect("a writable folder");
        let domains: Vec<_> = guests.iter().map(|xml| json!({ "xml": xml })).collect();
        (format!("test://{}", file.display()), json!({ "domains": domains }))
    };
    (0..HOSTS).map(host).collect()
}

/// The plan of connections, and how long it took.
fn plan(folder: &Path, connections: &serde_json::Map<String, Json>, more: &[&str]) -> (Json, Duration) {
    let manifest = folder.join("manifest.json");
    fs::write(&manifest, json!({ "version": 1, "connections": connections }).to_string()).expect("a writable folder");
    let start = Instant::now();
    let mut nixvirt = Command::new("nixvirt");
    nixvirt.args(["plan", "--json", "--manifest"]).arg(&manifest).arg("--state").arg(folder.join("state")).args(more);
    let outcome = run(&mut nixvirt);
    let plan = serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {}", outcome.stderr));
    (plan, start.elapsed())
}

#[test]
fn fifty_hosts_are_planned_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let (plan, time) = plan(folder.path(), &hosts(folder.path()), &[]);
    let planned = plan["connections"].as_object().expect("there are connections");
    assert_eq!(planned.len(), HOSTS);
    for (uri, connection) in planned {
        assert!(connection["error"].is_null(), "{uri}: {connection}");
        assert_eq!(connection["objects"].as_array().map(Vec::len), Some(GUESTS), "{uri}");
    }
    // It takes less than two seconds on a machine that does nothing else.
    println!("{HOSTS} hosts of {GUESTS} guests: {time:?}");
    assert!(time < Duration::from_secs(20), "{time:?}");
}

#[test]
fn a_host_that_hangs_costs_its_own_time_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    // It accepts connections, and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let hanging = format!("qemu+tcp://127.0.0.1:{port}/system");
    let mut connections = hosts(folder.path());
    connections.insert(hanging.clone(), json!({ "domains": [] }));
    let (whole, time) = plan(folder.path(), &connections, &["--jobs", "2", "--timeout", "2", "--wait", "0"]);
    assert!(time < Duration::from_secs(20), "{time:?}");
    for (uri, connection) in whole["connections"].as_object().expect("there are connections") {
        assert_eq!(!connection["error"].is_null(), *uri == hanging, "{uri}: {connection}");
    }
    let (only, _) = plan(folder.path(), &connections, &["--on", "127.0.0.1", "--timeout", "1", "--wait", "0"]);
    assert_eq!(only["connections"].as_object().expect("there are connections").keys().collect::<Vec<_>>(), [&hanging]);
}

/// In place of `ssh`: writes down the host, and runs the command for it here. libvirt passes few variables on.
const SSH: &str = r#"#!/bin/sh
while [ "$1" != -- ]; do shift; done
echo "$2" >> "$(dirname "$0")/starts"
shift 2
exec sh -c "$*"
"#;

/// A command connects once to each host by SSH, whatever it asks and sends there.
#[test]
fn a_host_has_one_ssh_connection() {
    let _libvirtd = libvirtd::shared();
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("ssh"), SSH).expect("a writable folder");
    fs::set_permissions(path("ssh"), fs::Permissions::from_mode(0o755)).expect("it was written");
    fs::write(path("image"), vec![7; 100_000]).expect("a writable folder");
    let declare = |are_declared: bool| {
        let connection = |host: &str| {
            let [pool, network] = ["pool", "network"].map(|kind| format!("<{kind}><name>ssh-{host}</name></{kind}>"));
            let target = format!("<target><path>{}</path></target></pool>", path(host).display());
            let pool = pool.replace("<pool>", "<pool type='dir'>").replace("</pool>", &target);
            let volume = "<volume><name>disk</name><capacity>100000</capacity></volume>";
            let domain = format!(
                "<domain type='qemu'><name>ssh-{host}</name><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>"
            );
            let volumes = json!([{ "xml": volume, "content": { "file": path("image") } }]);
            let all = json!({
                "pools": [{ "xml": pool, "active": true, "volumes": volumes }],
                "networks": [{ "xml": network }],
                "domains": [{ "xml": domain, "active": true }],
            });
            let nothing = json!({ "pools": [], "networks": [], "domains": [] });
            (format!("qemu+ssh://{host}/system"), if are_declared { all } else { nothing })
        };
        let connections: serde_json::Map<_, _> = ["alpha", "beta"].map(connection).into_iter().collect();
        let manifest = json!({ "version": 1, "connections": connections });
        fs::write(path("manifest.json"), manifest.to_string()).expect("a writable folder");
    };
    let search = format!("{}:{}", folder.path().display(), std::env::var("PATH").expect("there is a PATH"));
    for (command, are_declared) in [("plan", true), ("apply", true), ("status", true), ("apply", false)] {
        declare(are_declared);
        fs::write(path("starts"), "").expect("a writable folder");
        let mut nixvirt = Command::new("nixvirt");
        nixvirt.arg(command).arg("--manifest").arg(path("manifest.json")).arg("--state").arg(path("state"));
        let outcome = run(nixvirt.env("PATH", &search));
        assert!(outcome.succeeded, "{command}: {}{}", outcome.stdout, outcome.stderr);
        let starts = fs::read_to_string(path("starts")).expect("it was written");
        let mut hosts: Vec<_> = starts.lines().collect();
        hosts.sort_unstable();
        assert_eq!(hosts, ["alpha", "beta"], "{command}");
    }
}
