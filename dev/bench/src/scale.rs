//! What a change costs that concerns many parts of one object, or many objects: DHCP hosts that get other addresses, devices of
//! which each becomes another, and volumes that are created and filled. The cost of each part stays the same, however many there are.

use crate::measure::{run, start_libvirt};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Measures for these numbers of parts, and prints a table.
pub fn bench(counts: &[usize]) -> Result<(), String> {
    start_libvirt()?;
    println!(
        "| parts | plan of renumbered DHCP hosts | each | plan of changed devices | each | apply of filled volumes | each |"
    );
    println!("|---|---|---|---|---|---|---|");
    for &count in counts {
        let folder = tempfile::tempdir().map_err(|why| format!("cannot make a folder: {why}"))?;
        let hosts = renumber(folder.path(), count)?;
        let devices = pair(folder.path(), count)?;
        let volumes = fill(folder.path(), count)?;
        let each = |seconds: f64| seconds * 1e6 / count as f64;
        let costs = [hosts, devices, volumes].map(|seconds| format!(" {seconds:.3} s | {:.0} µs |", each(seconds)));
        println!("| {count} |{}", costs.concat());
    }
    Ok(())
}

/// Plans other addresses for that many DHCP hosts.
fn renumber(folder: &Path, hosts: usize) -> Result<f64, String> {
    let network = |shift: usize| {
        let host = |number: usize| {
            let (high, low) = (number / 250, number % 250 + 2);
            format!("<host mac='52:54:00:00:{high:02x}:{low:02x}' ip='10.{}.{high}.{low}'/>", 10 + shift)
        };
        let hosts: String = (0..hosts).map(host).collect();
        let ip = format!("<ip address='10.10.255.254' netmask='255.0.0.0'><dhcp>{hosts}</dhcp></ip>");
        json!({ "networks": [{ "xml": format!("<network><name>bench</name>{ip}</network>") }], "pools": [] })
    };
    declare(folder, &network(0))?;
    run(&mut nixvirt("apply", folder))?;
    declare(folder, &network(1))?;
    let planned = run(&mut nixvirt("plan", folder))?.elapsed;
    declare(folder, &json!({ "networks": [] }))?;
    run(&mut nixvirt("apply", folder))?;
    Ok(planned)
}

/// Plans that many devices in place of as many others. Leases need no address, of which a guest has few.
fn pair(folder: &Path, devices: usize) -> Result<f64, String> {
    let domain = |shift: usize| {
        let device = |number: usize| {
            let number = number + shift;
            format!("<lease><lockspace>bench</lockspace><key>{number}</key><target path='/leases/{number}'/></lease>")
        };
        let devices: String = (0..devices).map(device).collect();
        let parts = "<memory unit='MiB'>64</memory><os><type>hvm</type></os>";
        let xml = format!("<domain type='qemu'><name>bench</name>{parts}<devices>{devices}</devices></domain>");
        json!({ "domains": [{ "xml": xml }] })
    };
    declare(folder, &domain(0))?;
    run(&mut nixvirt("apply", folder))?;
    declare(folder, &domain(devices / 2))?;
    let planned = run(&mut nixvirt("plan", folder))?.elapsed;
    declare(folder, &json!({ "domains": [] }))?;
    run(&mut nixvirt("apply", folder))?;
    Ok(planned)
}

/// Creates and fills that many volumes.
fn fill(folder: &Path, volumes: usize) -> Result<f64, String> {
    let image = folder.join("image");
    fs::write(&image, [7; 4096]).map_err(|why| format!("cannot write {}: {why}", image.display()))?;
    let pool = format!(
        "<pool type='dir'><name>bench</name><target><path>{}</path></target></pool>",
        folder.join("pool").display()
    );
    let volume = |number: usize| {
        let xml = format!("<volume><name>volume-{number}</name><capacity>4096</capacity></volume>");
        json!({ "xml": xml, "content": { "file": image } })
    };
    let volumes: Vec<_> = (0..volumes).map(volume).collect();
    declare(folder, &json!({ "pools": [{ "xml": pool, "active": true, "volumes": volumes }] }))?;
    let applied = run(&mut nixvirt("apply", folder))?.elapsed;
    declare(folder, &json!({ "pools": [] }))?;
    run(&mut nixvirt("apply", folder))?;
    Ok(applied)
}

fn declare(folder: &Path, connection: &Value) -> Result<(), String> {
    let file = folder.join("manifest.json");
    let manifest = json!({ "version": 1, "connections": { "qemu:///system": connection } });
    fs::write(&file, manifest.to_string()).map_err(|why| format!("cannot write {}: {why}", file.display()))
}

fn nixvirt(command: &str, folder: &Path) -> Command {
    let mut nixvirt = Command::new("nixvirt");
    nixvirt.arg(command).arg("--manifest").arg(folder.join("manifest.json")).arg("--state").arg(folder.join("state"));
    nixvirt
}
