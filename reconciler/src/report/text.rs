//! Reports as text. The text is colored; the caller strips the colors if the output is no terminal.

use super::lacks;
use super::status::{Status, StatusConnection, StatusObject, SyncState};
use super::wording::{self, Message, apply_error, declaration_error, headline, leading, place, reason};
use super::{Report, ReportConnection, ReportObject, Summary};
use crate::change::Change;
use crate::declared::InvalidDeclaration;
use crate::error::ErrorMessage;
use crate::object::Type;
use crate::plan::{Effect, Entry, PlannedChange, Verdict, When};
use crate::step::Step;
use crate::terminal::escaped;
use anstyle::{AnsiColor, Style};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};

pub(super) const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const PLAIN: Style = Style::new();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const RED: Style = AnsiColor::Red.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// The widest name that others are aligned with.
const MAX_NAME: usize = 40;

/// Whether a report describes planned or completed changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// The changes are planned.
    Planned,
    /// The changes are completed.
    Done,
}

impl Tense {
    pub(super) fn pick<'w>(self, planned: &'w str, done: &'w str) -> &'w str {
        match self {
            Tense::Planned => planned,
            Tense::Done => done,
        }
    }
}

/// The sign of a line in a plan, in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Create,
    Change,
    Adopt,
    StateChange,
    Move,
    Remove,
    Pending,
    None,
    Error,
}

impl Sign {
    fn of(object: &ReportObject) -> Self {
        if object.has_error() {
            return Sign::Error;
        }
        match Sign::of_verdict(object.entry.verdict) {
            Sign::None if object.is_pending() && object.entry.verdict == Verdict::Unchanged => Sign::Pending,
            sign => sign,
        }
    }

    fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Create => Sign::Create,
            Verdict::Change => Sign::Change,
            Verdict::Adopt => Sign::Adopt,
            Verdict::StateChange => Sign::StateChange,
            Verdict::Move => Sign::Move,
            Verdict::Remove => Sign::Remove,
            Verdict::Deferred => Sign::Pending,
            Verdict::Unchanged | Verdict::Kept | Verdict::Error => Sign::None,
        }
    }

    /// The sign, its meaning and its style.
    fn parts(self) -> (&'static str, &'static str, Style) {
        match self {
            Sign::Create => ("+", "create", GREEN),
            Sign::Change => ("~", "change", YELLOW),
            Sign::Adopt => ("=", "adopt", CYAN),
            Sign::StateChange => (">", "change state", YELLOW),
            Sign::Move => ("→", "move", YELLOW),
            Sign::Remove => ("-", "remove", RED),
            Sign::Pending => (".", "deferred or pending restart", DIM),
            Sign::None => (" ", "", PLAIN),
            Sign::Error => ("!", "error", RED),
        }
    }
}

impl Report {
    /// The report as text: each object that is not simply unchanged; with `all`, each object.
    pub fn text(&self, tense: Tense, all: bool) -> String {
        let mut text = String::new();
        let mut signs = BTreeSet::new();
        for (uri, connection) in &self.connections {
            connection.write(uri, tense, all, &mut signs, &mut text);
        }
        signs.remove(&Sign::None);
        if tense == Tense::Planned && !signs.is_empty() {
            let entry = |sign: Sign| {
                let (sign, meaning, style) = sign.parts();
                format!("{} {meaning}", painted(style, sign))
            };
            let legend: Vec<_> = signs.into_iter().map(entry).collect();
            line(&mut text, format_args!("\nLegend: {}", legend.join(", ")));
        }
        text + &self.summary.text(tense) + "\n"
    }
}

impl ReportConnection {
    fn write(&self, uri: &str, tense: Tense, all: bool, signs: &mut BTreeSet<Sign>, text: &mut String) {
        let objects: Vec<_> = self.objects.iter().filter(|object| all || object.is_worth_a_line()).collect();
        if objects.is_empty() && self.error.is_none() && self.invalid_declarations.is_empty() {
            return;
        }
        line(text, format_args!("{}", painted(BOLD, uri)));
        if !self.invalid_declarations.is_empty() {
            signs.insert(Sign::Error);
        }
        write_invalid(&self.invalid_declarations, text);
        let width = width(objects.iter().map(|object| shown(&object.entry.id.to_string())));
        for object in objects {
            signs.insert(Sign::of(object));
            object.write(tense, width, text);
        }
        if let Some(error) = &self.error {
            write_connection_error(error, text);
        }
    }
}

impl ReportObject {
    fn is_worth_a_line(&self) -> bool {
        let entry = &self.entry;
        let is_quiet = entry.verdict == Verdict::Unchanged && !self.has_error();
        !(is_quiet && entry.pending.is_empty() && entry.reasons.is_empty() && entry.steps.is_empty())
    }

