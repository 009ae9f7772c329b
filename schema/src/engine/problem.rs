//! Problems of a spec: all of them at once, each with a code, the path and position of the value, and what to do.

use crate::engine::message;
use crate::engine::nix::is_identifier;
use crate::engine::release::Release;
use crate::engine::value::{Data, Origin, Spec, Value};
use serde::Serialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

/// Severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// libvirt refuses the object or misreads it.
    Error,
    /// libvirt accepts the object, but the result is probably not what the user wants.
    Warning,
}

/// Position in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// File name, or a placeholder such as `<stdin>`.
    pub file: String,
    /// Line number, from 1.
    pub line: u32,
    /// Column number, from 1.
    pub column: u32,
}

/// Problem of a spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Severity of the problem.
    pub severity: Severity,
    /// Code of the problem. It stays the same from release to release.
    pub code: &'static str,
    /// Path of the value in the spec, such as `devices.disk[0].driver.cache`; empty for the spec itself.
    pub path: String,
    /// Description of the problem, with the value and what was expected.
    pub message: String,
    /// Name or word that was probably meant.
    pub suggestion: Option<String>,
    /// Advice on how to solve the problem.
    pub hint: Option<String>,
    /// Page and anchor that document the value, relative to the folder `reference/fields` of the guide, such as
    /// `domain/devices/disk.html#devices.disk.driver`.
    pub reference: Option<String>,
    /// Position of the value, if known.
    pub position: Option<Position>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        f.write_str(&message::headline(severity, self.code))?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if let Some(suggestion) = &self.suggestion {
            f.write_str(&message::suggestion(suggestion))?;
        }
        if let Some(Position { file, line, column }) = &self.position {
            write!(f, "\n  at {file}:{line}:{column}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  {}", message::hint(hint))?;
        }
        Ok(())
    }
}

/// Returns the text that shows all problems of one object.
pub fn summary(kind: &str, name: Option<&str>, diagnostics: &[Diagnostic]) -> String {
    let object = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name:?}"));
    let mut text = format!("{object}: {}", count(diagnostics));
    for diagnostic in diagnostics {
        text.push_str("\n  ");
        text.push_str(&diagnostic.to_string().replace('\n', "\n  "));
    }
    if diagnostics.len() == MAX_PROBLEMS {
        text.push_str("\n  …");
    }
    text
}

/// Returns advice below all problems: the command that explains their code. Several codes are a placeholder. Without a
/// problem there is none.
pub fn explained(codes: impl IntoIterator<Item = &'static str>) -> Option<String> {
    let mut codes = codes.into_iter();
    let first = codes.next()?;
    Some(message::explained(if codes.all(|code| code == first) { first } else { "CODE" }))
}

/// Returns the numbers of errors and warnings, such as `2 errors, 1 warning`.
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
    let numbers = [(errors, "error"), (diagnostics.len() - errors, "warning")];
    let plural = |number| if number == 1 { "" } else { "s" };
    let counted = numbers.iter().filter(|(number, _)| *number > 0);
    let counted: Vec<_> = counted.map(|(number, what)| format!("{number} {what}{}", plural(*number))).collect();
    counted.join(", ")
}

/// Maximum number of reported problems. Nobody reads more, and a spec with a million mistakes would fill the memory.
pub const MAX_PROBLEMS: usize = 1000;

/// Maximum number of bytes that are shown of a message, or of a name in a path.
const MAX_SHOWN: usize = 2000;

/// Returns the text, without its end if it is long.
fn shortened(text: &str) -> Cow<'_, str> {
    match (0..=MAX_SHOWN).rev().find(|at| text.is_char_boundary(*at)) {
        Some(end) if end < text.len() => Cow::Owned(format!("{}…", &text[..end])),
        _ => Cow::Borrowed(text),
    }
}

/// Problem as it is found: cheap, without path and position.
#[derive(Clone, Debug)]
struct Problem {
    at: u32,
    /// Name of the attribute below `at` that is missing.
    missing: Option<&'static str>,
    severity: Severity,
    code: &'static str,
    message: String,
    suggestion: Option<String>,
    hint: Option<String>,
    /// Whether a rule found it, and not a type.
    is_of_rule: bool,
}

/// Problem that was just added to a report, for details that only some problems have.
pub struct Added<'r>(Option<&'r mut Problem>);

impl Added<'_> {
    /// Adds the name or word that was probably meant.
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        if let Some(problem) = &mut self.0 {
            problem.suggestion = suggestion.map(Into::into);
        }
        self
    }

    /// Adds advice on how to solve the problem.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(problem) = &mut self.0 {
            problem.hint = Some(shortened(&hint.into()).into_owned());
        }
        self
    }
}

