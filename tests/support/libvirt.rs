//! libvirt's RELAX NG schemas and its own test files.

use crate::files;
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::Kind;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

/// The folder of libvirt's RELAX NG schemas.
pub fn schemas() -> PathBuf {
    std::env::var_os("LIBVIRT_SCHEMAS").map_or_else(|| "/usr/share/libvirt/schemas".into(), PathBuf::from)
}

/// The release of libvirt whose schemas these are.
pub fn version() -> Release {
    let text = std::env::var("LIBVIRT_VERSION").unwrap_or_else(|_| {
        let output = Command::new("virsh").arg("--version").output().expect("virsh is there");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    });
    text.parse().unwrap_or_else(|why| panic!("{why}"))
}

/// The folder of libvirt's own test files.
pub fn tests() -> PathBuf {
    std::env::var_os("LIBVIRT_TESTS").map_or_else(|| "/usr/src/libvirt/tests".into(), PathBuf::from)
}

/// The schema of a kind.
pub fn schema_of(kind: Kind) -> PathBuf {
    schemas().join(schema_name(kind)).with_extension("rng")
}

/// The name of a kind's schema.
pub fn schema_name(kind: Kind) -> &'static str {
    match kind.name() {
        "checkpoint" => "domaincheckpoint",
        "pool" => "storagepool",
        "snapshot" => "domainsnapshot",
        "volume" => "storagevol",
        same => same,
    }
}

/// The files that the schema of their kind refuses, each with the message of `xmllint`.
pub fn invalid(kind: Kind, files: &[PathBuf]) -> BTreeMap<PathBuf, String> {
    let at_once = files.len().div_ceil(available_parallelism().map_or(1, usize::from)).clamp(1, 2000);
    let schema = schema_of(kind);
    scope(|scope| {
        let chunks: Vec<_> = files.chunks(at_once).map(|chunk| scope.spawn(|| complaints(&schema, chunk))).collect();
        chunks.into_iter().flat_map(|chunk| chunk.join().expect("it does not panic")).collect()
    })
}

fn complaints(schema: &Path, files: &[PathBuf]) -> BTreeMap<PathBuf, String> {
    let mut lint = Command::new("xmllint");
    let output = lint.args(["--noout", "--relaxng"]).arg(schema).args(files).output();
    let said = output.expect("xmllint is there: it is in Debian's libxml2-utils").stderr;
    let mut complaints: BTreeMap<PathBuf, String> = files.iter().map(|file| (file.clone(), String::new())).collect();
    for line in String::from_utf8_lossy(&said).lines() {
        if let Some(file) = line.strip_suffix(" validates") {
            complaints.remove(Path::new(file));
        } else if let Some((file, complaint)) = line.split_once(':') {
            complaints.entry(file.into()).and_modify(|said| *said += &format!("line {complaint}\n"));
        }
    }
    complaints
}

/// A document of libvirt's tests.
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// The text of the file.
    pub text: String,
    /// The root element.
    pub root: Element,
}

/// Reads a document. None if it is of another kind, or not well formed, as some of libvirt's test files.
pub fn document(kind: Kind, path: PathBuf) -> Option<Document> {
    let text = fs::read_to_string(&path).ok()?;
    if !text.contains(&format!("<{}", kind.root())) {
        return None;
    }
    let root = xml::parse(&text).ok()?.pop()?;
    (root.name == kind.root()).then_some(Document { path, text, root })
}

/// The documents of a kind in libvirt's tests that its schema accepts.
pub fn corpus(kind: Kind) -> Vec<Document> {
    let documents = documents(kind);
    let paths: Vec<_> = documents.iter().map(|document| document.path.clone()).collect();
    let invalid = invalid(kind, &paths);
    documents.into_iter().filter(|document| !invalid.contains_key(&document.path)).collect()
}

/// The documents of a kind in libvirt's tests.
pub fn documents(kind: Kind) -> Vec<Document> {
    files(&tests(), "xml").into_iter().filter_map(|path| document(kind, path)).collect()
}

/// A definition under another name and without its UUID. A domain that QEMU runs is one in software emulation.
pub fn renamed(kind: Kind, mut root: Element, name: &str) -> Element {
    let is_of_qemu = matches!(root.attribute("type"), Some("kvm" | "qemu"));
    if kind == Kind::Domain && is_of_qemu {
        root.attributes.retain(|(name, _)| name != "type");
        root.attributes.push(("type".to_owned(), "qemu".to_owned()));
    }
    root.attributes.iter_mut().filter(|(key, _)| key == "name").for_each(|(_, text)| name.clone_into(text));
    root.children.retain(|child| child.name != "uuid");
    root.children.iter_mut().filter(|child| child.name == "name").for_each(|child| name.clone_into(&mut child.text));
    root
}

/// Documents in temporary files, which are removed when this is dropped.
pub struct Files {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Files {
    /// Writes each document to a file.
    pub fn new(documents: impl Iterator<Item = String>) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("nixvirt-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).expect("it is a new folder");
        let write = |(at, document)| {
            let file = folder.join(format!("{at}.xml"));
            fs::write(&file, document).expect("there is room for it");
            file
        };
        Files { files: documents.enumerate().map(write).collect(), folder }
    }

    /// The documents that the schema of the kind refuses, by their index, each with the reason.
    pub fn invalid(&self, kind: Kind) -> Vec<(usize, String)> {
        let mut complaints = invalid(kind, &self.files);
        self.files.iter().enumerate().filter_map(|(at, file)| Some((at, complaints.remove(file)?))).collect()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // A leftover folder does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