    fn write(&self, tense: Tense, width: usize, text: &mut String) {
        let entry = &self.entry;
        let (sign, _, style) = Sign::of(self).parts();
        let name = shown(&entry.id.to_string());
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        // An object that failed was not changed as planned.
        let tense = if self.has_error() { Tense::Planned } else { tense };
        let headline = if entry.verdict == Verdict::Error {
            String::new()
        } else {
            format!(" {padding}{}", headline(entry, tense))
        };
        let danger = match entry.effect {
            Effect::Restart | Effect::Stop => RED,
            _ => PLAIN,
        };
        line(text, format_args!("  {} {}:{}", painted(style, sign), painted(BOLD, name), painted(danger, headline)));
        let is_live = entry.is_live();
        write_changes(&entry.changes, entry.secrets, is_live, text);
        write_pending(&entry.pending, text);
        for change in &entry.undone {
            let label = painted(YELLOW, tense.pick("undoes drift", "undid drift"));
            line(text, format_args!("      {label}: {}", field(change)));
        }
        for why in &entry.reasons {
            let message = reason(why, &entry.id);
            if entry.verdict == Verdict::Error {
                write_error(&message, 6, text);
            } else if leading(entry) != Some(why) {
                write_note(&message, text);
            }
        }
        for (lack, words) in lacks::grouped(&self.lacks) {
            let what = format!("{}: {words}", lack.path);
            let hint = lacks::remedy(&lack.missing);
            let label = format!("warning[{}]", lack.missing.code());
            write_labeled(&label, YELLOW, &Message { text: what, hint }, 6, text);
        }
        for warning in &self.warnings {
            let Message { text: warning, hint } = apply_error(warning);
            let warning = format!("not changed live, takes effect at the next start: {warning}");
            write_labeled("warning", YELLOW, &Message { text: warning, hint }, 6, text);
        }
        if let Some(error) = &self.error {
            write_error(&apply_error(error), 6, text);
        }
        for row in self.diff.iter().flat_map(|diff| diff.lines()) {
            let style = match row.as_bytes().first() {
                Some(b'+') => GREEN,
                Some(b'-') => RED,
                Some(b'@') => CYAN,
                _ => PLAIN,
            };
            line(text, format_args!("      {}", painted(style, row)));
        }
    }
}

impl Entry {
    /// Whether changes reach a running object.
    fn is_live(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Libvirt(operation) if operation.is_live()))
    }
}

impl Summary {
    fn text(&self, tense: Tense) -> String {
        let errors = if self.errors == 1 { "error" } else { "errors" };
        let counts = [
            (self.create, tense.pick("to create", "created"), GREEN),
            (self.change, tense.pick("to change", "changed"), YELLOW),
            (self.adopt, tense.pick("to adopt", "adopted"), CYAN),
            (self.moves, tense.pick("to move", "moved"), YELLOW),
            (self.remove, tense.pick("to remove", "removed"), RED),
            (self.kept_until_shutdown, "kept until shutdown", YELLOW),
            (self.already_gone, "already gone", PLAIN),
            (self.pending_restart, "pending restart", YELLOW),
            (self.deferred, "deferred", YELLOW),
            (self.kept, "kept", PLAIN),
            (self.unchanged, "unchanged", PLAIN),
            (self.errors, errors, RED),
        ];
        counted(counts)
    }
}

impl Status {
    /// The status as text, with each object.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut counts = BTreeMap::<SyncState, usize>::new();
        for (uri, connection) in &self.connections {
            connection.write(uri, &mut text);
            for object in &connection.objects {
                *counts.entry(object.state).or_default() += 1;
            }
            let errors = connection.invalid_declarations.len() + usize::from(connection.error.is_some());
            *counts.entry(SyncState::Error).or_default() += errors;
        }
        let counts = counts.into_iter().map(|(state, count)| (count, state.counted(count), state.style()));
        text + &counted(counts) + "\n"
    }
}

impl StatusConnection {
    fn write(&self, uri: &str, text: &mut String) {
        if self.objects.is_empty() && self.error.is_none() && self.invalid_declarations.is_empty() {
            return;
        }
        line(text, format_args!("{}", painted(BOLD, uri)));
        write_invalid(&self.invalid_declarations, text);
        let width = width(self.objects.iter().map(|object| shown(&object.id.to_string())));
        self.objects.iter().for_each(|object| object.write(width, text));
        if let Some(error) = &self.error {
            write_connection_error(error, text);
        }
    }
}

impl StatusObject {
    fn write(&self, width: usize, text: &mut String) {
        let name = shown(&self.id.to_string());
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let mut words = vec![painted(self.state.style(), self.state_in_words())];
        if self.active == Some(true) && matches!(self.id.kind, Type::Domain | Type::Network | Type::Pool) {
            words.push("running".to_owned());
        }
        if !self.managed {
            words.push("not managed".to_owned());
        }
        line(text, format_args!("  {}: {padding}{}", painted(BOLD, name), words.join(", ")));
        write_changes(&self.changes, self.secrets, false, text);
        write_pending(&self.pending, text);
        for change in &self.drift {
            line(text, format_args!("      {}: {}", painted(YELLOW, "drift"), field(change)));
        }
        for failure in &self.failures {
            write_labeled("last apply", RED, &apply_error(failure), 6, text);
        }
        for why in &self.reasons {
            let message = reason(why, &self.id);
            if self.state == SyncState::Error {
                write_error(&message, 6, text);
            } else {
                write_note(&message, text);
            }
        }
    }

