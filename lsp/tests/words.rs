//! All names and words of the tables are offered where they may stand.

use nixvirt_lsp::analysis::Analysis;
use nixvirt_lsp::complete::{Asked, complete};
use nixvirt_lsp::files::Files;
use nixvirt_lsp::guide::Guide;
use nixvirt_lsp::with_stack;
use nixvirt_schema::engine::nix::is_identifier;
use nixvirt_schema::engine::table::{Field, Schema, Type};
use nixvirt_schema::kind::Kind;
use pretty_assertions::assert_eq;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;

/// Returns what is offered at `|` in a spec.
fn offered(kind: Kind, spec: &str) -> BTreeSet<String> {
    let text = format!("# nixvirt: {}\n{spec}", kind.name());
    let offset = text.find('|').expect("a cursor");
    let files = Files::default();
    let file = files.show(Path::new("/spec.nix"), text.replacen('|', "", 1));
    let document = files.document(file);
    let analysis = Analysis::of(&files, file);
    let guide = Guide::at("https://guide");
    let asked = Asked { analysis: &analysis, file, document: &document, offset, guide: &guide, has_snippets: true };
    complete(&asked).into_iter().map(|item| item.label.trim_matches('"').to_owned()).collect()
}

/// Walk along the tables, each of which is visited once.
struct Walk {
    kind: Kind,
    seen: HashSet<*const Schema>,
    /// Number of names and words.
    number: usize,
    /// What is not offered.
    lacking: Vec<String>,
}

impl Walk {
    fn expect(&mut self, spec: &str, words: impl IntoIterator<Item = &'static str>) {
        let offered = offered(self.kind, spec);
        for word in words {
            self.number += 1;
            if !offered.contains(word) {
                self.lacking.push(format!("{word} in the {} {spec}", self.kind.name()));
            }
        }
    }

    /// Visits the fields of an element, or of one of its forms. `begin` ends with the words that choose the form, and `end` closes
    /// the braces.
    fn visit(&mut self, schema: &'static Schema, fields: &'static [Field], begin: &str, end: &str) {
        self.expect(&format!("{begin}|{end}"), fields.iter().map(|field| field.name));
        for field in fields {
            let name = if is_identifier(field.name) { field.name.to_owned() } else { format!("{:?}", field.name) };
            match field.ty {
                Type::Scalar(scalar) => {
                    self.expect(&format!("{begin}{name} = \"|\"; {end}"), scalar.known());
                }
                Type::Element(inner) if self.seen.insert(std::ptr::from_ref(inner())) => {
                    self.visit(inner(), inner().fields, &format!("{begin}{name} = {{ "), &format!("}}; {end}"));
                }
                _ => {}
            }
        }
        let Some(forms) = schema.forms else { return };
        let forms = (forms.variants)();
        self.expect(&format!("{begin}{} = \"|\"; {end}", forms.tag), forms.words());
        for variant in forms.variants {
            // The first field is the word that is chosen.
            self.visit(
                &variant.schema,
                &variant.schema.fields[1..],
                &format!("{begin}{} = \"{}\"; ", forms.tag, variant.word),
                end,
            );
        }
    }
}

#[test]
fn all_names_and_words_of_the_tables_are_offered() {
    let (lacking, number) = with_stack(|| {
        let mut walk = Walk { kind: Kind::Domain, seen: HashSet::new(), number: 0, lacking: Vec::new() };
        for kind in Kind::ALL {
            walk.kind = *kind;
            walk.visit(kind.schema(), kind.schema().fields, "{ ", "}");
        }
        (walk.lacking, walk.number)
    });
    assert_eq!(lacking, Vec::<String>::new());
    assert!(number > 3000, "{number}");
}
