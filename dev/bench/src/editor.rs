//! The language server as an editor sees it, on a file of 5,000 lines with 100 guests.

#[path = "../../../lsp/benches/guests.rs"]
mod guests;

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const FILE: &str = "file:///guests.nix";

/// Measures the server, and prints a table.
pub fn bench(runs: usize) -> Result<(), String> {
    bench_server(runs).map_err(|why| format!("cannot talk with `nixvirt lsp`: {why}"))
}

fn bench_server(runs: usize) -> io::Result<()> {
    let start = median(runs, || Server::start().map(|_| Instant::now()))?;
    let text = guests::module();
    let line = text.lines().position(|line| line.contains("source.network")).unwrap_or_default();
    let at = |line: usize, character: usize| json!({ "line": line, "character": character });
    let mut server = Server::start()?;
    let document = json!({ "uri": FILE, "languageId": "nix", "version": 0, "text": text });
    server.tell("textDocument/didOpen", json!({ "textDocument": document }))?;
    server.problems()?;
    let keystroke = median(runs, || {
        server.type_at(&at(line, 26))?;
        server.problems()?;
        Ok(Instant::now())
    })?;
    let place = json!({ "textDocument": { "uri": FILE }, "position": at(line, 8) });
    let typing = median(runs, || {
        server.type_at(&at(line, 26))?;
        server.ask("textDocument/completion", &place)?;
        let end = Instant::now();
        server.problems()?;
        Ok(end)
    })?;
    let mut answer = |method| {
        median(runs, || {
            server.ask(method, &place)?;
            Ok(Instant::now())
        })
    };
    let completion = answer("textDocument/completion")?;
    let hover = answer("textDocument/hover")?;
    println!("| start | problems after a keystroke | completion after a keystroke | completion | hover | memory |");
    println!("|---|---|---|---|---|---|");
    let memory = server.peak()?;
    println!("| {start:.1} ms | {keystroke:.1} ms | {typing:.1} ms | {completion:.1} ms | {hover:.1} ms | {memory} |");
    Ok(())
}

/// Returns the median of the milliseconds until the end that some work returns.
fn median(runs: usize, mut work: impl FnMut() -> io::Result<Instant>) -> io::Result<f64> {
    let mut all = Vec::new();
    for _ in 0..runs {
        let begin = Instant::now();
        all.push(work()?.duration_since(begin).as_secs_f64() * 1e3);
    }
    all.sort_by(f64::total_cmp);
    Ok(all[all.len() / 2])
}

struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Number of notifications that came before an answer.
    early: usize,
}

impl Server {
    /// Starts a server, which answers from then on.
    fn start() -> io::Result<Self> {
        let mut process = Command::new("nixvirt").arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut server = Server { process, input, output: BufReader::new(output), early: 0 };
        server.ask("initialize", &json!({ "processId": null, "rootUri": null, "capabilities": {} }))?;
        server.tell("initialized", json!({}))?;
        Ok(server)
    }

    fn tell(&mut self, method: &str, parameters: Value) -> io::Result<()> {
        Message::from(Notification::new(method.to_owned(), parameters)).write(&mut self.input)
    }

    /// Types a letter.
    fn type_at(&mut self, here: &Value) -> io::Result<()> {
        let changes = json!([{ "range": { "start": here, "end": here }, "text": "n" }]);
        let document = json!({ "uri": FILE, "version": 1 });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> io::Result<()> {
        Message::from(Request::new(1.into(), method.to_owned(), parameters)).write(&mut self.input)?;
        self.wait_for(|message| matches!(message, Message::Response(_)))
    }

    /// Waits for problems.
    fn problems(&mut self) -> io::Result<()> {
        if self.early > 0 {
            self.early -= 1;
            return Ok(());
        }
        self.wait_for(|message| matches!(message, Message::Notification(_)))
    }

    fn wait_for(&mut self, is_it: impl Fn(&Message) -> bool) -> io::Result<()> {
        while let Some(message) = Message::read(&mut self.output)? {
            if is_it(&message) {
                return Ok(());
            }
            self.early += usize::from(matches!(message, Message::Notification(_)));
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    /// Returns the most memory that the server had.
    fn peak(&self) -> io::Result<String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        Ok(peak.unwrap_or_default().trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of a process that has ended is no concern.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
