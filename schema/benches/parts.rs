//! What each part of the crate costs by itself. `LIBVIRT_TESTS` names the folder of the XML that libvirt tests itself
//! with, where it is not that of the development root.

use criterion::{Criterion, Throughput};
use nixvirt_schema::import::{import, import_any};
use nixvirt_schema::json_schema::schema;
use nixvirt_schema::kind::Kind;
use nixvirt_schema::render::render;
use nixvirt_schema::{json, xml};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A Windows guest such as its template makes.
const WINDOWS: &str = include_str!("../../tests/specs/domain/template-windows11/expected.xml");

/// How often a large domain has each device of the usual one.
const MANY: usize = 100;

fn small(criterion: &mut Criterion) {
    let spec = import(Kind::Domain, WINDOWS).expect("it is a domain");
    let text = serde_json::to_string_pretty(&spec.root()).expect("all of it is JSON");
    let values = spec.root().index() + 1;
    let mut group = criterion.benchmark_group(format!("windows, {values} values"));
    group.bench_function("read JSON", |it| it.iter(|| json::parse(black_box(&text))));
    group.bench_function("render", |it| it.iter(|| render(Kind::Domain, black_box(&spec))));
    group.bench_function("parse XML", |it| it.iter(|| xml::parse(black_box(WINDOWS))));
    group.bench_function("import", |it| it.iter(|| import(Kind::Domain, black_box(WINDOWS))));
    group.finish();
}

fn large(criterion: &mut Criterion) {
    let (before, rest) = WINDOWS.split_once("<devices>").expect("it has devices");
    let (devices, after) = rest.split_once("</devices>").expect("they end");
    let text = [before, "<devices>", &devices.repeat(MANY), "</devices>", after].concat();
    let spec = import(Kind::Domain, &text).expect("it is a domain");
    let mut group = criterion.benchmark_group(format!("{MANY} times its devices"));
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("render", |it| it.iter(|| render(Kind::Domain, black_box(&spec))));
    group.bench_function("parse XML", |it| it.iter(|| xml::parse(black_box(&text))));
    group.bench_function("import", |it| it.iter(|| import(Kind::Domain, black_box(&text))));
    group.finish();
}

fn json_schema(criterion: &mut Criterion) {
    criterion.bench_function("JSON Schema of a domain", |it| it.iter(|| schema(black_box(Kind::Domain))));
}

/// All that libvirt tests itself with, where it is there.
fn corpus(criterion: &mut Criterion) {
    let folder = std::env::var_os("LIBVIRT_TESTS").map_or_else(|| "/usr/src/libvirt/tests".into(), PathBuf::from);
    let mut texts = Vec::new();
    read(&folder, &mut texts);
    let mut group = criterion.benchmark_group(format!("{} documents of libvirt", texts.len()));
    group.sample_size(10);
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("import", |it| it.iter(|| texts.iter().filter(|text| import_any(text).is_ok()).count()));
    group.finish();
}

/// Adds the text of each XML file below a folder.
fn read(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, texts);
        } else if path.extension().is_some_and(|it| it == "xml") {
            texts.extend(fs::read_to_string(&path));
        }
    }
}

/// Short runs: what matters here is a factor, not a percent.
fn brief() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2))
}

fn main() {
    let mut criterion = brief().configure_from_args();
    small(&mut criterion);
    large(&mut criterion);
    json_schema(&mut criterion);
    corpus(&mut criterion);
    criterion.final_summary();
}
