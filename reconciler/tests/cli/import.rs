//! `nixvirt import`.

use super::{Folder, check};
use expect_test::expect;

#[test]
fn many_files_become_one_set() {
    let folder = Folder::new(&[
        ("xml/lan.xml", "<network><name>lan</name></network>"),
        ("xml/dmz.xml", "<network><name>dmz</name><mtu size='9000'/></network>"),
        ("broken.xml", "<network>"),
        ("lan.xml", "<network><name>lan</name></network>"),
    ]);
    folder.check(
        &["import", "xml"],
        expect![[r#"
        {
          dmz = {
            name = "dmz";
            uuid = false;
            mtu.size = 9000;
          };
          lan = {
            name = "lan";
            uuid = false;
          };
        }
        exit code 0
    "#]],
    );
    folder.check(
        &["import", "--json", "xml/lan.xml", "xml/dmz.xml"],
        expect![[r#"
        {
          "dmz": {
            "name": "dmz",
            "uuid": false,
            "mtu": {
              "size": 9000
            }
          },
          "lan": {
            "name": "lan",
            "uuid": false
          }
        }
        exit code 0
    "#]],
    );
    folder.check(
        &["import", "xml", "broken.xml", "lan.xml"],
        expect![[r#"
        {
          dmz = {
            name = "dmz";
            uuid = false;
            mtu.size = 9000;
          };
          lan = {
            name = "lan";
            uuid = false;
          };
        }
        error: broken.xml: line 1, column 10: <network> is not closed
        error: cannot import lan.xml: another file has the same name
        exit code 1
    "#]],
    );
}

#[test]
fn a_spec_is_no_xml() {
    check(
        &["import", "-"],
        "{ \"name\": \"lan\" }",
        expect![[r#"
        error: <stdin> is not XML
        hint: `nixvirt render` prints the XML of a spec
        exit code 1
    "#]],
    );
}

#[test]
fn a_daemon_is_read_alone() {
    check(
        &["import", "qemu:///system", "lan.xml"],
        "",
        expect![[r#"
        error: a libvirt daemon must be the only source of `nixvirt import`
        exit code 1
    "#]],
    );
}

#[test]
fn import_and_render_are_inverse() {
    check(
        &["import", "--kind", "network", "-"],
        "<network><name>lan</name><mtu size='9000'/></network>",
        expect![[r#"
            {
              name = "lan";
              uuid = false;
              mtu.size = 9000;
            }
            exit code 0
        "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<network><name>lan</nam></network>",
        expect![[r#"
        error: <stdin>: line 1, column 19: ill-formed document: expected `</name>`, but `</nam>` was found
        exit code 1
    "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<domain/>",
        expect![[r#"
            error: <stdin>: line 1, column 1: expected the root element <network>, found <domain>
            exit code 1
        "#]],
    );
}
