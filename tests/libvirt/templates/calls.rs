//! What templates make, which `nixvirt import --all` writes as calls of them.

use super::EMULATED;
use crate::defined::{define, open};
use expect_test::expect_file;
use nixvirt::brief::brief;
use nixvirt::object::Type;
use nixvirt::template::{call, parts};
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::value::Spec;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::libvirt::version;
use nixvirt_tests::libvirtd::{self, ask_virsh};
use nixvirt_tests::{evaluate_json, project};
use pretty_assertions::assert_eq;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, PoisonError};

type Parts = BTreeMap<String, Json>;

/// Locked while libvirt has the domain that the calls make.
static NAME: Mutex<()> = Mutex::new(());

/// A template with arguments, in which `{argument}` is the place of a value.
struct Call {
    kind: Type,
    template: &'static str,
    arguments: Json,
}

/// The value for each place. No template makes one of them without being told.
fn values() -> Map<String, Json> {
    let values = json!({
        "backing": "/the-backing",
        "backing_format": "qed",
        "bridge_name": "the-bridge",
        "dataset": "the-dataset",
        "description": "The description",
        "dev": "/dev/the-device",
        "dir": "/the-folder",
        "disc": "/the-disc",
        "disc_pool": "the-pool-of-discs",
        "disc_volume": "the-volume-with-a-disc",
        "domain_name": "the-domain",
        "file": "/the-file",
        "format": "vmdk",
        "forward_dev": "the-card",
        "group": "the-group",
        "gid": 179,
        "host": "the-host",
        "mac": "52:54:00:00:00:77",
        "memory": "181 MiB",
        "mode": "0713",
        "name": "the-name",
        "network": "the-network",
        "path": "/the-path",
        "pool": "the-pool",
        "protocol": "glusterfs",
        "size": "182 MiB",
        "subnet_byte": 177,
        "title": "The title",
        "uid": 178,
        "uuid": "00000000-0000-4000-8000-00000000cafe",
        "vcpu": 176,
        "volume": "the-volume",
    });
    values.as_object().expect("it is a set").clone()
}

/// Templates of a kind: their names, the arguments that each spec tells, those that a call requires, and sets of further arguments.
type Family = (Type, &'static [&'static str], Json, &'static [&'static str], Vec<Json>);

fn families() -> Vec<Family> {
    let domain = json!({
        "name": "{name}", "uuid": "{uuid}", "vcpu": "{vcpu}", "memory": "{memory}", "bridge_name": "{bridge_name}", "net_iface_mac": "{mac}",
    });
    let windows = with(&domain, &json!({ "nvram_path": "/var/lib/libvirt/qemu/nvram/{name}_VARS.fd" }));
    let network =
        json!({ "name": "{name}", "uuid": "{uuid}", "subnet_byte": "{subnet_byte}", "bridge_name": "{bridge_name}" });
    let further = vec![json!({ "domain_name": "{domain_name}" }), json!({ "forward_dev": "{forward_dev}" })];
    let dir = json!({ "name": "{name}", "uuid": "{uuid}", "path": "{path}" });
    let permissions = json!({ "permissions": { "mode": "{mode}", "owner": "{uid}", "group": "{gid}" } });
    let netfs = with(&dir, &json!({ "host": "{host}", "dir": "{dir}", "format": "{protocol}" }));
    let logical = json!({ "name": "{name}", "uuid": "{uuid}", "group": "{group}" });
    let zfs = json!({ "name": "{name}", "uuid": "{uuid}", "dataset": "{dataset}" });
    let volume = json!({ "name": "{name}", "size": "{size}" });
    let backing = vec![json!({ "backing": "{backing}", "backing_format": "{backing_format}" })];
    vec![
        (Type::Domain, &["linux", "q35", "pc"], domain, &["name"], of_domains()),
        (Type::Domain, &["windows", "windows11"], windows, &["name", "nvram_path"], of_domains()),
        (Type::Network, &["nat", "route", "isolated", "bridge"], network, &["name", "subnet_byte"], further),
        (Type::Pool, &["dir"], dir, &["name"], vec![permissions]),
        (Type::Pool, &["netfs"], netfs, &["name", "host", "dir"], vec![]),
        (Type::Pool, &["logical"], logical, &["name"], vec![]),
        (Type::Pool, &["zfs"], zfs, &["name"], vec![]),
        (Type::Volume, &["qcow2"], volume.clone(), &["name", "size"], backing),
        (Type::Volume, &["raw"], volume, &["name", "size"], vec![]),
    ]
}

