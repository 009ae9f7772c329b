//! The files that a command is given: files, standard input, and folders.

use crate::error::Error;
use crate::input::Input;
use std::fs;
use std::path::{Path, PathBuf};

/// A file's name for messages, and its content.
pub type File = (String, Result<Input, Error>);

/// Reads all files, in the order given. A folder means all files below it with that extension, sorted by path.
pub fn read_all(paths: &[PathBuf], extension: &str) -> Vec<File> {
    let mut inputs = Vec::new();
    for path in paths {
        if !path.is_dir() {
            inputs.push(read(path));
            continue;
        }
        let name = path.display().to_string();
        let mut files = Vec::new();
        match add_files(path, extension, &mut files) {
            Ok(()) if files.is_empty() => {
                let error = Error::usage(format!("no file in {name} ends with .{extension}"));
                inputs.push((name, Err(error)));
            }
            Ok(()) => {
                files.sort();
                inputs.extend(files.iter().map(|file| read(file)));
            }
            Err(error) => inputs.push((name, Err(error))),
        }
    }
    inputs
}

fn read(path: &Path) -> File {
    let input = Input::read(path);
    let name = input.as_ref().map_or_else(|_| path.display().to_string(), |input| input.name.clone());
    (name, input)
}

/// Whether these paths may be more than one file.
pub fn are_several(paths: &[PathBuf]) -> bool {
    paths.len() > 1 || paths.iter().any(|path| path.is_dir())
}

/// Adds the files below a folder. Links to folders are not followed, so that none is visited twice.
fn add_files(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let fail = |cause| Error::file("read", folder, cause);
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        if entry.file_type().map_err(fail)?.is_dir() {
            add_files(&path, extension, files)?;
        } else if path.extension().is_some_and(|own| own == extension) {
            files.push(path);
        }
    }
    Ok(())
}
