//! The order of completion: `src/catalog/common.txt` lists the fields that the specs of the templates have.

use expect_test::expect_file;
use nixvirt_schema::engine::value::Value;
use nixvirt_schema::kind::import_any;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_list_of_common_fields_is_current() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/specs");
    let mut paths = BTreeSet::new();
    for kind in fs::read_dir(specs).expect("the folder is there") {
        for case in fs::read_dir(kind.expect("it can be listed").path()).expect("a folder of cases") {
            let case = case.expect("it can be listed");
            if case.file_name().to_string_lossy().starts_with("template-") {
                let xml = fs::read_to_string(case.path().join("expected.xml")).expect("a template makes XML");
                let (kind, spec) = import_any(&xml).expect("it is an object of libvirt");
                add(spec.root(), kind.name(), &mut paths);
            }
        }
    }
    let text: String = paths.iter().map(|path| format!("{path}\n")).collect();
    expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/common.txt")].assert_eq(&text);
}

/// Adds the paths of all fields below one, without the places in lists.
fn add(value: Value<'_>, path: &str, paths: &mut BTreeSet<String>) {
    for child in value.children() {
        let (gap, name) = if path.contains(' ') { (".", child.key()) } else { (" ", child.key()) };
        let path = if name.is_empty() { path.to_owned() } else { format!("{path}{gap}{name}") };
        paths.insert(path.clone());
        add(child, &path, paths);
    }
    paths.retain(|path| path.contains(' '));
}
