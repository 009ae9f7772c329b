//! Why a host runs no guests of an architecture, a type or a machine type, and what it has instead.

use super::capabilities::Request;
use super::lack::{Lack, Missing, Remedy};
use super::parts::Path;
use crate::change::{child, child_text};
use crate::error::ErrorMessage;
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeSet;

/// The problems of a request that libvirt refuses.
pub struct RefusedRequest {
    /// What the host lacks.
    pub lacks: Vec<Lack>,
    /// The request without what the host lacks. None if nothing is left to ask for.
    pub rest: Option<Request>,
}

/// Explains an error of libvirt by the capabilities of the host, libvirt's `<capabilities>`.
pub fn explain(request: &Request, error: ErrorMessage, host: Option<&Element>) -> RefusedRequest {
    let unexplained = |place: &[&str]| Lack::new(&Path::of(place), Missing::Emulator { error: error.clone() });
    let Some(host) = host else { return RefusedRequest { lacks: vec![unexplained(&["os"])], rest: None } };
    let own = child(host, "host").and_then(|host| child_text(child(host, "cpu")?, "arch"));
    let arch = request.arch.as_deref().or(own).unwrap_or_default();
    let archs = || host.children.iter().filter_map(|guest| child(guest, "arch"));
    let Some(found) = archs().find(|it| it.attribute("name") == Some(arch)) else {
        let supported: BTreeSet<_> = archs().filter_map(|it| it.attribute("name")).collect();
        let lack = value(&["os", "type", "arch"], arch, supported, Some(Remedy::Emulator));
        return RefusedRequest { lacks: vec![lack], rest: None };
    };
    let mut rest = request.clone();
    let mut lacks = Vec::new();
    let kinds: BTreeSet<_> =
        found.children.iter().filter(|it| it.name == "domain").filter_map(|it| it.attribute("type")).collect();
    if let Some(kind) = request.kind.as_deref().filter(|kind| !kinds.contains(kind)) {
        let remedy = if kind == "kvm" { Some(Remedy::Kvm) } else { None };
        lacks.push(value(&["type"], kind, kinds.clone(), remedy));
        rest.kind = None;
    }
    if let Some(machine) = request.machine.as_deref().filter(|machine| !has_machine(found, machine)) {
        lacks.push(value(&["os", "type", "machine"], machine, machines(found), None));
        rest.machine = None;
    }
    if lacks.is_empty() {
        let place: &[&str] = if request.emulator.is_some() { &["devices", "emulator"] } else { &["os"] };
        lacks.push(unexplained(place));
        rest.emulator = None;
    }
    let is_less = rest != *request;
    RefusedRequest { lacks, rest: if is_less { Some(rest) } else { None } }
}

fn value(path: &[&str], value: &str, supported: BTreeSet<&str>, remedy: Option<Remedy>) -> Lack {
    let supported = supported.into_iter().map(str::to_owned).collect();
    Lack::new(&Path::of(path), Missing::Value { value: value.to_owned(), supported, remedy })
}

/// The machine types of an architecture, and of each type of domain that has others.
fn machine_elements(arch: &Element) -> impl Iterator<Item = &Element> {
    let of_domains = arch.children.iter().filter(|it| it.name == "domain").flat_map(|domain| &domain.children);
    arch.children.iter().chain(of_domains).filter(|it| it.name == "machine")
}

fn has_machine(arch: &Element, name: &str) -> bool {
    machine_elements(arch).any(|machine| machine.text.trim() == name || machine.attribute("canonical") == Some(name))
}

/// The names of the machine types that are not deprecated.
fn machines(arch: &Element) -> BTreeSet<&str> {
    let current = machine_elements(arch).filter(|machine| machine.attribute("deprecated") != Some("yes"));
    current.map(|machine| machine.text.trim()).collect()
}
