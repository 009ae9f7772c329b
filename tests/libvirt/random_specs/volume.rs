//! Random volumes: what the host must have for libvirt to create them.

use nixvirt_tests::libvirtd::{define_secret, virsh};
use nixvirt_tests::run;
use serde_json::{Map, Value as Json, json};
use std::fs;
use std::process::Command;

/// The pool of the volumes.
pub const POOL: &str = "random-volumes";

/// The folder of the pool.
const FOLDER: &str = "/tmp/random-volumes";

/// The largest volume, in bytes.
const LARGEST: u64 = 64 << 20;

/// Formats of images that `qemu-img` makes.
const FORMATS: &[&str] = &["raw", "qcow", "qcow2", "qed", "vdi", "vpc", "vmdk"];

/// Makes the pool, the passphrase, and an image of each format for the volumes.
pub fn prepare() {
    for folder in [FOLDER, "/tmp/random-bases"] {
        fs::create_dir_all(folder).expect("a writable folder");
    }
    virsh(&["pool-create-as", POOL, "dir", "--target", FOLDER]);
    define_secret();
    for format in FORMATS {
        let made = run(Command::new("qemu-img").args(["create", "-q", "-f", format, &base(format), "1M"]));
        assert!(made.succeeded, "{}", made.stderr);
    }
}

/// Gives a volume a size for which the host has room, a format of images, the passphrase, and a base of its format.
pub fn fit(volume: &mut Map<String, Json>, seed: u64) {
    volume.insert("capacity".to_owned(), (seed % LARGEST).into());
    volume.remove("allocation");
    // The pool decides.
    volume.remove("type");
    let has_base = volume.contains_key("backingStore");
    if has_base && !volume.get("target").is_some_and(Json::is_object) {
        volume.insert("target".to_owned(), json!({}));
    }
    if let Some(Json::Object(target)) = volume.get_mut("target") {
        let is_odd = target.get("format").map_or(has_base, |format| !FORMATS.contains(&format_of(format)));
        if is_odd {
            let format = if has_base { "qcow2" } else { FORMATS[seed as usize % FORMATS.len()] };
            target.insert("format".to_owned(), json!({ "type": format }));
        }
    }
    let encryption = volume.get_mut("target").and_then(|target| target.get_mut("encryption"));
    if let Some(secrets) = encryption.and_then(|encryption| encryption.get_mut("secret")) {
        let secret = json!({ "type": "passphrase", "uuid": nixvirt_tests::libvirtd::SECRET });
        match secrets {
            Json::Array(secrets) => secrets.fill(secret),
            one => *one = secret,
        }
    }
    if let Some(Json::Object(below)) = volume.get_mut("backingStore") {
        if below.get("format").is_some_and(|format| !FORMATS.contains(&format_of(format))) {
            below.insert("format".to_owned(), json!({ "type": FORMATS[seed as usize % FORMATS.len()] }));
        }
        let path = base(below.get("format").map_or("raw", format_of));
        below.insert("path".to_owned(), path.into());
    }
}

/// Removes what libvirt leaves of a volume that `qemu-img` refuses.
pub fn clear() {
    // Nothing is left of most.
    let _ = fs::remove_file(format!("{FOLDER}/{}", super::NAME));
}

/// The format that a `format` names.
fn format_of(format: &Json) -> &str {
    format.get("type").unwrap_or(format).as_str().unwrap_or_default()
}

fn base(format: &str) -> String {
    format!("/tmp/random-bases/{format}")
}
