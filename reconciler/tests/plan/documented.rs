//! The tables in `docs/reference/changes.md` are made by planning each change; `UPDATE_EXPECT=1` writes them. The fields whose
//! changes are live go to a file that the reference of all fields is made from.

use crate::support::{FakeLibvirt, desired};
use expect_test::expect_file;
use nixvirt::plan::{Entry, When};
use nixvirt_schema::engine::table::{Schema, Type};
use nixvirt_schema::kind::Kind;
use serde::Serialize;
use serde_json::json;
use std::fmt::Write;
use std::fs;

#[test]
fn which_changes_take_effect_when() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/changes.md");
    let page = fs::read_to_string(path).expect("it can be read");
    let (domain, network) = (domain(), network());
    let page = with_table(&page, "domain", &domain.table);
    expect_file![path].assert_eq(&with_table(&page, "network", &network.table));

    let live = json!({ "domain": domain.live, "network": network.live });
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/src/reference/live.json");
    expect_file![file].assert_eq(&(serde_json::to_string_pretty(&live).expect("it is JSON") + "\n"));
}

/// The page with a table between its markers.
fn with_table(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- table: {name} -->\n"), "<!-- end -->\n");
    let (before, rest) = page.split_once(&begin).expect("the table has a place");
    let (_, after) = rest.split_once(end).expect("the table's place ends");
    format!("{before}{begin}\n{table}\n{end}{after}")
}

/// A change of a definition: its description, the XML before and after, and the fields that it is about.
struct Row {
    what: String,
    before: String,
    after: String,
    fields: Vec<Field>,
}

/// A field of a spec, as `live.json` describes it.
#[derive(Serialize)]
struct Field {
    path: String,
    /// Under which condition the change is live.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'static str>,
    /// Whether the change adds or removes the whole element.
    is_plugged: bool,
}

fn row(what: &str, before: &str, after: &str) -> Row {
    Row { what: what.to_owned(), before: before.to_owned(), after: after.to_owned(), fields: Vec::new() }
}

impl Row {
    fn fields(mut self, paths: &[&str], condition: Option<&'static str>) -> Self {
        self.fields =
            paths.iter().map(|path| Field { path: (*path).to_owned(), condition, is_plugged: false }).collect();
        self
    }

    fn devices(mut self, names: &[&str], condition: Option<&'static str>) -> Self {
        let field = |name| Field { path: format!("devices.{name}"), condition, is_plugged: true };
        self.fields = names.iter().map(field).collect();
        self
    }
}

/// What is documented of a kind.
struct Documented {
    /// The rows as a table, each with when the change takes effect.
    table: String,
    /// The fields whose changes are live.
    live: Vec<Field>,
}

fn documented(rows: Vec<Row>, when: impl Fn(&str, &str) -> When) -> Documented {
    let mut table = "| change | takes effect |\n|---|---|\n".to_owned();
    let mut live = Vec::new();
    for Row { what, before, after, fields } in rows {
        let when = match when(&before, &after) {
            When::Now => {
                live.extend(fields);
                "live"
            }
            When::NextStart => "at the next start",
            When::OnceStopped => unreachable!("no `onChange` is declared"),
        };
        writeln!(table, "| {what} | {when} |").expect("a string takes all");
    }
    Documented { table, live }
}

/// When a change of a running object's definition takes effect.
fn when(kind: &str, before: String, after: String) -> When {
    let declared = |xml: &str| desired(json!({ kind: [{ "xml": xml, "active": true }] }));
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&declared(&before));
    let entries = libvirt.plan(&declared(&after)).entries;
    let whens = |entry: &Entry| entry.changes.iter().map(|it| it.when).chain(entry.secrets).collect::<Vec<_>>();
    let whens: Vec<_> = entries.iter().flat_map(whens).collect();
    let first = *whens.first().unwrap_or_else(|| panic!("nothing changes from {before} to {after}"));
    assert!(whens.iter().all(|when| *when == first), "parts of it differ: {before} to {after}");
    first
}

