//! JSON as the source of a spec.

use crate::problem::Position;
use crate::value::{Builder, Data, Place, Spec};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Reads a spec from JSON. An error says what is not JSON, and where.
pub fn parse(text: &str) -> Result<Spec<'_>, serde_json::Error> {
    let mut builder = Builder::new();
    add(&mut builder, Cow::Borrowed(""), serde_json::from_str(text)?, text)?;
    Ok(builder.finish())
}

/// The position of a place that [`parse`] gave to a value.
pub fn position(text: &str, file: &str, place: Place) -> Option<Position> {
    let before = text.get(..place.checked_sub(1)? as usize)?;
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next()?.chars().count() as u32 + 1;
    Some(Position { file: file.to_owned(), line, column })
}

/// A value's text is a slice of the whole, so that where it starts is where the value is.
fn add<'a>(
    builder: &mut Builder<'a>,
    key: Cow<'a, str>,
    json: &'a RawValue,
    text: &str,
) -> Result<(), serde_json::Error> {
    let place = (json.get().as_ptr() as usize - text.as_ptr() as usize) as Place + 1;
    if !builder.has_room() {
        builder.add(key, Data::Other("more values, or deeper nesting, than a spec may have"), place);
        return Ok(());
    }
    match json.get().as_bytes()[0] {
        b'{' => {
            let Members(members) = serde_json::from_str(json.get())?;
            builder.open_set(key, place);
            members.into_iter().try_for_each(|(Name(name), value)| add(builder, name, value, text))?;
            builder.close();
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json.get())?;
            builder.open_list(key, place);
            items.into_iter().try_for_each(|item| add(builder, Cow::Borrowed(""), item, text))?;
            builder.close();
        }
        b'"' => {
            let Name(text) = serde_json::from_str(json.get())?;
            builder.add(key, Data::Text(text), place);
        }
        b't' => builder.add(key, Data::Bool(true), place),
        b'f' => builder.add(key, Data::Bool(false), place),
        b'n' => builder.add(key, Data::Null, place),
        _ => builder.add(key, number(json.get()), place),
    }
    Ok(())
}

fn number(digits: &str) -> Data<'_> {
    match (digits.parse(), digits.parse()) {
        (Ok(whole), _) => Data::Int(whole),
        // JSON does not tell 1.0 from 1.
        (_, Ok(number)) if digits.contains(['.', 'e', 'E']) => whole(number).map_or(Data::Float(number), Data::Int),
        // A whole number that is too large for one: as text it keeps its digits.
        _ => Data::Text(digits.into()),
    }
}

fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < i64::MAX as f64;
    is_whole.then_some(number as i64)
}

/// Text that is borrowed where it holds no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in their order, each as often as it is there.
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
