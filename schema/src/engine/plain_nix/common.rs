//! What most objects of a format have, as functions in Nix that write it with those of `nix-lib/render/default.nix`. Nix reads slowly, so
//! this lacks all that few objects have: other elements, forms and fields, other words and texts, and values in other notations.

use crate::engine::format::Format;
use crate::engine::json_schema::short_form;
use crate::engine::scalar::Scalar;
use crate::engine::table::{Absent, Field, NodeKind, Occurs, Schema, Tables, Type};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Common elements, forms and fields: those of the templates and their likely changes. A field may name its common words.
const DOMAIN: &[(&str, &str, &str)] = &[
    ("domain", "", "clock cpu description devices features memory name os pm title type=kvm,qemu uuid vcpu"),
    ("Clock", "localtime utc", "offset timer"),
    ("Cpu", "", "mode=host-passthrough,host-model,maximum"),
    ("Devices", "", "audio channel console controller disk graphics input interface redirdev rng sound tpm video"),
    ("Channel", "", "source target type=unix,spicevmc,spiceport"),
    ("ChannelTarget", "virtio", "name type"),
    ("Console", "", "target type=pty"),
    ("CharacterTarget", "", "type=serial,virtio"),
    ("Controller", "pci scsi usb", "index model=pcie-root-port,pcie-root,virtio-scsi,qemu-xhci type"),
    ("Disk", "file volume", "backingStore device=disk,cdrom driver readonly source target type"),
    ("DiskDriver", "", "cache=none,writeback discard=unmap name=qemu type=raw,qcow2"),
    ("DiskTarget", "", "bus=virtio,sata,scsi,usb dev"),
    ("Graphics", "spice", "autoport gl image listen=127.0.0.1,0.0.0.0 type"),
    ("SpiceImage", "", "compression=false"),
    ("GraphicsListen", "address", "address=127.0.0.1,0.0.0.0 type"),
    ("Input", "keyboard mouse tablet", "bus type"),
    ("Interface", "bridge network", "mac model source type"),
    ("InterfaceMac", "", "address"),
    ("InterfaceModel", "", "type=virtio,e1000e"),
    ("InterfaceSourceBridge", "", "bridge=virbr0,br0"),
    ("InterfaceSourceNetwork", "", "network"),
    ("Redirdev", "", "bus type=spicevmc"),
    ("Rng", "", "backend model=virtio"),
    ("RngBackend", "random", "model source"),
    ("Video", "", "model"),
    ("VideoModel", "virtio", "acceleration heads primary type"),
    ("Features", "", "acpi apic hyperv smm"),
    ("Memory", "", "count unit=KiB,MiB,GiB"),
    ("Os", "hvm", "arch=x86_64,aarch64 boot firmware loader machine=q35,pc,virt nvram type"),
    ("OsBoot", "", "dev"),
    ("Loader", "", "readonly type"),
    ("Vcpu", "", "count"),
    ("Timer", "catchup delay hpet hypervclock pit rtc", "name present tickpolicy"),
    ("Audio", "spice", "id type"),
    ("DiskSourceFile", "", "file"),
    ("Sound", "", "model=ich9"),
    ("Apic", "", ""),
    ("CharacterSource", "", "channel"),
    ("Tpm", "", "backend model=tpm-crb,tpm-tis"),
    ("TpmBackend", "emulator", "type version"),
    (
        "Hyperv",
        "custom",
        "frequencies ipi mode reenlightenment relaxed reset runtime spinlocks stimer synic tlbflush vapic vendor_id vpindex",
    ),
    ("FeatureState", "", "state"),
    ("HypervSpinlocks", "", "retries state"),
    ("HypervStimer", "", "direct state"),
    ("HypervTlbflush", "", "state"),
    ("HypervVendorId", "", "state value"),
    ("Smm", "", "state"),
    ("OsFirmware", "", "feature"),
    ("FirmwareFeature", "", "enabled name"),
    ("OsNvram", "file", "path"),
    ("Pm", "", "suspend-to-disk suspend-to-mem"),
    ("PmSuspend", "", "enabled"),
    ("DiskSourceVolume", "", "pool volume"),
];