/// The elements of a schema, by their names in specs and in XML.
fn elements(schema: &'static Schema) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_element = |ty: Type| matches!(ty, Type::Element(_));
    schema.fields.iter().filter(move |field| is_element(field.ty)).map(|field| (field.name, field.xml))
}

fn domain() -> Documented {
    let of_domain = |before: &str, after: &str| {
        let domain = |parts: &str| {
            let namespaces = "xmlns:qemu='q' xmlns:lxc='l' xmlns:xen='x' xmlns:bhyve='b'";
            format!("<domain type='kvm' {namespaces}><name>web</name>{parts}</domain>")
        };
        when("domains", domain(before), domain(after))
    };
    let device = |xml: &str| format!("<devices>{xml}</devices>");
    let disk = |bus: &str| device(&format!("<disk><source file='/a'/><target dev='a' bus='{bus}'/></disk>"));
    let medium = |kind: &str, file: &str| {
        device(&format!("<disk device='{kind}'><source file='{file}'/><target dev='a' bus='sata'/></disk>"))
    };
    let card = |parts: &str| {
        device(&format!("<interface type='network'><mac address='52:54:00:00:00:01'/>{parts}</interface>"))
    };
    let screen = |parts: &str| device(&format!("<graphics type='spice' {parts}/>"));
    let memory = |most: u32, now: u32| format!("<memory>{most}</memory><currentMemory>{now}</currentMemory>");
    let cpus = |most: u32, now: u32| format!("<vcpu current='{now}'>{most}</vcpu>");

    let mut rows = vec![
        row(
            "`title`, `description`",
            "<title>a</title><description>a</description>",
            "<title>b</title><description>b</description>",
        )
        .fields(&["title", "description"], None),
        row("`metadata`", "", "<metadata><a:b xmlns:a='urn:a'/></metadata>").fields(&["metadata"], None),
        row("`currentMemory`, up to `memory`", &memory(4096, 1024), &memory(4096, 2048))
            .fields(&["currentMemory"], Some("up to `memory`")),
        row("`memory`", "<memory>1024</memory>", "<memory>2048</memory>"),
        row("`vcpu.current`, up to `vcpu.count`", &cpus(4, 1), &cpus(4, 2))
            .fields(&["vcpu.current"], Some("up to `vcpu.count`")),
        row("`vcpu.count`", &cpus(4, 1), &cpus(8, 1)),
        row("a `disk` on the bus `virtio`, `scsi` or `usb` is added or removed", &device(""), &disk("scsi"))
            .devices(&["disk"], Some("on the bus `virtio`, `scsi` or `usb`")),
        row("a `disk` on another bus is added or removed", &device(""), &disk("sata")),
        row(
            "the medium in a CD or floppy drive: `disk.source`, `disk.type`",
            &medium("cdrom", "/a"),
            &medium("cdrom", "/b"),
        )
        .fields(&["devices.disk.source", "devices.disk.type"], Some("in a CD or floppy drive")),
        row("another field of a `disk`", &disk("scsi"), &disk("scsi").replace("<source", "<readonly/><source")),
        row(
            "`interface.source`, `link`, `filterref`, `bandwidth`",
            &card("<source network='a'/>"),
            &card("<source network='b'/><link state='down'/><filterref filter='f'/><bandwidth/>"),
        )
        .fields(
            &[
                "devices.interface.source",
                "devices.interface.link",
                "devices.interface.filterref",
                "devices.interface.bandwidth",
            ],
            None,
        ),
        row("another field of an `interface`", &card(""), &card("<model type='e1000'/>")),
        row(
            "`graphics.passwd` of a guest that was started with a password",
            &screen("passwd='a'"),
            &screen("passwd='b'"),
        )
        .fields(&["devices.graphics.passwd"], Some("if a password was set at the start")),
        row("`graphics.passwd` is added or removed", &screen(""), &screen("passwd='a'")),
        row("another field of a `graphics`", &screen(""), &screen("port='1'")),
    ];
    let devices =
        Kind::Domain.schema().fields.iter().find(|field| field.name == "devices").expect("a domain has devices");
    let Type::Element(devices) = devices.ty else { panic!("they are an element") };
    let others = elements(devices()).filter(|(name, _)| *name != "disk");
    let plug = |xml: &str| of_domain(&device(""), &device(&format!("<{xml}/>")));
    let (pluggable, fixed): (Vec<_>, Vec<_>) = others.partition(|(_, xml)| plug(xml) == When::Now);
    for (when_plugged, these, what) in
        [(When::Now, pluggable, "is added or removed"), (When::NextStart, fixed, "is added, removed or changed")]
    {
        let names: Vec<_> = these.iter().map(|(name, _)| *name).collect();
        let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let xml = these.first().expect("there is one").1;
        let what = format!("another device {what}: {}", quoted.join(", "));
        rows.push(row(&what, &device(""), &device(&format!("<{xml}/>"))).devices(&names, None));
        if when_plugged == When::Now {
            let rng = |rate: u32| device(&format!("<rng model='virtio'><rate bytes='{rate}'/></rng>"));
            rows.push(row("another field of one of these devices", &rng(1), &rng(2)));
        }
    }
    // Elements with rows of their own.
    let told = ["currentMemory", "memory", "vcpu", "devices", "metadata"];
    let rest: Vec<_> = elements(Kind::Domain.schema()).filter(|(name, _)| !told.contains(name)).collect();
    for (name, xml) in &rest {
        let when = of_domain("", &format!("<{xml} a='1'/>"));
        assert_eq!(when, When::NextStart, "{name} needs a row of its own");
    }
    let names: Vec<_> = rest.iter().map(|(name, _)| format!("`{name}`")).collect();
    rows.push(row(&format!("any other field of: {}", names.join(", ")), "", "<os a='1'/>"));
    documented(rows, of_domain)
}

