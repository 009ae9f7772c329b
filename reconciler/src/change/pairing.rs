//! Which children of two elements are the same one, changed or not.
//!
//! Equal children come first, so that of two devices without a key the one that stays is known. Others are the same if they
//! have the same key: a disk its target, a card its MAC address. Children without a key come last, in their order. The cost
//! grows with the number of children.

use nixvirt_schema::engine::xml::Element;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

/// The keys that tell elements of one name apart: the first one that an element has. `a@b` is the attribute `b` of the child
/// `a`, `@b` that of the element, and `a` the text of the child. A plus joins the parts of a key, of which those with a
/// question mark may be absent.
const KEYS: &[(&str, &[&str])] = &[
    ("alias", &["@name"]),
    ("audio", &["@id"]),
    ("cache", &["@level"]),
    ("cell", &["@id"]),
    ("channel", &["target@name", "target@type"]),
    ("console", &["target@port"]),
    ("controller", &["@type+@index+@model?", "@type+@index", "@type+@model", "@type"]),
    ("disk", &["target@dev"]),
    ("feature", &["@name"]),
    ("filesystem", &["target@dir"]),
    ("graphics", &["@type"]),
    ("host", &["@ip", "@mac", "@name", "@id"]),
    (
        "hostdev",
        &[
            "@type+source/address@bus+source/address@slot+source/address@function+source/address@domain?",
            "@type+source/adapter@name+source/address@bus+source/address@target+source/address@unit",
            "@type+source/vendor@id+source/product@id+source/address@bus?+source/address@device?",
            "@type+source/address@bus+source/address@device",
            "@type+source/address@uuid",
            "@type+source@wwpn",
            "@type+source@name",
        ],
    ),
    ("hostname", &[""]),
    ("input", &["@type+@bus"]),
    ("interface", &["mac@address", "@dev"]),
    ("iothread", &["@id"]),
    ("iothreadpin", &["@iothreads"]),
    ("ip", &["@address"]),
    ("lease", &["lockspace+key"]),
    ("memnode", &["@cellid"]),
    ("parallel", &["target@port"]),
    ("parameter", &["@name"]),
    ("portgroup", &["@name"]),
    ("range", &["@start+@end"]),
    ("redirdev", &["source@host+source@service"]),
    ("serial", &["target@port"]),
    ("shmem", &["@name"]),
    ("sibling", &["@id"]),
    ("srv", &["@service+@protocol+@target"]),
    ("timer", &["@name"]),
    ("txt", &["@name"]),
    ("vcpupin", &["@vcpu"]),
    ("vlan", &["@trunk"]),
    ("watchdog", &["@model"]),
];

/// The elements whose order means nothing, although they may lack a key.
const UNORDERED: &[&str] = &["hostdev", "lease", "memory", "redirdev", "rng", "shmem", "sound", "video"];

/// The start of an alias that a user has given a device, and that libvirt keeps.
const USER_ALIAS: &str = "ua-";

/// A child of two elements, side by side.
pub struct Pair<'a> {
    /// The child's name in a path, with its key if there may be several: `disk[vda]`. No two pairs have the same.
    pub label: Cow<'a, str>,
    /// The child of the first element.
    pub old: Option<&'a Element>,
    /// The child of the second element.
    pub new: Option<&'a Element>,
}

