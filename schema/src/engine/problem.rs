//! What is wrong with a spec: every problem at once, each with its path, what was expected, what was
//! probably meant, and where it was written.

use crate::engine::nix::is_identifier;
use crate::engine::value::{Data, Origin, Spec, Value};
use serde::Serialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// libvirt would refuse the object, or misread it.
    Error,
    /// libvirt would accept it, and it would surprise.
    Warning,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The file, or what stands for it, as in `<stdin>`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// One thing that is wrong with a spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A name of the kind of problem that stays the same from release to release.
    pub code: &'static str,
    /// Where in the spec it is, as in `devices.disk[0].driver.cache`; empty for the spec itself.
    pub path: String,
    /// What is wrong and what was expected.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// Where it was written, if that is known.
    pub position: Option<Position>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean \"{suggestion}\"?")?;
        }
        if let Some(Position { file, line, column }) = &self.position {
            write!(f, "\n    at {file}:{line}:{column}")?;
        }
        Ok(())
    }
}

/// All that is said of one object, as people read it.
pub fn summary(kind: &str, name: Option<&str>, diagnostics: &[Diagnostic]) -> String {
    let object = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} \"{name}\""));
    let count = match diagnostics.len() {
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    let mut text = format!("{object}: {count}");
    for diagnostic in diagnostics {
        text.push_str("\n  ");
        text.push_str(&diagnostic.to_string().replace('\n', "\n  "));
    }
    if diagnostics.len() == MAX_PROBLEMS {
        text.push_str("\n  …");
    }
    text
}

/// How many problems are told at most: nobody reads more, and a spec of a million mistakes would fill the memory.
pub const MAX_PROBLEMS: usize = 1000;

/// How many bytes of a message, or of a name in a path, are shown.
const MAX_SHOWN: usize = 2000;

/// A text of which the end is left out where it is long.
fn shortened(text: &str) -> Cow<'_, str> {
    match (0..=MAX_SHOWN).rev().find(|at| text.is_char_boundary(*at)) {
        Some(end) if end < text.len() => Cow::Owned(format!("{}…", &text[..end])),
        _ => Cow::Borrowed(text),
    }
}

/// A problem as it is found: cheap, its path and position not looked up yet.
#[derive(Clone, Debug)]
struct Problem {
    at: u32,
    /// The attribute below `at` that is missing.
    missing: Option<&'static str>,
    severity: Severity,
    code: &'static str,
    message: String,
    suggestion: Option<String>,
}

/// Gathers problems while a spec is read.
#[derive(Debug)]
pub struct Report<'a> {
    spec: &'a Spec<'a>,
    problems: Vec<Problem>,
    has_errors: bool,
    /// Made when the first path is asked for.
    paths: OnceCell<Paths<'a>>,
}

impl<'a> Report<'a> {
    /// An empty report on that spec.
    pub fn new(spec: &'a Spec<'a>) -> Self {
        Report { spec, problems: Vec::new(), has_errors: false, paths: OnceCell::new() }
    }

    /// The spec that is reported on.
    pub fn spec(&self) -> &'a Spec<'a> {
        self.spec
    }

    /// Adds an error: libvirt would refuse this.
    pub fn error(&mut self, at: Value<'_>, code: &'static str, message: impl Into<String>) {
        self.add(Severity::Error, at, code, message.into(), None);
    }

    /// Adds an error and what was probably meant.
    pub fn error_with(&mut self, at: Value<'_>, code: &'static str, message: String, suggestion: Option<String>) {
        self.add(Severity::Error, at, code, message, suggestion);
    }

    /// Adds a warning: libvirt would accept this, and it would surprise.
    pub fn warning(&mut self, at: Value<'_>, code: &'static str, message: impl Into<String>) {
        self.add(Severity::Warning, at, code, message.into(), None);
    }

    /// Says that an attribute is missing from a set.
    pub fn missing(&mut self, at: Value<'_>, name: &'static str, message: impl Into<String>) {
        self.push(Problem {
            at: at.index(),
            missing: Some(name),
            severity: Severity::Error,
            code: "missing",
            message: message.into(),
            suggestion: None,
        });
    }

    fn add(
        &mut self,
        severity: Severity,
        at: Value<'_>,
        code: &'static str,
        message: String,
        suggestion: Option<String>,
    ) {
        self.push(Problem { at: at.index(), missing: None, severity, code, message, suggestion });
    }

