//! The server: requests and notifications of an editor.

use crate::analysis::Analysis;
use crate::complete::{Asked, complete};
use crate::cursor::Cursor;
use crate::diagnose::Problem;
use crate::document::Document;
use crate::files::{FileId, Files};
use crate::guide::Guide;
use crate::{convert, fix, hover, symbols, uri};
use lsp_server::{Connection, Message, Notification, ProtocolError, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument, Notification as _,
    PublishDiagnostics,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, ExecuteCommand, HoverRequest, RegisterCapability,
    Request as _, ShowDocument, SignatureHelpRequest,
};
use lsp_types::{
    CodeActionProviderCapability, CodeDescription, CompletionItem, CompletionOptions, CompletionResponse, Diagnostic,
    DiagnosticSeverity, DidChangeWatchedFilesRegistrationOptions, DocumentSymbol, DocumentSymbolResponse,
    ExecuteCommandOptions, FileSystemWatcher, GlobPattern, HoverProviderCapability, InitializeParams, NumberOrString,
    OneOf, Position, PublishDiagnosticsParams, Registration, RegistrationParams, ServerCapabilities,
    ShowDocumentParams, SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
    WorkDoneProgressOptions,
};
use nixvirt_schema::engine::problem::Severity;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::rc::Rc;
use std::str::FromStr;
use std::time::Duration;

/// Name of the sender of problems, which editors show.
pub const SOURCE: &str = "nixvirt";

/// Request for the XML of the spec under a cursor: the document, and the position. The result is the XML, or null.
pub const XML: &str = "nixvirt/xml";

/// Command that opens the reference: the URL.
pub const OPEN_REFERENCE: &str = "nixvirt.openReference";

/// Time to wait for another message before problems are looked for.
const PAUSE: Duration = Duration::from_millis(4);

/// Talks with an editor until it says that it ends.
///
/// # Errors
/// The editor does not keep to the protocol.
pub fn serve(connection: &Connection, guide: Guide) -> Result<(), Box<dyn Error + Sync + Send>> {
    let capabilities = serde_json::to_value(capabilities())?;
    let initialized = connection.initialize(capabilities).map_err(|why| unless_ended(connection, why, "initialized"));
    let parameters: InitializeParams = serde_json::from_value(initialized?)?;
    let mut server = Server::new(connection, guide, &parameters);
    server.watch(&parameters);
    while let Some(message) = server.next() {
        match message {
            Message::Request(request) => {
                let is_shutdown = connection.handle_shutdown(&request);
                if is_shutdown.map_err(|why| unless_ended(connection, why, "exit"))? {
                    break;
                }
                server.answer(request)?;
            }
            Message::Notification(notification) => server.take(notification),
            Message::Response(_) => {}
        }
    }
    Ok(())
}

/// Returns that the messages end before one, if they do, or else the other error.
fn unless_ended(connection: &Connection, why: ProtocolError, before: &str) -> Box<dyn Error + Sync + Send> {
    if has_ended(connection) { format!("the input ends before the message `{before}`").into() } else { why.into() }
}

/// Returns whether no more messages come.
pub fn has_ended(connection: &Connection) -> bool {
    connection.receiver.try_recv().is_err_and(|why| why.is_disconnected())
}

fn capabilities() -> ServerCapabilities {
    let strings = |all: &[&str]| Some(all.iter().map(|it| (*it).to_owned()).collect());
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: strings(&[".", "\"", "="]),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: strings(&["{", ";"]),
            ..SignatureHelpOptions::default()
        }),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![OPEN_REFERENCE.to_owned()],
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        ..ServerCapabilities::default()
    }
}

struct Server<'c> {
    connection: &'c Connection,
    guide: Guide,
    has_snippets: bool,
    /// Whether the editor shows disabled actions with their reasons.
    has_disabled_actions: bool,
    files: Files,
    /// The files that the editor shows.
    shown: BTreeMap<FileId, Shown>,
    analyses: HashMap<FileId, Rc<Analysis>>,
    /// What was known of files before the last change. It completes what is typed without a new look at the whole file.
    before: HashMap<FileId, Rc<Analysis>>,
    /// Whether problems may have changed since they were sent.
    is_stale: bool,
    /// The files whose problems the editor shows.
    reported: BTreeSet<FileId>,
    /// Number of requests to the editor.
    requests: i32,
}

/// File that the editor shows.
struct Shown {
    uri: Uri,
    /// Number of its last change.
    version: i32,
}

