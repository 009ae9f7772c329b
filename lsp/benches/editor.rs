//! Benchmarks of the language server on a file of 5,000 lines with 100 guests: what an editor waits for after a keystroke.

mod guests;

use criterion::Criterion;
use nixvirt_lsp::analysis::Analysis;
use nixvirt_lsp::complete::{Asked, complete};
use nixvirt_lsp::files::Files;
use nixvirt_lsp::guide::Guide;
use std::hint::black_box;
use std::path::Path;

fn keystroke(criterion: &mut Criterion) {
    let text = guests::module();
    let files = Files::default();
    let path = Path::new("/guests.nix");
    let file = files.show(path, text.clone());
    let analysis = Analysis::of(&files, file);
    let document = files.document(file);
    let offset = text.rfind("\"network\"").expect("it is there") + 1;
    let guide = Guide::at("https://guide");
    let asked = Asked { analysis: &analysis, file, document: &document, offset, guide: &guide, has_snippets: true };
    assert!(!complete(&asked).is_empty());
    let mut group = criterion.benchmark_group(format!("{} lines", text.lines().count()));
    group.sample_size(10);
    group.bench_function("read the text", |it| it.iter(|| files.show(path, black_box(text.clone()))));
    group.bench_function("read the specs", |it| it.iter(|| Analysis::of(&files, file)));
    group.bench_function("read the specs and check them", |it| it.iter(|| Analysis::of(&files, file).problems().len()));
    group.bench_function("completion", |it| it.iter(|| complete(black_box(&asked))));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    keystroke(&mut criterion);
    criterion.final_summary();
}