/// Collects the problems of a spec while it is read.
#[derive(Debug)]
pub struct Report<'a> {
    spec: &'a Spec<'a>,
    /// Release of libvirt that the spec is for, if known.
    target: Option<Release>,
    problems: Vec<Problem>,
    has_errors: bool,
    /// Whether rules read the spec, which may come across unknown values.
    is_in_rules: bool,
    /// Made when the first path is asked for.
    paths: OnceCell<Paths<'a>>,
}

impl<'a> Report<'a> {
    /// Returns an empty report on a spec for a libvirt of that release, if it is known.
    pub fn new(spec: &'a Spec<'a>, target: Option<Release>) -> Self {
        Report { spec, target, problems: Vec::new(), has_errors: false, is_in_rules: false, paths: OnceCell::new() }
    }

    /// Returns the spec that the report is about.
    pub fn spec(&self) -> &'a Spec<'a> {
        self.spec
    }

    /// Returns the release of libvirt that the spec is for, if it is known.
    pub fn target(&self) -> Option<Release> {
        self.target
    }

    /// Runs rules on a value. What they conclude from unknown values is not reported.
    pub(crate) fn check_rules(&mut self, rules: fn(Value<'_>, &mut Report<'_>), value: Value<'_>) {
        self.is_in_rules = true;
        self.start_rule();
        rules(value, self);
        self.is_in_rules = false;
    }

    /// Says that the next rule starts, which does not depend on what the one before has read.
    pub(crate) fn start_rule(&self) {
        self.spec.forget_unknown();
    }

    /// Returns whether a problem with a value may be none, because something is unknown.
    fn is_unsure(&self, at: Value<'_>) -> bool {
        *at.data() == Data::Unknown || (self.is_in_rules && self.spec.has_met_unknown())
    }

    /// Adds an error: libvirt refuses this value.
    pub fn error(&mut self, at: Value<'_>, code: &'static str, message: impl Into<String>) -> Added<'_> {
        if self.is_unsure(at) {
            return Added(None);
        }
        self.add(at, None, Severity::Error, code, message.into())
    }

    /// Adds an error: libvirt refuses an attribute of this name, whatever its value.
    pub fn error_of_name(&mut self, at: Value<'_>, code: &'static str, message: impl Into<String>) -> Added<'_> {
        self.add(at, None, Severity::Error, code, message.into())
    }

    /// Adds an error with the name or word that was probably meant.
    pub fn error_with(&mut self, at: Value<'_>, code: &'static str, message: String, suggestion: Option<String>) {
        self.error(at, code, message).suggest(suggestion);
    }

    /// Adds a warning: libvirt accepts this value, but it is probably not what the user wants.
    pub fn warning(&mut self, at: Value<'_>, code: &'static str, message: impl Into<String>) -> Added<'_> {
        if self.is_unsure(at) {
            return Added(None);
        }
        self.add(at, None, Severity::Warning, code, message.into())
    }

    /// Adds an error: an attribute is missing from a set. The reason says what is expected, or when it is required.
    pub fn missing(&mut self, at: Value<'_>, name: &'static str, reason: impl fmt::Display + fmt::Debug) -> Added<'_> {
        if self.is_unsure(at) || at.may_have(name) {
            return Added(None);
        }
        let message = message::missing(name, reason);
        self.add(at, Some(name), Severity::Error, "missing", message)
    }

    fn add(
        &mut self,
        at: Value<'_>,
        missing: Option<&'static str>,
        severity: Severity,
        code: &'static str,
        mut message: String,
    ) -> Added<'_> {
        self.has_errors |= severity == Severity::Error;
        if self.problems.len() == MAX_PROBLEMS {
            return Added(None);
        }
        if let Cow::Owned(short) = shortened(&message) {
            message = short;
        }
        let is_of_rule = self.is_in_rules;
        let at = at.index();
        self.problems.push(Problem { at, missing, severity, code, message, suggestion: None, hint: None, is_of_rule });
        Added(self.problems.last_mut())
    }

    /// Returns whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Returns whether there is an error about this very value.
    pub fn has_error_at(&self, at: Value<'_>) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error && problem.at == at.index())
    }

    /// Returns the values of which rules read another part or word than was meant: their indices, and the name that an unknown
    /// attribute was probably meant to have.
    pub(crate) fn misread(&self) -> Vec<(u32, Option<&str>)> {
        let misread = |it: &'_ &Problem| match it.code {
            "wrong-type" | "unknown-word" => true,
            "unknown-attribute" => it.suggestion.is_some(),
            _ => false,
        };
        let name = |it: &'_ Problem| it.code == "unknown-attribute";
        let misread = self.problems.iter().filter(|it| !it.is_of_rule).filter(misread);
        misread.map(|it| (it.at, it.suggestion.as_deref().filter(|_| name(it)))).collect()
    }

    /// Replaces the problems that rules found by those of a report in which misread values are unknown. Problems in other items
    /// of lists than the misread values stay: they do not follow from these values.
    pub(crate) fn replace_rules(&mut self, other: Report<'_>, misread: &[u32]) {
        let paths = self.paths.get_or_init(|| Paths::new(self.spec));
        let is_apart = |it: &Problem| misread.iter().all(|at| paths.are_in_different_items(it.at, *at));
        self.problems.retain(|it| !it.is_of_rule || is_apart(it));
        self.problems.extend(other.problems.into_iter().filter(|it| it.is_of_rule && !is_apart(it)));
        self.problems.truncate(MAX_PROBLEMS);
    }

    /// Returns the path of a value in the spec, for a message that names another value.
    pub fn path(&self, of: Value<'_>) -> String {
        self.paths.get_or_init(|| Paths::new(self.spec)).path(of.index())
    }

    /// Returns all problems with their paths. Positions are added by [`Findings::locate`].
    pub fn findings(self) -> Findings {
        if self.problems.is_empty() {
            return Findings(Vec::new());
        }
        let paths = self.paths.into_inner().unwrap_or_else(|| Paths::new(self.spec));
        let finding = |problem: Problem| {
            let diagnostic = Diagnostic {
                path: paths.path_of_missing(problem.at, problem.missing),
                reference: None,
                position: None,
                severity: problem.severity,
                code: problem.code,
                message: problem.message,
                suggestion: problem.suggestion,
                hint: problem.hint,
            };
            (self.spec.value(problem.at).origin(), diagnostic)
        };
        Findings(self.problems.into_iter().map(finding).collect())
    }
}

