//! What a text probably means where something else is expected: a switch, a part of a set, or an address without its prefix.

use crate::engine::message;
use crate::engine::scalar::{SWITCHES, Scalar};
use crate::engine::table::{Field, Schema, Type};
use std::net::IpAddr;

/// Names of the parts that hold an address and the length of its prefix.
const ADDRESS: &str = "address";
const PREFIX: &str = "prefix";

/// Returns the value of a switch that a text names, in the words of libvirt or of Nix.
pub(super) fn switch(text: &str) -> Option<bool> {
    let names = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if names(SWITCHES.on) { Some(true) } else { names(SWITCHES.off).then_some(false) }
}

/// Returns advice on a text in place of an element's set: the parts that the text is probably the value of. `shown` has the names
/// of the parts that messages show of the set.
pub(super) fn parts(
    field: &Field,
    schema: &'static Schema,
    shown: &[&'static str],
    text: &str,
    is_item: bool,
) -> Option<String> {
    let path = |name: &str| if is_item { name.to_owned() } else { format!("{}.{name}", field.name) };
    let assigned = match words(schema, text).as_slice() {
        [] => match (address(schema, text), shown) {
            (Some((address, None)), _) => vec![message::assignment(path(ADDRESS), address)],
            (Some((address, Some(prefix))), _) => {
                vec![message::assignment(path(ADDRESS), address), message::assignment(path(PREFIX), prefix)]
            }
            // An address is more often the value of another part than of the first.
            (None, [name]) if split(text).is_none() && takes(schema, name, text) => {
                vec![message::assignment(path(name), text)]
            }
            _ => return None,
        },
        [name] => vec![message::assignment(path(name), text)],
        _ => return None,
    };
    Some(if is_item { message::write_set(assigned.join("; ")) } else { message::set_part(assigned.join(" and ")) })
}

/// Returns advice on the text of a scalar that is an address with a prefix, given the tables of the element.
pub(super) fn without_prefix(
    field: &Field,
    element: impl Fn(&str) -> Option<&'static Field>,
    text: &str,
) -> Option<String> {
    let (address, Some(prefix)) = split(text)? else { return None };
    if field.ty.scalar().print_text(address).is_err() {
        return None;
    }
    let has_prefix =
        element(PREFIX).and_then(scalar).is_some_and(|scalar| scalar.print_text(&prefix.to_string()).is_ok());
    Some(if has_prefix {
        let assigned = [message::assignment(field.name, address), message::assignment(PREFIX, prefix)];
        message::set_part(assigned.join(" and "))
    } else {
        message::write_without_prefix(address)
    })
}

/// Returns the names of the parts of which a text is a word.
fn words(schema: &'static Schema, text: &str) -> Vec<&'static str> {
    let is_word = |field: &&Field| scalar(field).is_some_and(|scalar| scalar.known().contains(&text));
    let forms = schema.forms.map(|forms| (forms.variants)()).filter(|forms| forms.variant(text).is_some());
    schema.fields.iter().filter(is_word).map(|field| field.name).chain(forms.map(|forms| forms.tag)).collect()
}

/// Returns the address that a text is, and the prefix if there is one, if an element has both as parts.
fn address<'t>(schema: &'static Schema, text: &'t str) -> Option<(&'t str, Option<u16>)> {
    let (address, prefix) = split(text)?;
    let fits =
        takes(schema, ADDRESS, address) && prefix.is_none_or(|prefix| takes(schema, PREFIX, &prefix.to_string()));
    fits.then_some((address, prefix))
}

/// Splits a text into an IP address and the length of a prefix, if there is one.
fn split(text: &str) -> Option<(&str, Option<u16>)> {
    let (address, prefix) = match text.split_once('/') {
        None => (text, None),
        Some((address, digits)) => {
            let prefix = digits.parse::<u16>().ok().filter(|prefix| *prefix < 1000 && prefix.to_string() == digits)?;
            (address, Some(prefix))
        }
    };
    address.parse::<IpAddr>().is_ok().then_some((address, prefix))
}

/// Returns whether a text is a value of a part.
fn takes(schema: &'static Schema, name: &str, text: &str) -> bool {
    let part = schema.field(name).and_then(|(_, field)| scalar(field));
    part.is_some_and(|scalar| scalar.print_text(text).is_ok())
}

/// Returns the scalar of a part whose value messages show.
fn scalar(field: &Field) -> Option<&'static Scalar> {
    match field.ty {
        Type::Scalar(scalar) if !field.secret => Some(scalar),
        _ => None,
    }
}
