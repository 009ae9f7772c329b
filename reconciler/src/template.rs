//! Specs that a template of the library makes: they are written as a call of it.

use crate::change::{child, child_text};
use crate::object::Type;
use nixvirt_schema::engine::value::Spec;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::engine::{identity, json, nix};
use nixvirt_schema::formats::device::interface::mac;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The templates, and what they make. A test writes the file, from what the templates give and libvirt makes of it.
static TEMPLATES: LazyLock<Vec<KnownTemplate>> =
    LazyLock::new(|| serde_json::from_str(include_str!("template/made.json")).expect("the file has this form"));

/// The fields of domains in which a call may differ from its template: no template has arguments for them.
const OVERLAID: [&str; 2] = ["type", "cpu"];

/// The UEFI variables of a guest, where the templates for Windows have them.
const VARIABLES: &str = "/var/lib/libvirt/qemu/nvram/{name}_VARS.fd";

/// The parts of a spec, by their paths.
type Parts = BTreeMap<String, Json>;

/// A template, and the specs that it makes.
#[derive(Deserialize)]
struct KnownTemplate {
    kind: Type,
    name: String,
    /// What the template makes of the arguments that each spec tells.
    base: Made,
    /// What it makes of further arguments.
    variations: Vec<Made>,
    /// The values of arguments that the call leaves out.
    defaults: Map<String, Json>,
}

/// Arguments, and the parts of a spec that they make. `{argument}` is the place of a value, and null means that there is no such part.
#[derive(Deserialize)]
struct Made {
    arguments: Map<String, Json>,
    parts: Parts,
}

/// Returns the call of the template that makes the brief spec of a definition, as a Nix expression. Of several templates, the one with the
/// fewest arguments is called.
pub fn call(kind: Type, spec: &Spec<'_>, definition: &Element) -> Option<String> {
    let mut parts = parts(kind, serde_json::to_value(spec.root()).ok()?);
    let overlaid = if kind == Type::Domain { overlaid(&mut parts) } else { Map::new() };
    let name = parts.get("name")?.as_str()?;
    // The brief spec lacks the file that libvirt would choose.
    let variables = child(definition, "os").and_then(|os| child_text(os, "nvram"));
    let has_variables = variables == Some(&VARIABLES.replace("{name}", name));
    let templates = TEMPLATES.iter().filter(|it| it.kind == kind && (has_variables || !it.name.starts_with("windows")));
    let calls = templates.filter_map(|it| Some((it, it.arguments(&parts)?)));
    let (template, mut arguments) = calls.min_by_key(|(_, arguments)| arguments.len())?;
    // What is derived from the name.
    let uuid = arguments.get("uuid").and_then(Json::as_str).map(str::to_owned);
    let chosen = uuid.filter(|uuid| *uuid != identity::uuid(kind.name(), name));
    if chosen.is_none() {
        arguments.remove("uuid");
    }
    let address = mac::address("kvm", &mac::identity(chosen.as_deref(), name), 0);
    arguments.retain(|argument, value| argument != "net_iface_mac" || *value != address);
    let mut call = format!("NixVirt.lib.{}.templates.{} {}", kind.name(), template.name, printed(arguments)?);
    if !overlaid.is_empty() {
        call += &format!(" // {}", printed(overlaid)?);
    }
    Some(call)
}

/// Returns a set as Nix, with its name first.
fn printed(set: Map<String, Json>) -> Option<String> {
    let mut set: Vec<_> = set.into_iter().collect();
    set.sort_by_key(|(name, _)| name != "name");
    let set: Vec<_> = set.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    let text = format!("{{{}}}", set.join(","));
    Some(nix::print(json::parse(&text).ok()?.root()).trim_end().to_owned())
}

/// Returns the parts of a spec: its fields, and those of its devices. Each disk is a part by its target.
pub fn parts(kind: Type, spec: Json) -> Parts {
    let mut parts = Parts::new();
    let Json::Object(fields) = spec else { return parts };
    for (name, field) in fields {
        match field {
            Json::Object(devices) if kind == Type::Domain && name == "devices" => {
                parts.extend(devices.into_iter().flat_map(|(name, devices)| parts_of_devices(&name, devices)));
            }
            field => drop(parts.insert(name, field)),
        }
    }
    parts
}

