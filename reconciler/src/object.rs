//! The types and names of libvirt's objects.

use crate::change::{child, child_text};
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a declared object. Objects are created in this order: each type depends only on earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// A password or key that other objects use.
    Secret,
    /// A network filter: the packets that may pass a network interface.
    Nwfilter,
    /// A storage pool.
    Pool,
    /// A storage volume in a pool.
    Volume,
    /// A virtual network.
    Network,
    /// A virtual machine.
    Domain,
    /// A state of a domain that it can be reverted to.
    Snapshot,
}

impl Type {
    /// Every type, in the order of creation.
    pub const ALL: [Type; 7] =
        [Type::Secret, Type::Nwfilter, Type::Pool, Type::Volume, Type::Network, Type::Domain, Type::Snapshot];

    /// The kind of spec and XML that defines objects of this type.
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

    /// The type's name in the manifest, in messages and in file names.
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

/// The name of an object, from its definition. A secret has none: its usage takes the place (`ceph client.admin`), else its
/// UUID. None if the definition has none of these.
pub fn name_of(kind: Type, root: &Element) -> Option<String> {
    let name = match kind {
        Type::Secret => return usage(root).or_else(|| uuid_of(root)),
        Type::Nwfilter => root.attribute("name"),
        _ => child_text(root, "name"),
    };
    name.map(str::to_owned)
}

/// The UUID of an object, from its definition, as libvirt prints it.
pub fn uuid_of(root: &Element) -> Option<String> {
    child_text(root, "uuid").map(canonical_uuid)
}

/// A UUID as libvirt prints it: in lower case, with hyphens. A text that libvirt refuses as a UUID is returned unchanged.
pub fn canonical_uuid(text: &str) -> String {
    let digits: String = text.to_ascii_lowercase().chars().filter(|it| !matches!(it, '-' | ' ')).collect();
    if digits.len() == 32 && digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
    } else {
        text.to_owned()
    }
}

/// The usage of a secret: its type, and the object that uses it.
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

/// The identity of an object on a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Id {
    /// The object's type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// The pool of a volume, or the domain of a snapshot. Other types have none.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none", default)]
    pub parent: Option<String>,
    /// The name. For a secret, its usage, such as `ceph client.admin`, or else its UUID.
    pub name: String,
}

impl Id {
    /// An object that is not part of another.
    pub fn new(kind: Type, name: impl Into<String>) -> Self {
        Id { kind, parent: None, name: name.into() }
    }

    /// The pool of a volume.
    pub fn pool(&self) -> Self {
        Id::new(Type::Pool, self.parent.clone().unwrap_or_default())
    }

    /// The pool of a volume, or the domain of a snapshot. Other objects are part of none.
    pub fn whole(&self) -> Option<Self> {
        let kind = match self.kind {
            Type::Volume => Type::Pool,
            Type::Snapshot => Type::Domain,
            _ => return None,
        };
        Some(Id::new(kind, self.parent.clone()?))
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
