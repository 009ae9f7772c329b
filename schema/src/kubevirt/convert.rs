//! The walk along a domain's XML and the table.

use crate::engine::message;
use crate::engine::problem::{Diagnostic, Severity};
use crate::engine::size;
use crate::engine::xml::{self, Element};
use crate::kubevirt::domain::SCOPES;
use crate::kubevirt::table::{Note, Row, Scope, Take, fits};
use regex_lite::{Captures, Regex};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A part has no counterpart, and is left out.
pub const LOST: &str = "kubevirt-lost";
/// The virtual machine needs something in the cluster.
pub const NEEDS: &str = "kubevirt-needs";
/// There is no such virtual machine.
pub const IMPOSSIBLE: &str = "kubevirt-impossible";

/// The codes of problems of a conversion, with their explanations.
pub const CODES: &[(&str, Severity, &str)] = &[
    (
        LOST,
        Severity::Warning,
        "KubeVirt has no counterpart of a part of the domain. The virtual machine lacks the part, or has in its place what the \
         message names.",
    ),
    (
        NEEDS,
        Severity::Warning,
        "The virtual machine refers to something that must be in the cluster before the machine starts, such as a \
         PersistentVolumeClaim with the content of a disk.",
    ),
    (
        IMPOSSIBLE,
        Severity::Error,
        "KubeVirt cannot run this domain. KubeVirt runs only guests of type \"kvm\" or \"qemu\", whose names can become names in \
         Kubernetes.",
    ),
];

/// Length of the longest label in Kubernetes.
const LABEL: usize = 63;

/// The documents of a domain, and what is lost.
#[derive(Debug)]
pub struct Conversion {
    /// Documents for Kubernetes: networks, and the virtual machine last.
    pub documents: Vec<Json>,
    /// Problems, in the order of the XML. Their paths are those of the spec.
    pub problems: Vec<Diagnostic>,
}

/// What the conversion asks of the cluster.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// Networks in whose place is the network of the pod: those with NAT.
    pub pod_networks: Vec<String>,
    /// Names of graphics cards in the cluster, by their addresses on the host.
    pub gpus: BTreeMap<String, String>,
    /// Names of other devices in the cluster, by their addresses on the host.
    pub host_devices: BTreeMap<String, String>,
}

/// Returns the addresses of the host's devices in a domain, which the maps of [`Cluster`] refer to.
pub fn device_addresses(domain: &Element) -> Vec<String> {
    let devices = domain.children.iter().filter(|it| it.name == "devices").flat_map(|it| &it.children);
    devices.filter(|it| it.name == "hostdev").map(address).collect()
}