/// The further arguments of domains. Those of one product change the same part of a spec.
fn of_domains() -> Vec<Json> {
    let alone = [
        json!({ "title": "{title}" }),
        json!({ "description": "{description}" }),
        json!({ "console": false }),
        json!({ "hugepages": true }),
        json!({ "install_vol": { "file": "{disc}" } }),
        json!({ "install_vol": { "pool": "{disc_pool}", "volume": "{disc_volume}" } }),
    ];
    let cards = [vec![json!({}), json!({ "network": "{network}" })], each("virtio_net", &[json!(true)])];
    let disks =
        [json!({ "file": "{file}" }), json!({ "pool": "{pool}", "volume": "{volume}" }), json!({ "dev": "{dev}" })];
    let disk = |disk: &Json| json!({ "storage_vol": with(disk, &json!({ "format": "{format}" })) });
    let disks = [disks.iter().map(disk).collect::<Vec<_>>(), each("virtio_drive", &[json!(true), json!(false)])];
    let systems = [
        each("boot", &[json!(["hd"]), json!(["hd", "cdrom"])]),
        vec![json!({}), json!({ "firmware": "efi" }), json!({ "firmware": "efi", "secure_boot": false })],
    ];
    let displays = [
        each("display", &["spice", "spice-gl", "vnc", "none"].map(Json::from)),
        each("virtio_video", &[json!(false)]),
        each("guest_agent", &[json!(true), json!(false)]),
    ];
    [&alone[..], &product(&cards), &product(&disks), &product(&systems), &product(&displays)].concat()
}

/// No argument, or one with each of these values.
fn each(argument: &str, values: &[Json]) -> Vec<Json> {
    let sets = values.iter().map(|value| json!({ argument: value }));
    [json!({})].into_iter().chain(sets).collect()
}

/// Each set of the first list with each set of the others.
fn product(lists: &[Vec<Json>]) -> Vec<Json> {
    lists.iter().fold(vec![json!({})], |sets, list| {
        sets.iter().flat_map(|set| list.iter().map(|more| with(set, more))).collect()
    })
}

fn with(set: &Json, more: &Json) -> Json {
    let [mut set, more] = [set, more].map(|set| set.as_object().expect("it is a set").clone());
    set.extend(more);
    Json::Object(set)
}

/// Fills in the values.
fn fill(pattern: &Json, values: &Map<String, Json>) -> Json {
    match pattern {
        Json::String(text) => {
            let whole =
                text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).and_then(|name| values.get(name));
            let name = values["name"].as_str().expect("a text");
            whole.cloned().unwrap_or_else(|| json!(text.replace("{name}", name)))
        }
        Json::Object(set) => set.iter().map(|(name, value)| (name.clone(), fill(value, values))).collect(),
        other => other.clone(),
    }
}

/// Replaces values by their places, the reverse of `fill`.
fn mark(found: Json, values: &Map<String, Json>) -> Json {
    match found {
        Json::String(mut text) => {
            for (name, value) in values {
                // The byte of a subnet is a part of addresses.
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                text = text.replace(&value, &format!("{{{name}}}"));
            }
            Json::String(text)
        }
        Json::Object(set) => set.into_iter().map(|(name, value)| (name, mark(value, values))).collect(),
        Json::Array(list) => list.into_iter().map(|value| mark(value, values)).collect(),
        other => {
            let name = values.iter().find(|(_, value)| **value == other).map(|(name, _)| json!(format!("{{{name}}}")));
            name.unwrap_or(other)
        }
    }
}

