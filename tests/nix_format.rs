//! The Nix files are formatted as alejandra does; `dev/run bless` formats them.

use alejandra::format::{Status, in_memory};
use nixvirt_tests::{files, project};
use std::fs;

#[test]
fn nix_files_are_formatted() {
    let mut wrong = Vec::new();
    for file in files(&project(), "nix") {
        let text = fs::read_to_string(&file).expect("a readable file");
        let (status, formatted) = in_memory(file.display().to_string(), text.clone());
        match status {
            Status::Error(why) => wrong.push(format!("{}: {why}", file.display())),
            _ if formatted == text => {}
            _ if std::env::var_os("UPDATE_EXPECT").is_some() => fs::write(&file, formatted).expect("a writable file"),
            _ => wrong.push(format!("{} is not formatted", file.display())),
        }
    }
    assert!(wrong.is_empty(), "{}\n`dev/run bless` formats the files", wrong.join("\n"));
}
