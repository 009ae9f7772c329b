//! `nixvirt apply` on a real libvirt: a first run, which defines the domains, and a run without changes; and the start of the
//! command.

use crate::measure::{run, seconds, wait_for};
use serde_json::{Value, json};
use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

/// Measures apply for these numbers of domains, and prints tables.
pub fn bench(domains: &[usize]) -> Result<(), String> {
    run(Command::new("virtlogd").arg("-d"))?;
    run(Command::new("libvirtd").arg("-d"))?;
    wait_for(Command::new("virsh").args(["-q", "-c", "qemu:///system", "version"]))?;
    let folder = tempfile::tempdir().map_err(|why| format!("cannot make a folder: {why}"))?;
    println!("| domains | first apply | again, unchanged | plan |");
    println!("|---|---|---|---|");
    for &domains in domains {
        declare(folder.path(), domains)?;
        let first = run(&mut nixvirt("apply", folder.path()))?.elapsed;
        let again = seconds(9, &mut nixvirt("apply", folder.path()))?;
        let plan = seconds(9, &mut nixvirt("plan", folder.path()))?;
        println!("| {domains} | {first:.4} s | {again:.4} s | {plan:.4} s |");
    }
    println!(
        "\nnixvirt --version: {:.4} s; true: {:.4} s; {} bytes",
        seconds(25, Command::new("nixvirt").arg("--version"))?,
        seconds(25, &mut Command::new("/bin/true"))?,
        size("nixvirt")?
    );
    Ok(())
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