/// Pairs the children of two elements; those of the second come first, in their order.
pub fn pair<'a>(old: &'a Element, new: &'a Element) -> Vec<Pair<'a>> {
    let mut groups: HashMap<&str, Group<'a>> = HashMap::with_capacity(new.children.len());
    for child in &old.children {
        groups.entry(&child.name).or_default().olds.push(child);
    }
    for child in &new.children {
        groups.entry(&child.name).or_default().news.push(child);
    }
    for (name, group) in &mut groups {
        group.pair(name);
    }
    let mut labels = Labels::default();
    let mut pairs = Vec::with_capacity(new.children.len());
    for child in &new.children {
        let group = groups.get_mut(child.name.as_str()).expect("each child is in a group");
        let place = group.next_new;
        group.next_new += 1;
        let label = labels.of(child, place, group.is_one_of_many());
        pairs.push(Pair { label, old: group.old_of[place].map(|at| group.olds[at]), new: Some(child) });
    }
    for child in &old.children {
        let group = groups.get_mut(child.name.as_str()).expect("each child is in a group");
        let place = group.next_old;
        group.next_old += 1;
        if !group.is_paired[place] {
            let label = labels.of(child, place, group.is_one_of_many());
            pairs.push(Pair { label, old: Some(child), new: None });
        }
    }
    pairs
}

/// The children of one name.
#[derive(Default)]
struct Group<'a> {
    olds: Vec<&'a Element>,
    news: Vec<&'a Element>,
    /// For each new child, the place of the old one.
    old_of: Vec<Option<usize>>,
    /// For each old child, whether it has a new one.
    is_paired: Vec<bool>,
    next_new: usize,
    next_old: usize,
}

impl Group<'_> {
    fn is_one_of_many(&self) -> bool {
        self.olds.len() > 1 || self.news.len() > 1
    }

    fn pair(&mut self, name: &str) {
        self.old_of = vec![None; self.news.len()];
        self.is_paired = vec![false; self.olds.len()];
        if self.olds.is_empty() || self.news.is_empty() {
            return;
        }
        // Most children are alone, and nothing tells them apart.
        if !self.is_one_of_many() && [self.olds[0], self.news[0]].into_iter().all(|it| primary_key(it).is_none()) {
            (self.old_of[0], self.is_paired[0]) = (Some(0), true);
            return;
        }
        let primary = |elements: &[&Element]| elements.iter().map(|it| primary_key(it)).collect::<Vec<_>>();
        let (olds, news) = (primary(&self.olds), primary(&self.news));
        if self.is_one_of_many() && UNORDERED.contains(&name) {
            self.round(|element, _| Some(element.to_string()));
            // libvirt puts the primary video device first, wherever it is declared.
            self.round(|element, _| value(element, "model@primary"));
        }
        let keys = keys_of(name);
        for (at, key) in keys.iter().enumerate() {
            // A key counts if it is the first one that either of the two has.
            self.round(|element, own| {
                let primary = match own {
                    Side::Old(place) => olds[place],
                    Side::New(place) => news[place],
                };
                if primary.is_some_and(|primary| primary > at) { None } else { value(element, key) }
            });
        }
        self.round(|element, _| user_alias(element));
        // What has no key is the next one that is alike, or else the next one.
        let has_key = |own| match own {
            Side::Old(place) => olds[place].is_some(),
            Side::New(place) => news[place].is_some(),
        };
        let is_keyless = |own: Side| !has_key(own);
        let any_keyless_old = olds.iter().zip(&self.is_paired).any(|(key, paired)| key.is_none() && !paired);
        let any_keyless_new = news.iter().zip(&self.old_of).any(|(key, old)| key.is_none() && old.is_none());
        let fits = |own: Side| match own {
            Side::Old(_) => is_keyless(own) || any_keyless_new,
            Side::New(_) => is_keyless(own) || any_keyless_old,
        };
        self.round(|element, own| if fits(own) { Some(shape(element)) } else { None });
        self.round(|_, own| if fits(own) { Some(()) } else { None });
    }

    /// Pairs unpaired children that have the same key, in their order.
    fn round<K: Eq + Hash>(&mut self, key: impl Fn(&Element, Side) -> Option<K>) {
        if self.old_of.iter().all(Option::is_some) || self.is_paired.iter().all(|paired| *paired) {
            return;
        }
        let mut by_key: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (place, old) in self.olds.iter().enumerate().filter(|(place, _)| !self.is_paired[*place]) {
            if let Some(key) = key(old, Side::Old(place)) {
                by_key.entry(key).or_default().push_back(place);
            }
        }
        for (place, new) in self.news.iter().enumerate() {
            if self.old_of[place].is_some() {
                continue;
            }
            let old = key(new, Side::New(place)).and_then(|key| by_key.get_mut(&key)?.pop_front());
            if let Some(old) = old {
                self.old_of[place] = Some(old);
                self.is_paired[old] = true;
            }
        }
    }
}

