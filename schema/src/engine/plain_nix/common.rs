//! What most objects of a format have, in the short form from which `nix-lib/render/write.nix` writes it. Nix reads slowly, so this lacks
//! all that few objects have: other elements, forms and fields, other words and texts, and values in other notations.

use crate::engine::format::Format;
use crate::engine::json_schema::short_form;
use crate::engine::scalar::Scalar;
use crate::engine::table::{Absent, Field, NodeKind, Occurs, Schema, Tables, Type};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Common elements, forms and fields: those of the templates and their likely changes. A field may name its common words.
type Common = &'static [(&'static str, &'static str, &'static str)];

const DOMAIN: Common = &[
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
    ("DiskDriver", "", "cache=none,writeback discard=unmap name type=raw,qcow2"),
    ("DiskTarget", "", "bus=virtio,sata,scsi,usb dev"),
    ("Graphics", "spice", "autoport gl image listen type"),
    ("SpiceImage", "", "compression=false"),
    ("GraphicsListen", "address", "address type"),
    ("Input", "keyboard mouse tablet", "bus type"),
    ("Interface", "bridge network", "mac model source type"),
    ("InterfaceMac", "", "address"),
    ("InterfaceModel", "", "type"),
    ("InterfaceSourceBridge", "", "bridge"),
    ("InterfaceSourceNetwork", "", "network"),
    ("Redirdev", "", "bus type=spicevmc"),
    ("Rng", "", "backend model=virtio"),
    ("RngBackend", "random", "model source"),
    ("Video", "", "model"),
    ("VideoModel", "virtio", "acceleration heads primary type"),
    ("Features", "", "acpi apic hyperv smm"),
    ("Memory", "", "count unit=KiB,MiB,GiB"),
    ("Os", "hvm", "arch=x86_64,aarch64 boot firmware loader machine nvram type"),
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
const PATTERNS: &[&str] = &[
    "AbsolutePath",
    "BridgeName",
    "DiskTargetName",
    "DnsName",
    "HypervVendorText",
    "InterfaceModelType",
    "Line",
    "MachineName",
    "Name",
    "Token",
    "UnicastMac",
    "Uuid",
    "VolumeName",
];

/// Returns the tables of the common elements by name, given the tables of all elements. The root has the name of the format, and its tag as
/// `root`. Empty if the format has none.
///
/// A table has `attributes`, `children` and a `text`, which are fields in the order of XML, and `short` and `shortFor` as in the other
/// tables. If its forms have different fields, it has the tables of the forms as `of`, the deciding attribute as `by`, and its `default`.
///
/// A field is a list: its name; what it holds; and, as a text, `1` if it is required, `*` if it may repeat, and `~` if an attribute and
/// a child have the name. A field holds a list of words, the `min` and `max` of numbers, or the name of a pattern or an element; null
/// for an element that is only present. The text of a child element with attributes is a child that holds the table of that element, and
/// `beside` names these attributes.
///
/// # Panics
/// Something is not there, or has no short form.
pub(super) fn tables(format: &'static Format, elements: &BTreeMap<&'static str, &'static Schema>) -> Json {
    let common = if format.name == "domain" { DOMAIN } else { &[] };
    let made = common.iter().map(|(name, forms, fields)| {
        let kept = Kept { forms: forms.split(' ').collect(), fields: fields.split(' ').map(words_of).collect() };
        let schema = if *name == format.name { format.schema() } else { elements[name] };
        let mut made = kept.table(schema, &kept.placed(schema, &[], 0, 0), 0, 0);
        let short = short_form(schema).filter(|(_, parts)| parts.iter().all(|part| kept.fields.contains_key(part)));
        if let Some((short, parts)) = short {
            made["short"] = short.into();
            if !parts.is_empty() {
                made["shortFor"] = parts.into();
            }
        }
        if *name == format.name {
            made["root"] = format.root.into();
        }
        ((*name).to_owned(), made)
    });
    Json::Object(made.collect())
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

    /// Returns the table of an element, or of a form at a depth, given its fields and the position at which the table starts.
    fn table(&self, schema: &'static Schema, fields: &[Placed], depth: usize, start: u32) -> Json {
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
            self.table(schema, &fields, depth + 1, start)
        };
        // Forms with the same fields are one table.
        let mut each: Vec<_> = kept.iter().map(|it| form(&it.schema, words.clone())).collect();
        each.dedup();
        if each.len() == 1 {
            return each.remove(0);
        }
        let of = kept.iter().map(|it| (it.word.to_owned(), form(&it.schema, vec![it.word])));
        let mut made = json!({ "by": variants.tag, "of": of.collect::<Map<_, _>>() });
        if let Some(default) = default {
            made["default"] = default.into();
        }
        made
    }
}

