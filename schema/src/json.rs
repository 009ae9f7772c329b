//! JSON as the source of a spec.

use crate::problem::Position;
use crate::value::{Builder, Data, Spec};
use jsonc_parser::ast::{ObjectPropName, Value as Json};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::borrow::Cow;

/// Reads a spec from JSON. An error says what is not JSON, and where.
pub fn parse(text: &str) -> Result<Spec<'_>, String> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict).map_err(|why| why.to_string())?;
    let root = parsed.value.ok_or("there is no JSON in it")?;
    let mut builder = Builder::new();
    add(&mut builder, "".into(), root);
    Ok(builder.finish())
}

/// The position of a place that [`parse`] gave to a value.
pub fn position(text: &str, file: &str, place: u32) -> Option<Position> {
    let offset = place.checked_sub(1)? as usize;
    let before = text.get(..offset)?;
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next()?.chars().count() as u32 + 1;
    Some(Position { file: file.to_owned(), line, column })
}

fn add<'a>(builder: &mut Builder<'a>, key: Cow<'a, str>, json: Json<'a>) {
    let place = json.start() as u32 + 1;
    if !builder.has_room() {
        return builder.add(key, Data::Other("more values, or deeper nesting, than a spec may have"), place);
    }
    match json {
        Json::NullKeyword(_) => builder.add(key, Data::Null, place),
        Json::BooleanLit(it) => builder.add(key, Data::Bool(it.value), place),
        Json::StringLit(it) => builder.add(key, Data::Text(it.value), place),
        Json::NumberLit(it) => builder.add(key, number(it.value), place),
        Json::Array(array) => {
            builder.open_list(key, place);
            array.elements.into_iter().for_each(|element| add(builder, "".into(), element));
            builder.close();
        }
        Json::Object(object) => {
            builder.open_set(key, place);
            for property in object.properties {
                let name = match property.name {
                    ObjectPropName::String(name) => name.value,
                    ObjectPropName::Word(name) => name.value.into(),
                };
                add(builder, name, property.value);
            }
            builder.close();
        }
    }
}

fn number(digits: &str) -> Data<'_> {
    if let Ok(whole) = digits.parse() {
        return Data::Int(whole);
    }
    match digits.parse::<f64>() {
        Ok(number) if digits.contains(['.', 'e', 'E']) => Data::Float(number),
        _ => Data::Text(digits.into()),
    }
}