fn network() -> Documented {
    let of_network = |before: &str, after: &str| {
        let network = |parts: &str| format!("<network><name>lan</name>{parts}</network>");
        when("networks", network(before), network(after))
    };
    let dhcp = |parts: &str| format!("<ip address='10.0.0.1' prefix='24'><dhcp>{parts}</dhcp></ip>");
    let dns = |parts: &str| format!("<dns>{parts}</dns>");
    let forward = |parts: &str| format!("<forward mode='passthrough'>{parts}</forward>");
    let range = "<range start='10.0.0.2' end='10.0.0.9'/>";
    let mut rows = vec![
        row("`ip.dhcp.host`", &dhcp(range), &dhcp(&format!("{range}<host mac='52:54:00:00:00:01' ip='10.0.0.2'/>")))
            .fields(&["ip.dhcp.host"], None),
        row("`ip.dhcp.range`", &dhcp(range), &dhcp("<range start='10.0.0.2' end='10.0.0.20'/>"))
            .fields(&["ip.dhcp.range"], None),
        row(
            "`dns.host`, `dns.txt`, `dns.srv`",
            &dns(""),
            &dns(
                "<txt name='a' value='b'/><host ip='10.0.0.2'><hostname>a</hostname></host><srv service='a' protocol='tcp'/>",
            ),
        )
        .fields(&["dns.host", "dns.txt", "dns.srv"], None),
        row(
            "`forward.interface`",
            &forward("<interface dev='a'/>"),
            &forward("<interface dev='a'/><interface dev='b'/>"),
        )
        .fields(&["forward.interface"], None),
        row("`portgroup`", "", "<portgroup name='a'/>").fields(&["portgroup"], None),
    ];
    let told = ["portgroup"];
    let rest: Vec<_> = elements(Kind::Network.schema()).filter(|(name, _)| !told.contains(name)).collect();
    for (name, xml) in &rest {
        let when = of_network("", &format!("<{xml} a='1'/>"));
        assert_eq!(when, When::NextStart, "{name} needs a row of its own");
    }
    let names: Vec<_> = rest.iter().map(|(name, _)| format!("`{name}`")).collect();
    rows.push(row(&format!("any other field, also of: {}", names.join(", ")), "", "<bridge name='a'/>"));
    documented(rows, of_network)
}
