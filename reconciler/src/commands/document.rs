//! The kinds of files that commands read, and how a command recognizes them.

use crate::manifest;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use nixvirt_schema::engine::scalar::Refused;
use nixvirt_schema::engine::table::{Schema, Type, Variants};
use nixvirt_schema::engine::value::{Data, Value};
use nixvirt_schema::kind::Kind;
use std::path::{Component, Path};

/// The content of a JSON file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A spec of that kind.
    Spec(Kind),
    /// A manifest.
    Manifest,
}

impl Document {
    /// Returns the name of the kind of file.
    pub fn name(self) -> &'static str {
        match self {
            Document::Spec(kind) => kind.name(),
            Document::Manifest => "manifest",
        }
    }

    /// Returns the parser of `--kind`.
    pub fn parser() -> impl TypedValueParser<Value = Document> {
        let names = Kind::ALL.iter().map(|kind| kind.name()).chain([Document::Manifest.name()]);
        PossibleValuesParser::new(names).map(|name| Kind::named(&name).map_or(Document::Manifest, Document::Spec))
    }

    /// Guesses what a file declares: from the attributes in it, else from its name and folder, else from the attributes that
    /// it lacks. If several kinds fit, all of them are returned as the error.
    pub fn guess(root: Value<'_>, file: &Path) -> Result<Document, Vec<Kind>> {
        if manifest::is_manifest(root) {
            return Ok(Document::Manifest);
        }
        let likely = least(Kind::ALL.to_vec(), |kind| misfits(kind.schema(), root));
        let likely = match named(file, &likely) {
            Some(kind) => vec![kind],
            None => least(likely, |kind| lacks(kind.schema(), root)),
        };
        match likely.as_slice() {
            [kind] => Ok(Document::Spec(*kind)),
            _ => Err(likely),
        }
    }
}

/// Returns the kinds with the least count.
fn least<C: Copy + Ord>(kinds: Vec<Kind>, count: impl Fn(Kind) -> C) -> Vec<Kind> {
    let counts: Vec<_> = kinds.into_iter().map(|kind| (count(kind), kind)).collect();
    let least = counts.iter().map(|(count, _)| *count).min();
    counts.into_iter().filter(|(count, _)| Some(*count) == least).map(|(_, kind)| kind).collect()
}

/// Returns how many required attributes a spec lacks, and whether it lacks one that decides on the form of the element.
fn lacks(schema: &Schema, root: Value<'_>) -> (usize, bool) {
    let is_missing = |name: &&str| root.attribute(name).is_none();
    let required = schema.required.iter().map(|at| schema.fields[usize::from(*at)].name);
    let variants = schema.forms.map(|forms| (forms.variants)());
    let tag = variants.filter(|it| it.default.is_none()).map(|it| it.tag);
    let has_form = variants.is_some_and(|it| !is_missing(&it.tag));
    (required.chain(tag).filter(is_missing).count(), !has_form)
}

/// Returns how many members of a spec the outermost element does not have, or has with other words.
fn misfits(schema: &Schema, root: Value<'_>) -> usize {
    let variants = schema.forms.map(|forms| (forms.variants)());
    root.children().filter(|member| !fits(schema, *member) && !variants.is_some_and(|it| may_have(it, *member))).count()
}

fn may_have(variants: &Variants, member: Value<'_>) -> bool {
    if member.key() == variants.tag {
        return member.text().is_some_and(|word| variants.variant(word).is_some());
    }
    variants.variants.iter().any(|variant| fits(&variant.schema, member))
}

fn fits(schema: &Schema, member: Value<'_>) -> bool {
    match (schema.field(member.key()).map(|(_, field)| field.ty), member.data()) {
        // `extra` of any element.
        (None, _) => member.key() == "extra",
        (Some(Type::Scalar(scalar)), data @ Data::Text(_)) => scalar.print(data) != Err(Refused::Unknown),
        (Some(_), _) => true,
    }
}

/// Returns the kind that a file is named after: `lan.network.json`, `networks/lan.json`. The last part of the path counts most.
fn named(file: &Path, kinds: &[Kind]) -> Option<Kind> {
    let parts = file.components().rev().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let words = parts.flat_map(|part| part.rsplit(|it: char| !it.is_ascii_alphanumeric()));
    let names = |kind: &Kind, word: &str| word == kind.name() || word.strip_suffix('s') == Some(kind.name());
    words.filter_map(|word| kinds.iter().find(|kind| names(kind, word))).copied().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nixvirt_schema::engine::json;

    #[track_caller]
    fn check(file: &str, text: &str, expected: &str) {
        let spec = json::parse(text).expect("it is JSON");
        let guessed = match Document::guess(spec.root(), Path::new(file)) {
            Ok(document) => document.name().to_owned(),
            Err(kinds) => kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or "),
        };
        assert_eq!(guessed, expected);
    }

    #[test]
    fn by_content() {
        check("a.json", r#"{ "name": "a", "type": "kvm", "memory": 1, "devices": {} }"#, "domain");
        check("a.json", r#"{ "name": "a", "type": "kvmm", "memroy": 1, "devices": {} }"#, "domain");
        check("a.json", r#"{ "name": "a", "brigde": {}, "ip": {} }"#, "network");
        check("a.json", r#"{ "name": "a", "type": "dir", "target": { "path": "/a" } }"#, "pool");
        check("a.json", r#"{ "name": "a", "capacity": 1 }"#, "volume");
        check("a.json", r#"{ "usage": { "type": "ceph", "name": "a" } }"#, "secret");
        check("a.json", r#"{ "name": "a", "chain": "ipv4", "rule": [] }"#, "nwfilter");
        check("a.json", r#"{ "name": "a", "type": "bond", "start": { "mode": "onboot" } }"#, "interface");
        check("a.json", r#"{ "version": 1, "connections": {} }"#, "manifest");
        check("a.json", r#"{ "connectoins": {}, "version": 1 }"#, "manifest");
        check("a.json", r#"{ "domains": [], "networks": null }"#, "manifest");
        check("a.json", r#"{ "name": "a", "bridge": {} }"#, "network");
        // The content says more than the name.
        check("network.json", r#"{ "name": "a", "type": "kvm", "devices": {} }"#, "domain");
    }

    #[test]
    fn by_name() {
        check("lan.network.json", r#"{ "name": "lan" }"#, "network");
        check("network-lan.json", r#"{ "name": "lan" }"#, "network");
        check("/specs/networks/lan.json", r#"{ "name": "lan" }"#, "network");
        check("/network/domain/pools/lan.json", r#"{ "name": "lan" }"#, "pool");
    }

    #[test]
    fn several_kinds_fit() {
        check("lan.json", r#"{ "name": "lan" }"#, "network or volume or nwfilter or nodedev or snapshot or checkpoint");
    }
}
