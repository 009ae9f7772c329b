//! Format: a root element with its table, and the properties of the format as a whole.

use crate::engine::problem::Report;
use crate::engine::table::Schema;
use crate::engine::taken::Taken;
use crate::engine::value::Value;
use crate::engine::xml::Element;

/// XML format.
#[derive(Debug)]
pub struct Format {
    /// Name in Nix and on the command line.
    pub name: &'static str,
    /// Name of the root element.
    pub root: &'static str,
    /// Function that returns the table of the root element.
    pub schema: fn() -> &'static Schema,
    /// URL of the manual's page about the format.
    pub manual: &'static str,
    /// Sections of that page, by the fields that they describe.
    pub sections: &'static [(&'static str, &'static str)],
    /// Names that other tools use for attributes of the outermost element, each with the name or path in a spec.
    pub aliases: &'static [(&'static str, &'static str)],
    /// The namespaces that names in it may have.
    pub namespaces: &'static [Namespace],
    /// Names of the elements that hold XML of any kind.
    pub free: &'static [&'static str],
    /// Rules on the whole object, checked after the rules of its elements.
    pub rules: Option<fn(Value<'_>, &mut Report<'_>)>,
    /// Parts that libvirt takes although its schema does not.
    pub taken: &'static [Taken],
    /// Function that derives the MAC address of a network card without one from the object and the card. `None` if the
    /// format has no network cards.
    pub mac: Option<fn(object: Value<'_>, card: Value<'_>) -> Option<String>>,
    /// Function that brings a definition into the form in which libvirt keeps it, as far as parts depend on each other.
    pub settle: Option<fn(&mut Element)>,
}

impl Format {
    /// Returns the table of the root element.
    pub fn schema(&self) -> &'static Schema {
        (self.schema)()
    }
}

/// XML namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Prefix of the namespace in the tables.
    pub prefix: &'static str,
    /// URI of the namespace.
    pub uri: &'static str,
}

impl Namespace {
    /// Returns the namespace of a name with a prefix.
    pub fn of_name<'n>(namespaces: &'n [Namespace], name: &str) -> Option<&'n Namespace> {
        let (prefix, _) = name.split_once(':')?;
        namespaces.iter().find(|known| known.prefix == prefix)
    }
}
