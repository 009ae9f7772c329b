//! XML with namespaces becomes a spec, and XML again.

use expect_test::{Expect, expect};
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::nix;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::kind::Kind;

#[track_caller]
fn check(xml: &str, spec: Expect, again: Expect) {
    let read = import(Kind::Network, xml).expect("it is well formed");
    spec.assert_eq(&nix::print(read.root()));
    again.assert_eq(&render(Kind::Network, &read).xml);
}

#[test]
fn namespaces_are_declared_where_they_are_used() {
    check(
        "<network xmlns:dnsmasq='urn:other' xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0' xmlns:a='urn:a'>
           <name>lan</name><metadata xmlns:b='urn:b'><a:x b:y='1'><b:z/></a:x></metadata>
           <d:options><d:option value='v'/></d:options><dnsmasq:more/>
         </network>",
        expect![[r#"
            {
              name = "lan";
              uuid = false;
              metadata = "<a:x b:y='1' xmlns:a='urn:a' xmlns:b='urn:b'>\n  <b:z/>\n</a:x>\n";
              "dnsmasq:options"."dnsmasq:option" = [
                {
                  value = "v";
                }
              ];
              extra.xml = "<dnsmasq:more xmlns:dnsmasq='urn:other'/>\n";
            }
        "#]],
        expect![[r#"
            <network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
              <name>lan</name>
              <metadata>
                <a:x b:y='1' xmlns:a='urn:a' xmlns:b='urn:b'>
              <b:z/>
            </a:x>
              </metadata>
              <dnsmasq:options>
                <dnsmasq:option value='v'/>
              </dnsmasq:options>
              <dnsmasq:more xmlns:dnsmasq='urn:other'/>
            </network>
        "#]],
    );
}