/// What each call makes, completed by libvirt. None of what this host's libvirt does not define.
fn definitions(calls: &[Call]) -> Vec<Option<Element>> {
    let values = values();
    let asked = calls.iter().map(|Call { kind, template, arguments }| {
        json!({ "kind": kind.name(), "template": template, "arguments": fill(arguments, &values) })
    });
    let asked: Vec<_> = asked.collect();
    let file = std::env::temp_dir().join("calls.json");
    fs::write(&file, json!(asked).to_string()).expect("a writable folder");
    let made = evaluate_json(&format!(
        "let
           here = kind: spec: if kind == \"domain\" then ({EMULATED}) spec else spec;
           made = {{ kind, template, arguments }}: lib.${{kind}}.getXML (here kind (lib.${{kind}}.templates.${{template}} arguments));
         in map made (builtins.fromJSON (builtins.readFile {}))",
        file.display()
    ));
    let made = made.as_array().expect("it is a list").iter();
    completed(calls.iter().map(|call| call.kind).zip(made.map(|xml| xml.as_str().expect("it is text"))))
}

/// What libvirt makes of XML.
fn completed<'x>(all: impl Iterator<Item = (Type, &'x str)>) -> Vec<Option<Element>> {
    let connection = open();
    let all = all.map(|(kind, xml)| {
        let mut definition = xml::element(xml).expect("it is XML");
        if kind == Type::Domain {
            return define(&connection, &definition).ok().and_then(|observed| observed.definition);
        }
        // An import of a volume leaves it out.
        definition.children.retain(|child| child.name != "allocation");
        Some(definition)
    });
    let all = all.collect();
    // Other kinds are not defined.
    drop(ask_virsh(&["undefine", "--nvram", "the-name"]));
    all
}

/// The parts of the brief form of a definition, without those that the host decides here.
fn parts_of(kind: Type, definition: &Element) -> Parts {
    let mut parts = parts(kind, json!(spec_of(kind, definition).root()));
    if kind == Type::Domain {
        parts.retain(|name, _| !["type", "cpu"].contains(&name.as_str()));
    }
    let values = values();
    parts.into_iter().map(|(name, part)| (name, mark(part, &values))).collect()
}

fn spec_of(kind: Type, definition: &Element) -> Spec<'static> {
    import(kind.kind(), &brief(definition).to_string()).expect("it is imported")
}

/// The value at the place where a pattern has an argument.
fn value_at<'f>(argument: &str, pattern: &Json, found: &'f Json) -> Option<&'f Json> {
    match (pattern, found) {
        (Json::Object(set), Json::Object(of)) => {
            set.iter().find_map(|(name, pattern)| value_at(argument, pattern, of.get(name)?))
        }
        (Json::Array(list), Json::Array(of)) => {
            list.iter().zip(of).find_map(|(pattern, of)| value_at(argument, pattern, of))
        }
        (Json::String(text), found) if *text == format!("{{{argument}}}") => Some(found),
        _ => None,
    }
}