/// A child, by its element and its place among the children of its name.
#[derive(Clone, Copy)]
enum Side {
    Old(usize),
    New(usize),
}

/// What elements that may be the same one have in common.
fn shape(element: &Element) -> Vec<String> {
    let own = ["type", "model", "mode", "bus", "device"].map(|name| element.attribute(name));
    own.iter().map(|value| value.unwrap_or_default().to_owned()).collect()
}

/// Labels of children, each given once.
#[derive(Default)]
struct Labels {
    given: HashSet<String>,
    /// The next number to try after a label that was given already.
    next: HashMap<String, usize>,
}

impl Labels {
    fn of<'a>(&mut self, child: &'a Element, place: usize, is_one_of_many: bool) -> Cow<'a, str> {
        let label = match key(child) {
            Some(key) => format!("{}[{key}]", child.name),
            None if is_one_of_many => format!("{}[{place}]", child.name),
            None => return Cow::Borrowed(&child.name),
        };
        if self.given.insert(label.clone()) {
            return Cow::Owned(label);
        }
        let next = self.next.entry(label.clone()).or_insert(0);
        loop {
            *next += 1;
            let numbered = format!("{label}[{next}]");
            if self.given.insert(numbered.clone()) {
                return Cow::Owned(numbered);
            }
        }
    }
}

fn keys_of(name: &str) -> &'static [&'static str] {
    KEYS.binary_search_by_key(&name, |(name, _)| name).map_or(&[], |at| KEYS[at].1)
}

/// The place of the first key that an element has.
fn primary_key(element: &Element) -> Option<usize> {
    let keys = keys_of(&element.name);
    keys.iter().position(|key| value(element, key).is_some()).or_else(|| user_alias(element).map(|_| keys.len()))
}

/// The key of an element among others of its name.
pub fn key(element: &Element) -> Option<String> {
    keys_of(&element.name).iter().find_map(|key| value(element, key)).or_else(|| user_alias(element))
}

fn user_alias(element: &Element) -> Option<String> {
    let name = super::child(element, "alias")?.attribute("name")?;
    if name.starts_with(USER_ALIAS) { Some(name.to_owned()) } else { None }
}

/// The value of a key.
fn value(element: &Element, key: &str) -> Option<String> {
    let mut parts = Vec::new();
    for path in key.split('+') {
        match (at(element, path.trim_end_matches('?')), path.ends_with('?')) {
            // The first unit of an iSCSI target need not be named.
            (Some(name), _) if path == "source@name" => parts.push(plain(name.strip_suffix("/0").unwrap_or(name))),
            (Some(part), _) => parts.push(plain(part)),
            (None, true) => {}
            (None, false) => return None,
        }
    }
    Some(parts.join(" "))
}

/// A part of a key, whose numbers and letters have one spelling.
fn plain(part: &str) -> String {
    let lower = part.trim().to_ascii_lowercase();
    match lower.strip_prefix("0x").map(|digits| u64::from_str_radix(digits, 16)) {
        Some(Ok(number)) => number.to_string(),
        _ => lower,
    }
}