    /// The state, and what `apply` does.
    fn state_in_words(&self) -> String {
        let state = self.state.counted(1);
        match (self.state, Sign::of_verdict(self.verdict)) {
            (SyncState::ToApply, Sign::Pending | Sign::None) => state.to_owned(),
            (SyncState::ToApply, sign) => format!("{state} ({})", sign.parts().1),
            _ => state.to_owned(),
        }
    }
}

impl SyncState {
    /// The state, or a number of objects in it.
    fn counted(self, count: usize) -> &'static str {
        match self {
            SyncState::InSync => "in sync",
            SyncState::PendingRestart => "pending restart",
            SyncState::Drifted => "drifted",
            SyncState::Kept => "kept",
            SyncState::ToApply => "to apply",
            SyncState::Unknown => "unknown",
            SyncState::Missing => "missing",
            SyncState::Error if count == 1 => "error",
            SyncState::Error => "errors",
        }
    }

    fn style(self) -> Style {
        match self {
            SyncState::InSync => GREEN,
            SyncState::Kept => PLAIN,
            SyncState::PendingRestart | SyncState::Drifted | SyncState::ToApply | SyncState::Unknown => YELLOW,
            SyncState::Missing | SyncState::Error => RED,
        }
    }
}

/// The counts that are not zero.
pub(super) fn counted<'w>(counts: impl IntoIterator<Item = (usize, &'w str, Style)>) -> String {
    let shown = counts.into_iter().filter(|(count, ..)| *count > 0);
    let parts: Vec<_> = shown.map(|(count, word, style)| painted(style, format!("{count} {word}"))).collect();
    if parts.is_empty() { "no objects declared".to_owned() } else { parts.join(", ") }
}

/// The width of the longest name that others are aligned with.
pub(super) fn width(names: impl Iterator<Item = String>) -> usize {
    names.map(|name| name.chars().count()).filter(|width| *width <= MAX_NAME).max().unwrap_or_default()
}

fn write_invalid(declarations: &[InvalidDeclaration], text: &mut String) {
    for InvalidDeclaration { kind, place: at, error } in declarations {
        line(text, format_args!("  {} {}:", painted(RED, "!"), painted(BOLD, place(at))));
        write_error(&declaration_error(error, *kind), 6, text);
    }
}

pub(super) fn write_connection_error(error: &ErrorMessage, text: &mut String) {
    let message = Message { text: error.message.clone(), hint: error.hint.clone() };
    write_error(&message, 2, text);
}

fn write_error(message: &Message, indent: usize, text: &mut String) {
    write_labeled("error", RED, message, indent, text);
}

fn write_labeled(label: &str, style: Style, message: &Message, indent: usize, text: &mut String) {
    let space = " ".repeat(indent);
    line(text, format_args!("{space}{}: {}", painted(style, label), shown(&message.text)));
    if let Some(hint) = &message.hint {
        write_hint(hint, indent, text);
    }
}

pub(super) fn write_hint(hint: &str, indent: usize, text: &mut String) {
    line(text, format_args!("{}{}: {}", " ".repeat(indent), painted(CYAN, "hint"), shown(hint)));
}

fn write_note(message: &Message, text: &mut String) {
    line(text, format_args!("      {}", shown(&message.text)));
    if let Some(hint) = &message.hint {
        write_hint(hint, 6, text);
    }
}

fn write_changes(changes: &[PlannedChange], secrets: Option<When>, is_live: bool, text: &mut String) {
    for PlannedChange { change, when } in changes {
        line(text, format_args!("      {}{}", field(change), painted(YELLOW, wording::when(*when, is_live))));
    }
    if let Some(when) = secrets {
        let when = painted(YELLOW, wording::when(when, is_live));
        line(text, format_args!("      secrets: changed, values redacted{when}"));
    }
}

fn write_pending(pending: &[Change], text: &mut String) {
    for change in pending {
        let when = painted(YELLOW, wording::when(When::NextStart, false));
        line(text, format_args!("      {}{when}", field(change)));
    }
}

/// A field that changes, with its old and new value.
pub(super) fn field(change: &Change) -> String {
    let path = escaped(&change.path);
    let value = |value: &str| if value.is_empty() { "\"\"".to_owned() } else { shown(value) };
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            format!("{}: {} → {}", path, painted(RED, value(old)), painted(GREEN, value(new)))
        }
        (None, Some(new)) => format!("{}: {}", path, painted(GREEN, format!("+ {}", value(new)))),
        (Some(old), None) => format!("{}: {}", path, painted(RED, format!("- {}", value(old)))),
        (None, None) => path.into_owned(),
    }
}

/// Text of a message or a value, in one line.
pub(super) fn shown(text: &str) -> String {
    escaped(text.trim_end()).into_owned()
}

pub(super) fn painted(style: Style, text: impl Display) -> String {
    let text = text.to_string();
    let text = escaped(&text);
    if style == PLAIN || text.is_empty() { text.into_owned() } else { format!("{style}{text}{style:#}") }
}

pub(super) fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
