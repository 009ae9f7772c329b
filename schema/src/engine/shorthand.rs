//! What a single value means where the set of an element is expected: `memory = "8 GiB"`, `apic = true`.

/// What a single value means in place of the set of an element.
#[derive(Clone, Copy, Debug)]
pub enum Shorthand {
    /// Nothing: there must be a set.
    None,
    /// The element's text, which is the field at this index: `vcpu = 4`.
    Text(u16),
    /// Its `state`, which is the field at this index: `relaxed = true`.
    State(u16),
    /// A size with its unit: `memory = "8 GiB"`.
    Size {
        /// The index of the attribute that names the unit.
        unit: u16,
        /// The index of the text that is the number.
        count: u16,
    },
    /// The element is there, without any of its parts: `apic = true`.
    Presence,
    /// A text that stands for several attributes.
    Notation(&'static Notation),
}

/// A text that stands for several attributes of an element, as `"0000:01:00.0"` for those of a PCI address.
#[derive(Debug)]
pub struct Notation {
    /// Its name in the JSON Schema, and the form of the element that it stands for where the element has forms.
    pub name: &'static str,
    /// Noun for messages, such as "PCI address".
    pub what: &'static str,
    /// Example, such as "0000:01:00.0".
    pub example: &'static str,
    /// The regular expression for the whole text.
    pub regex: &'static str,
    /// Splits a text into attributes, each with its name; `None` if the text has another form.
    pub split: fn(&str) -> Option<Attributes<'_>>,
}

/// Attributes by name.
pub type Attributes<'t> = Vec<(&'static str, &'t str)>;

impl Shorthand {
    /// Whether the element is either absent or present, without a value of its own.
    pub fn is_presence(&self) -> bool {
        matches!(self, Shorthand::Presence)
    }
}

/// Splits a size such as `8 GiB` into its number and unit; `None` without a unit.
pub fn split_size(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).filter(|end| *end > 0)?;
    Some((&text[..end], text[end..].trim_start_matches(' ')))
}
