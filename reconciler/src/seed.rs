//! Seeds: small file systems of declared files, with which a guest sets itself up when it starts for the first time, such as
//! the one that cloud-init's NoCloud reads. They are FAT, which firmware, Linux and Windows can read.

use crate::state::hex;
use fatfs::{Dir, FileSystem, FormatVolumeOptions, FsOptions, ReadWriteSeek, format_volume};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Cursor, Write};

/// The most bytes that the files of a seed can have.
pub const MAX_SIZE: u64 = 16 << 20;

/// The least size of a seed's file system, in bytes.
const LEAST_SIZE: u64 = 1 << 20;

/// The serial number of the file systems of seeds. A volume without it holds something else, and is not written to.
const SERIAL: u32 = 0x4e69_7856;

/// Where a FAT file system of up to 16 bits keeps its serial number.
const SERIAL_PLACE: usize = 39;

/// The longest label of a FAT file system.
const MAX_LABEL: usize = 11;

/// A small file system of declared files, with their secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed {
    label: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// Why a seed cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeedProblem {
    /// The label is longer than 11 characters, or has one that a label cannot have.
    Label,
    /// A name is empty, `.` or `..`, or has a character that a file system of Windows cannot have.
    Name,
    /// Another file or a folder has the same path as a file, if case is ignored.
    Taken(String),
    /// The files are too large together.
    Size,
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

impl Seed {
    /// A seed of these files, by their paths.
    ///
    /// # Errors
    /// A FAT file system cannot have the label or a name, or the files are too large.
    pub fn new(label: &str, files: BTreeMap<String, Vec<u8>>) -> Result<Self, SeedProblem> {
        let is_of_label = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ' ');
        if label.is_empty() || label.len() > MAX_LABEL || !label.chars().all(is_of_label) {
            return Err(SeedProblem::Label);
        }
        if !files.keys().all(|path| path.split('/').all(is_name)) {
            return Err(SeedProblem::Name);
        }
        if let Some(path) = taken(&files) {
            return Err(SeedProblem::Taken(path.clone()));
        }
        if files.values().map(|content| content.len() as u64).sum::<u64>() > MAX_SIZE {
            return Err(SeedProblem::Size);
        }
        Ok(Seed { label: label.to_owned(), files })
    }

    /// A text that differs for different seeds.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new_with_prefix(&self.label);
        for (path, content) in &self.files {
            hash.update(path.len().to_le_bytes());
            hash.update(path);
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
        hex(&hash.finalize())
    }

    /// The size in bytes that the file system needs at least.
    pub fn least_size(&self) -> u64 {
        // A file takes whole clusters, and a folder one.
        const CLUSTER: u64 = 4096;
        let sizes = self.files.iter().map(|(path, content)| {
            let folders = path.matches('/').count() as u64;
            (content.len() as u64).next_multiple_of(CLUSTER) + (1 + folders) * CLUSTER
        });
        LEAST_SIZE.max(sizes.sum::<u64>().next_multiple_of(LEAST_SIZE) + LEAST_SIZE)
    }

    /// The bytes of the file system in an image of this size, which are always the same.
    ///
    /// # Errors
    /// The size is too small.
    pub fn image(&self, size: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(size).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut image = vec![0; length];
        let mut label = [b' '; MAX_LABEL];
        label[..self.label.len()].copy_from_slice(self.label.as_bytes());
        format_volume(Cursor::new(&mut image[..]), FormatVolumeOptions::new().volume_id(SERIAL).volume_label(label))?;
        let system = FileSystem::new(Cursor::new(&mut image[..]), FsOptions::new())?;
        for (path, content) in &self.files {
            write_file(system.root_dir(), path, content)?;
        }
        system.unmount()?;
        Ok(image)
    }

    /// Whether a volume that begins so holds the file system of a seed, or nothing.
    pub fn may_replace(beginning: &[u8]) -> bool {
        let serial = beginning.get(SERIAL_PLACE..SERIAL_PLACE + 4);
        beginning.iter().all(|byte| *byte == 0) || serial == Some(&SERIAL.to_le_bytes())
    }
}

