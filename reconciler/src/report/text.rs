//! Reports as people read them. The text has colours; whoever prints it takes them away where they are not wanted.

use super::status::{State, Status, StatusConnection, StatusObject};
use super::{Connection, Object, Report, Summary};
use crate::change::Change;
use crate::object::Type;
use crate::plan::{Effect, Verdict, When};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::fmt::Write;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// Whether a report is of what is to be done, or of what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// It is to be done.
    Planned,
    /// It was done.
    Done,
}

impl Report {
    /// The report, a line or more for each object of which there is something to say; with `all`, for each.
    pub fn text(&self, tense: Tense, all: bool) -> String {
        let mut text = String::new();
        for (uri, connection) in &self.connections {
            connection.write(uri, all, &mut text);
        }
        text + &self.summary.text(tense)
    }
}

impl Connection {
    fn write(&self, uri: &str, all: bool, text: &mut String) {
        let objects: Vec<_> = self.objects.iter().filter(|object| all || object.is_worth_a_line()).collect();
        if objects.is_empty() && self.error.is_none() {
            return;
        }
        line(text, format_args!("{}", painted(BOLD, uri)));
        objects.into_iter().for_each(|object| object.write(text));
        if let Some(why) = &self.error {
            line(text, format_args!("  {} {}", painted(RED, "!"), indented(why, 4)));
        }
    }
}

impl Object {
    fn is_worth_a_line(&self) -> bool {
        let is_quiet = matches!(self.verdict, Verdict::Unchanged) && self.error.is_none();
        !(is_quiet && self.pending.is_empty() && self.notes.is_empty() && self.actions.is_empty())
    }

    fn write(&self, text: &mut String) {
        let (style, sign) = match self.verdict {
            _ if self.error.is_some() => (RED, "!"),
            Verdict::Create => (GREEN, "+"),
            Verdict::Change => (YELLOW, "~"),
            Verdict::TakeOver => (CYAN, "="),
            Verdict::Run => (YELLOW, ">"),
            Verdict::Remove => (RED, "-"),
            Verdict::Unchanged | Verdict::Deferred | Verdict::LeftAlone | Verdict::Impossible => (DIM, "."),
        };
        line(text, format_args!("  {} {}: {}", painted(style, sign), painted(BOLD, &self.id), self.what()));
        if let Some((style, effect)) = self.what_a_guest_notices() {
            line(text, format_args!("      {}", painted(style, effect)));
        }
        for it in &self.changes {
            let when = match it.when {
                When::NextStart => ", at its next start",
                When::Now if self.effect == Effect::Live => ", now",
                When::Now => "",
            };
            line(text, format_args!("      {}{when}", fields(&it.change)));
        }
        for change in &self.pending {
            line(text, format_args!("      {}: {}", painted(YELLOW, "waits for its next start"), fields(change)));
        }
        for note in &self.notes {
            line(text, format_args!("      {}", indented(note, 6)));
        }
        for warning in &self.warnings {
            line(text, format_args!("      {}: {}", painted(YELLOW, "waits for its next start"), indented(warning, 6)));
        }
        if let Some(why) = &self.error {
            line(text, format_args!("      {}", painted(RED, indented(why, 6))));
        }
        for row in self.diff.iter().flat_map(|diff| diff.lines()) {
            let style = match row.as_bytes().first() {
                Some(b'+') => GREEN,
                Some(b'-') => RED,
                Some(b'@') => CYAN,
                _ => Style::new(),
            };
            line(text, format_args!("      {}", painted(style, row)));
        }
    }

    /// What is done to it.
    fn what(&self) -> String {
        match (self.verdict, self.actions.is_empty()) {
            (Verdict::TakeOver, _) => "take over as it is".to_owned(),
            (Verdict::Deferred, _) => "wait for its pool".to_owned(),
            (Verdict::LeftAlone, true) => "left alone".to_owned(),
            (Verdict::Impossible, _) => "cannot be made as declared".to_owned(),
            (_, true) => "as declared".to_owned(),
            (_, false) => {
                let is_shown = |action: &&String| !action.starts_with("note ");
                let mut shown: Vec<&str> = self.actions.iter().filter(is_shown).map(String::as_str).collect();
                // A device or more: one word does.
                shown.dedup();
                match shown.is_empty() {
                    true => "note what is declared".to_owned(),
                    false => shown.join(", "),
                }
            }
        }
    }

