//! Inputs that the fuzzers in `fuzz/` found: what must hold for any input holds for them.

#[path = "../../fuzz/src/lib.rs"]
mod checks;

use std::fs;

/// Checks each input for a fuzz target.
fn check(target: &str, check: fn(&[u8])) {
    let folder = format!("{}/../fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
    let inputs = fs::read_dir(&folder).unwrap_or_else(|why| panic!("{folder}: {why}"));
    for input in inputs {
        let path = input.expect("a readable folder").path();
        println!("{}", path.display());
        check(&fs::read(&path).expect("a readable file"));
    }
}

#[test]
fn import() {
    check("import", checks::import);
}

#[test]
fn spec() {
    check("spec", checks::spec);
}

#[test]
fn scalars() {
    check("scalars", checks::scalars);
}
