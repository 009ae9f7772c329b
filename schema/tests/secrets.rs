//! Secrets are removed from XML along the tables.

use expect_test::{Expect, expect};
use nixvirt_schema::engine::secrets::take;
use nixvirt_schema::kind::Kind;
use pretty_assertions::assert_eq;

#[track_caller]
fn check(kind: Kind, xml: &str, expected: Expect) {
    expected.assert_eq(&match take(kind, xml) {
        Ok(taken) => format!("{}{:?}\n", taken.xml(), taken.secrets),
        Err(why) => format!("{why}\n"),
    });
}

#[test]
fn a_domain() {
    check(
        Kind::Domain,
        "<domain type='kvm'>
           <os><type arch='x86_64'>hvm</type></os>
           <devices>
             <disk type='network'>
               <source protocol='https' name='a'>
                 <host name='b'/>
                 <cookies><cookie name='one'>first</cookie><cookie name='two'>second</cookie></cookies>
               </source>
               <target dev='vda'/>
             </disk>
             <graphics type='vnc' passwd='a&amp;b' port='5900'/>
             <graphics type='spice' passwd=''/>
             <graphics type='telepathy' passwd='thought'/>
           </devices>
         </domain>",
        expect![[r#"
            <domain type='kvm'>
              <os>
                <type arch='x86_64'>hvm</type>
              </os>
              <devices>
                <disk type='network'>
                  <source protocol='https' name='a'>
                    <host name='b'/>
                    <cookies>
                      <cookie name='one'>(secret)</cookie>
                      <cookie name='two'>(secret)</cookie>
                    </cookies>
                  </source>
                  <target dev='vda'/>
                </disk>
                <graphics type='vnc' passwd='(secret)' port='5900'/>
                <graphics type='spice' passwd=''/>
                <graphics type='telepathy' passwd='(secret)'/>
              </devices>
            </domain>
            ["first", "second", "a&b", "thought"]
        "#]],
    );
}

#[test]
fn the_domain_in_a_snapshot() {
    check(
        Kind::Snapshot,
        "<domainsnapshot><name>a</name><domain type='qemu'><devices><graphics type='vnc' passwd='x'/></devices></domain>
         <inactiveDomain type='qemu'><devices><graphics type='vnc' passwd='y'/></devices></inactiveDomain></domainsnapshot>",
        expect![[r#"
            <domainsnapshot>
              <name>a</name>
              <domain type='qemu'>
                <devices>
                  <graphics type='vnc' passwd='(secret)'/>
                </devices>
              </domain>
              <inactiveDomain type='qemu'>
                <devices>
                  <graphics type='vnc' passwd='(secret)'/>
                </devices>
              </inactiveDomain>
            </domainsnapshot>
            ["x", "y"]
        "#]],
    );
}

#[test]
fn what_is_no_such_xml() {
    check(
        Kind::Domain,
        "<network/>",
        expect![[r#"
            line 1, column 1: expected the root element <domain>, found <network>
        "#]],
    );
    check(
        Kind::Domain,
        "<domain>",
        expect![[r#"
        line 1, column 9: <domain> is not closed
    "#]],
    );
}

#[test]
fn no_table_is_walked_twice_for_forms_that_are_not_known() {
    let deep = "<backingStore type='x'><source/>".repeat(100) + &"</backingStore>".repeat(100);
    let xml = format!("<domain><devices><disk type='x'>{deep}</disk></devices></domain>");
    assert_eq!(take(Kind::Domain, &xml).map(|taken| taken.secrets), Ok(Vec::new()));
}
