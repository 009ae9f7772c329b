//! What the paths in definitions lead to. Links, `..`, hard links and mounts give one file several paths, and what is done
//! to a file must not depend on the path that a guest was declared with.

use crate::file::hanging;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Component, Path, PathBuf};

/// What paths lead to, on the host of a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    /// The places by path. None if the paths are those of another host, whose files this one cannot see.
    places: Option<BTreeMap<String, ResolvedPath>>,
    /// The paths on file systems that do not answer.
    silent: BTreeSet<String>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResolvedPath {
    /// The path without links and `..`.
    pub path: String,
    /// The file. None if it does not exist, or cannot be seen.
    pub file: Option<FileId>,
}

/// A file or device, however many paths lead to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileId {
    /// A file: the device of its file system, and its number there.
    File(u64, u64),
    /// A block device: its number.
    Device(u64),
}

impl Paths {
    /// Looks up paths on this host.
    pub fn read<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let paths: Vec<_> = paths.into_iter().map(PathBuf::from).collect();
        let places = hanging::each(&paths, |path| ResolvedPath::read(&path.display().to_string()));
        let (mut known, mut silent) = (BTreeMap::new(), BTreeSet::new());
        for (path, place) in paths.iter().map(|path| path.display().to_string()).zip(places) {
            match place {
                Some(place) => {
                    known.insert(path, place);
                }
                None => {
                    silent.insert(path);
                }
            }
        }
        Paths { places: Some(known), silent }
    }

    /// Paths on this host that lead to these places.
    pub fn known(places: BTreeMap<String, ResolvedPath>) -> Self {
        Paths { places: Some(places), silent: BTreeSet::new() }
    }

    /// The paths on file systems that do not answer. What they lead to is not known.
    pub fn silent(&self) -> &BTreeSet<String> {
        &self.silent
    }

    /// Whether the paths are those of another host. One of its files may then have any path.
    pub fn are_remote(&self) -> bool {
        self.places.is_none()
    }

    /// Whether two paths may lead to one file. Of another host's files only the names are known.
    pub fn may_be_same(&self, one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(|path| self.resolve(path));
        let name = |place: &ResolvedPath| Path::new(&place.path).file_name().map(|name| name.to_owned());
        one.path == other.path
            || (one.file.is_some() && one.file == other.file)
            || (self.are_remote() && name(&one) == name(&other))
    }

    /// What a path leads to, as far as that is known.
    pub fn resolve(&self, path: &str) -> ResolvedPath {
        let known = self.places.as_ref().and_then(|places| places.get(path));
        known.cloned().unwrap_or_else(|| ResolvedPath { path: without_dots(path), file: None })
    }
}

impl ResolvedPath {
    fn read(path: &str) -> Self {
        let file = fs::metadata(path).ok().map(|about| {
            if about.file_type().is_block_device() {
                FileId::Device(about.rdev())
            } else {
                FileId::File(about.dev(), about.ino())
            }
        });
        ResolvedPath { path: real_path(Path::new(path)).unwrap_or_else(|| without_dots(path)), file }
    }
}

/// The path without links. Of a file that does not exist, its folder may be behind a link.
fn real_path(path: &Path) -> Option<String> {
    let real = fs::canonicalize(path).or_else(|why| match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => Ok(fs::canonicalize(folder)?.join(name)),
        _ => Err(why),
    });
    real.ok()?.to_str().map(str::to_owned)
}

/// The path without `.`, `..` and doubled slashes, if no link is in the way.
fn without_dots(path: &str) -> String {
    let mut clean = PathBuf::new();
    for component in Path::new(path).components() {
        match component {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            component => clean.push(component),
        }
    }
    clean.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use pretty_assertions::assert_eq;
    use std::os::unix::fs::symlink;

    #[test]
    fn one_file_has_several_paths() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path).display().to_string();
        fs::create_dir_all(at("pool/sub")).expect("made");
        fs::write(at("pool/disk"), "content").expect("written");
        symlink(at("pool"), at("link")).expect("made");
        symlink(at("pool/disk"), at("by-id")).expect("made");
        fs::hard_link(at("pool/disk"), at("hard")).expect("made");
        let paths =
            ["pool/disk", "pool/sub/../disk", "pool//disk", "link/disk", "by-id", "hard", "link/none", "no/../x"];
        let paths = paths.map(at);
        let known = Paths::read(paths.iter().map(String::as_str));
        let places = paths.each_ref().map(|path| known.resolve(path));
        let real = folder.path().canonicalize().expect("a folder").display().to_string();
        let shown = places.each_ref().map(|place| place.path.replace(&real, "") + "\n");
        expect![[r#"
            /pool/disk
            /pool/disk
            /pool/disk
            /pool/disk
            /pool/disk
            /hard
            /pool/none
            /x
        "#]]
        .assert_eq(&shown.concat());
        assert!(places[..6].iter().all(|place| place.file == places[0].file && place.file.is_some()));
        assert_eq!(places[6].file, None);
    }

    #[test]
    fn of_another_host_only_the_text_is_known() {
        let paths = Paths::default();
        assert!(paths.are_remote());
        assert_eq!(paths.resolve("/a/./b//../c").path, "/a/c");
    }
}
