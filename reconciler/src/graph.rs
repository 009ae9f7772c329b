//! A picture of hosts: their networks, pools and guests, and what connects them.

mod dot;
mod mermaid;

use crate::change::{child, child_text, children_of, missing};
use crate::inventory::Observed;
use crate::object::{Id, Type};
pub use dot::dot;
pub use mermaid::mermaid;
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeMap;

/// Hosts with their objects, by URI.
#[derive(Debug, Default)]
pub struct Graph {
    /// The objects of each host.
    pub hosts: BTreeMap<String, HostGraph>,
}

/// A host: what is drawn, and what connects it.
#[derive(Debug, Default)]
pub struct HostGraph {
    /// The nodes in the order in which they are drawn.
    pub nodes: Vec<Node>,
    /// Pairs of nodes, by their places in `nodes`, with a label.
    pub edges: Vec<(usize, usize, String)>,
}

/// What is drawn as a node.
#[derive(Debug, PartialEq)]
pub struct Node {
    /// What the node means.
    pub shape: Shape,
    /// Lines of text in the node.
    pub lines: Vec<String>,
}

/// What a node means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A guest.
    Guest,
    /// A guest with changes that take effect at its next start.
    PendingGuest,
    /// A network of libvirt, or a bridge of the host.
    Network,
    /// A storage pool.
    Pool,
    /// A disk image.
    Disk,
    /// A snapshot of a guest.
    Snapshot,
}

/// An object that is drawn.
#[derive(Debug)]
pub struct GraphObject<'o> {
    /// The object.
    pub id: &'o Id,
    /// The definition of the object.
    pub definition: &'o Element,
    /// Whether the object runs, if that is known.
    pub is_active: Option<bool>,
    /// Whether changes take effect at the next start of the guest.
    pub is_pending: bool,
    /// The names of the domain's snapshots.
    pub snapshots: Vec<&'o str>,
}

impl<'o> GraphObject<'o> {
    /// An object of a manifest.
    pub fn declared(id: &'o Id, definition: &'o Element) -> Self {
        GraphObject { id, definition, is_active: None, is_pending: false, snapshots: Vec::new() }
    }

    /// An object of libvirt; None if its definition was not read.
    pub fn found(id: &'o Id, found: &'o Observed) -> Option<Self> {
        let definition = found.definition.as_ref()?;
        let is_pending =
            id.kind == Type::Domain && found.live.as_ref().is_some_and(|live| !missing(live, definition).is_empty());
        let snapshots = found.snapshots.iter().filter_map(|it| child_text(it, "name")).collect();
        Some(GraphObject { id, definition, is_active: Some(found.is_active), is_pending, snapshots })
    }
}