    fn what_a_guest_notices(&self) -> Option<(Style, &'static str)> {
        match (self.id.kind, self.effect) {
            (_, Effect::None | Effect::Start) => None,
            (Type::Nwfilter, _) => Some((YELLOW, "filters the packets of running guests at once")),
            (_, Effect::Live) => Some((YELLOW, "the guest runs on, and notices the change")),
            (_, Effect::Restart) => Some((RED, "the guest is shut down and started again")),
            (_, Effect::Stop) => Some((RED, "the guest is shut down")),
        }
    }
}

impl Summary {
    fn text(&self, tense: Tense) -> String {
        let words = match tense {
            Tense::Planned => ["to create", "to change", "to remove", "pending", "as declared", "not possible"],
            Tense::Done => ["created", "changed", "removed", "pending", "as declared before", "failed"],
        };
        let counts = [self.create, self.change, self.remove, self.pending, self.unchanged, self.failed];
        let styles = [GREEN, YELLOW, RED, YELLOW, Style::new(), RED];
        let parts = counts.into_iter().zip(words).zip(styles).filter(|((count, _), _)| *count > 0);
        let parts: Vec<_> = parts.map(|((count, word), style)| painted(style, format!("{count} {word}"))).collect();
        match parts.is_empty() {
            true => "nothing is declared\n".to_owned(),
            false => parts.join(", ") + "\n",
        }
    }
}

impl Status {
    /// How the objects stand, a line or more for each.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut counts = BTreeMap::<State, usize>::new();
        for (uri, connection) in &self.connections {
            connection.write(uri, &mut text);
            connection.objects.iter().for_each(|object| *counts.entry(object.state).or_default() += 1);
        }
        let parts: Vec<_> = counts
            .into_iter()
            .map(|(state, count)| painted(state.style(), format!("{count} {}", state.words())))
            .collect();
        text + &if parts.is_empty() { "nothing is declared".to_owned() } else { parts.join(", ") } + "\n"
    }
}

impl StatusConnection {
    fn write(&self, uri: &str, text: &mut String) {
        line(text, format_args!("{}", painted(BOLD, uri)));
        self.objects.iter().for_each(|object| object.write(text));
        if let Some(why) = &self.error {
            line(text, format_args!("  {} {}", painted(RED, "!"), indented(why, 4)));
        }
    }
}

impl StatusObject {
    fn write(&self, text: &mut String) {
        let runs = match self.active {
            Some(true) if matches!(self.id.kind, Type::Domain | Type::Network | Type::Pool) => ", runs",
            _ => "",
        };
        let owned = if self.owned { "" } else { ", not ours yet" };
        let state = painted(self.state.style(), self.state.words());
        line(text, format_args!("  {}: {state}{runs}{owned}", painted(BOLD, &self.id)));
        self.changes.iter().for_each(|change| line(text, format_args!("      {}", fields(change))));
        for (what, changes) in [("waits for its next start", &self.pending), ("changed by others", &self.drift)] {
            let what = painted(YELLOW, what);
            changes.iter().for_each(|change| line(text, format_args!("      {what}: {}", fields(change))));
        }
        self.notes.iter().for_each(|note| line(text, format_args!("      {}", indented(note, 6))));
    }
}

impl State {
    fn words(self) -> &'static str {
        match self {
            State::InSync => "in sync",
            State::Pending => "pending",
            State::Drifted => "drifted",
            State::ToApply => "to apply",
            State::Missing => "missing",
            State::Impossible => "cannot be made as declared",
        }
    }

    fn style(self) -> Style {
        match self {
            State::InSync => GREEN,
            State::Pending | State::Drifted | State::ToApply => YELLOW,
            State::Missing | State::Impossible => RED,
        }
    }
}

/// A field that changes: what it was, and what it becomes.
fn fields(change: &Change) -> String {
    let value = |value: &str| if value.is_empty() { "\"\"".to_owned() } else { indented(value, 8) };
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            format!("{}: {} → {}", change.path, painted(RED, value(old)), painted(GREEN, value(new)))
        }
        (None, Some(new)) => format!("{}: {}", change.path, painted(GREEN, format!("+ {}", value(new)))),
        (Some(old), None) => format!("{}: {}", change.path, painted(RED, format!("- {}", value(old)))),
        (None, None) => change.path.clone(),
    }
}

/// Text whose further lines start this far from the left.
fn indented(text: &str, by: usize) -> String {
    text.trim_end().replace('\n', &format!("\n{}", " ".repeat(by)))
}

pub(super) fn painted(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
