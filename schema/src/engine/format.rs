//! A format of XML: its outermost element, and what is particular to it.

use crate::engine::problem::Report;
use crate::engine::table::Schema;
use crate::engine::value::Value;

/// A format of XML.
#[derive(Debug)]
pub struct Format {
    /// Its name in the command line and in Nix.
    pub name: &'static str,
    /// The name of the outermost element.
    pub root: &'static str,
    /// The table of the outermost element.
    pub schema: fn() -> &'static Schema,
    /// The address of the manual's page that describes it.
    pub manual: &'static str,
    /// The namespaces that names in it may have.
    pub namespaces: &'static [Namespace],
    /// Names of the elements that hold XML of any kind.
    pub free: &'static [&'static str],
    /// The rules on an object as a whole, which are checked after those of its elements.
    pub rules: Option<fn(Value<'_>, &mut Report<'_>)>,
    /// The MAC address of a network card that has none, derived from the object and the card; `None` where the
    /// format has no such cards.
    pub mac: Option<fn(object: Value<'_>, card: Value<'_>) -> Option<String>>,
}

impl Format {
    /// The table of the outermost element.
    pub fn schema(&self) -> &'static Schema {
        (self.schema)()
    }
}

/// A namespace of XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The prefix that names in the tables have.
    pub prefix: &'static str,
    /// Its URI.
    pub uri: &'static str,
}

impl Namespace {
    /// The namespace that a name with a prefix is of.
    pub fn of_name<'n>(namespaces: &'n [Namespace], name: &str) -> Option<&'n Namespace> {
        let (prefix, _) = name.split_once(':')?;
        namespaces.iter().find(|known| known.prefix == prefix)
    }
}