/// Returns a table without forms.
fn leaf(mut fields: Vec<Placed>) -> Json {
    fields.sort_by_key(|it| it.order);
    let of = |node: NodeKind, within: Option<&str>| {
        let fields = fields.iter().filter(move |it| it.field.node == node && it.field.within == within);
        fields.map(Placed::field).collect::<Vec<_>>()
    };
    let children = fields.iter().filter_map(|it| match (it.field.node, it.field.within) {
        (NodeKind::Child, _) => Some(it.field()),
        // The text of a child element is in the place of that child.
        (NodeKind::Text, Some(tag)) => {
            Some(json!([tag, { "attributes": of(NodeKind::Attribute, Some(tag)), "text": [it.field()] }]))
        }
        _ => None,
    });
    let mut made = json!({});
    let (attributes, children): (_, Vec<_>) = (of(NodeKind::Attribute, None), children.collect());
    if !attributes.is_empty() {
        made["attributes"] = attributes.into();
    }
    if !children.is_empty() {
        made["children"] = children.into();
    }
    let is_beside = |it: &&Placed| it.field.node == NodeKind::Attribute && it.field.within.is_some();
    let beside: Vec<_> = fields.iter().filter(is_beside).map(|it| it.field.name).collect();
    if !beside.is_empty() {
        made["beside"] = beside.into();
    }
    let text = of(NodeKind::Text, None);
    if !text.is_empty() {
        made["text"] = text.into();
    }
    made
}

impl Placed {
    fn field(&self) -> Json {
        let Placed { field, .. } = self;
        let is_plain = field.absent != Absent::Empty && (field.node == NodeKind::Text || field.xml == field.name);
        assert!(is_plain, "{} has no short form", field.name);
        let holds = match (field.ty, &self.decides) {
            (_, Some(words)) => words.clone().into(),
            (Type::Scalar(word), _) => self.scalar(word).unwrap_or_else(|| panic!("{} has no short form", field.name)),
            (Type::Element(schema), _) => schema().name.into(),
            (Type::Present, _) => Json::Null,
            (Type::Xml, _) => panic!("{} has no short form", field.name),
        };
        let is_many = field.occurs == Occurs::Many && !self.is_twin;
        let marks = [(self.is_required, "1"), (is_many, "*"), (self.is_twin, "~")];
        let marks: String = marks.iter().filter_map(|(has, mark)| has.then_some(*mark)).collect();
        if marks.is_empty() { json!([field.name, holds]) } else { json!([field.name, holds, marks]) }
    }

    /// Returns what `write.nix` accepts of a scalar. None if it accepts nothing.
    fn scalar(&self, scalar: &Scalar) -> Option<Json> {
        Some(match scalar {
            Scalar::Text => "Text".into(),
            Scalar::Switch { on: "yes", .. } => "YesNo".into(),
            Scalar::Switch { .. } => "OnOff".into(),
            // Nix has no larger numbers.
            Scalar::Int { min, max } => json!({ "min": min, "max": i64::try_from(*max).unwrap_or(i64::MAX) }),
            Scalar::Pattern(pattern) if PATTERNS.contains(&pattern.name) => pattern.name.into(),
            Scalar::Enum(all) => match &self.words {
                None => all.words.iter().map(|it| it.word).collect(),
                Some(words) if words[..] == ["false"] => "Off".into(),
                // The field of another form may have the other words.
                Some(words) => {
                    words.iter().copied().filter(|word| all.words.iter().any(|it| it.word == *word)).collect()
                }
            },
            // All of them leave a text as it is.
            Scalar::Either(several) => return several.iter().find_map(|it| self.scalar(it)),
            _ => return None,
        })
    }
}
