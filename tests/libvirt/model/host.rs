//! The host of a history: its folder with images, manifest and state records, and the commands that run there.

use super::declaration::{Declaration, GUESTS};
use super::guest::{IMAGES, boot_code, format_of, heeds, image, shared_folder, uuid};
use super::others::FOREIGN_IMAGE;
use super::world::World;
use nixvirt_tests::libvirtd::{self, URI};
use nixvirt_tests::{boot_disk, run};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

/// How long a command may take, in seconds.
const LIMIT: &str = "200";

/// How long a guest that heeds takes to boot.
pub const BOOT: Duration = Duration::from_millis(1500);

/// A host.
pub struct Host {
    /// The folder, which is empty before a history.
    pub folder: PathBuf,
}

/// What came of a command of `nixvirt`.
pub struct Run {
    /// The exit status.
    pub code: Option<i32>,
    /// What it printed on standard output, if that is JSON.
    pub json: Option<Json>,
    /// What it printed on standard error.
    pub said: String,
}

impl Host {
    /// A host with images, and with nothing in libvirt.
    pub fn new() -> Self {
        libvirtd::start();
        libvirtd::clear();
        let folder = std::env::temp_dir().join("histories");
        let _ = fs::remove_dir_all(&folder);
        for name in ["hidden", shared_folder(1), shared_folder(2)] {
            fs::create_dir_all(folder.join(name)).expect("a writable folder");
        }
        let host = Host { folder };
        let content = |name: &str, size: usize| name.bytes().cycle().take(size).collect::<Vec<_>>();
        let write = |name: &str, content: &[u8]| fs::write(host.folder.join(name), content).expect("a writable folder");
        for slot in 0..GUESTS {
            for number in (1..=FOREIGN_IMAGE).filter(|number| format_of(*number) == "raw") {
                let name = image(slot, number);
                write(&name, &content(&name, 64 << 10));
            }
            for number in (1..=FOREIGN_IMAGE).filter(|number| format_of(*number) == "qcow2") {
                fs::copy(host.qcow2(), host.folder.join(image(slot, number))).expect("a writable folder");
            }
            if heeds(slot) {
                write(&format!("guest{slot}-boot.raw"), &boot_disk(&boot_code(), 64 << 10));
            }
        }
        for name in ["medium2.iso", "medium3.iso", "content"] {
            write(name, &content(name, 40 << 10));
        }
        for number in 1..=IMAGES {
            write(&format!("secret{number}"), &content("value", usize::from(number)));
        }
        host
    }

    /// An empty image in the format qcow2.
    fn qcow2(&self) -> PathBuf {
        let path = std::env::temp_dir().join("histories.qcow2");
        if !path.exists() {
            let made = run(Command::new("qemu-img").args(["create", "-q", "-f", "qcow2"]).arg(&path).arg("64K"));
            assert!(made.succeeded, "{}", made.stderr);
        }
        path
    }

    /// Writes a file outside the folder of images, and returns its path.
    pub fn write(&self, name: &str, content: &str) -> String {
        let path = std::env::temp_dir().join(format!("histories-{name}"));
        fs::write(&path, content).expect("a writable folder");
        path.display().to_string()
    }

    /// The options of the commands, for a declaration.
    pub fn options(&self, declaration: &Declaration) -> [String; 4] {
        let manifest = json!({ "version": 1, "connections": { URI: declaration.manifest(&self.folder) } });
        let manifest = self.write("manifest.json", &manifest.to_string());
        ["--manifest".into(), manifest, "--state".into(), self.folder.join("state").display().to_string()]
    }

    /// Runs a command of `nixvirt`, with options.
    pub fn nixvirt(&self, command: &str, options: &[&str], declaration: &Declaration) -> Run {
        let mut limited = Command::new("timeout");
        limited.args(["-k", "5", LIMIT, "nixvirt", command, "--json"]).args(options).args(self.options(declaration));
        let output = limited.env("NO_COLOR", "1").output().expect("it runs");
        Run {
            code: output.status.code(),
            json: serde_json::from_slice(&output.stdout).ok(),
            said: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Waits until the guests that were started since have booted, so that they release devices and shut down.
    pub fn wait_for_boot(&self, before: &World, after: &World) {
        let is_new = |slot: &usize| {
            let uuid = uuid(*slot);
            let process = after.processes.get(&uuid);
            process.is_some() && process != before.processes.get(&uuid)
        };
        if (0..GUESTS).filter(|slot| heeds(*slot)).any(|slot| is_new(&slot)) {
            sleep(BOOT);
        }
    }
}