/// Patterns of which `nix-lib/render/forms.nix` knows common texts.
const PATTERNS: &[&str] =
    &["AbsolutePath", "DiskTargetName", "HypervVendorText", "Line", "Name", "Text", "UnicastMac", "Uuid", "VolumeName"];

/// The functions of `nix-lib/render/default.nix`. Nix refuses to call the made function if it lacks one, or has another.
const FUNCTIONS: &[&str] = &[
    "child",
    "child1",
    "children",
    "children1",
    "contentNumber",
    "contentText",
    "group",
    "leaf",
    "leaf1",
    "number",
    "number1",
    "off1",
    "onOff",
    "onOff1",
    "plainOf",
    "presence",
    "setsOf",
    "text",
    "text1",
    "word",
    "word1",
    "yesNo",
    "yesNo1",
];

/// The common elements of a format.
#[derive(Debug)]
pub struct Written {
    /// Function in Nix: given the functions of `nix-lib/render/default.nix`, it returns the elements by name.
    pub elements: String,
    /// What a single value of an element means: its short form, and the names of the fields that it gives.
    pub shorts: Json,
}

/// Returns the common elements of a format, given all elements by name. The root has the name of the format, which is its tag. Only
/// domains have common elements.
///
/// An element is a function of its fields. The result is the list of its attributes, or a set: its `attributes`, and its `children` as a
/// function of the line break before each, or its `text`. Fields are in the order of XML. If the forms of an element have different
/// fields, the element is a set: the forms as `of`, the deciding attribute as `by`, and the `default`.
///
/// # Panics
/// Something is not there, or has no short form.
pub(super) fn written(format: &'static Format, elements: &BTreeMap<&'static str, &'static Schema>) -> Written {
    if format.name != "domain" {
        return Written { elements: "_: {}".to_owned(), shorts: Json::Object(Map::new()) };
    }
    assert_eq!(format.name, format.root, "the tag of the root");
    let mut made = format!("{{{},{}}}: {{\n", FUNCTIONS.join(","), PATTERNS.join(","));
    let mut shorts = Map::new();
    for (name, forms, fields) in DOMAIN {
        let kept = Kept { forms: forms.split(' ').collect(), fields: fields.split(' ').map(words_of).collect() };
        let schema = if *name == format.name { format.schema() } else { elements[name] };
        made += &format!("{name}={};\n", kept.element(schema, &kept.placed(schema, &[], 0, 0), 0, 0));
        let short = short_form(schema).filter(|(_, parts)| parts.iter().all(|part| kept.fields.contains_key(part)));
        if let Some((short, parts)) = short {
            shorts.insert((*name).to_owned(), std::iter::once(short).chain(parts).collect());
        }
    }
    Written { elements: made + "}", shorts: shorts.into() }
}

/// Returns the name of a field, and its common words.
fn words_of(field: &'static str) -> (&'static str, Option<Vec<&'static str>>) {
    match field.split_once('=') {
        Some((name, words)) => (name, Some(words.split(',').collect())),
        None => (field, None),
    }
}

/// The common forms of an element, and its common fields with their common words.
struct Kept {
    forms: Vec<&'static str>,
    fields: BTreeMap<&'static str, Option<Vec<&'static str>>>,
}

/// A common field with its position in XML.
#[derive(Clone)]
struct Placed {
    order: u32,
    field: &'static Field,
    /// Its common words.
    words: Option<Vec<&'static str>>,
    /// The words of the forms that have it, if it decides between forms.
    decides: Option<Vec<&'static str>>,
    is_required: bool,
    is_twin: bool,
}

