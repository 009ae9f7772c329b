//! Symbols of a file: its objects, each with its devices.

use crate::analysis::Analysis;
use crate::document::Document;
use crate::files::FileId;
use crate::nix::value::{Data, Entry, Span, Value};
use crate::place::{Place, Slot};
use crate::spec::Declared;
use lsp_types::{DocumentSymbol, SymbolKind};
use nixvirt_schema::kind::Kind;

/// Returns the objects of a file.
pub fn symbols(analysis: &Analysis, file: FileId, document: &Document) -> Vec<DocumentSymbol> {
    let templates = analysis.roots.iter().filter_map(|root| of_template(root, file, document));
    let specs = analysis.specs.iter().filter_map(|spec| of_spec(spec, file, document));
    let mut all: Vec<_> = specs.chain(templates).collect();
    all.sort_by_key(|symbol| (symbol.range.start, std::cmp::Reverse(symbol.range.end)));
    all.dedup_by_key(|symbol| symbol.range);
    all
}

fn of_template(root: &Place, file: FileId, document: &Document) -> Option<DocumentSymbol> {
    let Slot::Template(template) = root.slot else { return None };
    let value = root.value.as_ref()?;
    let name = value.attribute("name").and_then(Value::text).unwrap_or(&template.name);
    let detail = format!("{} of the template {}", template.kind, template.name);
    symbol(name, &detail, SymbolKind::OBJECT, value.at, value.at, file, document)
}

fn of_spec(spec: &Declared, file: FileId, document: &Document) -> Option<DocumentSymbol> {
    let name = spec.value.attribute("name").and_then(Value::text);
    // What a template makes has its own symbol.
    let whole = spec.value.set().filter(|set| !set.entries.is_empty())?;
    let at = whole.sources.iter().find(|source| source.file == file).copied().unwrap_or(spec.value.at);
    let kind = spec.kind.name();
    let mut made = symbol(name.unwrap_or(kind), kind, SymbolKind::OBJECT, at, at, file, document)?;
    if spec.kind == Kind::Domain {
        let devices = spec.value.attribute("devices").and_then(Value::set);
        let devices = devices.into_iter().flat_map(|devices| &devices.entries);
        let children: Vec<_> = devices.flat_map(|device| of_devices(device, file, document)).collect();
        made.children = Some(children).filter(|children| !children.is_empty());
    }
    Some(made)
}

fn of_devices(entry: &Entry, file: FileId, document: &Document) -> Vec<DocumentSymbol> {
    let kind = entry.name.as_deref().unwrap_or_default();
    let one = |value: &Value| {
        let target = value.attribute("target").and_then(|target| target.attribute("dev"));
        let shown = target.or(value.attribute("type")).and_then(Value::text).unwrap_or_default();
        let is_set = matches!(value.data, Data::Set(_));
        if is_set { symbol(kind, shown, SymbolKind::FIELD, value.at, value.at, file, document) } else { None }
    };
    match &entry.value.data {
        Data::List(list) => list.items.iter().filter_map(one).collect(),
        _ => one(&entry.value).into_iter().collect(),
    }
}

fn symbol(
    name: &str,
    detail: &str,
    kind: SymbolKind,
    whole: Span,
    selected: Span,
    file: FileId,
    document: &Document,
) -> Option<DocumentSymbol> {
    if whole.file != file || name.is_empty() {
        return None;
    }
    #[allow(deprecated)] // The field must be set all the same.
    Some(DocumentSymbol {
        name: name.to_owned(),
        detail: Some(detail.to_owned()).filter(|detail| !detail.is_empty()),
        kind,
        tags: None,
        deprecated: None,
        range: document.range(whole.range),
        selection_range: document.range(selected.range),
        children: None,
    })
}
