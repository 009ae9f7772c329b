//! The types of fields, in words.

use crate::engine::release::described;
use crate::engine::scalar::{Scalar, Word};
use crate::engine::shorthand::Shorthand;
use crate::engine::table::{Field, Schema, Type};

/// Returns the type of a field that is no element.
///
/// # Panics
/// The field is an element.
pub fn field(field: &Field, is_many: bool) -> String {
    let one = match field.ty {
        Type::Scalar(scalar) if field.unit.is_some() => format!("{}, or {SIZE}", scalar_type(scalar)),
        Type::Scalar(scalar) => scalar_type(scalar),
        Type::Present => "`true`".to_owned(),
        Type::Xml => "string that is XML".to_owned(),
        Type::Element(_) => unreachable!("an element has fields"),
    };
    if is_many { format!("list or single item: {one}") } else { one }
}

/// Returns the type of an element, given where its fields are.
pub fn element(schema: &Schema, fields: &str, is_many: bool) -> String {
    let one = match short(schema) {
        Some(short) => format!("set with {fields}, or {short}"),
        None => format!("set with {fields}"),
    };
    if is_many { format!("list or single item: {one}") } else { one }
}

/// Type of a number with a unit, in one text.
pub const SIZE: &str = "size such as `\"8 GiB\"`";

/// The shorthand that an element allows instead of a set.
fn short(schema: &Schema) -> Option<String> {
    match schema.shorthand {
        Shorthand::None => None,
        Shorthand::Presence => Some("`true`".to_owned()),
        Shorthand::Text(at) => Some(scalar_type(schema.fields[usize::from(at)].ty.scalar())),
        Shorthand::Switch(_) => Some("`true` or `false`".to_owned()),
        Shorthand::Size { .. } => Some(SIZE.to_owned()),
        Shorthand::Notation(notation) => {
            Some(format!("{} such as `\"{}\"`", without_article(notation.what), notation.example))
        }
    }
}

/// The type of a single value.
fn scalar_type(scalar: &Scalar) -> String {
    let mut types = Vec::new();
    let mut listed = Vec::new();
    gather(scalar, &mut types, &mut listed);
    // The list of words comes last, so that nothing follows its descriptions.
    if !listed.is_empty() {
        types.push(words(&listed));
    }
    types.join(", or ")
}

/// Gathers the types that a value may have, and the words that it may be.
fn gather(scalar: &Scalar, types: &mut Vec<String>, words: &mut Vec<Word>) {
    match scalar {
        Scalar::Text => types.push("string".to_owned()),
        Scalar::Pattern(pattern) => types.push(format!("string: {}", pattern.form)),
        Scalar::Int { min: i64::MIN, max } if *max >= i64::MAX as u64 => types.push("integer".to_owned()),
        Scalar::Int { min, max } if *max >= i64::MAX as u64 => types.push(format!("integer, at least {min}")),
        Scalar::Int { min, max } => types.push(format!("integer from {min} to {max}")),
        Scalar::Hex { max, .. } => types.push(format!("integer from 0 to {max}, or hexadecimal digits in a string")),
        Scalar::Size { number, .. } => {
            gather(number, types, words);
            types.push(SIZE.to_owned());
        }
        Scalar::Float => types.push("number".to_owned()),
        Scalar::Switch { on, off } => types.push(format!("`true` or `false` (`{on}` or `{off}` in XML)")),
        Scalar::Enum(it) => words.extend(it.words),
        Scalar::Either(all) => all.iter().for_each(|scalar| gather(scalar, types, words)),
    }
}

/// A noun phrase as the other types have it.
fn without_article(what: &str) -> &str {
    ["a ", "an "].iter().find_map(|article| what.strip_prefix(article)).unwrap_or(what)
}

/// Returns a list of words, each with its description.
pub fn words(words: &[Word]) -> String {
    if words.iter().all(|it| it.doc.is_empty() && it.since.is_none()) {
        let listed: Vec<_> = words.iter().map(|it| format!("`\"{}\"`", it.word)).collect();
        return listed.join(", ");
    }
    let line = |it: &Word| match described(it.doc, it.since).trim() {
        "" => format!("\n  - `\"{}\"`", it.word),
        meaning => format!("\n  - `\"{}\"`: {meaning}", it.word),
    };
    format!("one of{}", words.iter().map(line).collect::<String>())
}
