//! JSON as the source of a spec.

use crate::engine::problem::Position;
use crate::engine::text::{Lines, Malformed};
use crate::engine::value::{Builder, Data, Origin, Spec};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Reads a spec from JSON.
///
/// # Errors
/// Why the text is no JSON, and where.
pub fn parse(text: &str) -> Result<Spec<'_>, Malformed> {
    let mut builder = Builder::new();
    add(&mut builder, Cow::Borrowed(""), read(text, text)?, text)?;
    Ok(builder.finish())
}

/// Returns a function that finds the position of an origin from [`parse`].
pub fn positions(text: &str, file: &str) -> impl Fn(Origin) -> Option<Position> {
    let lines = Lines::new(text);
    move |origin| {
        let (line, column) = lines.at(origin.checked_sub(1)? as usize)?;
        Some(Position { file: file.to_owned(), line, column })
    }
}

/// Reads one value of a text.
fn read<'a, T: Deserialize<'a>>(json: &'a str, text: &str) -> Result<T, Malformed> {
    serde_json::from_str(json).map_err(|why| {
        // The line and column are relative to the value, and the column counts bytes.
        let before: usize = json.split_inclusive('\n').take(why.line().saturating_sub(1)).map(str::len).sum();
        let offset = (start(json, text) + before + why.column()).saturating_sub(1);
        if why.is_eof() {
            let message = if text.trim().is_empty() { "the text is empty" } else { "the text ends within a value" };
            return Malformed::at(text, offset, message);
        }
        let message = why.to_string();
        let message = message.strip_suffix(&format!(" at line {} column {}", why.line(), why.column()));
        Malformed::at(text, offset, message.unwrap_or("invalid value").to_owned())
    })
}

/// Returns the offset of a slice of a text.
fn start(slice: &str, text: &str) -> usize {
    slice.as_ptr() as usize - text.as_ptr() as usize
}

/// Adds a value. The text of the value is a slice of the whole text, which tells its position.
fn add<'a>(builder: &mut Builder<'a>, key: Cow<'a, str>, json: &'a RawValue, text: &str) -> Result<(), Malformed> {
    let origin = start(json.get(), text) as Origin + 1;
    if !builder.has_room(0) {
        builder.add(key, Data::Other("too many values or too deep nesting"), origin);
        return Ok(());
    }
    match json.get().as_bytes()[0] {
        b'{' => {
            let Members(members) = read(json.get(), text)?;
            builder.open_set(key, origin);
            members.into_iter().try_for_each(|(Name(name), value)| add(builder, name, value, text))?;
            builder.close();
        }
        b'[' => {
            let items: Vec<&RawValue> = read(json.get(), text)?;
            builder.open_list(key, origin);
            items.into_iter().try_for_each(|item| add(builder, Cow::Borrowed(""), item, text))?;
            builder.close();
        }
        // The common case needs no second look.
        b'"' if !json.get().contains('\\') => {
            let quoted = json.get();
            builder.add(key, Data::Text(quoted[1..quoted.len() - 1].into()), origin);
        }
        b'"' => {
            let Name(string) = read(json.get(), text)?;
            builder.add(key, Data::Text(string), origin);
        }
        b't' => builder.add(key, Data::Bool(true), origin),
        b'f' => builder.add(key, Data::Bool(false), origin),
        b'n' => builder.add(key, Data::Null, origin),
        _ => builder.add(key, number(json.get()), origin),
    }
    Ok(())
}

fn number(digits: &str) -> Data<'_> {
    match (digits.parse(), digits.parse::<f64>()) {
        (Ok(whole), _) => Data::Int(whole),
        // JSON does not distinguish 1.0 from 1.
        (_, Ok(number)) if digits.contains(['.', 'e', 'E']) && number.is_finite() => {
            whole(number).map_or(Data::Float(number), Data::Int)
        }
        // A number that is too large keeps its digits as text.
        _ => Data::Text(digits.into()),
    }
}

fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < i64::MAX as f64;
    is_whole.then_some(number as i64)
}

/// Text, borrowed unless it has escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Members of an object in their order, including repeated ones.
struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

impl<'a> Deserialize<'a> for Members<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'a> Visitor<'a> for MembersVisitor {
    type Value = Members<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
