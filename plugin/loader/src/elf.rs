//! Check that a library is complete. `dlopen` maps a truncated library without an error, and the process dies when it
//! reads a missing page. Therefore everything that the headers mention must exist before the library is opened.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Size of the header of a 64-bit file, and the offsets of its fields.
const HEADER: usize = 64;
const CLASS: usize = 4;
const KIND: std::ops::Range<usize> = 16..20;
const SEGMENTS: Table = Table { start: 32, size: 54, count: 56 };
const SECTIONS: Table = Table { start: 40, size: 58, count: 60 };
const NAMES: usize = 62;

/// Values of these fields.
const CLASS_64: u8 = 2;
const SECTION_OF_TEXT: u32 = 3;
const SECTION_WITHOUT_BYTES: u32 = 8;

/// Offsets of the header's fields about a table: its offset, the size of an entry and the number of entries.
struct Table {
    start: usize,
    size: usize,
    count: usize,
}

/// Checks that the file is a complete library of the same format as the loader.
pub fn check(path: &Path, loader: &Path) -> Result<(), String> {
    let (file, own) = (Elf::open(path)?, Elf::open(loader)?);
    // Class, byte order, file type and machine.
    if file.header[..6] != own.header[..6] || file.header[KIND] != own.header[KIND] || file.header[CLASS] != CLASS_64 {
        return Err("not a library for this machine".to_owned());
    }
    let is_whole = file.entries(&SEGMENTS)?.iter().all(|segment| file.holds(u64_at(segment, 8), u64_at(segment, 32)));
    // The section table is at the end, so that missing blocks at the end of the file are found here.
    let sections = file.entries(&SECTIONS)?;
    let is_there = |section: &Vec<u8>| {
        u32_at(section, 4) == SECTION_WITHOUT_BYTES || file.holds(u64_at(section, 24), u64_at(section, 32))
    };
    let names = sections.get(usize::from(u16_at(&file.header, NAMES)));
    if is_whole && sections.iter().all(is_there) && names.is_some_and(|names| u32_at(names, 4) == SECTION_OF_TEXT) {
        Ok(())
    } else {
        Err(BROKEN.to_owned())
    }
}

const BROKEN: &str = "the file is truncated or damaged";

struct Elf {
    file: File,
    size: u64,
    header: [u8; HEADER],
}

impl Elf {
    fn open(path: &Path) -> Result<Elf, String> {
        let why = |why: std::io::Error| why.to_string();
        let about = fs::metadata(path).map_err(why)?;
        // Opening a pipe would block.
        if !about.is_file() {
            return Err("not a regular file".to_owned());
        }
        let file = File::open(path).map_err(why)?;
        let mut header = [0; HEADER];
        file.read_exact_at(&mut header, 0).map_err(|_| BROKEN)?;
        Ok(Elf { file, size: about.len(), header })
    }

    fn entries(&self, table: &Table) -> Result<Vec<Vec<u8>>, String> {
        let size = usize::from(u16_at(&self.header, table.size));
        let mut bytes = vec![0; size * usize::from(u16_at(&self.header, table.count))];
        let start = u64_at(&self.header, table.start);
        // The last field that is read of an entry ends here.
        if size < 40 || !self.holds(start, bytes.len() as u64) || self.file.read_exact_at(&mut bytes, start).is_err() {
            return Err(BROKEN.to_owned());
        }
        Ok(bytes.chunks_exact(size).map(<[u8]>::to_vec).collect())
    }

    fn holds(&self, start: u64, size: u64) -> bool {
        start.checked_add(size).is_some_and(|end| end <= self.size)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
