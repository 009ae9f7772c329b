//! The manifest that a command works on.

use super::document::Document;
use super::reconcile::DEFAULT_MANIFEST;
use crate::error::{Error, ErrorKind};
use crate::input::{Input, STDIN};
use crate::manifest::{self, Manifest};
use nixvirt_schema::engine::{json, xml};
use nixvirt_schema::kind::Kind;
use std::path::Path;

/// Reads a manifest, and its text. With `connect`, only that connection is read.
///
/// # Errors
/// The file cannot be read, or is no manifest.
pub fn read(file: &Path, connect: Option<&str>) -> Result<(Manifest, Input), Error> {
    let input = Input::read(file).map_err(|error| {
        let error = error.of_kind(ErrorKind::Manifest);
        if file == Path::new(DEFAULT_MANIFEST) {
            error.with_hint("set the path of the manifest with --manifest")
        } else {
            error
        }
    })?;
    match manifest::read(&input.text, &input.name, connect) {
        Ok(manifest) => Ok((manifest, input)),
        Err(error) => Err(another_file(&input).unwrap_or(error)),
    }
}

/// Returns what a file is that is no manifest, and how to make a manifest of it. None if it may be meant as a manifest.
fn another_file(Input { name, text }: &Input) -> Option<Error> {
    let error = |what: &str, hint| Some(Error::manifest(format!("{name} is {what}, not a manifest")).with_hint(hint));
    if Path::new(name).extension().is_some_and(|it| it == "nix") {
        let hint =
            "`lib.manifest` makes a manifest of modules: build it, and set the path of the result with --manifest";
        return error("a Nix file", hint.to_owned());
    }
    let base = Path::new(name).file_stem().filter(|_| name != STDIN).and_then(|stem| stem.to_str());
    if text.trim_start().starts_with('<') {
        let kind = xml::element(text).and_then(|root| Kind::rooted(&root.name));
        let hint = match kind.and_then(|kind| listed(kind, name)) {
            Some(manifest) => format!("name the file in a manifest: {manifest}"),
            None => FORMAT.to_owned(),
        };
        return error("XML", hint);
    }
    let spec = json::parse(text).ok()?;
    let is_spec = ["name", "usage"].into_iter().any(|name| spec.root().attribute(name).is_some());
    let document = Document::guess(spec.root(), Path::new(name));
    match document {
        _ if !is_spec => None,
        Ok(Document::Manifest) => None,
        Err(_) => error("a spec", FORMAT.to_owned()),
        Ok(Document::Spec(kind)) => {
            let file = format!("{}.xml", base.unwrap_or(kind.name()));
            let hint = match listed(kind, &file) {
                Some(manifest) => {
                    let from = base.map_or("-", |_| name);
                    format!(
                        "write its XML with `nixvirt render {from} > {file}`, and name the XML in a manifest: {manifest}"
                    )
                }
                None => FORMAT.to_owned(),
            };
            error(&format!("a spec of the kind {}", kind.name()), hint)
        }
    }
}

/// Where the format of a manifest is described.
const FORMAT: &str = "`nixvirt schema manifest` prints the JSON Schema of manifests";

/// Returns a manifest that declares an object by the file of its XML. Objects of some kinds cannot be declared.
fn listed(kind: Kind, file: &str) -> Option<String> {
    let object = format!("{{ \"definition\": {file:?} }}");
    let declarations = match kind {
        Kind::Domain | Kind::Network | Kind::Pool | Kind::Secret | Kind::Nwfilter => {
            format!("\"{}s\": [{object}]", kind.name())
        }
        Kind::Volume => format!("\"pools\": [{{ \"definition\": \"pool.xml\", \"volumes\": [{object}] }}]"),
        _ => return None,
    };
    Some(format!("{{ \"version\": 1, \"connections\": {{ \"qemu:///system\": {{ {declarations} }} }} }}"))
}