/// What a template makes of its arguments.
fn known(template: &'static str, (kind, _, base, required, further): &Family) -> Json {
    let call = |arguments: Json| Call { kind: *kind, template, arguments };
    // libvirt has one domain of the name.
    let least: Map<_, _> = required
        .iter()
        .chain(&["uuid"])
        .map(|name| ((*name).to_owned(), base[*name].clone()))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let calls: Vec<_> =
        [json!(least), base.clone()].into_iter().chain(further.iter().map(|more| with(base, more))).map(call).collect();
    let mut made = definitions(&calls).into_iter().map(|definition| Some(parts_of(*kind, &definition?)));
    let mut next = || made.next().flatten().expect("it is defined");
    let (least, of_base) = (next(), next());
    let mut variations: Vec<(Json, Parts)> = Vec::new();
    for (arguments, made) in further.iter().zip(made) {
        let Some(made) = made else { continue };
        let gone = of_base.keys().filter(|name| !made.contains_key(*name)).map(|name| (name.clone(), Json::Null));
        let mut changed: Parts = gone.collect();
        changed.extend(made.into_iter().filter(|(name, part)| of_base.get(name) != Some(part)));
        if !changed.is_empty() && variations.iter().all(|(_, known)| *known != changed) {
            variations.push((arguments.clone(), changed));
        }
    }
    let (least, patterns) = (json!(least), json!(of_base));
    // Others are derived from the name.
    let has_default = |name: &str| !["name", "uuid", "net_iface_mac"].contains(&name);
    let defaults =
        base.as_object().expect("a set").keys().filter(|name| has_default(name) && !required.contains(&name.as_str()));
    let defaults: Map<_, _> = defaults
        .filter_map(|name| {
            let argument = base[name].as_str()?.strip_prefix('{')?.strip_suffix('}')?;
            Some((name.clone(), value_at(argument, &patterns, &least)?.clone()))
        })
        .collect();
    let variations: Vec<_> =
        variations.into_iter().map(|(arguments, parts)| json!({ "arguments": arguments, "parts": parts })).collect();
    json!({
        "kind": kind.name(),
        "name": template,
        "base": { "arguments": base, "parts": of_base },
        "variations": variations,
        "defaults": defaults,
    })
}

/// `reconciler/src/template/made.json` has what templates make, as libvirt completes it.
#[test]
fn what_templates_make_is_current() {
    let _name = NAME.lock().unwrap_or_else(PoisonError::into_inner);
    let _libvirtd = libvirtd::shared();
    let families = families();
    let known: Vec<_> = families.iter().flat_map(|family| family.1.iter().map(|name| known(name, family))).collect();
    // Another release of libvirt adds other devices.
    if version() < "12.0".parse().expect("a version") {
        let file = project().join("reconciler/src/template/made.json");
        expect_file![file].assert_eq(&format!("{:#}\n", Json::from(known)));
    }
}

/// A call that is found makes the same object again, whichever arguments come together.
#[test]
fn what_is_called_makes_the_same() {
    let _name = NAME.lock().unwrap_or_else(PoisonError::into_inner);
    let _libvirtd = libvirtd::shared();
    let mut calls = Vec::new();
    for (kind, templates, base, _, further) in families() {
        for &template in templates {
            calls.push(Call { kind, template, arguments: base.clone() });
            for (at, more) in further.iter().enumerate() {
                let other = &further[(at * 7 + 5) % further.len()];
                calls.push(Call { kind, template, arguments: with(&with(&base, other), more) });
            }
        }
    }
    let mut found = Vec::new();
    for (it, definition) in calls.iter().zip(definitions(&calls)) {
        let Some(definition) = definition else { continue };
        match call(it.kind, &spec_of(it.kind, &definition), &definition) {
            Some(text) => found.push((it, text, definition)),
            None => panic!("no call of {} {}:\n{definition}", it.template, it.arguments),
        }
    }
    let again: String =
        found.iter().map(|(it, text, _)| format!("(lib.{}.getXML ({text}))\n", it.kind.name())).collect();
    let again = evaluate_json(&format!("let NixVirt = {{ inherit lib; }}; in [ {again} ]"));
    let again = again.as_array().expect("it is a list").iter().map(|xml| xml.as_str().expect("it is text"));
    let again = completed(found.iter().map(|(it, ..)| it.kind).zip(again));
    for ((it, text, definition), again) in found.iter().zip(again) {
        let again = again.as_ref().map(ToString::to_string);
        assert_eq!(again, Some(definition.to_string()), "{} {} is written as {text}", it.template, it.arguments);
    }
    println!("{} of {} calls", found.len(), calls.len());
}