impl HostGraph {
    /// Draws objects, those that others refer to first.
    pub fn of(objects: &[GraphObject<'_>]) -> HostGraph {
        let mut host = HostGraph::default();
        for object in objects {
            let shape = match object.id.kind {
                Type::Network => Shape::Network,
                Type::Pool => Shape::Pool,
                Type::Domain if object.is_pending => Shape::PendingGuest,
                Type::Domain => Shape::Guest,
                Type::Volume => {
                    let parent = object.id.parent.clone().unwrap_or_default();
                    let disk = host.volume(&parent, &object.id.name);
                    host.nodes[disk].lines.extend(capacity(object.definition));
                    continue;
                }
                Type::Snapshot => {
                    let guest = object.id.parent.clone().unwrap_or_default();
                    let guest = host.node(Shape::Guest, &guest);
                    host.snapshot(guest, &object.id.name);
                    continue;
                }
                Type::Secret | Type::Nwfilter => continue,
            };
            let node = host.node(shape, &object.id.name);
            host.nodes[node].lines.extend(state(object));
            if object.id.kind == Type::Domain {
                host.connect(node, object);
            }
        }
        host
    }

    /// Adds what a guest is connected to.
    fn connect(&mut self, guest: usize, object: &GraphObject<'_>) {
        for device in child(object.definition, "devices").map(|it| it.children.as_slice()).unwrap_or_default() {
            let source = |name: &str| child(device, "source")?.attribute(name);
            match device.name.as_str() {
                "interface" => {
                    let network = ["network", "bridge", "dev"].into_iter().find_map(source).unwrap_or("outside");
                    let network = self.node(Shape::Network, network);
                    self.edges.push((guest, network, String::new()));
                }
                "disk" => {
                    let target = child(device, "target").and_then(|it| it.attribute("dev")).unwrap_or_default();
                    let disk = match (source("pool"), source("volume")) {
                        (Some(pool), Some(volume)) => self.volume(pool, volume),
                        _ => match ["file", "dev", "dir", "name"].into_iter().find_map(source) {
                            Some(path) => self.node(Shape::Disk, path),
                            None => continue,
                        },
                    };
                    self.edges.push((guest, disk, target.to_owned()));
                }
                _ => {}
            }
        }
        for name in &object.snapshots {
            self.snapshot(guest, name);
        }
    }

    fn snapshot(&mut self, guest: usize, name: &str) {
        self.nodes.push(Node { shape: Shape::Snapshot, lines: vec![name.to_owned()] });
        self.edges.push((guest, self.nodes.len() - 1, String::new()));
    }

    /// Returns the node of a volume, which is connected to its pool.
    fn volume(&mut self, pool: &str, name: &str) -> usize {
        let pool = self.node(Shape::Pool, pool);
        let is_volume = |(disk, in_pool, _): &&(usize, usize, String)| {
            *in_pool == pool && self.nodes[*disk].lines.first().is_some_and(|line| line == name)
        };
        if let Some((disk, _, _)) = self.edges.iter().find(is_volume) {
            return *disk;
        }
        self.nodes.push(Node { shape: Shape::Disk, lines: vec![name.to_owned()] });
        let disk = self.nodes.len() - 1;
        self.edges.push((disk, pool, String::new()));
        disk
    }

    /// Returns the node of that name, which is added if it is missing.
    fn node(&mut self, shape: Shape, name: &str) -> usize {
        let is_same = |node: &Node| node.shape == shape && node.lines[0] == name;
        self.nodes.iter().position(is_same).unwrap_or_else(|| {
            self.nodes.push(Node { shape, lines: vec![name.to_owned()] });
            self.nodes.len() - 1
        })
    }
}

/// Returns the second line of an object: whether it runs, and the addresses of a network.
fn state(object: &GraphObject<'_>) -> Vec<String> {
    let mut words = Vec::new();
    if object.id.kind == Type::Network {
        words.extend(children_of(object.definition, "ip").iter().filter_map(address));
    }
    match (object.id.kind, object.is_active) {
        (Type::Domain, Some(true)) => words.push("running".to_owned()),
        (_, Some(false)) => words.push("off".to_owned()),
        _ => {}
    }
    if object.is_pending {
        words.push("pending restart".to_owned());
    }
    if words.is_empty() { Vec::new() } else { vec![words.join(", ")] }
}

fn address(ip: &Element) -> Option<String> {
    let address = ip.attribute("address")?;
    Some(match ip.attribute("prefix").or_else(|| ip.attribute("netmask")) {
        Some(size) => format!("{address}/{size}"),
        None => address.to_owned(),
    })
}

fn capacity(volume: &Element) -> Option<String> {
    let capacity = child(volume, "capacity")?;
    let unit = capacity.attribute("unit").unwrap_or("bytes");
    let (number, unit) = match (capacity.text.parse::<u64>().ok()?, unit) {
        (bytes, "bytes" | "B" | "b") if bytes > 0 && bytes % (1 << 30) == 0 => (bytes >> 30, "GiB"),
        (bytes, "bytes" | "B" | "b") if bytes > 0 && bytes % (1 << 20) == 0 => (bytes >> 20, "MiB"),
        other => other,
    };
    Some(format!("{number} {unit}"))
}
