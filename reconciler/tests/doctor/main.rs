//! `nixvirt doctor` on hosts that are folders. A case of `hosts/` has:
//!
//! | file | content |
//! |---|---|
//! | `root/` | the files of the host; absent for a daemon on another one |
//! | `process.json` | the URI, the user, the groups and the search path of the command, where they are not root's |
//! | `libvirt.json` | what libvirt's daemon answers |
//! | `error.json` | why it does not answer |
//! | `expected.txt` | the report, which `UPDATE_EXPECT=1` writes |

use anstream::adapter::strip_str;
use expect_test::expect_file;
use nixvirt::doctor::answers::Answers;
use nixvirt::doctor::host::{Host, Process};
use nixvirt::doctor::judge;
use nixvirt::error::ErrorMessage;
use nixvirt::report::Doctor;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};

/// The process that runs the command.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Runner {
    uri: String,
    user: u32,
    groups: Vec<u32>,
    path: String,
    nix_config: String,
}

impl Default for Runner {
    fn default() -> Self {
        Runner {
            uri: "qemu:///system".to_owned(),
            user: 0,
            groups: vec![0],
            path: "/usr/sbin:/usr/bin".to_owned(),
            nix_config: String::new(),
        }
    }
}

#[test]
fn hosts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doctor/hosts");
    let mut cases: Vec<_> =
        fs::read_dir(folder).expect("it is there").map(|case| case.expect("readable").path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        expect_file![case.join("expected.txt")].assert_eq(&report(&case));
    }
}

fn report(case: &Path) -> String {
    let runner: Runner = json(&case.join("process.json")).unwrap_or_default();
    let answers = match json::<Answers>(&case.join("libvirt.json")) {
        Some(answers) => Ok(answers),
        None => Err(json::<ErrorMessage>(&case.join("error.json")).expect("a case has an answer or an error")),
    };
    let root = case.join("root");
    let host = if root.exists() { Some(Host::read(&process(root, &runner))) } else { None };
    let doctor = Doctor::new(&runner.uri, judge(&answers, host.as_ref()));
    // Messages of the file system have the place of the folder in them.
    strip_str(&doctor.text()).to_string().replace(&case.join("root").display().to_string(), "")
}

fn process(root: PathBuf, runner: &Runner) -> Process {
    let is_root = runner.user == 0;
    Process {
        root,
        uri: runner.uri.clone(),
        user: runner.user,
        groups: runner.groups.clone(),
        path: runner.path.clone(),
        home: Some("/home/alice".into()),
        nix_config: runner.nix_config.clone(),
        architecture: "x86_64".to_owned(),
        state: if is_root { "/var/lib/nixvirt".into() } else { "/home/alice/.local/state/nixvirt".into() },
        may_use: if is_root { |_| true } else { |_| false },
    }
}

fn json<T: DeserializeOwned>(file: &Path) -> Option<T> {
    let text = fs::read_to_string(file).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display())))
}