/// Converts a domain, of which may be known whether it has to run.
pub fn convert(domain: &Element, active: Option<bool>, cluster: &Cluster) -> Conversion {
    let mut domain = domain.clone();
    order_boot(&mut domain);
    mark(&mut domain, cluster);
    let active = match active {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    domain.attributes.push(("active".to_owned(), active.to_owned()));
    let mut walk =
        Walk { name: kubernetes_name(&value(&domain, "name")), made: Json::Object(Map::new()), problems: Vec::new() };
    let whole =
        Item { scope: &SCOPES[0], element: &domain, name: String::new(), key: String::new(), shown: String::new() };
    walk.element(&whole, &domain, "");
    Conversion { documents: documents(&listed(walk.made)), problems: walk.problems }
}

/// The documents, each once: two interfaces may be in one network.
fn documents(made: &Json) -> Vec<Json> {
    let networks = made["networks"].as_array().into_iter().flatten();
    let mut documents = Vec::new();
    for document in networks.chain([&made["machine"]]) {
        if !documents.contains(document) {
            documents.push(document.clone());
        }
    }
    documents
}

/// Gives the devices that `os.boot` names an order of their own, which is the only one that KubeVirt has.
fn order_boot(domain: &mut Element) {
    let of_name = |name: &'static str| move |it: &&mut Element| it.name == name;
    let os = domain.children.iter().filter(|it| it.name == "os").flat_map(|os| &os.children);
    let words = os.filter(|it| it.name == "boot").filter_map(|boot| boot.attribute("dev").map(str::to_owned));
    let words: Vec<_> = words.collect();
    let Some(devices) = domain.children.iter_mut().find(of_name("devices")) else { return };
    for (place, word) in words.iter().enumerate() {
        let is_meant = |it: &&mut Element| match word.as_str() {
            "hd" => it.name == "disk" && it.attribute("device").unwrap_or("disk") == "disk",
            "network" => it.name == "interface",
            other => it.name == "disk" && it.attribute("device") == Some(other),
        };
        if let Some(device) = devices.children.iter_mut().find(is_meant) {
            let order = ("order".to_owned(), (place + 1).to_string());
            device.children.push(Element { name: "boot".to_owned(), attributes: vec![order], ..Element::default() });
        }
    }
}

/// Adds the names of devices, and marks the interface that is in the network of the pod: a virtual machine has one.
fn mark(domain: &mut Element, cluster: &Cluster) {
    let Some(devices) = domain.children.iter_mut().find(|it| it.name == "devices") else { return };
    let in_pod = |it: &&mut Element| {
        let is_nat = || cluster.pod_networks.contains(&value(it, "source.@network"));
        it.name == "interface" && (value(it, "@type") == "user" || value(it, "@type") == "network" && is_nat())
    };
    if let Some(interface) = devices.children.iter_mut().find(in_pod) {
        interface.children.insert(0, Element { name: "pod-network".to_owned(), ..Element::default() });
    }
    for device in devices.children.iter_mut().filter(|it| it.name == "hostdev") {
        let address = address(device);
        let named = [("gpu", &cluster.gpus), ("host-device", &cluster.host_devices)];
        if let Some((kind, name)) = named.into_iter().find_map(|(kind, names)| Some((kind, names.get(&address)?))) {
            let marker = Element { name: kind.to_owned(), text: name.clone(), ..Element::default() };
            device.children.insert(0, marker);
        }
    }
}

/// The address of a device on the host, as `lspci` or `lsusb` prints it, or its UUID.
fn address(device: &Element) -> String {
    let digits = |part: &str, width: usize| {
        let text = value(device, &format!("source.address.@{part}"));
        let number = text.strip_prefix("0x").map_or_else(|| text.parse(), |hex| u32::from_str_radix(hex, 16));
        format!("{:0width$x}", number.unwrap_or_default())
    };
    match device.attribute("type") {
        Some("pci") => {
            format!("{}:{}:{}.{}", digits("domain", 4), digits("bus", 2), digits("slot", 2), digits("function", 1))
        }
        Some("usb") => fill("{source.vendor.@id}:{source.product.@id}", device, &[]).replace("0x", ""),
        _ => value(device, "source.address.@uuid"),
    }
}

/// An element with a scope.
struct Item<'e> {
    scope: &'static Scope,
    element: &'e Element,
    /// Name in KubeVirt.
    name: String,
    /// Place in the lists of the documents.
    key: String,
    /// Path of the element in messages.
    shown: String,
}

/// What the rows of a path said.
enum Said {
    /// There are none.
    Nothing,
    /// The part is converted.
    Taken,
    /// The part is left out, with all below it.
    Dropped,
}

struct Walk {
    /// Name of the virtual machine.
    name: String,
    /// Documents so far. The items of a list are members whose names start with `#`, in their order.
    made: Json,
    problems: Vec<Diagnostic>,
}

