//! What libvirt's schemas have, beside the tables and beside another release.

use crate::field_paths::Targets;
use crate::libvirt::schema_name;
use crate::relax_ng::{Grammar, Steps};
use nixvirt_schema::kind::Kind;
use std::collections::BTreeSet;
use std::path::Path;

/// All that the schema of a kind has: the steps to its names, texts and literal values.
pub fn paths(schemas: &Path, kind: Kind) -> BTreeSet<Steps> {
    Grammar::read(&schemas.join(schema_name(kind)).with_extension("rng")).paths()
}

/// What the tables of a kind lack.
pub fn missing<'p>(kind: Kind, paths: impl IntoIterator<Item = &'p Steps>) -> Vec<String> {
    let lacks = |path: &&Steps| !Targets::of(kind, path).exist();
    paths.into_iter().filter(lacks).map(written).collect()
}

/// A path in one line.
pub fn written(path: &Steps) -> String {
    path.join("/")
}

/// The steps of a path in one line. Steps may hold slashes: those after `=`.
pub fn read(line: &str) -> Steps {
    let (names, value) = line.split_once("/=").map_or((line, None), |(names, value)| (names, Some(value)));
    let value = value.map(|value| format!("={value}"));
    names.split('/').map(str::to_owned).chain(value).collect()
}

/// The kind of object that a path is of.
pub fn kind_of(path: &Steps) -> Option<Kind> {
    Kind::rooted(path.first()?)
}
