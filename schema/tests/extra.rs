//! `extra` is written verbatim, and never makes XML that is not well formed.

use expect_test::{Expect, expect};
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::engine::{json, nix};
use nixvirt_schema::kind::Kind;
use pretty_assertions::assert_eq;

/// Checks the problems of a network in JSON.
#[track_caller]
fn wrong(spec: &str, said: Expect) {
    let spec = json::parse(spec).expect("it is JSON");
    let problems = render(Kind::Network, &spec).report.findings().locate(|_| None);
    said.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

#[test]
fn no_attribute_is_there_twice() {
    wrong(
        r#"{ "name": "lan", "ipv6": true, "extra": { "attributes": { "ipv6": "no", "new": "1", "new": "2" } } }"#,
        expect![[r#"
            error[said-twice]: extra.attributes.ipv6: attribute "ipv6" is given twice
            error[said-twice]: extra.attributes.new: attribute "new" is given twice
        "#]],
    );
    wrong(
        r#"{ "name": "lan", "dnsmasq:options": {}, "extra": { "attributes": { "xmlns:dnsmasq": "urn:a" } } }"#,
        expect![[r#"
            error[said-twice]: extra.attributes."xmlns:dnsmasq": attribute "xmlns:dnsmasq" is given twice
        "#]],
    );
}

#[test]
fn only_elements_stand_in_it() {
    wrong(
        r#"{ "name": "lan", "metadata": "<?xml version='1.0'?><a/>", "extra": { "xml": "<a b='1'c='2'/>" } }"#,
        expect![[r#"
            error[not-well-formed]: extra.xml: invalid XML: line 1, column 9: missing white space before an attribute
            error[not-well-formed]: metadata: invalid XML: line 1, column 1: an XML declaration is allowed at the start of a document only
        "#]],
    );
    wrong(
        r#"{ "name": "lan", "extra": { "xml": "<a>\n&#1;</a>", "attributes": { "ª": "" } } }"#,
        expect![[r#"
            error[not-well-formed]: extra.xml: invalid XML: line 2, column 1: invalid character '\u{1}'
            error[bad-form]: extra.attributes."ª": invalid XML name "ª"
        "#]],
    );
}

/// Checks the XML that a network becomes after import, and that a second import gives the same spec.
#[track_caller]
fn imported(xml: &str, becomes: Expect) {
    let spec = import(Kind::Network, xml).expect("it is a network");
    let rendered = render(Kind::Network, &spec);
    assert!(!rendered.report.has_errors());
    let again = import(Kind::Network, &rendered.xml).expect("it is a network");
    assert_eq!(nix::print(again.root()), nix::print(spec.root()));
    becomes.assert_eq(&rendered.xml);
}

#[test]
fn what_there_should_be_once() {
    imported(
        "<network><name>lan</name><bridge name='a'/><bridge name='b'/><metadata/><metadata a='1'/></network>",
        expect![[r#"
            <network>
              <name>lan</name>
              <metadata/>
              <bridge name='a'/>
              <bridge name='b'/>
            <metadata a='1'/>
            </network>
        "#]],
    );
}

#[test]
fn what_there_always_is() {
    let volume = r#"{ "name": "a", "capacity": 1, "extra": { "xml": "<target>new</target>" } }"#;
    let spec = json::parse(volume).expect("it is JSON");
    let expected = expect![[r#"
        <volume>
          <name>a</name>
          <capacity>1</capacity>
          <target>new</target>
        </volume>
    "#]];
    expected.assert_eq(&render(Kind::Volume, &spec).xml);
}

#[test]
fn what_is_new_in_a_namespace_of_libvirt_declares_it() {
    imported(
        "<network xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>lan</name><new><d:a/></new></network>",
        expect![[r#"
            <network>
              <name>lan</name>
              <new xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
              <dnsmasq:a/>
            </new>
            </network>
        "#]],
    );
}
