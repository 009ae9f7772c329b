//! What an object of libvirt is called.

use crate::change::{child, child_text};
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of an object that can be declared, in the order in which they are made: each needs only what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// A password or key that is kept for others.
    Secret,
    /// Which packets may pass a network card.
    Nwfilter,
    /// A place for volumes.
    Pool,
    /// A disk in a pool.
    Volume,
    /// A virtual network.
    Network,
    /// A virtual machine.
    Domain,
    /// A state of a domain to which it can return.
    Snapshot,
}

impl Type {
    /// Every type, in the order in which they are made.
    pub const ALL: [Type; 7] =
        [Type::Secret, Type::Nwfilter, Type::Pool, Type::Volume, Type::Network, Type::Domain, Type::Snapshot];

    /// The kind of XML that describes it.
    pub fn kind(self) -> Kind {
        match self {
            Type::Secret => Kind::Secret,
            Type::Nwfilter => Kind::Nwfilter,
            Type::Pool => Kind::Pool,
            Type::Volume => Kind::Volume,
            Type::Network => Kind::Network,
            Type::Domain => Kind::Domain,
            Type::Snapshot => Kind::Snapshot,
        }
    }

    /// Its name in the manifest, in messages and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Type::Secret => "secret",
            Type::Nwfilter => "nwfilter",
            Type::Pool => "pool",
            Type::Volume => "volume",
            Type::Network => "network",
            Type::Domain => "domain",
            Type::Snapshot => "snapshot",
        }
    }
}

/// What an object is called in its XML: its name. A secret is called by what it is used for (`ceph client.admin`), else by
/// its UUID. Nothing where the XML says none of these.
pub fn name_of(kind: Type, root: &Element) -> Option<String> {
    let name = match kind {
        Type::Secret => return usage(root).or_else(|| uuid_of(root)),
        Type::Nwfilter => root.attribute("name"),
        _ => child_text(root, "name"),
    };
    name.map(str::to_owned)
}

/// The UUID in an object's XML, as libvirt prints it.
pub fn uuid_of(root: &Element) -> Option<String> {
    let text = child_text(root, "uuid")?;
    let digits: String = text.to_ascii_lowercase().chars().filter(|it| !matches!(it, '-' | ' ')).collect();
    match digits.len() == 32 && digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        true => Some([&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")),
        // libvirt says what it thinks of it.
        false => Some(text.to_owned()),
    }
}

/// What a secret is used for: the kind of use, and what it is for.
fn usage(secret: &Element) -> Option<String> {
    let usage = child(secret, "usage")?;
    let kind = usage.attribute("type")?;
    let place = match kind {
        "volume" => "volume",
        "iscsi" => "target",
        _ => "name",
    };
    Some(format!("{kind} {}", child_text(usage, place)?))
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which object of a connection is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Id {
    /// The object's type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// The pool of a volume, the domain of a snapshot; nothing for the other types.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none", default)]
    pub parent: Option<String>,
    /// The object's name. A secret has none: what it is used for stands in (`ceph client.admin`), else its UUID.
    pub name: String,
}

impl Id {
    /// An object that stands by itself.
    pub fn new(kind: Type, name: impl Into<String>) -> Self {
        Id { kind, parent: None, name: name.into() }
    }

    /// The pool of a volume.
    pub fn pool(&self) -> Self {
        Id::new(Type::Pool, self.parent.clone().unwrap_or_default())
    }

    /// A volume in a pool, or a snapshot of a domain.
    pub fn within(kind: Type, parent: impl Into<String>, name: impl Into<String>) -> Self {
        Id { kind, parent: Some(parent.into()), name: name.into() }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parent {
            Some(parent) => write!(f, "{} {parent}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use nixvirt_schema::engine::xml;

    #[test]
    fn objects_are_called_by_their_xml() {
        let name = |kind, text: &str| name_of(kind, &xml::parse(text).expect("XML")[0]).unwrap_or_default();
        let names = [
            name(Type::Domain, "<domain><uuid>1</uuid><name>web</name></domain>"),
            name(Type::Nwfilter, "<filter name='clean'><uuid>1</uuid></filter>"),
            name(Type::Secret, "<secret><usage type='ceph'><name>client.admin</name></usage></secret>"),
            name(Type::Secret, "<secret><usage type='iscsi'><target>lun</target></usage></secret>"),
            name(Type::Secret, "<secret><usage type='volume'><volume>/a b</volume></usage></secret>"),
            name(
                Type::Secret,
                "<secret><uuid>B77F3C10EAB011EEA95D5254000000FF</uuid><description>x</description></secret>",
            ),
            name(Type::Secret, "<secret/>"),
        ];
        expect![[r#"
            web
            clean
            ceph client.admin
            iscsi lun
            volume /a b
            b77f3c10-eab0-11ee-a95d-5254000000ff
        "#]]
        .assert_eq(&(names.join("\n")));
    }
}
