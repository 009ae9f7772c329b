//! Unpacking of compressed images.

use super::damaged;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use std::cell::Cell;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::iter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Bytes that are unpacked at once.
const CHUNK: usize = 256 << 10;

/// The most memory for unpacking, in KiB. The highest level of `xz` needs an eighth.
const XZ_MEMORY: u32 = 512 << 10;

/// How an image is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Xz,
    Zstandard,
}

impl Packing {
    /// Reads how a file is compressed from its first bytes. None if it is not.
    pub fn of(mut file: &File) -> io::Result<Option<Self>> {
        let mut start = Vec::new();
        file.take(6).read_to_end(&mut start)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(match start.as_slice() {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => Some(Packing::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstandard),
            _ => None,
        })
    }
}

/// The most bytes that an image for a volume of so many bytes can have. A qcow2 file has a header and tables beside its content.
pub fn limit(capacity: u64) -> u64 {
    capacity.saturating_add(capacity / 64).saturating_add(2 << 20)
}

/// Unpacks a file into a new one, in which zeros become holes.
///
/// # Errors
/// The file is damaged or incomplete, or has more than `limit` bytes.
pub fn unpack(from: File, packing: Packing, to: &Path, limit: u64, progress: &dyn Fn(u64, u64)) -> io::Result<()> {
    let total = from.metadata()?.len();
    let read = Cell::new(0);
    let source = BufReader::new(Counted { file: from, read: &read });
    let options = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).clone();
    let mut file = options.open(to)?;
    let mut write = |bytes: &[u8], size: u64| {
        progress(read.get(), total);
        if size > limit {
            return Err(damaged(format!(
                "it unpacks to more than the {limit} bytes that an image for the volume can have"
            )));
        }
        write_sparse(&mut file, bytes)
    };
    let size = match packing {
        Packing::Gzip => copy(MultiGzDecoder::new(source), &mut write)?,
        Packing::Xz => copy(XzReader::new_mem_limit(source, true, XZ_MEMORY), &mut write)?,
        Packing::Zstandard => unpack_frames(source, &mut write)?,
    };
    file.set_len(size)
}

/// Unpacks the frames of a Zstandard file, one after the other.
fn unpack_frames(mut source: impl BufRead, write: &mut dyn FnMut(&[u8], u64) -> io::Result<()>) -> io::Result<u64> {
    let mut size = 0;
    while !source.fill_buf()?.is_empty() {
        let mut frame = match StreamingDecoder::new(&mut source) {
            Ok(frame) => frame,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                io::copy(&mut source.by_ref().take(length.into()), &mut io::sink())?;
                continue;
            }
            Err(cause) => return Err(of_packed(io::Error::other(cause))),
        };
        let before = size;
        size += copy(&mut frame, &mut |bytes, of_frame| write(bytes, before + of_frame))?;
        let frame = frame.into_frame_decoder();
        if frame.get_checksum_from_data().is_some_and(|declared| Some(declared) != frame.get_calculated_checksum()) {
            return Err(damaged("the file is damaged: its checksum does not match its content"));
        }
    }
    Ok(size)
}

/// Passes on all bytes, with the number of bytes so far. Returns their number.
fn copy(mut from: impl Read, write: &mut dyn FnMut(&[u8], u64) -> io::Result<()>) -> io::Result<u64> {
    let mut buffer = vec![0; CHUNK];
    let mut size = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(size),
            Ok(count) => {
                size += count as u64;
                write(&buffer[..count], size)?;
            }
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            Err(why) => return Err(of_packed(why)),
        }
    }
}

/// The error of a decoder, in words for the user.
fn of_packed(error: io::Error) -> io::Error {
    let mut causes = iter::successors(Some(&error as &(dyn Error + 'static)), |&cause| cause.source());
    let is_end = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().map(io::Error::kind) == Some(ErrorKind::UnexpectedEof)
    };
    if causes.any(is_end) {
        return damaged("the file ends too early");
    }
    match error.kind() {
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => {
            damaged(format!("the file is damaged: {error}"))
        }
        _ => error,
    }
}

fn write_sparse(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    if bytes.iter().all(|byte| *byte == 0) { file.seek_relative(bytes.len() as i64) } else { file.write_all(bytes) }
}

/// A file that counts the bytes that are read from it.
struct Counted<'c> {
    file: File,
    read: &'c Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// `first\n`, `second\n` and a MiB of zeros, each as `zstd --check` packs it, and a frame that no image is in.
    const FIRST: &str = "28b52ffd046831000066697273740ac316ad2c";
    const SECOND: &str = "28b52ffd04683900007365636f6e640a16404c55";
    const ZEROS: &str =
        "28b52ffd04684c000008000100fcff39100202001000020010000200100002001000020010000200100003001000f13e16e1";
    const SKIPPED: &str = "502a4d1803000000616263";

    /// Unpacks bytes, which are given in hexadecimal.
    fn unpacked(hex: &str, limit: u64) -> Result<Vec<u8>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let (packed, image) = (folder.path().join("packed"), folder.path().join("image"));
        let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("digits");
        fs::write(&packed, (0..hex.len()).step_by(2).map(digits).collect::<Vec<_>>()).expect("a writable folder");
        let file = File::open(&packed).expect("a file");
        let packing = Packing::of(&file).expect("it can be read").expect("it is packed");
        assert_eq!(packing, Packing::Zstandard);
        unpack(file, packing, &image, limit, &|_, _| {}).map_err(|why| why.to_string())?;
        Ok(fs::read(&image).expect("a file"))
    }

    #[test]
    fn frames_of_zstandard() {
        assert_eq!(unpacked(FIRST, 100), Ok(b"first\n".to_vec()));
        assert_eq!(unpacked(&[FIRST, SKIPPED, SECOND].concat(), 100), Ok(b"first\nsecond\n".to_vec()));
        assert_eq!(unpacked(&[ZEROS, FIRST].concat(), 2 << 20), Ok([&vec![0; 1 << 20], &b"first\n"[..]].concat()));
    }

    #[test]
    fn damaged_zstandard() {
        for (packed, expected) in [
            (&FIRST[..FIRST.len() - 10], "the file ends too early"),
            (&FIRST[..10], "the file ends too early"),
            (&FIRST.replace("72", "73"), "the file is damaged: its checksum does not match its content"),
            (&[FIRST, "00"].concat(), "the file ends too early"),
            (
                &[FIRST, ZEROS].concat(),
                "it unpacks to more than the 1048576 bytes that an image for the volume can have",
            ),
        ] {
            assert_eq!(unpacked(packed, 1 << 20).expect_err("it is damaged"), expected);
        }
    }
}
