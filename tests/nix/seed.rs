//! The seeds of a module, as guests find them: by the label of their file system, and files by their paths.

use nixvirt::seed::Seed;
use nixvirt_tests::{project, run};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::fs;
use std::process::Command;

/// Ignition and Combustion look for a label in lower case, which file systems of Windows rarely have.
#[test]
fn guests_find_their_seeds() {
    let volumes =
        fs::read_to_string(project().join("tests/modules/a-seed-with-secrets/volumes.json")).expect("it is there");
    let volumes: Vec<Value> = serde_json::from_str(&volumes).expect("JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let image = folder.path().join("seed");
    for (volume, label) in volumes.iter().zip(["CIDATA", "ignition"]) {
        let files = volume["content"]["seed"]["files"].as_object().expect("files");
        let text = |file: &Value| file["text"].as_str().expect("text").as_bytes().to_vec();
        let seed = Seed::new(
            volume["content"]["seed"]["label"].as_str().expect("a label"),
            files.iter().map(|(path, file)| (path.clone(), text(file))).collect(),
        );
        let seed = seed.expect("a seed");
        fs::write(&image, seed.image(seed.least_size()).expect("it is large enough")).expect("a writable folder");
        let found =
            run(Command::new("/usr/sbin/blkid").args(["-p", "-o", "export", "-s", "LABEL", "-s", "TYPE"]).arg(&image));
        let lines: Vec<_> = found.stdout.lines().filter(|line| !line.starts_with("DEVNAME=")).collect();
        assert_eq!(lines, [format!("LABEL={label}").as_str(), "TYPE=vfat"]);
        for (path, file) in files {
            let read = run(Command::new("mtype").arg("-i").arg(&image).arg(format!("::/{path}")));
            assert_eq!(read.stdout.as_bytes(), text(file), "{path}");
        }
    }
}
