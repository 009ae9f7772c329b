//! What a running object lacks of a definition, by what libvirt says of the running object.

use super::live::{FieldPaths, is_within};
use super::preserve::add_macs;
use crate::change::{Change, changes, missing};
use crate::object::Type;
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::Element;

/// The fields of a domain that libvirt resolves when it starts the guest, so that a running guest has other values: the model
/// that the host's CPU is, ports, the bridge of a network, labels.
const RESOLVED: &[&str] =
    &["cpu", "clock", "features", "numatune", "os", "resource", "seclabel", "vcpu.cpuset", "vcpu.placement"];

/// The same of devices, by their name.
const RESOLVED_OF_DEVICES: &[(&str, &[&str])] = &[
    ("channel", &["source"]),
    ("console", &["source", "target"]),
    ("graphics", &["autoport", "listen", "port", "socket", "tlsPort", "websocket"]),
    ("hostdev", &["source"]),
    ("interface", &["backend", "bandwidth", "source", "target", "virtualport", "vlan"]),
    ("memory", &["target"]),
    ("parallel", &["source", "target"]),
    ("serial", &["source", "target"]),
    ("tpm", &["backend"]),
    ("vsock", &["cid"]),
];

/// The types that a running guest's card of a network may have instead, by the network's forward mode.
const MADE_OF_NETWORKS: &[&str] = &["bridge", "direct", "hostdev"];

/// A running object.
pub struct RunningObject<'a> {
    /// Its definition as it runs.
    pub live: &'a Element,
    /// The definition that it was started from, if that is known.
    pub started_from: Option<&'a Element>,
}

/// The fields of a definition that a running object does not have, whatever it was started from.
pub fn lacks_of_definition(kind: Type, live: &Element, definition: &Element) -> Vec<Change> {
    open(kind, &RunningObject { live, started_from: Some(definition) }, definition)
}

/// The fields of a definition that a running object does not have, and those that it still has and the definition no longer.
pub fn open(kind: Type, run: &RunningObject<'_>, wanted: &Element) -> Vec<Change> {
    let with_macs = |definition: &Element| {
        let mut definition = definition.clone();
        add_macs(&mut definition, Some(run.live));
        definition
    };
    let wanted = with_macs(wanted);
    let since_start = run.started_from.map(|started_from| changes(with_macs(started_from), &wanted));
    let changed = since_start.as_ref().map(FieldPaths::of);
    let is_changed = |change: &Change| changed.as_ref().is_none_or(|changed| changed.overlap(&change.path));
    let is_told = |change: &Change| kind == Type::Domain && !is_resolved(change);
    let mut open: Vec<_> = missing(run.live, &wanted)
        .into_iter()
        .filter(|change| !is_secret(&change.new) && (is_changed(change) || is_told(change)))
        .collect();
    let removed: Vec<_> = since_start.into_iter().flatten().filter(|change| change.new.is_none()).collect();
    if !removed.is_empty() {
        let differences = changes(run.live, &wanted);
        let left = FieldPaths::of(differences.iter().filter(|change| change.new.is_none()));
        let is_still_there = |change: &Change| left.overlap(&change.path);
        open.extend(removed.into_iter().filter(|change| is_secret(&change.old) || is_still_there(change)));
    }
    open
}

/// Whether a value is a secret, which libvirt does not tell of a running object.
fn is_secret(value: &Option<String>) -> bool {
    value.as_deref() == Some(PLACEHOLDER)
}

fn is_resolved(change: &Change) -> bool {
    let path = change.path.as_str();
    let Some(device) = path.strip_prefix("devices.") else {
        return RESOLVED.iter().any(|field| is_within(path, field));
    };
    let name = device.split(['.', '[']).next().unwrap_or_default();
    let fields = RESOLVED_OF_DEVICES.iter().find(|(device, _)| *device == name).map_or(&[][..], |(_, fields)| fields);
    // Keys may hold dots.
    let field = device.rsplit("].").next().unwrap_or_default();
    let field = if device.contains(']') { field } else { device.split_once('.').map_or("", |(_, field)| field) };
    // A card of a network is shown beside what the network made of it.
    match (name, field) {
        ("interface", "source.network") => return change.old.is_none(),
        ("interface", "type") => {
            let is_of_network = change.new.as_deref() == Some("network");
            return is_of_network && change.old.as_deref().is_some_and(|old| MADE_OF_NETWORKS.contains(&old));
        }
        _ => {}
    }
    device.len() > name.len() && fields.iter().any(|other| is_within(field, other))
}
