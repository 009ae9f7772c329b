//! `nixvirt apply` on a real libvirt: a first run, which defines the domains, and a run without changes; the status, beside reading
//! the XML of the domains alone; and the start of the command.

use crate::measure::{run, seconds, start_libvirt};
use serde_json::{Value, json};
use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use virt::connect::Connect;
use virt::sys::VIR_DOMAIN_XML_INACTIVE;

/// Measures apply for these numbers of domains, and prints tables.
pub fn bench(domains: &[usize]) -> Result<(), String> {
    start_libvirt()?;
    let folder = tempfile::tempdir().map_err(|why| format!("cannot make a folder: {why}"))?;
    println!("| domains | first apply | again, unchanged | plan | status | reading the XML | status, in readings |");
    println!("|---|---|---|---|---|---|---|");
    for &domains in domains {
        declare(folder.path(), domains)?;
        let first = run(&mut nixvirt("apply", folder.path()))?.elapsed;
        let again = seconds(9, &mut nixvirt("apply", folder.path()))?;
        let plan = seconds(9, &mut nixvirt("plan", folder.path()))?;
        let status = seconds(9, &mut nixvirt("status", folder.path()))?;
        let reading = reading(9)?;
        let ratio = status / reading;
        println!(
            "| {domains} | {first:.4} s | {again:.4} s | {plan:.4} s | {status:.4} s | {reading:.4} s | {ratio:.1} |"
        );
    }
    println!(
        "\nnixvirt --version: {:.4} s; true: {:.4} s; {} bytes",
        seconds(25, Command::new("nixvirt").arg("--version"))?,
        seconds(25, &mut Command::new("/bin/true"))?,
        size("nixvirt")?
    );
    Ok(())
}

/// The median time of reading the definitions of all domains through libvirt's API, in seconds.
fn reading(runs: usize) -> Result<f64, String> {
    let refused = |why: virt::error::Error| format!("libvirt does not answer: {why}");
    let mut times = Vec::new();
    for _ in 0..runs {
        let begin = Instant::now();
        let connect = Connect::open(Some("qemu:///system")).map_err(refused)?;
        for domain in connect.list_all_domains(0).map_err(refused)? {
            domain.xml_desc(VIR_DOMAIN_XML_INACTIVE).map_err(refused)?;
        }
        times.push(begin.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[(times.len() - 1) / 2])
}

fn nixvirt(command: &str, folder: &Path) -> Command {
    let mut nixvirt = Command::new("nixvirt");
    nixvirt.arg(command).arg("--manifest").arg(folder.join("manifest.json")).arg("--state").arg(folder.join("state"));
    nixvirt
}

/// Declares that many domains. Their specs are JSON, so that no Nix is needed.
fn declare(folder: &Path, domains: usize) -> Result<(), String> {
    let file = |number: usize| folder.join(format!("{number}.xml"));
    for number in 1..=domains {
        write(&folder.join("spec.json"), &spec(&format!("bench-{number}")))?;
        let xml =
            File::create(file(number)).map_err(|why| format!("cannot write {}: {why}", file(number).display()))?;
        let mut render = Command::new("nixvirt");
        let render = render.args(["render", "--kind", "domain"]).arg(folder.join("spec.json"));
        let status = render.stdout(Stdio::from(xml)).status();
        if !status.map_err(|why| format!("cannot run nixvirt: {why}"))?.success() {
            return Err(format!("nixvirt cannot render domain {number}"));
        }
    }
    let declared: Vec<_> = (1..=domains).map(|number| json!({ "definition": file(number) })).collect();
    let manifest = json!({ "version": 1, "connections": { "qemu:///system": { "domains": declared } } });
    write(&folder.join("manifest.json"), &manifest)
}

fn write(file: &Path, json: &Value) -> Result<(), String> {
    fs::write(file, json.to_string()).map_err(|why| format!("cannot write {}: {why}", file.display()))
}

/// A typical Windows domain.
fn spec(name: &str) -> Value {
    json!({
        "type": "qemu", "name": name, "memory": "4 GiB", "vcpu": 2,
        "os": { "type": "hvm", "machine": "q35" },
        "features": { "acpi": true, "apic": true },
        "devices": {
            "disk": [
                {
                    "driver": { "name": "qemu", "type": "qcow2" },
                    "source": { "file": format!("/images/{name}.qcow2") },
                    "target": { "dev": "vda", "bus": "virtio" },
                },
                { "device": "cdrom", "target": { "dev": "sda", "bus": "sata" } },
            ],
            "interface": { "type": "user", "model": { "type": "virtio" } },
            "graphics": { "type": "vnc" },
            "video": { "model": { "type": "vga" } },
        },
    })
}

/// The size of a program on the path, in bytes.
fn size(program: &str) -> Result<u64, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let file = env::split_paths(&path).map(|folder| folder.join(program)).find(|it| it.exists());
    let about = file.and_then(|file| fs::metadata(file).ok());
    about.map(|it| it.len()).ok_or_else(|| format!("{program} is not on the path"))
}
