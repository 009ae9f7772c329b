//! The standard streams, over which an editor and the server send messages: headers, of which one tells the size, and JSON.

use crossbeam_channel::bounded;
use lsp_server::{Connection, Message};
use std::io::{self, BufRead, Error, ErrorKind, Read, stdin, stdout};
use std::thread::{self, JoinHandle};

/// The most bytes of a message. The largest messages have the text of a whole file.
const MAX_MESSAGE: u64 = 256 << 20;

/// The most bytes of the headers of a message.
const MAX_HEADERS: u64 = 4 << 10;

/// Why a message is incomplete.
const ENDS_WITHIN: &str = "the input ends within a message";

/// Thread that reads or writes messages.
pub type Worker = JoinHandle<io::Result<()>>;

/// Connects a server with its standard streams. Returns the threads that read and write, too.
pub fn connect() -> (Connection, Worker, Worker) {
    let (received, receiver) = bounded(0);
    let (sender, sent) = bounded::<Message>(0);
    let reader = thread::spawn(move || {
        let mut input = stdin().lock();
        while let Some(message) = read(&mut input)? {
            let is_last = matches!(&message, Message::Notification(it) if it.method == "exit");
            if received.send(message).is_err() || is_last {
                break;
            }
        }
        Ok(())
    });
    let writer = thread::spawn(move || {
        let mut output = stdout().lock();
        sent.into_iter().try_for_each(|message| message.write(&mut output))
    });
    (Connection { sender, receiver }, reader, writer)
}

/// Waits for a thread.
pub fn join(worker: Worker) -> io::Result<()> {
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Reads the next message. None at the end of the input.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let invalid = |what: String| Error::new(ErrorKind::InvalidData, what);
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut headers = input.by_ref().take(MAX_HEADERS);
    let mut size = None;
    loop {
        let mut line = String::new();
        headers.read_line(&mut line)?;
        let Some(header) = line.strip_suffix('\n').map(str::trim) else {
            return Err(match headers.limit() {
                0 => invalid(format!("the headers of a message have more than {MAX_HEADERS} bytes")),
                _ => invalid(ENDS_WITHIN.to_owned()),
            });
        };
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').ok_or_else(|| invalid(format!("invalid header {header:?}")))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            let known = value.trim().parse().ok().filter(|size| *size <= MAX_MESSAGE);
            let expected =
                || invalid(format!("invalid header {header:?}: expected a size of at most {MAX_MESSAGE} bytes"));
            size = Some(known.ok_or_else(expected)?);
        }
    }
    let size = size.ok_or_else(|| invalid("a message has no header Content-Length".to_owned()))?;
    // Memory is taken for what arrives, not for what is announced.
    let mut json = Vec::new();
    if (input.take(size).read_to_end(&mut json)? as u64) < size {
        return Err(invalid(ENDS_WITHIN.to_owned()));
    }
    serde_json::from_slice(&json).map(Some).map_err(|why| invalid(format!("a message is no JSON-RPC: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::io::BufReader;

    /// Reads all messages.
    fn read_all(input: impl Read) -> Result<String, String> {
        let mut input = BufReader::new(input);
        let mut methods = String::new();
        while let Some(message) = read(&mut input).map_err(|why| why.to_string())? {
            let Message::Notification(notification) = message else { panic!("it is a notification") };
            methods.push_str(&notification.method);
        }
        Ok(methods)
    }

    #[track_caller]
    fn check(input: &str, expected: Expect) {
        let (Ok(found) | Err(found)) = read_all(input.as_bytes());
        expected.assert_eq(&found);
    }

    #[test]
    fn messages() {
        check("", expect![[""]]);
        let one = "content-length: 16\r\nContent-Type: text\r\n\r\n{\"method\": \"a\"} ";
        let other = "Content-Length:14\n\n{\"method\":\"b\"}";
        check(&[one, other].concat(), expect!["ab"]);
    }

    #[test]
    fn what_is_no_message() {
        check(
            "Content-Length: 99999999999999\r\n\r\n{}",
            expect![[r#"invalid header "Content-Length: 99999999999999": expected a size of at most 268435456 bytes"#]],
        );
        check(
            "Content-Length: 99999999999999999999999\r\n\r\n{}",
            expect![[
                r#"invalid header "Content-Length: 99999999999999999999999": expected a size of at most 268435456 bytes"#
            ]],
        );
        check(
            "Content-Length: -1\r\n\r\n{}",
            expect![[r#"invalid header "Content-Length: -1": expected a size of at most 268435456 bytes"#]],
        );
        check(
            "Content-Length: ten\r\n\r\n{}",
            expect![[r#"invalid header "Content-Length: ten": expected a size of at most 268435456 bytes"#]],
        );
        check("Content-Type: text\r\n\r\n{}", expect!["a message has no header Content-Length"]);
        check("hello\r\n\r\n{}", expect![[r#"invalid header "hello""#]]);
        check("Content-Length: 20\r\n\r\n{}", expect!["the input ends within a message"]);
        check("Content-Length: 20\r\n", expect!["the input ends within a message"]);
        check(
            "Content-Length: 2\r\n\r\n{]",
            expect!["a message is no JSON-RPC: key must be a string at line 1 column 2"],
        );
    }

    #[test]
    fn what_does_not_end() {
        let expected = Err("the headers of a message have more than 4096 bytes".to_owned());
        assert_eq!(read_all(io::repeat(b'a')), expected);
        assert_eq!(read_all(io::Cursor::new("Name: value\r\n".repeat(100_000))), expected);
    }
}
