//! Files on file systems that hang, such as NFS without its server: a request to them does not return. Files are looked at on a
//! thread of their own, which is abandoned if it hangs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// How long a file system may take to answer.
pub const LIMIT: Duration = Duration::from_secs(20);

/// The folders with a file that has not answered. None of their other files is waited for.
static SILENT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Calls a function with each path. None for a path that the function has not returned for in time. The function runs ahead, so
/// that many files cost no more than without a limit.
pub fn each<T: Send + 'static>(paths: &[PathBuf], act: impl Fn(&Path) -> T + Send + Sync + 'static) -> Vec<Option<T>> {
    let act = Arc::new(act);
    let mut results = Vec::new();
    while results.len() < paths.len() {
        let (says, news) = mpsc::channel();
        let (own, rest) = (act.clone(), paths[results.len()..].to_vec());
        thread::spawn(move || {
            for path in rest {
                let result = if is_silent(&path) { None } else { Some((*own)(&path)) };
                // If nobody listens, the thread was abandoned.
                if says.send(result).is_err() {
                    break;
                }
            }
        });
        while results.len() < paths.len() {
            match news.recv_timeout(LIMIT) {
                Ok(result) => results.push(result),
                Err(_) => {
                    let path = &paths[results.len()];
                    silent().push(path.parent().unwrap_or(path).to_owned());
                    results.push(None);
                    break;
                }
            }
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

/// The error of a file without an answer.
pub fn silence() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("its file system has not answered in {} s", LIMIT.as_secs()))
}

fn is_silent(path: &Path) -> bool {
    silent().iter().any(|folder| path.starts_with(folder))
}

fn silent() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    SILENT.lock().unwrap_or_else(PoisonError::into_inner)
}
