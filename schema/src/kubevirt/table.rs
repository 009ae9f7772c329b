//! The table: what each part of a domain becomes.

use serde_json::{Map, Value as Json, json};

/// Rows of an element that may repeat, or of the whole domain.
#[derive(Debug)]
pub struct Scope {
    /// Path of the element, such as `devices.disk`; empty for the domain.
    pub path: &'static str,
    /// Name of an item in KubeVirt, with placeholders.
    pub item: &'static str,
    /// Rows, with paths below the element.
    pub rows: &'static [Row],
}

/// What a part of a domain becomes.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Path below the scope: elements by their names, and an attribute as `@name`. Empty for the element of the scope.
    pub from: &'static str,
    /// Conditions: a path below the scope, and the words that it may have. A word is a pattern.
    pub when: &'static [(&'static str, &'static [&'static str])],
    /// Path in the documents. `list[]` is the item of the scope in a list.
    pub to: &'static str,
    /// How the value is converted.
    pub take: Take,
    /// What a reader of the documents has to know.
    pub note: Note,
}

/// How a value is converted.
#[derive(Clone, Copy, Debug)]
pub enum Take {
    /// The text itself.
    Text,
    /// Whole number.
    Number,
    /// Size as Kubernetes writes it. The unit is that of a size without one.
    Quantity(&'static str),
    /// `yes` or `on` becomes true, `no` or `off` false.
    Switch,
    /// Each word becomes another word, or nothing if that is empty. A word is a pattern; one that is only `*` means what
    /// KubeVirt lacks, and is reported.
    Words(&'static [(&'static str, &'static str)]),
    /// True.
    True,
    /// False.
    False,
    /// Empty object.
    Empty,
    /// Text with placeholders.
    Filled(&'static str),
    /// Text with placeholders, in the form of Kubernetes' names.
    Name(&'static str),
    /// The same for a name that is a label too, so that it has 63 characters at most.
    Label(&'static str),
    /// Nothing: the element is left out, with all of its parts.
    Nothing,
}

/// What a reader of the documents has to know.
#[derive(Clone, Copy, Debug)]
pub enum Note {
    /// Nothing.
    None,
    /// Why there is nothing to convert.
    Because(&'static str),
    /// Warning: what the part turns into, or what is lost.
    Lost(&'static str),
    /// Warning: what has to be in the cluster.
    Needs(&'static str),
    /// Error: why there is no such virtual machine.
    Impossible(&'static str),
}

/// A row that converts a value.
pub const fn row(from: &'static str, to: &'static str, take: Take) -> Row {
    Row { from, when: &[], to, take, note: Note::None }
}

/// A row for what KubeVirt does by itself.
pub const fn dropped(from: &'static str, because: &'static str) -> Row {
    Row { from, when: &[], to: "", take: Take::Nothing, note: Note::Because(because) }
}

impl Row {
    /// Sets the conditions.
    pub const fn when(self, when: &'static [(&'static str, &'static [&'static str])]) -> Row {
        Row { when, ..self }
    }

    /// Sets the note.
    pub const fn note(self, note: Note) -> Row {
        Row { note, ..self }
    }
}

/// Whether a word fits a pattern: itself, or a beginning followed by `*`. The pattern `*` fits each word except the empty one.
pub fn fits(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start) && !word.is_empty(),
        None => pattern == word,
    }
}

/// Returns the table for plain Nix: for each scope, its item and its rows by path.
pub fn json(scopes: &[Scope]) -> Json {
    let scope = |scope: &Scope| {
        let mut rows = Map::new();
        for row in scope.rows {
            let of_path = rows.entry(row.from).or_insert_with(|| json!([]));
            of_path.as_array_mut().into_iter().for_each(|of_path| of_path.push(row.json()));
        }
        (scope.path.to_owned(), json!({ "item": scope.item, "rows": rows }))
    };
    Json::Object(scopes.iter().map(scope).collect())
}

impl Row {
    fn json(&self) -> Json {
        let (take, value) = match self.take {
            Take::Text => ("text", Json::Null),
            Take::Number => ("number", Json::Null),
            Take::Quantity(unit) => ("quantity", json!(unit)),
            Take::Switch => ("switch", Json::Null),
            Take::Words(words) => ("words", json!(words)),
            Take::True => ("constant", json!(true)),
            Take::False => ("constant", json!(false)),
            Take::Empty => ("constant", json!({})),
            Take::Filled(text) => ("filled", json!(text)),
            Take::Name(text) => ("name", json!(text)),
            Take::Label(text) => ("label", json!(text)),
            Take::Nothing => ("nothing", Json::Null),
        };
        let (note, text) = match self.note {
            Note::None | Note::Because(_) => ("", ""),
            Note::Lost(text) => ("lost", text),
            Note::Needs(text) => ("needs", text),
            Note::Impossible(text) => ("impossible", text),
        };
        json!({ "when": self.when, "to": self.to, "take": take, "value": value, "note": note, "text": text })
    }
}
