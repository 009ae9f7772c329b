//! XML and specs that are made to be expensive cost no more than their size, or are rejected. A cost that grew with the
//! square of the size would take minutes.

use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::problem::MAX_PROBLEMS;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::kind::Kind;
use pretty_assertions::assert_eq;
use std::time::{Duration, Instant};

/// Number of repetitions.
const MANY: usize = 50_000;

/// More than the slowest machine needs.
const ENOUGH: Duration = Duration::from_secs(20);

/// Imports a domain and, on success, renders it. Returns the error of the import.
#[track_caller]
fn read(xml: &str) -> Option<String> {
    let start = Instant::now();
    let spec = import(Kind::Domain, xml);
    let refused = spec.map(|spec| render(Kind::Domain, &spec).report.findings().locate(|_| None)).err();
    assert!(start.elapsed() < ENOUGH, "{:?}", start.elapsed());
    refused.map(|why| why.to_string())
}

#[track_caller]
fn taken(xml: &str) {
    assert_eq!(read(xml), None);
}

#[track_caller]
fn refused(xml: &str, why: &str) {
    assert_eq!(read(xml).as_deref(), Some(why));
}

/// Returns the XML of a domain with more XML in it.
fn domain(inner: &str) -> String {
    format!("<domain type='kvm'><name>a</name><memory>1</memory><os><type>hvm</type></os>{inner}</domain>")
}

fn devices(inner: &str) -> String {
    domain(&format!("<devices>{inner}</devices>"))
}

fn numbered(count: usize, make: impl Fn(usize) -> String) -> String {
    (0..count).map(make).collect()
}

#[test]
fn many_attributes() {
    let attributes = numbered(MANY, |it| format!(" a{it}='{it}'"));
    taken(&domain(&format!("<devices{attributes}/>")));
    taken(&domain(&format!("<new{attributes}/>")));
    taken(&format!("<domain type='kvm'{attributes}/>"));
    refused(&format!("<domain{attributes} a1=''/>"), "line 1, column 727789: duplicate attribute");
}

#[test]
fn many_children() {
    taken(&domain(&"<new/>".repeat(MANY)));
    taken(&domain(&"<qemu:new/>".repeat(MANY)));
    taken(&domain(&"<name>a</name>".repeat(MANY)));
    taken(&domain(&"<os><type>hvm</type></os>".repeat(MANY)));
    taken(&domain(&format!("<os>{}</os>", "<type>hvm</type>".repeat(MANY))));
    taken(&devices(&("<disk/>".repeat(MANY) + &"<emulator/>".repeat(MANY))));
    taken(&devices(&"<disk><target dev='vda'/></disk>".repeat(MANY)));
    taken(&devices(&"<interface type='user'/>".repeat(MANY)));
    refused(
        &"<a b=''/>".repeat(1 << 20),
        "line 1, column 4718593: the XML has more than 1048576 elements and attributes",
    );
}

#[test]
fn many_namespaces() {
    let declared = |count| numbered(count, |it| format!(" xmlns:a{it}='urn:{it}'"));
    let too_many = "line 1, column 1: more than 100 namespaces are declared in one place";
    taken(&domain(&numbered(MANY, |it| format!("<new xmlns:a{it}='urn:{it}'><a{it}:b/></new>"))));
    taken(&domain(&format!("<metadata{}>{}</metadata>", declared(100), "<a0:b/>".repeat(MANY))));
    refused(&domain(&format!("<metadata{}/>", declared(101))), too_many);
    refused(&domain(&format!("<metadata{}/>", declared(MANY))), too_many);
    let nested = numbered(101, |it| format!("<b xmlns:a{it}='urn:{it}'>"));
    refused(&domain(&format!("<metadata>{nested}{}</metadata>", "</b>".repeat(101))), too_many);
    let qemu = "http://libvirt.org/schemas/domain/qemu/1.0";
    taken(&domain(&format!("<metadata xmlns:q='{qemu}'>{}</metadata>", "<q:b/>".repeat(MANY))));
    taken(&domain(&format!("<new xmlns:q='{qemu}'>{}</new>", "<q:b/>".repeat(MANY))));
    // Each use would repeat the declaration.
    refused(
        &domain(&format!("<metadata xmlns:a='{}'>{}</metadata>", "x".repeat(MANY), "<a:b/>".repeat(MANY))),
        "line 1, column 1: the namespace declarations are too long",
    );
}

