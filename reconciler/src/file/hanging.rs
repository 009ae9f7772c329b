//! Files on file systems that hang, such as NFS without its server: a request to them does not return. Files are looked at on a
//! thread of their own, which is abandoned if it hangs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a file system may take to answer.
pub const LIMIT: Duration = Duration::from_secs(20);

/// How many parts of a file are read ahead.
const AHEAD: usize = 2;

/// The folders with a file that has not answered. None of their other files is waited for.
static SILENT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How often a file system that has not answered is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Calls a function with each path. None for a path that the function has not returned for in time. Nothing waits for a single
/// path, so that many files cost no more than without a limit.
pub fn each<T: Send + 'static>(paths: &[PathBuf], act: impl Fn(&Path) -> T + Send + Sync + 'static) -> Vec<Option<T>> {
    let act = Arc::new(act);
    let mut results = Vec::new();
    while results.len() < paths.len() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let (ends, end) = mpsc::channel::<()>();
        let (own, given, rest) = (act.clone(), done.clone(), paths[results.len()..].to_vec());
        thread::spawn(move || {
            let _ends = ends;
            for path in rest {
                let result = if is_silent(&path) { None } else { Some((*own)(&path)) };
                locked(&given).push(result);
            }
        });
        let mut last = (0, Instant::now());
        while end.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) && last.1.elapsed() < LIMIT {
            let count = locked(&done).len();
            if count != last.0 {
                last = (count, Instant::now());
            }
        }
        results.append(&mut locked(&done));
        if let Some(path) = paths.get(results.len()) {
            note_silence(path);
            results.push(None);
        }
    }
    results
}

/// Calls a function with a path.
///
/// # Errors
/// Those of the function, or it has not returned in time.
pub fn one<T: Send + 'static>(
    path: &Path,
    act: impl Fn(&Path) -> io::Result<T> + Send + Sync + 'static,
) -> io::Result<T> {
    each(&[path.to_owned()], act).pop().flatten().unwrap_or_else(|| Err(silence()))
}

/// The parts of a file, which are read on a thread of their own.
pub struct Chunks<T> {
    path: PathBuf,
    received: Receiver<io::Result<T>>,
}

/// Reads a file in parts, a few of them ahead.
pub fn read_ahead<T: Send + 'static>(
    path: &Path,
    parts: impl Iterator<Item = io::Result<T>> + Send + 'static,
) -> Chunks<T> {
    let (sends, received) = mpsc::sync_channel(AHEAD);
    thread::spawn(move || {
        for part in parts {
            // If nobody listens, the rest is not wanted.
            if sends.send(part).is_err() {
                break;
            }
        }
    });
    Chunks { path: path.to_owned(), received }
}

impl<T> Iterator for Chunks<T> {
    type Item = io::Result<T>;

    /// The next part, or the error that the file system has not answered in time.
    fn next(&mut self) -> Option<io::Result<T>> {
        match self.received.recv_timeout(LIMIT) {
            Ok(part) => Some(part),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                note_silence(&self.path);
                Some(Err(silence()))
            }
        }
    }
}

/// The error of a file without an answer.
pub fn silence() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("its file system has not answered in {} s", LIMIT.as_secs()))
}

fn note_silence(path: &Path) {
    locked(&SILENT).push(path.parent().unwrap_or(path).to_owned());
}

fn is_silent(path: &Path) -> bool {
    locked(&SILENT).iter().any(|folder| path.starts_with(folder))
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