/// A path that another file or a folder has as well. FAT ignores case.
fn taken(files: &BTreeMap<String, Vec<u8>>) -> Option<&String> {
    let names = |path: &String| path.to_lowercase().split('/').map(str::to_owned).collect::<Vec<_>>();
    let mut paths: Vec<_> = files.keys().map(|path| (names(path), path)).collect();
    // The files in a folder follow the path of the folder.
    paths.sort_unstable();
    paths.windows(2).find(|pair| pair[1].0.starts_with(&pair[0].0)).map(|pair| pair[0].1)
}

fn is_name(name: &str) -> bool {
    let is_of_name = |letter: char| !letter.is_control() && !"\"*:<>?\\|".contains(letter);
    !matches!(name, "" | "." | "..") && name.len() <= 255 && name.chars().all(is_of_name)
}

fn write_file<T: ReadWriteSeek>(root: Dir<'_, T>, path: &str, content: &[u8]) -> io::Result<()> {
    let (folders, _) = path.rsplit_once('/').unwrap_or_default();
    let mut folder = String::new();
    for name in folders.split('/').filter(|name| !name.is_empty()) {
        folder = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        root.create_dir(&folder)?;
    }
    root.create_file(path)?.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use std::io::Read;

    fn seed(label: &str, files: &[(&str, &str)]) -> Result<Seed, SeedProblem> {
        Seed::new(label, files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }

    #[test]
    fn what_is_written_is_read() {
        let large = "x".repeat(700_000);
        let files = [("user-data", "#cloud-config\n"), ("a/b/Long name.txt", "ä"), ("a/c", &large), ("empty", "")];
        let seed = seed("CIDATA", &files).expect("it is valid");
        let size = seed.least_size();
        let image = seed.image(size).expect("it has room");
        assert_eq!((size, image.len()), (2 << 20, 2 << 20));
        assert_eq!(seed.image(size).expect("it has room"), image, "the same each time");
        assert!(Seed::may_replace(&image[..512]) && Seed::may_replace(&[0; 512]) && !Seed::may_replace(&[1; 512]));
        let system = FileSystem::new(Cursor::new(image), FsOptions::new()).expect("a file system");
        assert_eq!(system.volume_label(), "CIDATA");
        for (path, text) in files {
            let mut read = String::new();
            let mut file = system.root_dir().open_file(path).expect("the file is there");
            file.read_to_string(&mut read).expect("it is text");
            assert_eq!(read, text, "{path}");
        }
    }

    #[test]
    fn the_digest_depends_on_each_part() {
        let seeds = [
            seed("A", &[("a", "b")]),
            seed("B", &[("a", "b")]),
            seed("A", &[("a", "c")]),
            seed("A", &[("b", "b")]),
            seed("A", &[("a", "b"), ("c", "")]),
        ];
        let digests: std::collections::BTreeSet<_> = seeds.iter().flatten().map(Seed::digest).collect();
        assert_eq!(digests.len(), seeds.len());
        assert_eq!(format!("{:?}", seeds[0]), "Ok((redacted))");
    }

    #[test]
    fn what_no_file_system_can_have() {
        let shown = [
            seed("", &[]),
            seed("TWELVE-CHARS", &[]),
            seed("ä", &[]),
            seed("A", &[("", "")]),
            seed("A", &[("a/../b", "")]),
            seed("A", &[("/a", "")]),
            seed("A", &[("a:b", "")]),
            seed("A", &[("b", ""), ("a-b", ""), ("B", "")]),
            seed("A", &[("a", ""), ("a-b", ""), ("A/b", "")]),
            seed("A", &[("a", &"x".repeat(17 << 20))]),
        ]
        .map(|seed| format!("{:?}", seed.expect_err("it is invalid")));
        expect![[r#"Label, Label, Label, Name, Name, Name, Name, Taken("B"), Taken("a"), Size"#]]
            .assert_eq(&shown.join(", "));
    }
}
