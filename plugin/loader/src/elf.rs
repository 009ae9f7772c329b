//! Whether a file is whole. `dlopen` maps a truncated library all the same, and the process dies where a page of it is
//! missing: before it is opened, all that its headers speak of must be there.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The first bytes of a file for 64 bits, and where in them what is.
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

/// Where the header tells of a table: its offset, the size of an entry and how many there are.
struct Table {
    start: usize,
    size: usize,
    count: usize,
}

/// Whether the file is a whole library of the kind that the loader itself is.
pub fn check(path: &Path, loader: &Path) -> Result<(), String> {
    let (file, own) = (Elf::open(path)?, Elf::open(loader)?);
    // Class and byte order; that it is a shared library, and of which machine.
    if file.header[..6] != own.header[..6] || file.header[KIND] != own.header[KIND] || file.header[CLASS] != CLASS_64 {
        return Err("is not a library for this machine".to_owned());
    }
    let is_whole = file.entries(&SEGMENTS)?.iter().all(|segment| file.holds(u64_at(segment, 8), u64_at(segment, 32)));
    // The table of sections stands at the end, so that a file whose last blocks were never written shows here.
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

const BROKEN: &str = "is truncated or damaged";

struct Elf {
    file: File,
    size: u64,
    header: [u8; HEADER],
}

impl Elf {
    fn open(path: &Path) -> Result<Elf, String> {
        let why = |why: std::io::Error| why.to_string();
        let about = fs::metadata(path).map_err(why)?;
        // Opening a pipe would wait for its other end.
        if !about.is_file() {
            return Err("is not a file".to_owned());
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
        // Of all fields that are read of an entry, the last one ends here.
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
