//! The tables of `docs/reference/changes.md` are what plans say; `UPDATE_EXPECT=1` writes them.

use crate::world::{World, desired};
use expect_test::expect_file;
use nixvirt::plan::{PlannedChange, When};
use nixvirt::step::Action;
use nixvirt_schema::engine::table::{Schema, Type};
use nixvirt_schema::kind::Kind;
use serde_json::json;
use std::fmt::Write;
use std::fs;

#[test]
fn what_reaches_a_guest_and_when() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/changes.md");
    let page = fs::read_to_string(path).expect("it can be read");
    let page = with_table(&page, "domain", &domain());
    expect_file![path].assert_eq(&with_table(&page, "network", &network()));
}

/// The page with a table in the place that is marked for it.
fn with_table(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- table: {name} -->\n"), "<!-- end -->\n");
    let (before, rest) = page.split_once(&begin).expect("the table has a place");
    let (_, after) = rest.split_once(end).expect("the table's place ends");
    format!("{before}{begin}\n{table}\n{end}{after}")
}

/// A change of a definition: what is told of it, and what stands in XML before and after.
type Row = (String, String, String);

fn row(what: &str, before: &str, after: &str) -> Row {
    (what.to_owned(), before.to_owned(), after.to_owned())
}

/// The rows as a table, each with when what runs has the change.
fn table(rows: Vec<Row>, when: impl Fn(&str, &str) -> When) -> String {
    let mut table = "| what changes | what runs has it |\n|---|---|\n".to_owned();
    for (what, before, after) in rows {
        let when = match when(&before, &after) {
            When::Now => "at once",
            When::NextStart => "at its next start",
        };
        writeln!(table, "| {what} | {when} |").expect("a string takes all");
    }
    table
}

/// When an object that runs has a change of its definition.
fn when(kind: &str, before: String, after: String) -> When {
    let declared = |xml: &str| desired(json!({ kind: [{ "xml": xml, "active": true }] }));
    let mut world = World::default();
    world.apply(&declared(&before));
    let entries = world.plan(&declared(&after)).entries;
    // A secret has no path of its own: what is done tells whether the guest has it at once.
    let updates =
        entries.iter().flat_map(|entry| &entry.steps).any(|step| matches!(step.action, Action::Update { .. }));
    let when = |it: &PlannedChange| if it.change.path == "secret" && updates { When::Now } else { it.when };
    let whens: Vec<_> = entries.iter().flat_map(|entry| &entry.changes).map(when).collect();
    let first = *whens.first().unwrap_or_else(|| panic!("nothing changes from {before} to {after}"));
    assert!(whens.iter().all(|when| *when == first), "some of it is at once: {before} to {after}");
    first
}

/// The elements that stand in a table, by their names.
fn elements(schema: &'static Schema) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_element = |ty: Type| matches!(ty, Type::Element(_));
    schema.fields.iter().filter(move |field| is_element(field.ty)).map(|field| (field.name, field.xml))
}