impl Kept {
    /// Returns the fields of a table that starts at a position, behind those of the tables around it.
    fn placed(&self, schema: &'static Schema, outer: &[Placed], depth: usize, start: u32) -> Vec<Placed> {
        let own = (0..).zip(schema.fields).filter_map(|(at, field)| {
            Some(Placed {
                order: Tables::order(depth, start, at),
                field,
                words: self.fields.get(field.name)?.clone(),
                decides: None,
                is_required: schema.required.contains(&at),
                is_twin: schema.fields.iter().filter(|it| it.name == field.name).count() > 1,
            })
        });
        outer.iter().cloned().chain(own).collect()
    }

    /// Returns an element, or a form of it at a depth, given its fields and the position at which it starts.
    fn element(&self, schema: &'static Schema, fields: &[Placed], depth: usize, start: u32) -> String {
        let Some(forms) = &schema.forms else { return leaf(fields.to_vec()) };
        let variants = (forms.variants)();
        let start = Tables::start_of_form(depth, start, forms.at);
        let kept: Vec<_> = variants.variants.iter().filter(|it| self.forms.contains(&it.word)).collect();
        let words: Vec<_> = kept.iter().map(|it| it.word).collect();
        let default = variants.default.filter(|it| words.contains(it));
        let form = |schema: &'static Schema, words: Vec<&'static str>| {
            let mut fields = self.placed(schema, fields, depth + 1, start);
            if let Some(deciding) = fields.iter_mut().find(|it| std::ptr::eq(it.field, &raw const schema.fields[0])) {
                deciding.decides = Some(words);
                deciding.is_required = default.is_none();
            }
            self.element(schema, &fields, depth + 1, start)
        };
        // Forms with the same fields are one.
        let mut each: Vec<_> = kept.iter().map(|it| form(&it.schema, words.clone())).collect();
        each.dedup();
        if each.len() == 1 {
            return each.remove(0);
        }
        let of: String = kept.iter().map(|it| format!("{}={};", it.word, form(&it.schema, vec![it.word]))).collect();
        let default = default.map(|it| format!("default={it:?};")).unwrap_or_default();
        format!("{{by={:?};{default}of={{{of}}};}}", variants.tag)
    }
}

/// Returns an element without forms.
fn leaf(mut fields: Vec<Placed>) -> String {
    fields.sort_by_key(|it| it.order);
    let attributes = |within: Option<&str>| {
        let is_there = |it: &&Placed| it.field.node == NodeKind::Attribute && it.field.within == within;
        let all: String = fields.iter().filter(is_there).map(Placed::attribute).collect();
        format!("[{all}]")
    };
    let child = |it: &Placed| match (it.field.node, it.field.within) {
        (NodeKind::Child, _) => Some(it.child()),
        // The text of a child element is in the place of that child.
        (NodeKind::Text, Some(tag)) => Some(format!("(group n {tag:?} {}{})", attributes(Some(tag)), it.words())),
        _ => None,
    };
    let children: String = fields.iter().filter_map(child).collect();
    let text = fields.iter().find(|it| it.field.node == NodeKind::Text && it.field.within.is_none());
    let mut names: Vec<_> = fields.iter().map(|it| it.field.name).collect();
    names.sort_unstable();
    names.dedup();
    let inside = match text {
        Some(text) => format!("text={};", text.content()),
        None => format!("children=n:[{children}];"),
    };
    let attributes = attributes(None);
    let made = match (text, &*children) {
        (None, "") => attributes,
        _ => format!("{{attributes={attributes};{inside}}}"),
    };
    format!("{{{}}}:{made}", names.join(","))
}

