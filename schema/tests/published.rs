//! The files in `schema/json/` are current: the JSON Schema of each kind, and the tables, constants and messages for plain Nix.
//! `dev/run bless` writes them.

use expect_test::expect_file;
use nixvirt_schema::catalog::catalog;
use nixvirt_schema::constants::{constants, identity, messages, tables, taken};
use nixvirt_schema::engine::json_schema::schema;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::table::{Schema, Type};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::kubevirt::domain::SCOPES;
use nixvirt_schema::kubevirt::table;
use pretty_assertions::assert_eq;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

#[test]
fn constants_are_current() {
    let path = format!("{}/json/constants.json", env!("CARGO_MANIFEST_DIR"));
    expect_file![path].assert_eq(&format!("{:#}\n", constants()));
}

#[test]
fn identity_and_taken_are_current() {
    for (name, made) in [("identity", identity()), ("taken", taken())] {
        expect_file![format!("{}/json/{name}.json", env!("CARGO_MANIFEST_DIR"))].assert_eq(&format!("{made}\n"));
    }
}

#[test]
fn messages_are_current() {
    let path = format!("{}/json/messages.json", env!("CARGO_MANIFEST_DIR"));
    expect_file![path].assert_eq(&format!("{:#}\n", messages()));
}

#[test]
fn the_table_for_kubevirt_is_current() {
    let path = format!("{}/json/kubevirt.json", env!("CARGO_MANIFEST_DIR"));
    expect_file![path].assert_eq(&format!("{:#}\n", table::json(SCOPES)));
}

#[test]
fn json_schemas_are_current() {
    for kind in Kind::ALL {
        let path = format!("{}/json/{}.json", env!("CARGO_MANIFEST_DIR"), kind.name());
        expect_file![path].assert_eq(&format!("{:#}\n", schema(*kind)));
    }
}

#[test]
fn the_catalog_is_current() {
    let path = format!("{}/json/catalog.json", env!("CARGO_MANIFEST_DIR"));
    expect_file![path].assert_eq(&format!("{:#}\n", catalog()));
}

#[test]
fn tables_are_current() {
    let folder = format!("{}/json/tables", env!("CARGO_MANIFEST_DIR"));
    let tables = tables();
    for (file, text) in &tables {
        expect_file![format!("{folder}/{file}")].assert_eq(text);
    }
    let names = |below: &str| {
        let files = fs::read_dir(format!("{folder}/{below}")).expect("a folder").map(|it| it.expect("readable").path());
        let files = files.filter(|path| path.extension().is_some());
        files.map(|path| path.strip_prefix(&folder).expect("below it").display().to_string()).collect::<Vec<_>>()
    };
    let found: BTreeSet<_> = names("").into_iter().chain(names("elements")).chain(names("common")).collect();
    assert_eq!(found, tables.into_keys().collect(), "files of removed elements");
}

/// Names of the types in the schema of a kind.
#[derive(Default)]
struct Names {
    found: BTreeMap<&'static str, String>,
    clashes: Vec<String>,
    /// Names of the elements that hold XML of any kind.
    free: BTreeSet<&'static str>,
}

impl Names {
    /// Adds a name. Returns whether it is new.
    fn add(&mut self, name: &'static str, what: String) -> bool {
        match self.found.get(name) {
            None => return self.found.insert(name, what).is_none(),
            Some(other) if *other != what => self.clashes.push(format!("{name} is {other} and {what}")),
            Some(_) => {}
        }
        false
    }

    fn parts(&mut self, schema: &'static Schema) {
        for field in schema.fields {
            match field.ty {
                Type::Scalar(word) => self.word(word),
                Type::Element(inner) => {
                    if self.add(inner().name, format!("the element at {:p}", inner())) {
                        self.parts(inner());
                    }
                }
                Type::Xml => self.free.extend([field.xml]),
                Type::Present => {}
            }
        }
        let forms = schema.forms.iter().flat_map(|forms| (forms.variants)().variants);
        forms.for_each(|case| self.parts(&case.schema));
    }

    fn word(&mut self, word: &'static Scalar) {
        match word {
            Scalar::Pattern(pattern) => drop(self.add(pattern.name, format!("the pattern {}", pattern.regex))),
            Scalar::Enum(words) if !words.name.is_empty() => drop(self.add(words.name, format!("{:?}", words.words))),
            Scalar::Either(words) => words.iter().for_each(|word| self.word(word)),
            _ => {}
        }
    }
}

#[test]
fn elements_with_any_xml_are_known() {
    for kind in Kind::ALL {
        let mut names = Names::default();
        names.parts(kind.schema());
        let unknown: Vec<_> = names.free.iter().filter(|name| !kind.format().free.contains(name)).collect();
        assert_eq!(unknown, Vec::<&&str>::new(), "{}", kind.name());
    }
}

#[test]
fn no_two_types_have_the_same_name() {
    for kind in Kind::ALL {
        let mut names = Names::default();
        // The definitions that the schema itself adds.
        for own in ["Extra", "OnOff", "YesNo"] {
            names.add(own, "the schema's own".to_owned());
        }
        names.parts(kind.schema());
        assert_eq!(names.clashes, Vec::<String>::new(), "{}", kind.name());
    }
}