#[test]
fn depth() {
    let nested = |depth, inner: &str| "<a>".repeat(depth) + inner + &"</a>".repeat(depth);
    taken(&domain(&nested(240, &"<b/>".repeat(MANY))));
    taken(&domain(&format!("<metadata>{}</metadata>", nested(240, &"<b/>".repeat(MANY)))));
    refused(&domain(&nested(MANY, "")), "line 1, column 824: elements are nested more than 250 levels deep");
    let (store, end) = ("<backingStore type='file'><source file='/a'/>", "</backingStore>");
    taken(&devices(&format!("<disk>{}{}</disk>", store.repeat(240), end.repeat(240))));
}

#[test]
fn long_text() {
    let long = "x".repeat(100 * MANY);
    taken(&domain(&format!("<title>{long}</title>")));
    taken(&domain(&format!("<os><type>{long}</type></os>")));
    taken(&domain(&format!("<vcpu placement='{long}'>1</vcpu>")));
    taken(&domain(&format!("<{long}/>")));
    refused(&"x".repeat((64 << 20) + 1), "line 1, column 1: the XML is larger than 67108864 bytes");
}

#[test]
fn text_in_pieces() {
    for piece in ["&amp;", "<![CDATA[]]>", "<!---->\n", "]]\n"] {
        taken(&domain(&format!("<title>{}</title>", piece.repeat(MANY))));
    }
    taken(&domain(&format!("<title a='{}'/>", "&lt;".repeat(MANY))));
    taken(&domain(&format!("<!--{}-->", "- ".repeat(MANY))));
}

#[test]
fn what_does_not_end() {
    for piece in [
        "<",
        "<a ",
        "<a>\n",
        "<!--",
        "<![CDATA[",
        "<!DOCTYPE [",
        "<!DOCTYPE a [<!ENTITY b 'c'>",
        "<?a",
        "&a",
        "\u{FEFF}",
    ] {
        assert!(read(&piece.repeat(MANY)).is_some(), "{piece}");
    }
}

/// Checks the number of problems of a spec in JSON, and that paths and positions are found within the time.
#[track_caller]
fn problems(kind: Kind, spec: &str, count: usize) {
    let start = Instant::now();
    let parsed = json::parse(spec).expect("it is JSON");
    let problems = render(kind, &parsed).report.findings().locate(json::positions(spec, ""));
    assert!(start.elapsed() < ENOUGH, "{:?}", start.elapsed());
    assert_eq!(problems.len(), count.min(MAX_PROBLEMS));
}

#[test]
fn many_problems() {
    let all = |make: fn(usize) -> String| (0..MANY).map(make).collect::<Vec<_>>().join(",\n");
    let of_domain = |devices: String| {
        format!(
            r#"{{ "type": "kvm", "name": "a", "memory": 1, "os": {{ "type": "hvm" }}, "devices": {{ {devices} }} }}"#
        )
    };
    let disks = all(|_| r#"{ "type": "file", "target": { "dev": "sda", "bus": "scsi" } }"#.to_owned());
    problems(Kind::Domain, &of_domain(format!(r#""disk": [{disks}]"#)), 2 * (MANY - 1));
    let cards = all(|_| r#"{ "type": "user", "mac": { "address": "52:54:00:00:00:01" } }"#.to_owned());
    problems(Kind::Domain, &of_domain(format!(r#""interface": [{cards}]"#)), MANY - 1);
    let hosts = all(|_| r#"{ "name": "a", "ip": "192.0.2.2" }"#.to_owned());
    let ip = format!(r#"{{ "address": "192.0.2.1", "prefix": 24, "dhcp": {{ "host": [{hosts}] }} }}"#);
    problems(Kind::Network, &format!(r#"{{ "name": "a", "ip": {ip} }}"#), 2 * (MANY - 1));
    problems(Kind::Secret, &format!("{{ {} }}", all(|it| format!(r#""a{it}": 1"#))), MANY);
    problems(Kind::Network, &format!("{{ {} }}", all(|_| r#""name": "a""#.to_owned())), MANY - 1);
}