    fn push(&mut self, mut problem: Problem) {
        self.has_errors |= problem.severity == Severity::Error;
        if self.problems.len() < MAX_PROBLEMS {
            if let Cow::Owned(message) = shortened(&problem.message) {
                problem.message = message;
            }
            self.problems.push(problem);
        }
    }

    /// Whether there is any error.
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// The path at which a value stands in the spec, for a message that names another value.
    pub fn path(&self, of: Value<'_>) -> String {
        self.paths.get_or_init(|| Paths::new(self.spec)).path(of.index())
    }

    /// Every problem with its path, its position still to be found.
    pub fn findings(self) -> Findings {
        if self.problems.is_empty() {
            return Findings(Vec::new());
        }
        let paths = self.paths.into_inner().unwrap_or_else(|| Paths::new(self.spec));
        let finding = |problem: Problem| {
            let diagnostic = Diagnostic {
                path: paths.path_of_missing(problem.at, problem.missing),
                position: None,
                severity: problem.severity,
                code: problem.code,
                message: problem.message,
                suggestion: problem.suggestion,
            };
            (self.spec.value(problem.at).origin(), diagnostic)
        };
        Findings(self.problems.into_iter().map(finding).collect())
    }
}

/// The problems of a spec with their origins, which only the spec's source can turn into positions.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<(Origin, Diagnostic)>);

impl Findings {
    /// The origins whose positions [`Findings::locate`] asks for, in the same order.
    pub fn origins(&self) -> impl Iterator<Item = Origin> + '_ {
        self.0.iter().map(|(origin, _)| *origin)
    }

    /// Adds the positions and sorts the problems as the spec's text has them, where that is known of all.
    pub fn locate(self, mut position: impl FnMut(Origin) -> Option<Position>) -> Vec<Diagnostic> {
        let locate = |(origin, diagnostic)| Diagnostic { position: position(origin), ..diagnostic };
        let mut all: Vec<Diagnostic> = self.0.into_iter().map(locate).collect();
        let file = |it: &Diagnostic| it.position.as_ref().map(|position| position.file.clone());
        let first = all.first().and_then(file);
        if first.is_some() && all.iter().all(|it| file(it) == first) {
            all.sort_by_key(|it| it.position.as_ref().map(|position| (position.line, position.column)));
        }
        all
    }
}

/// For each value of a spec, the one that holds it.
#[derive(Debug)]
struct Paths<'a> {
    spec: &'a Spec<'a>,
    parents: Vec<u32>,
}

impl<'a> Paths<'a> {
    fn new(spec: &'a Spec<'a>) -> Self {
        let root = spec.root().index();
        let mut parents = vec![root; root as usize + 1];
        for parent in 0..=root {
            for child in spec.value(parent).children() {
                parents[child.index() as usize] = parent;
            }
        }
        Paths { spec, parents }
    }

    fn path_of_missing(&self, index: u32, missing: Option<&str>) -> String {
        let mut path = self.path(index);
        if let Some(name) = missing {
            step(&mut path, name);
        }
        path
    }

    fn path(&self, index: u32) -> String {
        if index == self.spec.root().index() {
            return String::new();
        }
        let parent = self.parents[index as usize];
        let mut path = self.path(parent);
        match self.spec.value(parent).data() {
            Data::List(_) => {
                let first = self.spec.value(parent).children().next().map_or(index, Value::index);
                path.push_str(&format!("[{}]", index - first));
            }
            _ => step(&mut path, self.spec.value(index).key()),
        }
        path
    }
}

/// Adds an attribute's name to a path, in quotes where Nix wants them.
fn step(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    match shortened(name) {
        name if is_identifier(&name) => path.push_str(&name),
        name => path.push_str(&format!("{name:?}")),
    }
}

/// The known word that is closest to the one found, if any is close.
pub fn closest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    let distance = |word: &str| match word.to_lowercase() {
        same if same == lower => 0,
        other => strsim::damerau_levenshtein(&lower, &other),
    };
    // A text of twice a word's length is far from it: what is compared stays short.
    let length = lower.chars().count();
    let similar = known.into_iter().filter(|word| length < 2 * word.len());
    let (near, word) = similar.map(|word| (distance(word), word)).min_by_key(|(near, _)| *near)?;
    (near <= 1.max(found.len() / 3) && near < word.len()).then_some(word)
}

/// Words as a list for a message, cut short where there are many.
pub fn listing<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 18;
    let more = if words.len() > SHOWN { ", …" } else { "" };
    let shown: Vec<_> = words.take(SHOWN).collect();
    shown.join(", ") + more
}
