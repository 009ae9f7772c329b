//! Specs that are results of a template of the library: they are written as a call of it.

use crate::object::Type;
use nixvirt_schema::engine::value::{Builder, Data, Spec, Value};
use nixvirt_schema::engine::{identity, nix};
use std::collections::BTreeMap;

/// A template, and the specs that it makes.
struct KnownTemplate {
    kind: Type,
    name: &'static str,
    /// The values that each spec of the template has, by their paths. `{argument}` is the value of an argument.
    required: &'static [(&'static str, &'static str)],
    /// Groups of values of which a spec has all or none.
    optional: &'static [&'static [(&'static str, &'static str)]],
    /// The values of arguments that the call leaves out, in which others are filled in.
    defaults: &'static [(&'static str, &'static str)],
}

const SUBNET: &[(&str, &str)] = &[
    ("name", "{name}"),
    ("ip.address", "192.168.{subnet_byte}.1"),
    ("ip.netmask", "255.255.255.0"),
    ("ip.dhcp.range.start", "192.168.{subnet_byte}.2"),
    ("ip.dhcp.range.end", "192.168.{subnet_byte}.254"),
    ("bridge.name", "{bridge_name}"),
];

const UUID: &[(&str, &str)] = &[("uuid", "{uuid}")];
const DOMAIN: &[(&str, &str)] = &[("domain.name", "{domain_name}"), ("domain.localOnly", "true")];
const DEVICE: &[(&str, &str)] = &[("forward.dev", "{forward_dev}")];

const PERMISSIONS: &[(&str, &str)] = &[
    ("target.permissions.mode", "{permissions.mode}"),
    ("target.permissions.owner", "{permissions.owner}"),
    ("target.permissions.group", "{permissions.group}"),
];

const BRIDGE: &[(&str, &str)] = &[("bridge_name", "virbr{subnet_byte}")];

/// The start of the names of arguments that are parts of the argument `permissions`.
const PERMISSION: &str = "permissions.";

/// The arguments that are numbers.
const NUMBERS: &[&str] = &["subnet_byte", "permissions.group", "permissions.owner"];

/// The table. Of several templates, the first one that makes the spec is called.
const TEMPLATES: &[KnownTemplate] = &[
    KnownTemplate {
        kind: Type::Network,
        name: "nat",
        required: &[("forward.mode", "nat")],
        optional: &[UUID, DOMAIN, DEVICE],
        defaults: BRIDGE,
    },
    KnownTemplate {
        kind: Type::Network,
        name: "route",
        required: &[("forward.mode", "route")],
        optional: &[UUID, DOMAIN, DEVICE],
        defaults: BRIDGE,
    },
    KnownTemplate { kind: Type::Network, name: "isolated", required: &[], optional: &[UUID, DOMAIN], defaults: BRIDGE },
    KnownTemplate {
        kind: Type::Network,
        name: "bridge",
        required: &[("forward.mode", "nat"), ("forward.nat.port.start", "1024"), ("forward.nat.port.end", "65535")],
        optional: &[UUID],
        defaults: &[("name", "default"), ("bridge_name", "virbr0")],
    },
    KnownTemplate {
        kind: Type::Pool,
        name: "dir",
        required: &[("type", "dir"), ("name", "{name}"), ("target.path", "{path}")],
        optional: &[UUID, PERMISSIONS],
        defaults: &[("path", "/var/lib/libvirt/{name}")],
    },
    KnownTemplate {
        kind: Type::Pool,
        name: "netfs",
        required: &[
            ("type", "netfs"),
            ("name", "{name}"),
            ("source.host.name", "{host}"),
            ("source.dir.path", "{dir}"),
            ("source.format.type", "{format}"),
            ("target.path", "{path}"),
        ],
        optional: &[UUID],
        defaults: &[("path", "/var/lib/libvirt/{name}"), ("format", "nfs")],
    },
    KnownTemplate {
        kind: Type::Pool,
        name: "logical",
        required: &[
            ("type", "logical"),
            ("name", "{name}"),
            ("source.name", "{group}"),
            ("source.format.type", "lvm2"),
            ("target.path", "/dev/{group}"),
        ],
        optional: &[UUID],
        defaults: &[("group", "{name}")],
    },
    KnownTemplate {
        kind: Type::Pool,
        name: "zfs",
        required: &[("type", "zfs"), ("name", "{name}"), ("source.name", "{dataset}")],
        optional: &[UUID],
        defaults: &[("dataset", "{name}")],
    },
    KnownTemplate {
        kind: Type::Volume,
        name: "qcow2",
        required: &[("name", "{name}"), ("capacity", "{size}"), ("target.format.type", "qcow2")],
        optional: &[&[("backingStore.path", "{backing}"), ("backingStore.format.type", "{backing_format}")]],
        defaults: &[("backing_format", "qcow2")],
    },
    KnownTemplate {
        kind: Type::Volume,
        name: "raw",
        required: &[("name", "{name}"), ("capacity", "{size}"), ("target.format.type", "raw")],
        optional: &[],
        defaults: &[],
    },
];