/// The attribute or text at a path such as `source/address@bus`.
fn at<'a>(element: &'a Element, path: &str) -> Option<&'a str> {
    let (children, attribute) = match path.split_once('@') {
        Some((children, attribute)) => (children, Some(attribute)),
        None => (path, None),
    };
    let mut element = element;
    for name in children.split('/').filter(|name| !name.is_empty()) {
        element = super::child(element, name)?;
    }
    match attribute {
        Some(attribute) => element.attribute(attribute),
        None => Some(&element.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nixvirt_schema::engine::xml;
    use pretty_assertions::assert_eq;

    /// The pairs of the children of two elements, each with what tells it apart.
    fn paired(old: &str, new: &str) -> Vec<String> {
        let [old, new] = [old, new].map(|devices| xml::element(&format!("<devices>{devices}</devices>")).expect("XML"));
        let shown = |child: Option<&Element>| {
            child.map_or("-".to_owned(), |child| child.attribute("id").unwrap_or("?").to_owned())
        };
        pair(&old, &new).iter().map(|it| format!("{}: {} {}", it.label, shown(it.old), shown(it.new))).collect()
    }

    #[test]
    fn keys_are_sorted() {
        assert!(KEYS.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn redirections_are_known_by_their_port() {
        let redirdev = |id: &str, port: &str| {
            format!(
                "<redirdev id='{id}' bus='usb' type='tcp'><source mode='connect' host='h' service='{port}'/></redirdev>"
            )
        };
        let both = redirdev("a", "4000") + &redirdev("b", "4001");
        assert_eq!(paired(&both, &redirdev("c", "4001")), ["redirdev[h 4001]: b c", "redirdev[h 4000]: a -"]);
        let swapped = redirdev("c", "4001") + &redirdev("d", "4000");
        assert_eq!(paired(&both, &swapped), ["redirdev[h 4001]: b c", "redirdev[h 4000]: a d"]);
    }

    #[test]
    fn the_first_unit_of_a_target_is_known_by_both_names() {
        let hostdev = |id: &str, name: &str| {
            format!("<hostdev id='{id}' type='scsi'><source protocol='iscsi' name='{name}'/></hostdev>")
        };
        let both = hostdev("a", "iqn.x:t/0") + &hostdev("b", "iqn.x:t/1");
        assert_eq!(
            paired(&both, &hostdev("c", "iqn.x:t")),
            ["hostdev[scsi iqn.x:t]: a c", "hostdev[scsi iqn.x:t/1]: b -"]
        );
    }

    #[test]
    fn equal_ones_come_first() {
        let rng = |rate: &str| format!("<rng model='virtio'><rate bytes='{rate}'/></rng>");
        let both = rng("1") + &rng("2");
        let [old, new] =
            [both, rng("2")].map(|devices| xml::element(&format!("<devices>{devices}</devices>")).expect("XML"));
        let pairs = pair(&old, &new);
        assert_eq!(pairs[0].old, pairs[0].new);
        assert_eq!((pairs.len(), pairs[1].new), (2, None));
    }

    #[test]
    fn a_controller_without_an_index_is_the_one_of_its_model() {
        let found = "<controller id='a' type='usb' index='0' model='ich9-ehci1'/><controller id='b' type='usb' index='0' model='ich9-uhci1'/>";
        let declared = "<controller id='c' type='usb' model='ich9-uhci1'/>";
        assert_eq!(paired(found, declared), ["controller[usb ich9-uhci1]: b c", "controller[usb 0 ich9-ehci1]: a -"]);
    }

    #[test]
    fn the_primary_video_device_is_known_wherever_it_is() {
        let video = |id: &str, primary: &str| format!("<video id='{id}'><model type='qxl'{primary}/></video>");
        let (found, primary) = (video("b", " primary='yes'") + &video("a", ""), " primary='yes'");
        assert_eq!(paired(&found, &(video("c", "") + &video("d", primary))), ["video[0]: a c", "video[1]: b d"]);
        assert_eq!(paired(&found, &(video("c", "") + &video("d", ""))), ["video[0]: b c", "video[1]: a d"]);
    }

    #[test]
    fn a_disk_is_its_target_and_no_other() {
        let disk = |id: &str, target: &str| format!("<disk id='{id}'><target dev='{target}'/></disk>");
        assert_eq!(paired(&disk("a", "vda"), &disk("b", "vdb")), ["disk[vdb]: - b", "disk[vda]: a -"]);
    }
}
