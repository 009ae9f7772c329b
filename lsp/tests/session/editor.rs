//! An editor that shows files, with a cursor at `|`.

use lsp_server::{Connection, Message, Notification, Request};
use nixvirt_lsp::guide::Guide;
use nixvirt_lsp::server::serve;
use serde_json::{Value as Json, json};
use std::thread::{self, JoinHandle};

/// Editor that is connected to a server.
pub struct Editor {
    connection: Connection,
    server: Option<JoinHandle<()>>,
    asked: i32,
}

impl Editor {
    /// Starts a server, for an editor that knows snippets.
    pub fn new() -> Self {
        Editor::with(&json!({
            "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } }
        }))
    }

    /// Starts a server for an editor with certain capabilities.
    pub fn with(capabilities: &Json) -> Self {
        let (own, connection) = Connection::memory();
        let server = thread::Builder::new().stack_size(64 << 20);
        let server = server.spawn(move || serve(&connection, Guide::at("https://guide")).expect("it ends in order"));
        let mut editor = Editor { connection: own, server: Some(server.expect("a thread starts")), asked: 0 };
        editor.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        editor.tell("initialized", json!({}));
        editor
    }

    /// Sends a notification.
    pub fn tell(&self, method: &str, parameters: Json) {
        let message = Notification::new(method.to_owned(), parameters);
        self.connection.sender.send(message.into()).expect("the server reads");
    }

    /// Sends a request, whose result does not matter.
    pub fn order(&mut self, method: &str, parameters: Json) {
        self.asked += 1;
        let request = Request::new(self.asked.into(), method.to_owned(), parameters);
        self.connection.sender.send(request.into()).expect("the server reads");
    }

    /// Sends a request, and returns the result.
    pub fn ask(&mut self, method: &str, parameters: Json) -> Json {
        self.order(method, parameters);
        loop {
            match self.connection.receiver.recv().expect("the server answers") {
                Message::Response(response) if response.id == self.asked.into() => {
                    let answer = serde_json::to_value(&response).expect("it is JSON");
                    assert_eq!(answer.get("error"), None, "{method}");
                    return answer["result"].clone();
                }
                _ => {}
            }
        }
    }

    /// Shows a file. Returns the position of the cursor.
    pub fn open(&self, path: &str, text: &str) -> Json {
        let (before, after) = text.split_once('|').unwrap_or((text, ""));
        let document = json!({
            "uri": uri(path), "languageId": "nix", "version": 1, "text": format!("{before}{after}")
        });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
        json!({ "line": line, "character": column })
    }

    /// Asks a question about the cursor in a file.
    pub fn ask_at(&mut self, method: &str, path: &str, text: &str) -> Json {
        let position = self.open(path, text);
        self.ask(method, json!({ "textDocument": { "uri": uri(path) }, "position": position }))
    }

    /// Returns the problems of a file that the server sends next.
    pub fn problems(&self, path: &str) -> Vec<Json> {
        self.problems_of(&uri(path))
    }

    /// Returns the problems that the server sends next for a URI.
    pub fn problems_of(&self, uri: &str) -> Vec<Json> {
        self.report_of(uri)["diagnostics"].as_array().expect("a list").clone()
    }

    /// Returns what the server sends next about the problems of a file.
    pub fn report(&self, path: &str) -> Json {
        self.report_of(&uri(path))
    }

    fn report_of(&self, uri: &str) -> Json {
        loop {
            match self.connection.receiver.recv().expect("the server reports") {
                Message::Notification(Notification { method, params })
                    if method == "textDocument/publishDiagnostics" && params["uri"] == uri =>
                {
                    return params;
                }
                _ => {}
            }
        }
    }

    /// Returns the parameters of the request that the server sends next.
    pub fn request(&mut self, expected: &str) -> Json {
        loop {
            if let Message::Request(request) = self.connection.receiver.recv().expect("the server asks") {
                assert_eq!(request.method, expected);
                return request.params;
            }
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        self.ask("shutdown", Json::Null);
        self.tell("exit", Json::Null);
        self.server.take().expect("it runs").join().expect("it ends");
    }
}

/// Returns the URI of a file.
pub fn uri(path: &str) -> String {
    format!("file://{path}")
}