/// Problems of a spec with their origins, which only the spec's source can turn into positions.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<(Origin, Diagnostic)>);

impl Findings {
    /// Returns the origins whose positions [`Findings::locate`] asks for, in the same order.
    pub fn origins(&self) -> impl Iterator<Item = Origin> + '_ {
        self.0.iter().map(|(origin, _)| *origin)
    }

    /// Adds the pages that document the values, given the function that finds that of a path.
    pub fn refer(&mut self, page: impl Fn(&str) -> String) {
        for (_, diagnostic) in &mut self.0 {
            diagnostic.reference = Some(page(&diagnostic.path));
        }
    }

    /// Adds the positions, and sorts the problems by position if all are known and in one file.
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

/// Parent of each value of a spec.
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

    /// Returns whether two values are in different items of one list.
    fn are_in_different_items(&self, one: u32, other: u32) -> bool {
        // A parent has a higher index than its children, so the lower of the two is never above the other.
        let (mut low, mut high) = (one.min(other), one.max(other));
        while low != high {
            let parent = self.parents[low as usize];
            if parent == self.parents[high as usize] {
                return matches!(self.spec.value(parent).data(), Data::List(_));
            }
            (low, high) = (parent.min(high), parent.max(high));
        }
        false
    }
}

/// Adds an attribute's name to a path, in quotes if Nix needs them.
fn step(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    match shortened(name) {
        name if is_identifier(&name) => path.push_str(&name),
        name => path.push_str(&format!("{name:?}")),
    }
}

/// Returns the known word that is closest to the one found, if any is close.
pub fn closest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    let distance = |word: &str| match word.to_lowercase() {
        same if same == lower => 0,
        other => strsim::osa_distance(&lower, &other),
    };
    // A text of twice a word's length is far from it, so that only short texts are compared.
    let length = lower.chars().count();
    let similar = known.into_iter().filter(|word| length < 2 * word.len());
    let (near, word) = similar.map(|word| (distance(word), word)).min_by_key(|(near, _)| *near)?;
    (near <= 1.max(found.len() / 3) && near < word.len()).then_some(word)
}

/// Returns words as a choice for a message, each once: `a, b or c`. A long list is cut short.
pub fn listing<'a>(words: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 10;
    let mut known: Vec<&str> = Vec::new();
    for word in words {
        if known.len() > SHOWN {
            break;
        }
        if !known.contains(&word) {
            known.push(word);
        }
    }
    if known.len() > SHOWN {
        return message::many(known[..SHOWN].join(", "));
    }
    match known.as_slice() {
        [first @ .., last] if !first.is_empty() => message::choice(first.join(", "), last),
        all => all.concat(),
    }
}
