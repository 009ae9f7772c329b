//! Benchmarks of each part of the crate. `LIBVIRT_TESTS` names the folder with the XML of libvirt's own tests. Defaults
//! to its place in the development root.

use criterion::{Criterion, Throughput};
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::json_schema::schema;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::engine::{json, nix, xml};
use nixvirt_schema::kind::{Kind, import_any};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Windows guest as its template makes it.
const WINDOWS: &str = include_str!("../../tests/specs/domain/template-windows11/expected.xml");

/// Returns the guest with that many more disks and network cards.
fn guest(more: usize) -> String {
    let device = |at: usize| {
        // libvirt takes only letters: aaa, aab, and so on.
        let letters: String = [676, 26, 1].map(|place| char::from(b'a' + (at / place % 26) as u8)).iter().collect();
        format!(
            "<disk type='file' device='disk'>
               <driver name='qemu' type='qcow2' cache='none'/>
               <source file='/var/lib/libvirt/images/{at}.qcow2'/>
               <target dev='vd{letters}' bus='virtio'/>
             </disk>
             <interface type='network'>
               <mac address='52:54:00:00:{:02x}:{:02x}'/>
               <source network='default'/>
               <model type='virtio'/>
             </interface>",
            at / 256,
            at % 256
        )
    };
    let devices: String = (0..more).map(device).collect();
    WINDOWS.replace("</devices>", &format!("{devices}</devices>"))
}

/// Benchmarks each step in both directions, for a guest with that many more disks and network cards.
fn steps(criterion: &mut Criterion, more: usize) {
    let xml = guest(more);
    let spec = import(Kind::Domain, &xml).expect("it is a domain");
    assert!(!render(Kind::Domain, &spec).report.has_errors());
    let json = serde_json::to_string_pretty(&spec.root()).expect("all of it is JSON");
    let mut group = criterion.benchmark_group(format!("domain of {} values", spec.root().index() + 1));
    group.bench_function("read JSON", |it| it.iter(|| json::parse(black_box(&json))));
    group.bench_function("render", |it| it.iter(|| render(Kind::Domain, black_box(&spec))));
    group.bench_function("parse XML", |it| it.iter(|| xml::parse(black_box(&xml))));
    group.bench_function("import", |it| it.iter(|| import(Kind::Domain, black_box(&xml))));
    group.bench_function("print Nix", |it| it.iter(|| nix::print(black_box(spec.root()))));
    group.finish();
}

fn json_schema(criterion: &mut Criterion) {
    criterion.bench_function("JSON Schema of a domain", |it| it.iter(|| schema(black_box(Kind::Domain))));
}

/// Benchmarks the import of the XML of libvirt's tests, if it is there.
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

/// Short runs: these benchmarks are about factors, not percents.
fn brief() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2))
}

fn main() {
    let mut criterion = brief().configure_from_args();
    steps(&mut criterion, 7);
    steps(&mut criterion, 700);
    json_schema(&mut criterion);
    corpus(&mut criterion);
    criterion.final_summary();
}