impl Walk {
    fn element(&mut self, item: &Item<'_>, element: &Element, path: &str) {
        let text = xml::trim(&element.text);
        match self.rows(item, path, if text.is_empty() { "present" } else { text }) {
            Said::Dropped => return,
            Said::Taken => {}
            Said::Nothing if !has_below(item.scope, path) || !text.is_empty() => return self.lose(item, path, text),
            Said::Nothing => {}
        }
        for (name, value) in &element.attributes {
            let path = join(path, &format!("@{name}"));
            if let Said::Nothing = self.rows(item, &path, value) {
                self.lose(item, &path, value);
            }
        }
        let mut counted = Map::new();
        for child in &element.children {
            let path = join(path, &child.name);
            let whole = join(item.scope.path, &path);
            let Some(scope) = SCOPES.iter().find(|scope| scope.path == whole) else {
                self.element(item, child, &path);
                continue;
            };
            let index = counted.get(&child.name).and_then(Json::as_u64).unwrap_or_default();
            counted.insert(child.name.clone(), json!(index + 1));
            let inner = Item {
                scope,
                element: child,
                name: kubernetes_name(&fill(
                    scope.item,
                    child,
                    &[("domain", &self.name), ("index", &index.to_string())],
                )),
                key: format!("#{whole}.{index:04}"),
                shown: format!("{whole}[{index}]"),
            };
            self.element(&inner, child, "");
        }
    }

    /// Applies the rows of a path.
    fn rows(&mut self, item: &Item<'_>, path: &str, found: &str) -> Said {
        let mut of_path = item.scope.rows.iter().filter(|row| row.from == path).peekable();
        let is_known = of_path.peek().is_some();
        let mut said = Said::Nothing;
        for row in of_path {
            let holds = |(at, words): &(&str, &[&str])| words.iter().any(|word| fits(word, &value(item.element, at)));
            if !row.when.iter().all(holds) {
                continue;
            }
            said = Said::Taken;
            self.note(item, path, row, found);
            match row.take {
                Take::Nothing => return Said::Dropped,
                take => self.take(item, path, row.to, take, found),
            }
        }
        if is_known && matches!(said, Said::Nothing) {
            self.lose(item, path, if found == "present" { "" } else { found });
            return Said::Dropped;
        }
        said
    }

    fn note(&mut self, item: &Item<'_>, path: &str, row: &Row, found: &str) {
        let (severity, code, text) = match row.note {
            Note::None | Note::Because(_) => return,
            Note::Lost(text) => (Severity::Warning, LOST, text),
            Note::Needs(text) => (Severity::Warning, NEEDS, text),
            Note::Impossible(text) => (Severity::Error, IMPOSSIBLE, text),
        };
        let text = self.filled(item, text, found);
        self.add(item, path, severity, code, text);
    }

    fn take(&mut self, item: &Item<'_>, path: &str, to: &str, take: Take, found: &str) {
        let new = match take {
            Take::Text => json!(found),
            Take::Number => found.parse::<i64>().map_or(Json::Null, Json::from),
            Take::Quantity(unit) => {
                let given = value(item.element, &join(path, "@unit"));
                let unit = if given.is_empty() { unit } else { &given };
                size::bytes(found, unit).map_or(Json::Null, |bytes| json!(quantity(bytes)))
            }
            Take::Switch => json!(matches!(found, "yes" | "on")),
            Take::Words(words) => match words.iter().find(|(pattern, _)| fits(pattern, found)) {
                Some((_, "")) => return,
                Some((_, "=")) => json!(found),
                Some((pattern, word)) => {
                    if *pattern == "*" {
                        self.add(item, path, Severity::Warning, LOST, message::replaced(found, word));
                    }
                    json!(word)
                }
                None => return self.lose(item, path, found),
            },
            Take::True => json!(true),
            Take::False => json!(false),
            Take::Empty => json!({}),
            Take::Filled(text) => json!(self.filled(item, text, found)),
            Take::Name(text) | Take::Label(text) => {
                let name = kubernetes_name(&self.filled(item, text, found));
                let wrong = if name.is_empty() {
                    Some(message::no_kubernetes_name(found))
                } else if matches!(take, Take::Label(_)) && name.len() > LABEL {
                    Some(message::long_kubernetes_name(found))
                } else {
                    None
                };
                if let Some(wrong) = wrong {
                    return self.add(item, path, Severity::Error, IMPOSSIBLE, wrong);
                }
                json!(name)
            }
            Take::Nothing => Json::Null,
        };
        if new.is_null() {
            return self.lose(item, path, found);
        }
        set(&mut self.made, to, &item.key, new);
    }

