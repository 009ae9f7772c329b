//! Downloads by the command `curl`: it knows the proxies and the authorities of the host, resumes, and costs the program no
//! library for TLS.

use crate::error::{Error, ErrorKind};
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// How often the size of the file is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// How often a download that was cut is resumed, as long as each try brings more of it.
const TRIES: usize = 5;

/// curl's exit codes for a connection that failed, hung or was cut, after which a download can be resumed.
const CUT: [i32; 7] = [5, 6, 7, 18, 28, 52, 56];

/// Downloads the rest of a file.
///
/// # Errors
/// Of the kind [`ErrorKind::Connection`] if what has arrived is kept, and the next try resumes.
pub fn get(url: &str, to: &Path, timeout: Duration, progress: &dyn Fn(u64, u64)) -> Result<(), Error> {
    let mut tries = 1;
    loop {
        let before = size(to);
        match once(url, to, timeout, progress) {
            Err(error) if error.kind() == ErrorKind::Connection && size(to) > before && tries < TRIES => tries += 1,
            result => return result,
        }
    }
}

fn once(url: &str, to: &Path, timeout: Duration, progress: &dyn Fn(u64, u64)) -> Result<(), Error> {
    let headers = to.with_extension("headers");
    let begin = size(to);
    let result = start(url, to, &headers, begin, timeout).and_then(|mut curl| {
        let code = loop {
            if let Some(status) = curl.try_wait()? {
                break status.code();
            }
            progress(size(to), length(&headers).map_or(0, |length| begin + length));
            sleep(LOOK);
        };
        let mut said = String::new();
        if let Some(mut stderr) = curl.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        Ok((code, said))
    });
    let _ = fs::remove_file(&headers);
    let cannot_run = |cause: io::Error| {
        let error = Error::system("cannot run curl", cause);
        error.with_hint("install curl, which downloads images")
    };
    match result.map_err(cannot_run)? {
        (Some(0), _) => Ok(()),
        (code, said) => {
            let is_cut = code.is_some_and(|code| CUT.contains(&code));
            let kind = if is_cut { ErrorKind::Connection } else { ErrorKind::Input };
            Err(Error::new(kind, said.trim().to_owned()))
        }
    }
}

fn start(url: &str, to: &Path, headers: &Path, begin: u64, timeout: Duration) -> io::Result<Child> {
    let seconds = timeout.as_secs().max(1).to_string();
    let mut curl = Command::new("curl");
    // Settings of the user do not count, and neither does a URL with another meaning.
    curl.args(["--disable", "--globoff", "--proto", "=http,https", "--silent", "--show-error", "--fail", "--location"]);
    curl.args(["--connect-timeout", &seconds, "--speed-limit", "1", "--speed-time", &seconds]);
    curl.arg("--continue-at").arg(begin.to_string()).arg("--output").arg(to).arg("--dump-header").arg(headers);
    // The URL may hold a secret, and is not in the list of processes.
    curl.args(["--config", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = curl.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        let quoted = url.replace('\\', "\\\\").replace('"', "\\\"");
        // If curl has ended, its exit code says why.
        let _ = writeln!(stdin, "url = \"{quoted}\"");
    }
    Ok(child)
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The size of the last answer, as its headers state it.
fn length(headers: &Path) -> Option<u64> {
    let text = fs::read_to_string(headers).ok()?;
    let value = |line: &str| {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    };
    text.lines().rev().find_map(value)
}
