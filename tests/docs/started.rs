//! The guests of the guide start: a real libvirt applies the manifests of modules and flakes, and the domains that expressions make.

use libtest_mimic::Failed;
use nixvirt_tests::libvirtd::{self, URI, ask_virsh};
use nixvirt_tests::run;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

/// The folders of the pages whose guests the development root cannot start, with the reasons.
const REASONS: &[(&str, &str)] = &[
    ("docs-concepts-rendering.md", "the domain has a part that no libvirt knows"),
    ("docs-guides-gpu.md", "the guests need a graphics card, a keyboard and a mouse of their host"),
    ("docs-guides-nixos-guest.md", "the stub of nixpkgs has no NixOS that boots"),
];

/// The folders in which the examples expect files on their hosts.
const EXPECTED: &[&str] =
    &["/var/lib/libvirt/images/", "/home/alice/Downloads/", "/etc/nixvirt/firmware/", "/run/secrets/"];

/// The folder of the pool that examples have or expect.
const DISKS: &str = "/var/lib/libvirt/disks";

/// The folders in which the examples and this test leave files.
const USED: &[&str] = &["/var/lib/libvirt/images", DISKS, "/home/alice", "/etc/nixvirt", "/run/secrets"];

/// Applies manifests, each connection of which becomes that of the development root, and checks that their guests run.
pub fn check(manifests: &str, folder: &Path) -> Result<(), Failed> {
    if REASONS.iter().any(|(page, _)| folder.ends_with(page)) {
        return Ok(());
    }
    let manifests: Vec<Json> = serde_json::from_str(manifests)?;
    let connections = manifests.iter().filter_map(|manifest| manifest["connections"].as_object());
    connections.flat_map(|connections| connections.values()).try_for_each(|it| starts(it.clone()))
}

/// Applies the domain that an expression has made, if it has, with the volumes that the domain names.
pub fn check_domain(xml: &str, folder: &Path) -> Result<(), Failed> {
    if !xml.starts_with("<domain") {
        return Ok(());
    }
    let words: Vec<_> = xml.split('\'').collect();
    let mut pools: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    for it in words.windows(4).filter(|it| it[0].ends_with("<source pool=") && it[2] == " volume=") {
        let format = "<target><format type='qcow2'/></target>";
        let volume = format!("<volume><name>{}</name><capacity unit='MiB'>1</capacity>{format}</volume>", it[3]);
        pools.entry(it[1]).or_default().push(json!({ "xml": volume }));
    }
    let pools = pools.into_iter().map(|(name, volumes)| {
        let pool = format!("<pool type='dir'><name>{name}</name><target><path>{DISKS}</path></target></pool>");
        json!({ "xml": pool, "active": true, "volumes": volumes })
    });
    let pools: Vec<_> = pools.collect();
    let manifest = json!([{ "connections": { URI: { "pools": pools, "domains": [{ "xml": xml }] } } }]);
    check(&manifest.to_string(), folder)
}

fn starts(mut connection: Json) -> Result<(), Failed> {
    inline(&mut connection)?;
    let Some(domains) = connection["domains"].as_array_mut() else { return Ok(()) };
    let names: Vec<_> = domains.iter().map(|domain| name(domain).to_owned()).collect();
    for domain in domains {
        domain["xml"] = emulated(domain["xml"].as_str().unwrap_or_default()).into();
        domain["active"] = true.into();
    }
    let has_pools = connection["pools"].as_array().is_some_and(|pools| !pools.is_empty());
    let _libvirtd = libvirtd::alone();
    let _host = Host;
    let folder = tempfile::tempdir()?;
    let manifest = json!({ "version": 1, "connections": { URI: connection } }).to_string();
    let words = manifest.split(['\'', '"', '<', '>']);
    words.filter(|word| EXPECTED.iter().any(|folder| word.starts_with(folder))).try_for_each(make)?;
    make_network(folder.path())?;
    if !has_pools {
        do_virsh(&["pool-create-as", "disks", "dir", "--target", DISKS, "--build"])?;
    }
    let [file, state] = ["manifest.json", "state"].map(|name| folder.path().join(name));
    fs::write(&file, manifest)?;
    let applied = run(Command::new("nixvirt").arg("apply").arg("--manifest").arg(&file).arg("--state").arg(&state));
    if !applied.succeeded {
        return Err(format!("{}{}", applied.stdout, applied.stderr).into());
    }
    let stopped = names.iter().find(|name| ask_virsh(&["domstate", name]).stdout.trim() != "running");
    stopped.map_or(Ok(()), |name| Err(format!("{name} does not run").into()))
}

/// The files of the host, which are removed at the end: later tests share the root.
struct Host;

impl Drop for Host {
    fn drop(&mut self) {
        for folder in USED {
            // An example uses few of them.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Creates libvirt's own network, which hosts have already.
fn make_network(folder: &Path) -> Result<(), Failed> {
    let file = folder.join("default.xml");
    let ip = "<ip address='192.168.122.1' netmask='255.255.255.0'/>";
    fs::write(&file, format!("<network><name>default</name><bridge name='virbr0'/>{ip}</network>"))?;
    do_virsh(&["net-create", file.to_str().unwrap_or_default()])
}

fn do_virsh(arguments: &[&str]) -> Result<(), Failed> {
    let done = ask_virsh(arguments);
    if done.succeeded { Ok(()) } else { Err(format!("{arguments:?}: {}", done.stderr).into()) }
}

/// Replaces the files of definitions by their content.
fn inline(declared: &mut Json) -> io::Result<()> {
    match declared {
        Json::Array(all) => all.iter_mut().try_for_each(inline),
        Json::Object(parts) => {
            if let Some(file) = parts.get("definition").and_then(Json::as_str) {
                let xml = fs::read_to_string(file)?;
                parts.remove("definition");
                parts.insert("xml".to_owned(), xml.into());
            }
            parts.values_mut().try_for_each(inline)
        }
        _ => Ok(()),
    }
}

fn name(domain: &Json) -> &str {
    let inner = domain["xml"].as_str().and_then(|xml| xml.split_once("<name>")?.1.split_once("</name>"));
    inner.map_or("", |(name, _)| name)
}

/// A domain for a host without KVM and with little memory.
fn emulated(xml: &str) -> String {
    let xml = xml.replace("type='kvm'", "type='qemu'").replace("host-passthrough", "maximum");
    let parts = xml.split_once("<memory ").and_then(|(before, rest)| Some((before, rest.split_once("</memory>")?.1)));
    parts.map(|(before, after)| format!("{before}<memory unit='MiB'>256</memory>{after}")).unwrap_or(xml)
}

/// Makes a file that an example expects on its host: an image, firmware, or a secret.
fn make(path: &str) -> Result<(), Failed> {
    let path = Path::new(path);
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let image = |format: &str| {
        let made = run(Command::new("qemu-img").args(["create", "-q", "-f", format]).arg(path).arg("64M"));
        if made.succeeded { Ok(()) } else { Err(made.stderr.into()) }
    };
    match path.extension().and_then(|it| it.to_str()) {
        Some("qcow2") => image("qcow2"),
        Some("iso") => image("raw"),
        Some("fd") => {
            let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
            fs::copy(Path::new("/usr/share/OVMF").join(name.replace(".ms", "_4M.ms")), path)?;
            Ok(())
        }
        _ => Ok(fs::write(path, "secret")?),
    }
}
