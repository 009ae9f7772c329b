//! Check that a library is complete. `dlopen` maps a truncated library without an error, and the process dies when it
//! reads a missing page. Therefore everything that the headers mention must exist before the library is opened. `dlopen` also runs
//! code of a library that is no implementation, and one of Nix's own libraries would add its builtins a second time.

use std::ffi::CStr;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Size of the header of a 64-bit file, and the offsets of its fields.
const HEADER: usize = 64;
const CLASS: usize = 4;
const KIND: std::ops::Range<usize> = 16..20;
const SEGMENTS: Table = Table { start: 32, size: 54, count: 56, entry: 56 };
const SECTIONS: Table = Table { start: 40, size: 58, count: 60, entry: 64 };
const NAMES: usize = 62;

/// Values of these fields.
const CLASS_64: u8 = 2;
const SECTION_OF_TEXT: u32 = 3;
const SECTION_WITHOUT_BYTES: u32 = 8;
const SECTION_OF_SYMBOLS: u32 = 11;

/// Offsets of the header's fields about a table: its offset, the size of an entry and the number of entries. `entry` is the size that an entry
/// has.
struct Table {
    start: usize,
    size: usize,
    count: usize,
    entry: u16,
}

/// Checks that the file is a complete library of the same format as the loader, and that it has a symbol of that name.
pub fn check(path: &Path, loader: &Path, symbol: &CStr) -> Result<(), String> {
    let (file, own) = (Elf::open(path)?, Elf::open(loader)?);
    // Class, byte order, file type and machine.
    if file.header[..6] != own.header[..6] || file.header[KIND] != own.header[KIND] || file.header[CLASS] != CLASS_64 {
        return Err("not a library for this machine".to_owned());
    }
    match file.symbol_names() {
        None => Err(BROKEN.to_owned()),
        Some(names) if names.windows(symbol.count_bytes() + 1).any(|name| name == symbol.to_bytes_with_nul()) => Ok(()),
        Some(_) => Err("not an implementation of the plugin".to_owned()),
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

    /// Returns the names of the library's symbols, if the file is complete.
    fn symbol_names(&self) -> Option<Vec<u8>> {
        let is_whole =
            self.entries(&SEGMENTS)?.iter().all(|segment| self.holds(u64_at(segment, 8), u64_at(segment, 32)));
        // The section table is at the end, so that missing blocks at the end of the file are found here.
        let sections = self.entries(&SECTIONS)?;
        let is_there = |section: &Vec<u8>| {
            u32_at(section, 4) == SECTION_WITHOUT_BYTES || self.holds(u64_at(section, 24), u64_at(section, 32))
        };
        let names = sections.get(usize::from(u16_at(&self.header, NAMES)))?;
        if !is_whole || !sections.iter().all(is_there) || u32_at(names, 4) != SECTION_OF_TEXT {
            return None;
        }
        let symbols = sections.iter().find(|section| u32_at(section, 4) == SECTION_OF_SYMBOLS)?;
        let names = sections.get(u32_at(symbols, 40) as usize)?;
        self.bytes(u64_at(names, 24), u64_at(names, 32))
    }

    fn entries(&self, table: &Table) -> Option<Vec<Vec<u8>>> {
        let (size, count) = (u16_at(&self.header, table.size), u16_at(&self.header, table.count));
        if size != table.entry {
            return None;
        }
        let bytes = self.bytes(u64_at(&self.header, table.start), u64::from(size) * u64::from(count))?;
        Some(bytes.chunks_exact(size.into()).map(<[u8]>::to_vec).collect())
    }

    /// Reads a part of the file. What a damaged size asks for is not allocated: failing to do so ends the process.
    fn bytes(&self, start: u64, size: u64) -> Option<Vec<u8>> {
        if !self.holds(start, size) {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(size).ok()?];
        self.file.read_exact_at(&mut bytes, start).ok()?;
        Some(bytes)
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
