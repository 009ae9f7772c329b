//! The files that a manifest names: definitions and secrets. All of them are read at once, so that one that hangs delays no other.

use crate::file::{self, MAX_DEFINITION, hanging};
use crate::manifest::{Declarations, VolumeContent};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The contents of files.
pub struct Files(BTreeMap<PathBuf, io::Result<Vec<u8>>>);

impl Files {
    /// Reads the files of a connection. Paths are relative to `folder`.
    pub fn read(connection: &Declarations, folder: &Path) -> Self {
        let paths: Vec<_> = named(connection).into_iter().map(|path| folder.join(path)).collect();
        let contents = hanging::each(&paths, |path| file::read(path, MAX_DEFINITION));
        let contents = contents.into_iter().map(|content| content.unwrap_or_else(|| Err(hanging::silence())));
        Files(paths.into_iter().zip(contents).collect())
    }

    /// The content of a file.
    ///
    /// # Errors
    /// The file cannot be read, or has more than `limit` bytes.
    pub fn content(&self, path: &Path, limit: u64) -> io::Result<&[u8]> {
        match self.0.get(path) {
            Some(Ok(content)) if content.len() as u64 > limit => Err(file::too_large(limit)),
            Some(Ok(content)) => Ok(content),
            Some(Err(why)) => Err(io::Error::new(why.kind(), why.to_string())),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// The paths of all files whose content is a part of the declaration.
fn named(connection: &Declarations) -> Vec<&PathBuf> {
    let mut paths = Vec::new();
    for secret in connection.secrets.iter().flatten() {
        paths.extend(secret.definition.definition.iter().chain(&secret.value_file));
    }
    paths.extend(connection.nwfilters.iter().flatten().filter_map(|filter| filter.definition.definition.as_ref()));
    paths.extend(connection.networks.iter().flatten().filter_map(|network| network.definition.definition.as_ref()));
    for pool in connection.pools.iter().flatten() {
        paths.extend(&pool.definition.definition);
        paths.extend(pool.volumes.iter().flatten().filter_map(|volume| volume.definition.definition.as_ref()));
        paths.extend(pool.volumes.iter().flatten().flat_map(|volume| secret_files(volume.content.as_ref())));
    }
    for domain in connection.domains.iter().flatten() {
        paths.extend(&domain.definition.definition);
        paths.extend(domain.secret_files.values());
        if let Some(files) = &domain.graphics_password_file {
            paths.extend(files.vnc.iter().chain(&files.spice).chain(&files.rdp));
        }
        paths.extend(domain.volumes.iter().filter_map(|volume| volume.definition.definition.as_ref()));
        paths.extend(domain.volumes.iter().flat_map(|volume| secret_files(volume.content.as_ref())));
        paths.extend(domain.snapshots.iter().flatten().filter_map(|snapshot| snapshot.definition.definition.as_ref()));
    }
    paths
}

/// The files with secrets of a volume's content.
fn secret_files(content: Option<&VolumeContent>) -> impl Iterator<Item = &PathBuf> {
    let seed = match content {
        Some(VolumeContent::Seed(seed)) => Some(seed),
        _ => None,
    };
    seed.into_iter().flat_map(|seed| seed.secret_files.values())
}
