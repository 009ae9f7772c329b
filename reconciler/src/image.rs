//! Images that volumes are filled with: downloaded and unpacked into the state directory, and checked there, before libvirt
//! has anything of them.

mod curl;
mod hash;
mod unpack;

use crate::error::{Error, ErrorKind};
use crate::file;
pub use hash::Hash;
use schemars::JsonSchema;
use serde::Serialize;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where an image comes from.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ImageSource {
    /// A file of this host.
    File(PathBuf),
    /// A file of a web server.
    Download(Download),
}

/// A file of a web server.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Download {
    /// The URL, which may hold a secret.
    #[serde(skip)]
    pub url: String,
    /// The hash of the file.
    #[schemars(with = "String")]
    pub hash: Hash,
}

impl Download {
    /// The URL without its user and its query, which may be secrets.
    pub fn shown(&self) -> String {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        let url = &self.url[..end];
        match url.split_once("://") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
                format!("{scheme}://{host}{path}")
            }
            None => url.to_owned(),
        }
    }

    /// Whether a download can be from a URL.
    pub fn is_url(url: &str) -> bool {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) && !url.contains(char::is_control)
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.shown(), self.hash)
    }
}

/// What happens to an image before a volume is filled with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preparation {
    /// It is downloaded.
    Download,
    /// It is unpacked.
    Unpack,
}

/// The folder in which images are prepared.
pub struct Workshop<'w> {
    folder: PathBuf,
    /// How long a server may be silent.
    pub timeout: Duration,
    /// Called with the bytes that are done and their total, which is 0 as long as it is not known.
    pub progress: &'w dyn Fn(Preparation, u64, u64),
}

impl<'w> Workshop<'w> {
    /// The folder for images among the records of a connection.
    pub fn new(records: &Path, timeout: Duration, progress: &'w dyn Fn(Preparation, u64, u64)) -> Self {
        Workshop { folder: records.join("images"), timeout, progress }
    }

    /// Returns the file with the bytes of an image, for a volume of so many bytes.
    ///
    /// # Errors
    /// The image cannot be read or downloaded, has another hash, is damaged, or is larger than the volume after it was unpacked.
    pub fn prepare(&self, image: &ImageSource, capacity: u64) -> Result<PathBuf, Error> {
        let path = match image {
            ImageSource::File(path) => path.clone(),
            ImageSource::Download(download) => self.download(download)?,
        };
        let file = file::hanging::one(&path, file::open_regular).map_err(|cause| Error::file("read", &path, cause))?;
        let empty = file.metadata().map_err(|cause| Error::file("read", &path, cause))?.len() == 0;
        if empty {
            let error = Error::input(format!("{} is empty", path.display()));
            return Err(error.with_hint("remove `content`, or name the image"));
        }
        match unpack::Packing::of(&file).map_err(|cause| Error::file("read", &path, cause))? {
            None => Ok(path),
            Some(packing) => self.unpack(&path, file, packing, capacity),
        }
    }

    /// Downloads a file, unless it is there.
    fn download(&self, download: &Download) -> Result<PathBuf, Error> {
        let path = self.path_of(download);
        if path.exists() {
            return Ok(path);
        }
        self.make_folder()?;
        let half = path.with_extension("part");
        let progress = |done, total| (self.progress)(Preparation::Download, done, total);
        let of_download = |error: Error| error.context(format!("cannot download {}", download.shown()));
        loop {
            let is_resumed = fs::metadata(&half).is_ok_and(|half| half.len() > 0);
            let done = curl::get(&download.url, &half, self.timeout, &progress)
                .and_then(|()| download.hash.check(&half, &download.shown()));
            match done {
                Ok(()) => break,
                // The server may have another file by now, or cannot send the rest of one.
                Err(error) if is_resumed && error.kind() != ErrorKind::Connection => {
                    let _ = fs::remove_file(&half);
                }
                Err(error) => {
                    if error.kind() != ErrorKind::Connection {
                        let _ = fs::remove_file(&half);
                    }
                    return Err(of_download(error.of_kind(ErrorKind::Input)));
                }
            }
        }
        fs::rename(&half, &path).map_err(|cause| Error::file("write", &path, cause))?;
        Ok(path)
    }

    fn unpack(&self, path: &Path, file: File, packing: unpack::Packing, capacity: u64) -> Result<PathBuf, Error> {
        self.make_folder()?;
        let to = self.unpacked();
        let progress = |done, total| (self.progress)(Preparation::Unpack, done, total);
        let result = unpack::unpack(file, packing, &to, unpack::limit(capacity), &progress);
        match result {
            Ok(()) => Ok(to),
            Err(cause) => {
                self.forget_unpacked();
                let error = Error::file("unpack", path, cause);
                Err(error.with_hint("the volume was not created; check that the file is complete, and that the image fits into the volume"))
            }
        }
    }

    /// Removes what was unpacked for a volume.
    pub fn forget_unpacked(&self) {
        // What is left is replaced by the next image.
        let _ = fs::remove_file(self.unpacked());
    }

    /// Removes all downloads but these, which are still needed.
    pub fn keep<'d>(&self, needed: impl Iterator<Item = &'d Download>) {
        let needed: Vec<_> = needed.map(|download| self.path_of(download)).collect();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !needed.contains(&entry.path().with_extension("")) {
                // A file that cannot be removed only takes space.
                let _ = fs::remove_file(entry.path());
            }
        }
        let _ = fs::remove_dir(&self.folder);
    }

    fn path_of(&self, download: &Download) -> PathBuf {
        self.folder.join(download.hash.file_name())
    }

    fn unpacked(&self) -> PathBuf {
        self.folder.join("unpacked")
    }

    fn make_folder(&self) -> Result<(), Error> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        made.map_err(|cause| Error::file("create", &self.folder, cause))
    }
}

/// Error of damaged or hostile bytes.
fn damaged(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}
