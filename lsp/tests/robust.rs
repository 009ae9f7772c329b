//! Half-written files: no text makes the server panic or hang.

use nixvirt_lsp::analysis::Analysis;
use nixvirt_lsp::complete::{Asked, complete};
use nixvirt_lsp::files::Files;
use nixvirt_lsp::guide::Guide;
use nixvirt_lsp::{convert, hover, symbols, with_stack};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Maximum time for all questions about one text, on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// Asks everything about a text at an offset.
fn ask(text: &str, offset: usize) {
    let start = Instant::now();
    let files = Files::default();
    let file = files.show(Path::new("/web.nix"), text.to_owned());
    let document = files.document(file);
    let analysis = Analysis::of(&files, file);
    analysis.problems();
    symbols::symbols(&analysis, file, &document);
    let guide = Guide::at("https://guide");
    let asked = Asked { analysis: &analysis, file, document: &document, offset, guide: &guide, has_snippets: true };
    complete(&asked);
    hover::hover(&asked);
    hover::signature(&asked);
    hover::reference(&asked);
    convert::xml_at(&asked);
    convert::action(&document, offset, &analysis.places, file);
    assert!(start.elapsed() < LIMIT, "{:?} for {text:.300}", start.elapsed());
}

fn sources() -> Vec<String> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = ["examples/domain/hand-written.nix", "tests/modules/objects-by-name/module.nix"];
    let mut texts: Vec<_> = files.map(|file| fs::read_to_string(project.join(file)).expect("it is there")).into();
    texts[0].insert_str(0, "# nixvirt: domain\n");
    texts.push(
        "{ a = ''${x ''${''}; b = \"\\${\"; c = let a = 1; in with x; rec { inherit (d) e; f.\"g\".${h} = [ (i: j) ]; }; }"
            .to_owned(),
    );
    texts
}

/// A random number, always the same for a seed.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

#[test]
fn half_deleted_files() {
    with_stack(|| {
        let mut seed = 1;
        for text in sources() {
            let boundaries: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            for _ in 0..150 {
                let (one, other) = (next(&mut seed) % boundaries.len(), next(&mut seed) % boundaries.len());
                let (start, end) = (boundaries[one.min(other)], boundaries[one.max(other)]);
                ask(&text[..start], start);
                let mut rest = text.clone();
                // Mostly a few characters.
                let end =
                    if next(&mut seed) % 4 == 0 { end } else { *boundaries.get(one.min(other) + 9).unwrap_or(&end) };
                rest.replace_range(start..end.max(start), "");
                ask(&rest, start);
            }
        }
    });
}

#[test]
fn hostile_files() {
    let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(3000), close.repeat(3000));
    let texts = [
        deep("[", "]"),
        deep("(", ")"),
        deep("{ a = ", "; }"),
        deep("a: ", ""),
        deep("!", ""),
        deep("if x then y else ", ""),
        deep("with a; ", ""),
        deep("let a = 1; in ", ""),
        deep("x // ", ""),
        deep("f ", ""),
        deep("\"${", "}\""),
        "let a = a; b = b // c; c = b; f = x: f (f x); in lib.domain.writeXML (f (a // b))".to_owned(),
        "let f = x: { a = f x; b = f x; }; in lib.domain.writeXML (f 1)".to_owned(),
        "let x0 = [ 1 ]; x1 = x0 ++ x0; x2 = x1 ++ x1; x3 = x2 ++ x2; x4 = x3 ++ x3; x5 = x4 ++ x4; x6 = x5 ++ x5; x7 = x6 ++ x6; x8 = x7 ++ x7; x9 = x8 ++ x8; y0 = x9 ++ x9; y1 = y0 ++ y0; y2 = y1 ++ y1; y3 = y2 ++ y2; y4 = y3 ++ y3; y5 = y4 ++ y4; y6 = y5 ++ y5; y7 = y6 ++ y6; y8 = y7 ++ y7; y9 = y8 ++ y8; z = y9 ++ y9; in lib.domain.writeXML { devices.disk = z ++ z; }".to_owned(),
    ];
    for text in texts {
        with_stack(|| ask(&text, text.len() / 2));
    }
}