impl<'c> Server<'c> {
    fn new(connection: &'c Connection, guide: Guide, parameters: &InitializeParams) -> Self {
        let document = parameters.capabilities.text_document.as_ref();
        let completion = document.and_then(|it| it.completion.as_ref());
        let action = document.and_then(|it| it.code_action.as_ref());
        let item = completion.and_then(|it| it.completion_item.as_ref());
        Server {
            connection,
            guide,
            has_snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
            has_disabled_actions: action.and_then(|action| action.disabled_support).unwrap_or_default(),
            files: Files::default(),
            shown: BTreeMap::new(),
            analyses: HashMap::new(),
            before: HashMap::new(),
            is_stale: false,
            reported: BTreeSet::new(),
            requests: 0,
        }
    }

    /// Asks the editor to tell of changes on the disk, which may change a file that another one imports.
    fn watch(&mut self, parameters: &InitializeParams) {
        let workspace = parameters.capabilities.workspace.as_ref();
        let watching = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        if watching.and_then(|it| it.dynamic_registration) != Some(true) {
            return;
        }
        let nix = FileSystemWatcher { glob_pattern: GlobPattern::String("**/*.nix".to_owned()), kind: None };
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: vec![nix] };
        let method = DidChangeWatchedFiles::METHOD.to_owned();
        let registration = Registration { id: method.clone(), method, register_options: json(Some(options)).into() };
        let registrations = RegistrationParams { registrations: vec![registration] };
        self.request(RegisterCapability::METHOD, registrations);
    }

    /// Returns the next message. Problems are sent once no message waits. Editors ask for completion right behind a keystroke.
    fn next(&mut self) -> Option<Message> {
        if self.is_stale {
            if let Ok(message) = self.connection.receiver.recv_timeout(PAUSE) {
                return Some(message);
            }
            // A question waits for one file at most.
            for file in self.shown.keys().copied().collect::<Vec<_>>() {
                self.analysis(file);
                if let Ok(message) = self.connection.receiver.try_recv() {
                    return Some(message);
                }
            }
            self.report();
        }
        self.connection.receiver.recv().ok()
    }

    fn take(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Some(opened) = read::<lsp_types::DidOpenTextDocumentParams>(params) {
                    let document = opened.text_document;
                    let file = self.files.show(&uri::path(&document.uri), document.text);
                    self.shown.insert(file, Shown { uri: document.uri, version: document.version });
                    self.forget(file);
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Some(changed) = read::<lsp_types::DidChangeTextDocumentParams>(params) {
                    self.change(&changed);
                }
            }
            DidCloseTextDocument::METHOD => {
                if let Some(closed) = read::<lsp_types::DidCloseTextDocumentParams>(params) {
                    if let Some(file) = self.files.find(&uri::path(&closed.text_document.uri)) {
                        self.shown.remove(&file);
                        self.forget(file);
                        self.files.hide(file);
                    }
                }
            }
            DidChangeWatchedFiles::METHOD => {
                self.analyses.clear();
                self.before.clear();
                self.is_stale = true;
            }
            _ => {}
        }
    }

    fn change(&mut self, changed: &lsp_types::DidChangeTextDocumentParams) {
        let path = uri::path(&changed.text_document.uri);
        let Some(file) = self.files.find(&path) else { return };
        let Some(shown) = self.shown.get_mut(&file) else { return };
        shown.version = changed.text_document.version;
        let old = self.files.document(file);
        for change in &changed.content_changes {
            let text = match change.range {
                Some(range) => self.files.document(file).with_change(range, &change.text),
                None => change.text.clone(),
            };
            self.files.show(&path, text);
        }
        let before = self.analyses.remove(&file).or_else(|| self.before.remove(&file));
        self.forget(file);
        if let Some(before) = before {
            let document = self.files.document(file);
            let same = old.text().bytes().zip(document.text().bytes()).take_while(|(one, other)| one == other);
            before.places.change(file, same.count());
            self.before.insert(file, before);
        }
    }

    /// Forgets what depends on a file.
    fn forget(&mut self, file: FileId) {
        self.is_stale = true;
        self.before.remove(&file);
        self.analyses.retain(|of, analysis| *of != file && !analysis.imported.contains(&file));
    }

    /// Returns what is known of a file that the editor shows.
    fn analysis(&mut self, file: FileId) -> Rc<Analysis> {
        self.before.remove(&file);
        let files = &self.files;
        let analysis = self.analyses.entry(file).or_insert_with(|| Rc::new(Analysis::of(files, file)));
        Rc::clone(analysis)
    }

    /// Sends the problems of all files, also of those that files import.
    fn report(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let shown: Vec<_> = self.shown.keys().copied().collect();
        let mut problems: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
        for file in shown {
            problems.entry(file).or_default();
            for problem in self.analysis(file).problems() {
                let diagnostic = diagnostic(problem, &self.files.document(problem.marked.file), &self.guide);
                let known = problems.entry(problem.marked.file).or_default();
                if !known.contains(&diagnostic) {
                    known.push(diagnostic);
                }
            }
        }
        let reported: BTreeSet<_> = problems.keys().copied().collect();
        for gone in self.reported.difference(&reported) {
            problems.insert(*gone, Vec::new());
        }
        self.reported = reported;
        for (file, diagnostics) in problems {
            let shown = self.shown.get(&file);
            let version = shown.map(|shown| shown.version);
            let uri = shown.map(|shown| shown.uri.clone()).or_else(|| uri::of(&self.files.path(file)));
            let Some(uri) = uri else { continue };
            let parameters = PublishDiagnosticsParams { uri, diagnostics, version };
            self.send(Notification::new(PublishDiagnostics::METHOD.to_owned(), parameters));
        }
    }

    fn send(&self, message: impl Into<Message>) {
        // An editor that is gone reads nothing; the end of the messages ends the server.
        let _ = self.connection.sender.send(message.into());
    }

    fn answer(&mut self, request: Request) -> Result<(), Box<dyn Error + Sync + Send>> {
        let Request { id, method, params } = request;
        let result = match method.as_str() {
            Completion::METHOD => {
                let asked: Option<lsp_types::CompletionParams> = read(params);
                json(asked.map(|asked| CompletionResponse::Array(self.complete(&asked.text_document_position))))
            }
            HoverRequest::METHOD => json(self.at_position(params, hover::hover)),
            SignatureHelpRequest::METHOD => json(self.at_position(params, hover::signature)),
            DocumentSymbolRequest::METHOD => {
                let asked: Option<lsp_types::DocumentSymbolParams> = read(params);
                let file = asked.and_then(|asked| self.files.find(&uri::path(&asked.text_document.uri)));
                json(file.map(|file| DocumentSymbolResponse::Nested(self.symbols(file))))
            }
            CodeActionRequest::METHOD => json(read(params).map(|asked| self.actions(&asked))),
            XML => json(self.at_position(params, convert::xml_at)),
            ExecuteCommand::METHOD => {
                if let Some(command) = read::<lsp_types::ExecuteCommandParams>(params) {
                    self.execute(&command);
                }
                Json::Null
            }
            _ => {
                let message = format!("unknown request {method}");
                let code = lsp_server::ErrorCode::MethodNotFound as i32;
                self.send(Response::new_err(id, code, message));
                return Ok(());
            }
        };
        self.send(Response::new_ok(id, result));
        Ok(())
    }

    /// Completes at a position. A path that is half written may hide the braces around it: then they are read without it.
    fn complete(&mut self, at: &lsp_types::TextDocumentPositionParams) -> Vec<CompletionItem> {
        let uri = &at.text_document.uri;
        let Some(file) = self.files.find(&uri::path(uri)) else { return Vec::new() };
        let document = self.files.document(file);
        let offset = document.offset(at.position);
        let offered = |asked: &Asked<'_>| Some(complete(asked)).filter(|items| !items.is_empty());
        let before = self.before.get(&file);
        let items = before.and_then(|before| offered(&self.asked(before, file, &document, offset)));
        if let Some(items) = items.or_else(|| self.ask(uri, at.position, offered)) {
            return items;
        }
        let Some(path) = Cursor::at(document.text(), offset).unfinished(offset) else { return Vec::new() };
        let blank: String = document.text()[path.clone()].chars().map(|it| if it == '\n' { it } else { ' ' }).collect();
        let text = [&document.text()[..path.start], &blank, &document.text()[path.end..]].concat();
        let analysis = self.files.with_text(file, text, |_| Analysis::of(&self.files, file));
        complete(&self.asked(&analysis, file, &document, offset))
    }

    fn asked<'a>(&'a self, analysis: &'a Analysis, file: FileId, document: &'a Document, offset: usize) -> Asked<'a> {
        Asked { analysis, file, document, offset, guide: &self.guide, has_snippets: self.has_snippets }
    }

    /// Answers a question about a position.
    fn at_position<T>(&mut self, parameters: Json, answer: impl Fn(&Asked<'_>) -> Option<T>) -> Option<T> {
        let at: lsp_types::TextDocumentPositionParams = read(parameters)?;
        self.ask(&at.text_document.uri, at.position, answer)
    }

    /// Answers a question about a position in a file: from what is known of the file, else from what is known of the
    /// files that import it.
    fn ask<T>(&mut self, uri: &Uri, position: Position, answer: impl Fn(&Asked<'_>) -> Option<T>) -> Option<T> {
        let file = self.files.find(&uri::path(uri))?;
        let document = self.files.document(file);
        let offset = document.offset(position);
        let mut analyses = self.analyses_of(file).into_iter();
        analyses.find_map(|analysis| answer(&self.asked(&analysis, file, &document, offset)))
    }

    /// Returns what is known of a file by itself, and by the files that import it.
    fn analyses_of(&mut self, file: FileId) -> Vec<Rc<Analysis>> {
        let others: Vec<_> = self.shown.keys().copied().filter(|other| *other != file).collect();
        let others: Vec<_> = others.into_iter().map(|other| self.analysis(other)).collect();
        let importing = others.into_iter().filter(|analysis| analysis.imported.contains(&file));
        std::iter::once(self.analysis(file)).chain(importing).collect()
    }

    fn symbols(&mut self, file: FileId) -> Vec<DocumentSymbol> {
        let document = self.files.document(file);
        let mut all = self.analyses_of(file).into_iter().map(|known| symbols::symbols(&known, file, &document));
        all.find(|symbols| !symbols.is_empty()).unwrap_or_default()
    }

    fn actions(&mut self, asked: &lsp_types::CodeActionParams) -> Vec<lsp_types::CodeActionOrCommand> {
        let uri = &asked.text_document.uri;
        let Some(file) = self.files.find(&uri::path(uri)) else { return Vec::new() };
        let document = self.files.document(file);
        let offset = document.offset(asked.range.start);
        let inside = |problem: &Problem| {
            let range = document.range(problem.marked.range);
            problem.marked.file == file && range.start <= asked.range.end && asked.range.start <= range.end
        };
        let mut actions = Vec::new();
        let analyses = self.analyses_of(file);
        for analysis in &analyses {
            for problem in analysis.problems().iter().filter(|problem| inside(problem)) {
                let shown = diagnostic(problem, &document, &self.guide);
                for fix in fix::fixes(problem, &document, &analysis.places) {
                    let action = fix.action(uri, &document, &shown);
                    if !actions.contains(&action) {
                        actions.push(action);
                    }
                }
            }
        }
        let mut places = analyses.iter().map(|analysis| &analysis.places);
        let by_name = places.find_map(|places| fix::by_name(&document, offset, places, file));
        let conversion = convert::action(&document, offset, &analyses[0].places, file);
        actions.extend(by_name.map(|fix| fix.alone(uri, &document)));
        match conversion {
            Some(Ok(fix)) => actions.push(fix.alone(uri, &document)),
            Some(Err(why)) if self.has_disabled_actions => actions.push(fix::disabled(convert::TITLE, &why)),
            _ => {}
        }
        let reference = self.ask(uri, asked.range.start, hover::reference);
        actions.extend(reference.map(|url| fix::open(&url)));
        actions
    }

    fn execute(&mut self, command: &lsp_types::ExecuteCommandParams) {
        let url = command.arguments.first().and_then(Json::as_str).and_then(|url| Uri::from_str(url).ok());
        let (OPEN_REFERENCE, Some(uri)) = (command.command.as_str(), url) else { return };
        let parameters = ShowDocumentParams { uri, external: Some(true), take_focus: None, selection: None };
        self.request(ShowDocument::METHOD, parameters);
    }

    /// Sends a request to the editor, whose answer does not matter.
    fn request(&mut self, method: &str, parameters: impl Serialize) {
        self.requests += 1;
        self.send(Request::new(self.requests.into(), method.to_owned(), parameters));
    }
}

fn read<T: DeserializeOwned>(parameters: Json) -> Option<T> {
    serde_json::from_value(parameters).ok()
}

fn json(value: Option<impl Serialize>) -> Json {
    value.and_then(|value| serde_json::to_value(value).ok()).unwrap_or_default()
}

/// Returns a problem as editors show it.
pub fn diagnostic(problem: &Problem, document: &Document, guide: &Guide) -> Diagnostic {
    let found = &problem.problem;
    let mut message = found.message.clone();
    if let Some(suggestion) = &found.suggestion {
        message.push_str(&nixvirt_schema::engine::message::suggestion(suggestion));
    }
    if let Some(hint) = &found.hint {
        message.push_str(&format!("\n{}", nixvirt_schema::engine::message::hint(hint)));
    }
    Diagnostic {
        range: document.range(problem.marked.range),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(found.code.to_owned())),
        code_description: guide
            .code(found.code)
            .and_then(|page| Uri::from_str(&page).ok())
            .map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    }
}