/// Returns the parts of all devices of one name.
fn parts_of_devices(name: &str, devices: Json) -> Vec<(String, Json)> {
    match devices {
        Json::Array(disks) if name == "disk" => {
            let target = |disk: &Json| disk["target"]["dev"].as_str().unwrap_or_default().to_owned();
            disks.into_iter().map(|disk| (format!("devices.disk.{}", target(&disk)), disk)).collect()
        }
        devices => vec![(format!("devices.{name}"), devices)],
    }
}

/// Removes the parts in which a domain may differ from its template, and returns those that do.
fn overlaid(parts: &mut Parts) -> Map<String, Json> {
    let of_templates = [json!("kvm"), json!({ "mode": "host-passthrough", "check": "none", "migratable": true })];
    let mut overlaid = Map::new();
    for (name, of_template) in OVERLAID.into_iter().zip(of_templates) {
        let found = parts.remove(name).unwrap_or_default();
        if found != of_template {
            overlaid.insert(name.to_owned(), found);
        }
    }
    overlaid
}

impl KnownTemplate {
    /// The arguments with which the template makes these parts.
    fn arguments(&self, parts: &Parts) -> Option<Map<String, Json>> {
        let variations = self.variations.iter().filter(|variation| {
            variation.parts.iter().all(|(name, pattern)| bind(pattern, parts.get(name), &mut BTreeMap::new()).is_some())
        });
        let made: Vec<_> = [&self.base].into_iter().chain(variations).collect();
        // A later one replaces parts of an earlier one.
        let expected: BTreeMap<_, _> = made.iter().flat_map(|it| &it.parts).collect();
        let mut bound = BTreeMap::new();
        for (name, pattern) in &expected {
            bind(pattern, parts.get(*name), &mut bound)?;
        }
        if parts.keys().any(|name| !expected.contains_key(name)) {
            return None;
        }
        let all = made.iter().flat_map(|it| &it.arguments);
        let mut arguments: Map<_, _> =
            all.filter_map(|(name, pattern)| Some((name.clone(), filled(pattern, &bound)?))).collect();
        arguments
            .retain(|name, value| self.defaults.get(name).and_then(|it| filled(it, &bound)).as_ref() != Some(value));
        Some(arguments)
    }
}

/// Compares a part with a pattern, and learns the values in it. None if they differ.
fn bind<'p>(pattern: &'p Json, part: Option<&Json>, bound: &mut BTreeMap<&'p str, Json>) -> Option<()> {
    match (pattern, part) {
        (Json::Null, None) => Some(()),
        (Json::Object(patterns), Some(Json::Object(parts))) if patterns.len() == parts.len() => {
            patterns.iter().try_for_each(|(name, pattern)| bind(pattern, Some(parts.get(name)?), bound))
        }
        (Json::Array(patterns), Some(Json::Array(parts))) if patterns.len() == parts.len() => {
            patterns.iter().zip(parts).try_for_each(|(pattern, part)| bind(pattern, Some(part), bound))
        }
        (Json::String(text), Some(part)) if text.contains('{') => {
            let (start, (name, end)) = placeholder(text)?;
            let found = if start.is_empty() && end.is_empty() {
                part.clone()
            } else {
                let text = part.as_str()?.strip_prefix(start)?.strip_suffix(end)?;
                let number = text.parse::<u8>().ok().filter(|number| number.to_string() == text);
                number.map_or_else(|| json!(text), |number| json!(number))
            };
            (bound.entry(name).or_insert_with(|| found.clone()) == &found).then_some(())
        }
        (pattern, part) => (Some(pattern) == part).then_some(()),
    }
}

/// Returns the text before a placeholder, its name, and the text after it.
fn placeholder(text: &str) -> Option<(&str, (&str, &str))> {
    let (start, rest) = text.split_once('{')?;
    Some((start, rest.split_once('}')?))
}

/// Returns a pattern with its values. None if one is not known.
fn filled(pattern: &Json, bound: &BTreeMap<&str, Json>) -> Option<Json> {
    Some(match pattern {
        Json::String(text) if text.contains('{') => {
            let (start, (name, end)) = placeholder(text)?;
            let value = bound.get(name)?;
            if start.is_empty() && end.is_empty() {
                value.clone()
            } else {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                json!(format!("{start}{value}{end}"))
            }
        }
        Json::Object(set) => {
            let filled: Option<Map<_, _>> =
                set.iter().map(|(name, pattern)| Some((name.clone(), filled(pattern, bound)?))).collect();
            Json::Object(filled?)
        }
        other => other.clone(),
    })
}
