//! `dev/run schemas FOLDER`: what libvirt's schemas in a folder have and the tables lack.
//! `dev/run schemas FOLDER OLDER`: what they have and the schemas of an older libvirt, in another folder, lack.

use nixvirt_schema::kind::Kind;
use nixvirt_tests::coverage::{missing, paths, written};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folders: Vec<_> = std::env::args_os().skip(1).collect();
    let folders: Vec<_> = folders.iter().map(Path::new).collect();
    let found: Vec<String> = match folders[..] {
        [newer] => Kind::ALL.iter().flat_map(|kind| missing(*kind, &paths(newer, *kind))).collect(),
        [newer, older] => Kind::ALL.iter().flat_map(|kind| new(newer, older, *kind)).collect(),
        _ => {
            eprintln!("usage: schemas FOLDER [OLDER]");
            return ExitCode::from(2);
        }
    };
    found.iter().for_each(|path| println!("{path}"));
    ExitCode::SUCCESS
}

fn new(newer: &Path, older: &Path, kind: Kind) -> Vec<String> {
    paths(newer, kind).difference(&paths(older, kind)).map(written).collect()
}
