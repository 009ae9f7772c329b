//! Short forms: what a single value means in place of the set of an element, as in `memory = "8 GiB"` or `apic = true`.

use crate::engine::scalar::Scalar;
use crate::engine::table::{Field, NodeKind, Type};

/// Short form of an element.
#[derive(Clone, Copy, Debug)]
pub enum Shorthand {
    /// No short form: the element must be a set.
    None,
    /// The value is the text of the element, which is the field at this index: `vcpu = 4`.
    Text(u16),
    /// `true` or `false` is the field at this index: `relaxed = true`.
    Switch(u16),
    /// A text is a number and its unit: `memory = "8 GiB"`. Any other value is the number.
    Size {
        /// Index of the field with the unit.
        unit: u16,
        /// Index of the field with the number, which is the text of the element.
        count: u16,
    },
    /// `true` is the element without any of its parts, `false` no element: `apic = true`.
    Presence,
    /// A text sets several attributes.
    Notation(&'static Notation),
}

/// Text that sets several attributes of an element, such as `"0000:01:00.0"` for those of a PCI address.
#[derive(Debug)]
pub struct Notation {
    /// Name in the JSON Schema. If the element has forms, also the word of the form of the text.
    pub name: &'static str,
    /// Noun for messages, such as "PCI address".
    pub what: &'static str,
    /// Example, such as "0000:01:00.0".
    pub example: &'static str,
    /// Regular expression that matches the whole text, with a group for each attribute.
    pub regex: &'static str,
    /// Names of the attributes, each with the number of its group, from 1.
    pub attributes: &'static [(&'static str, usize)],
    /// Text of an attribute whose group is absent.
    pub default: &'static str,
    /// Function that splits a text as the regular expression does, but faster; `None` if the text does not match.
    pub split: fn(&str) -> Option<Attributes<'_>>,
}

/// Attributes by name.
pub type Attributes<'t> = Vec<(&'static str, &'t str)>;

impl Shorthand {
    /// Returns whether the element is either absent or present, without a value of its own.
    pub const fn is_presence(&self) -> bool {
        matches!(self, Shorthand::Presence)
    }

    /// Returns whether `true` and `false` are short forms of the element.
    pub const fn is_switch(&self) -> bool {
        matches!(self, Shorthand::Switch(_) | Shorthand::Presence)
    }

    /// Returns the short form that the types of the fields allow: the text of the element if everything else is
    /// optional; if there is no text and everything is optional, the presence of the element.
    pub const fn of_types(fields: &[Field], has_forms: bool) -> Self {
        match text(fields) {
            Some(at) if others_are_optional(fields, at) => Shorthand::Text(at),
            // The attribute that decides between the forms may be required.
            None if !has_forms && others_are_optional(fields, u16::MAX) => Shorthand::Presence,
            _ => Shorthand::None,
        }
    }

    /// Returns the short form of an element with a part that is marked `#[switch]`.
    ///
    /// # Panics
    /// At compile time, if the part is no `YesNo` or `OnOff`, or another part is required.
    pub const fn switch(fields: &[Field], at: u16) -> Self {
        let is_switch = matches!(fields[at as usize].ty, Type::Scalar(Scalar::Switch { .. }));
        assert!(is_switch, "`#[switch]` goes on a part of type `YesNo` or `OnOff`");
        assert!(others_are_optional(fields, at), "beside a `#[switch]`, all parts are optional");
        Shorthand::Switch(at)
    }

    /// Returns the short form of an element with a part that is marked `#[unit]`.
    ///
    /// # Panics
    /// At compile time, if a part other than the number is required.
    pub const fn size(fields: &[Field], unit: u16) -> Self {
        let Some(count) = text(fields) else { panic!("a `#[unit]` is that of a number marked `#[text]`") };
        assert!(others_are_optional(fields, count), "beside a number with a `#[unit]`, all parts are optional");
        Shorthand::Size { unit, count }
    }
}

/// Returns the index of the text of the element.
const fn text(fields: &[Field]) -> Option<u16> {
    let mut at = 0;
    while at < fields.len() {
        if matches!(fields[at].node, NodeKind::Text) && fields[at].within.is_none() {
            return Some(at as u16);
        }
        at += 1;
    }
    None
}

/// Returns whether all fields but one are optional.
const fn others_are_optional(fields: &[Field], one: u16) -> bool {
    let mut at = 0;
    while at < fields.len() {
        if at != one as usize && fields[at].required {
            return false;
        }
        at += 1;
    }
    true
}