fn domain() -> String {
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
        ),
        row("`metadata`", "", "<metadata><a:b xmlns:a='urn:a'/></metadata>"),
        row("`currentMemory`, up to `memory`", &memory(4096, 1024), &memory(4096, 2048)),
        row("`memory`", "<memory>1024</memory>", "<memory>2048</memory>"),
        row("`vcpu.current`, up to `vcpu.count`", &cpus(4, 1), &cpus(4, 2)),
        row("`vcpu.count`", &cpus(4, 1), &cpus(8, 1)),
        row("a `disk` on the bus `virtio`, `scsi` or `usb` comes or goes", &device(""), &disk("scsi")),
        row("a `disk` on another bus comes or goes", &device(""), &disk("sata")),
        row(
            "the medium in a CD or floppy drive: `disk.source`, `disk.type`",
            &medium("cdrom", "/a"),
            &medium("cdrom", "/b"),
        ),
        row("anything else of a `disk`", &disk("scsi"), &disk("scsi").replace("<source", "<readonly/><source")),
        row(
            "`interface.source`, `link`, `filterref`, `bandwidth`",
            &card("<source network='a'/>"),
            &card("<source network='b'/><link state='down'/><filterref filter='f'/><bandwidth/>"),
        ),
        row("anything else of an `interface`", &card(""), &card("<model type='e1000'/>")),
        row("`graphics.passwd`", &screen("passwd='a'"), &screen("passwd='b'")),
        row("anything else of a `graphics`", &screen(""), &screen("port='1'")),
    ];
    let devices =
        Kind::Domain.schema().fields.iter().find(|field| field.name == "devices").expect("a domain has devices");
    let Type::Element(devices) = devices.ty else { panic!("they are an element") };
    let others = elements(devices()).filter(|(name, _)| *name != "disk");
    let plug = |xml: &str| of_domain(&device(""), &device(&format!("<{xml}/>")));
    let (pluggable, fixed): (Vec<_>, Vec<_>) = others.partition(|(_, xml)| plug(xml) == When::Now);
    for (these, what) in [(pluggable, "comes or goes"), (fixed, "comes, goes or changes")] {
        let names: Vec<_> = these.iter().map(|(name, _)| format!("`{name}`")).collect();
        let xml = these.first().expect("there is one").1;
        rows.push(row(
            &format!("another device {what}: {}", names.join(", ")),
            &device(""),
            &device(&format!("<{xml}/>")),
        ));
    }
    // What has rows of its own, or can have none.
    let told = ["currentMemory", "memory", "vcpu", "devices", "metadata"];
    let rest: Vec<_> = elements(Kind::Domain.schema()).filter(|(name, _)| !told.contains(name)).collect();
    for (name, xml) in &rest {
        let when = of_domain("", &format!("<{xml} a='1'/>"));
        assert_eq!(when, When::NextStart, "{name} needs a row of its own");
    }
    let names: Vec<_> = rest.iter().map(|(name, _)| format!("`{name}`")).collect();
    rows.push(row(&format!("all else: {}", names.join(", ")), "", "<os a='1'/>"));
    table(rows, of_domain)
}

fn network() -> String {
    let of_network = |before: &str, after: &str| {
        let network = |parts: &str| format!("<network><name>lan</name>{parts}</network>");
        when("networks", network(before), network(after))
    };
    let dhcp = |parts: &str| format!("<ip address='10.0.0.1' prefix='24'><dhcp>{parts}</dhcp></ip>");
    let dns = |parts: &str| format!("<dns>{parts}</dns>");
    let forward = |parts: &str| format!("<forward mode='passthrough'>{parts}</forward>");
    let range = "<range start='10.0.0.2' end='10.0.0.9'/>";
    let mut rows = vec![
        row("`ip.dhcp.host`", &dhcp(range), &dhcp(&format!("{range}<host mac='52:54:00:00:00:01' ip='10.0.0.2'/>"))),
        row("`ip.dhcp.range`", &dhcp(range), &dhcp("<range start='10.0.0.2' end='10.0.0.20'/>")),
        row(
            "`dns.host`, `dns.txt`, `dns.srv`",
            &dns(""),
            &dns(
                "<txt name='a' value='b'/><host ip='10.0.0.2'><hostname>a</hostname></host><srv service='a' protocol='tcp'/>",
            ),
        ),
        row(
            "`forward.interface`",
            &forward("<interface dev='a'/>"),
            &forward("<interface dev='a'/><interface dev='b'/>"),
        ),
        row("`portgroup`", "", "<portgroup name='a'/>"),
    ];
    let told = ["portgroup"];
    let rest: Vec<_> = elements(Kind::Network.schema()).filter(|(name, _)| !told.contains(name)).collect();
    for (name, xml) in &rest {
        let when = of_network("", &format!("<{xml} a='1'/>"));
        assert_eq!(when, When::NextStart, "{name} needs a row of its own");
    }
    let names: Vec<_> = rest.iter().map(|(name, _)| format!("`{name}`")).collect();
    rows.push(row(&format!("all else, also of these: {}", names.join(", ")), "", "<bridge name='a'/>"));
    table(rows, of_network)
}