    fn lose(&mut self, item: &Item<'_>, path: &str, found: &str) {
        let message =
            if found.is_empty() { message::no_counterpart().to_owned() } else { message::no_counterpart_of(found) };
        self.add(item, path, Severity::Warning, LOST, message);
    }

    fn add(&mut self, item: &Item<'_>, path: &str, severity: Severity, code: &'static str, message: String) {
        self.problems.push(Diagnostic {
            severity,
            code,
            path: join(&item.shown, &path.replace('@', "")),
            message,
            suggestion: None,
            hint: None,
            reference: None,
            position: None,
        });
    }

    fn filled(&self, item: &Item<'_>, text: &str, found: &str) -> String {
        fill(text, item.element, &[("domain", &self.name), ("item", &item.name), ("value", found)])
    }
}

/// Fills in the placeholders of a text: words that are known, and else paths below an element.
fn fill(text: &str, element: &Element, known: &[(&str, &str)]) -> String {
    static PLACEHOLDER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\{([a-zA-Z@.-]+)\}").expect("the pattern is valid"));
    let word = |found: &Captures<'_>| match known.iter().find(|(name, _)| *name == &found[1]) {
        Some((_, word)) => (*word).to_owned(),
        None => value(element, &found[1]),
    };
    PLACEHOLDER.replace_all(text, word).into_owned()
}

/// Whether a scope has rows below a path, or a scope is below it.
fn has_below(scope: &Scope, path: &str) -> bool {
    let below =
        |other: &str, path: &str| path.is_empty() || other.strip_prefix(path).is_some_and(|it| it.starts_with('.'));
    let whole = join(scope.path, path);
    scope.rows.iter().any(|row| below(row.from, path)) || SCOPES.iter().any(|scope| below(scope.path, &whole))
}

fn join(path: &str, name: &str) -> String {
    match (path, name) {
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

/// The value at a path below an element: an attribute, or the text of an element, which is `present` if there is none. Empty if the
/// part is absent.
fn value(element: &Element, path: &str) -> String {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Some(attribute) = name.strip_prefix('@') {
        return element.attribute(attribute).unwrap_or_default().to_owned();
    }
    let Some(child) = element.children.iter().find(|child| child.name == name) else { return String::new() };
    match (rest, xml::trim(&child.text)) {
        ("", "") => "present".to_owned(),
        ("", text) => text.to_owned(),
        (rest, _) => value(child, rest),
    }
}

/// Sets the value at a path of the documents. What is there already stays, if an empty object is set.
fn set(made: &mut Json, path: &str, key: &str, new: Json) {
    let mut at = made;
    for step in path.split('.') {
        let (name, is_list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        at = member(at, name);
        if is_list {
            at = member(at, key);
        }
    }
    if at.is_null() || new != json!({}) {
        *at = new;
    }
}

fn member<'m>(of: &'m mut Json, name: &str) -> &'m mut Json {
    if !of.is_object() {
        *of = json!({});
    }
    &mut of[name]
}

/// Makes lists of the objects whose members are items.
fn listed(made: Json) -> Json {
    let Json::Object(members) = made else { return made };
    if members.keys().any(|name| name.starts_with('#')) {
        return members.into_iter().map(|(_, item)| listed(item)).collect();
    }
    members.into_iter().map(|(name, member)| (name, listed(member))).collect::<Map<_, _>>().into()
}

/// Returns a size as Kubernetes writes it, in the largest unit of which it is a whole number.
fn quantity(bytes: u64) -> String {
    let units = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];
    let whole = units.iter().find(|(_, shift)| bytes > 0 && bytes % (1 << shift) == 0);
    whole.map_or_else(|| bytes.to_string(), |(unit, shift)| format!("{}{unit}", bytes >> shift))
}

/// Returns a name in the form of Kubernetes: lower-case letters, digits and hyphens between them.
fn kubernetes_name(name: &str) -> String {
    let letter = |byte: u8| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() as char } else { '-' };
    let name: String = name.bytes().map(letter).collect();
    name.trim_matches('-').to_owned()
}