/// What common values of a scalar are.
enum Common {
    Words(Vec<&'static str>),
    Numbers(i64, i64),
    /// A boolean, written by the function of that name.
    Switch(&'static str),
    /// Texts of the pattern of that name.
    Texts(&'static str),
}

impl Placed {
    fn attribute(&self) -> String {
        let Placed { field: Field { name, .. }, is_twin, .. } = self;
        let (function, values) = match self.scalar() {
            Common::Words(words) => ("word", format!(" {}", list(&words))),
            Common::Numbers(min, max) => ("number", format!(" {min} {max}")),
            Common::Switch(function) => (function, String::new()),
            Common::Texts(pattern) => ("text", format!(" {pattern}")),
        };
        let it = if *is_twin { format!("(plainOf {name})") } else { (*name).to_owned() };
        format!("({function}{} \" {name}='\"{values} {it})", self.mark())
    }

    fn child(&self) -> String {
        let Placed { field: Field { name, ty, .. }, is_twin, .. } = self;
        let is_many = self.field.occurs == Occurs::Many || *is_twin;
        match ty {
            Type::Element(schema) => {
                let function = if is_many { "children" } else { "child" };
                let it = if *is_twin { format!("(setsOf {name})") } else { (*name).to_owned() };
                format!("({function}{} n {name:?} {:?} {it})", self.mark(), schema().name)
            }
            Type::Present => format!("(presence n {name:?} {name})"),
            Type::Scalar(_) => match self.scalar() {
                Common::Texts(pattern) => format!("(leaf{} n {name:?} {pattern} {name})", self.mark()),
                _ => panic!("{name} has no short form"),
            },
            Type::Xml => panic!("{name} has no short form"),
        }
    }

    /// Returns the text of an element.
    fn content(&self) -> String {
        let Field { name, .. } = self.field;
        match self.scalar() {
            Common::Numbers(min, max) => format!("contentNumber {min} {max} {name}"),
            Common::Texts(pattern) => format!("contentText {pattern} {name}"),
            _ => panic!("{name} has no short form"),
        }
    }

    /// Returns the text of a child element with attributes.
    fn words(&self) -> String {
        let Common::Words(words) = self.scalar() else { panic!("{} has no short form", self.field.name) };
        format!("{} {}", list(&words), self.field.name)
    }

    /// The end of the names of functions for required fields.
    fn mark(&self) -> &'static str {
        if self.is_required && !(self.is_twin && self.field.node == NodeKind::Child) { "1" } else { "" }
    }

    fn scalar(&self) -> Common {
        let Placed { field, words, decides, .. } = self;
        let is_plain = field.absent != Absent::Empty && (field.node == NodeKind::Text || field.xml == field.name);
        let found = match (decides, field.ty) {
            (Some(words), _) => Some(Common::Words(words.clone())),
            (None, Type::Scalar(scalar)) => common(scalar, words.as_deref()),
            _ => None,
        };
        found.filter(|_| is_plain).unwrap_or_else(|| panic!("{} has no short form", field.name))
    }
}

/// Returns the common values of a scalar, given its common words. None if it has none.
fn common(scalar: &Scalar, words: Option<&[&'static str]>) -> Option<Common> {
    Some(match scalar {
        Scalar::Text => Common::Texts("Text"),
        Scalar::Switch { on: "yes", .. } => Common::Switch("yesNo"),
        Scalar::Switch { .. } => Common::Switch("onOff"),
        // Nix has no larger numbers.
        Scalar::Int { min, max } => Common::Numbers(*min, i64::try_from(*max).unwrap_or(i64::MAX)),
        Scalar::Pattern(pattern) => match words {
            Some(words) => Common::Words(words.iter().copied().filter(|word| pattern.matches(word)).collect()),
            None => Common::Texts(PATTERNS.iter().find(|name| **name == pattern.name)?),
        },
        Scalar::Enum(all) => match words {
            None => Common::Words(all.words.iter().map(|it| it.word).collect()),
            Some(["false"]) => Common::Switch("off"),
            // The field of another form may have the other words.
            Some(words) => Common::Words(
                words.iter().copied().filter(|word| all.words.iter().any(|it| it.word == *word)).collect(),
            ),
        },
        // All of them leave a text as it is.
        Scalar::Either(several) => return several.iter().find_map(|it| common(it, words)),
        _ => return None,
    })
}

/// Returns a list of texts in Nix.
fn list(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
    format!("[{}]", words.join(" "))
}