/// Returns the call of the template that makes a spec, as a Nix expression.
pub fn call(kind: Type, spec: &Spec<'_>) -> Option<String> {
    let mut values = BTreeMap::new();
    flatten(spec.root(), String::new(), &mut values)?;
    let templates = TEMPLATES.iter().filter(|template| template.kind == kind);
    let (template, arguments) = templates.into_iter().find_map(|it| Some((it, it.arguments(&values)?)))?;
    let is_derived =
        |uuid: &String| arguments.get("name").is_some_and(|name| *uuid == identity::uuid(kind.name(), name));
    let is_left_out = arguments.get("uuid").is_some_and(is_derived);
    let mut arguments: Vec<_> = arguments.iter().filter(|(name, _)| **name != "uuid" || !is_left_out).collect();
    arguments.sort_by_key(|(name, _)| **name != "name");
    let (parts, whole): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|(name, _)| name.starts_with(PERMISSION));
    let mut set = Builder::new();
    set.open_set("", 0);
    for (name, value) in whole {
        set.add(*name, data(name, value), 0);
    }
    if !parts.is_empty() {
        set.open_set("permissions", 0);
        for (name, value) in parts {
            set.add(&name[PERMISSION.len()..], data(name, value), 0);
        }
        set.close();
    }
    set.close();
    let arguments = nix::print(set.finish().root());
    Some(format!("NixVirt.lib.{}.templates.{} {}", kind.name(), template.name, arguments.trim_end()))
}

/// The value of an argument.
fn data<'v>(name: &str, value: &'v str) -> Data<'v> {
    let number = value.parse().ok().filter(|_| NUMBERS.contains(&name));
    number.map_or_else(|| Data::Text(value.into()), Data::Int)
}

impl KnownTemplate {
    /// The arguments with which the template makes these values.
    fn arguments(&self, values: &BTreeMap<String, String>) -> Option<BTreeMap<&'static str, String>> {
        let shared = if self.kind == Type::Network { SUBNET } else { &[] };
        let has_one = |group: &&[(&str, &str)]| group.iter().any(|(path, _)| values.contains_key(*path));
        let groups = [shared, self.required].into_iter().chain(self.optional.iter().copied().filter(has_one));
        let mut arguments = BTreeMap::new();
        let mut known = 0;
        for (path, pattern) in groups.flatten() {
            bind(pattern, values.get(*path)?, &mut arguments)?;
            known += 1;
        }
        if known < values.len() {
            return None;
        }
        for (argument, pattern) in self.defaults {
            let mut others = arguments.clone();
            let Some(value) = others.remove(argument) else { continue };
            if bind(pattern, &value, &mut others).is_some() && others.len() < arguments.len() {
                arguments.remove(argument);
            }
        }
        Some(arguments)
    }
}

/// Compares a value with a pattern, and learns the argument in it. None if they differ.
fn bind(pattern: &'static str, value: &str, arguments: &mut BTreeMap<&'static str, String>) -> Option<()> {
    let Some((start, rest)) = pattern.split_once('{') else { return (pattern == value).then_some(()) };
    let (name, end) = rest.split_once('}')?;
    let found = value.strip_prefix(start)?.strip_suffix(end)?;
    (arguments.entry(name).or_insert_with(|| found.to_owned()) == found).then_some(())
}

/// Collects the values of a spec by their paths. A list of one is its item. None if there is a longer one, which no template makes.
fn flatten(value: Value<'_>, path: String, values: &mut BTreeMap<String, String>) -> Option<()> {
    match value.data() {
        Data::Set(_) => {
            for child in value.children() {
                let path = if path.is_empty() { child.key().to_owned() } else { format!("{path}.{}", child.key()) };
                flatten(child, path, values)?;
            }
        }
        Data::List(_) => {
            let mut items = value.children();
            let (Some(item), None) = (items.next(), items.next()) else { return None };
            flatten(item, path, values)?;
        }
        Data::Text(text) => drop(values.insert(path, text.to_string())),
        Data::Int(number) => drop(values.insert(path, number.to_string())),
        Data::Bool(is_true) => drop(values.insert(path, is_true.to_string())),
        _ => return None,
    }
    Some(())
}
