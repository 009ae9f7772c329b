//! The files that are read: those that the editor shows, and those that they import by a literal path.

use crate::document::Document;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

/// Number of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// File with its content.
#[derive(Debug)]
struct File {
    path: PathBuf,
    document: Rc<Document>,
    /// When the file on the disk was changed last, as of its last reading. `None` if the editor shows the file.
    modified: Option<SystemTime>,
}

/// All files.
#[derive(Debug, Default)]
pub struct Files {
    all: RefCell<Vec<File>>,
    by_path: RefCell<HashMap<PathBuf, FileId>>,
}

impl Files {
    /// Adds a file that the editor shows, or gives it another content.
    pub fn show(&self, path: &Path, text: String) -> FileId {
        self.put(path, Document::new(text), None)
    }

    /// Says that the editor shows a file no more: its content is that on the disk.
    pub fn hide(&self, file: FileId) {
        // Older than any file: the next import reads it.
        self.all.borrow_mut()[file.0 as usize].modified = Some(SystemTime::UNIX_EPOCH);
    }

    /// Does something while a file has another text.
    pub fn with_text<T>(&self, file: FileId, text: String, work: impl FnOnce(&Rc<Document>) -> T) -> T {
        let other = Rc::new(Document::new(text));
        let swap =
            |document: Rc<Document>| std::mem::replace(&mut self.all.borrow_mut()[file.0 as usize].document, document);
        let own = swap(Rc::clone(&other));
        let done = work(&other);
        swap(own);
        done
    }

    /// Returns the number of a file that was read.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.by_path.borrow().get(&plain(path)).copied()
    }

    /// Returns the content of a file.
    pub fn document(&self, file: FileId) -> Rc<Document> {
        Rc::clone(&self.all.borrow()[file.0 as usize].document)
    }

    /// Returns the path of a file.
    pub fn path(&self, file: FileId) -> PathBuf {
        self.all.borrow()[file.0 as usize].path.clone()
    }

    /// Returns the path that a literal path in a file means. A file that is on no disk has no relative paths.
    pub fn resolve(&self, from: FileId, literal: &str) -> Option<PathBuf> {
        let path = self.path(from).parent()?.join(literal);
        if path.is_absolute() { Some(plain(&path)) } else { None }
    }

    /// Reads a file that another one imports; of a folder, its `default.nix`.
    pub fn import(&self, path: &Path) -> Option<FileId> {
        let path = if path.is_dir() { path.join("default.nix") } else { path.to_owned() };
        let known = self.find(&path);
        let before = known.and_then(|file| self.all.borrow()[file.0 as usize].modified);
        if known.is_some() && before.is_none() {
            return known;
        }
        let modified = fs::metadata(&path).and_then(|found| found.modified()).ok()?;
        if before == Some(modified) {
            return known;
        }
        let text = fs::read_to_string(&path).ok()?;
        Some(self.put(&path, Document::new(text), Some(modified)))
    }

    fn put(&self, path: &Path, document: Document, modified: Option<SystemTime>) -> FileId {
        let path = plain(path);
        let document = Rc::new(document);
        let mut all = self.all.borrow_mut();
        let mut by_path = self.by_path.borrow_mut();
        if let Some(file) = by_path.get(&path) {
            let known = &mut all[file.0 as usize];
            known.document = document;
            known.modified = modified;
            return *file;
        }
        let file = FileId(all.len() as u32);
        by_path.insert(path.clone(), file);
        all.push(File { path, document, modified });
        file
    }
}

/// Returns a path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
