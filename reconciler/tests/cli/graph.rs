//! `nixvirt graph`.

use super::Folder;
use expect_test::expect;

const MANIFEST: &str = r#"{ "version": 1, "connections": { "qemu+ssh://root@alpha/system": {
  "networks": [ { "xml": "<network><name>lan \"1\"</name><ip address='192.168.74.1' prefix='24'/></network>" } ],
  "pools": [ { "xml": "<pool type='dir'><name>disks</name><target><path>/disks</path></target></pool>",
    "volumes": [ { "xml": "<volume><name>web.qcow2</name><capacity unit='GiB'>20</capacity></volume>" } ] } ],
  "domains": [
    { "xml": "<domain type='kvm'><name>web</name><memory>1</memory><os><type>hvm</type></os><devices><disk type='volume'><source pool='disks' volume='web.qcow2'/><target dev='vda'/></disk><disk type='file' device='cdrom'><target dev='sda'/></disk><interface type='network'><source network='lan \"1\"'/></interface></devices></domain>",
      "snapshots": [ { "xml": "<domainsnapshot><name>before</name></domainsnapshot>" } ] },
    { "xml": "<domain type='kvm'><name>db</name><memory>1</memory><os><type>hvm</type></os><devices><disk type='file'><source file='/db.img'/><target dev='vda'/></disk><interface type='bridge'><source bridge='br0'/></interface></devices></domain>" }
  ] } } }"#;

#[test]
fn of_a_manifest() {
    let folder = Folder::new(&[("manifest.json", MANIFEST)]);
    folder.check(
        &["graph", "--manifest", "manifest.json"],
        expect![[r#"
        flowchart LR
          subgraph h0 ["qemu+ssh://root@alpha/system"]
            h0n0[("disks")]
            h0n1[("web.qcow2<br/>20 GiB")]
            h0n2{{"lan &quot;1&quot;"}}
            h0n3["web"]
            h0n4["db"]
            h0n5[("/db.img")]
            h0n6{{"br0"}}
            h0n7(["before"])
            h0n1 --- h0n0
            h0n3 ---|"vda"| h0n1
            h0n3 --- h0n2
            h0n4 ---|"vda"| h0n5
            h0n4 --- h0n6
            h0n3 --- h0n7
          end
          classDef pending stroke-dasharray: 5 5
        exit code 0
    "#]],
    );
    folder.check(
        &["graph", "--manifest", "manifest.json", "--format", "dot"],
        expect![[r##"
        graph {
          rankdir=LR
          node [fontname="sans-serif" style=filled fillcolor=white]
          subgraph cluster_0 {
            label="qemu+ssh://root@alpha/system"
            fontname="sans-serif"
            h0n0 [shape=folder fillcolor="#fef3c7" label="disks"]
            h0n1 [shape=cylinder fillcolor="#fef9e7" label="web.qcow2\n20 GiB"]
            h0n2 [shape=hexagon fillcolor="#dcfce7" label="lan \"1\""]
            h0n3 [shape=box fillcolor="#dbeafe" label="web"]
            h0n4 [shape=box fillcolor="#dbeafe" label="db"]
            h0n5 [shape=cylinder fillcolor="#fef9e7" label="/db.img"]
            h0n6 [shape=hexagon fillcolor="#dcfce7" label="br0"]
            h0n7 [shape=note label="before"]
            h0n1 -- h0n0
            h0n3 -- h0n1 [label="vda"]
            h0n3 -- h0n2
            h0n4 -- h0n5 [label="vda"]
            h0n4 -- h0n6
            h0n3 -- h0n7
          }
        }
        exit code 0
    "##]],
    );
}

/// A missing manifest has the exit code that it has in other commands.
#[test]
fn of_no_manifest() {
    Folder::new(&[]).check(
        &["graph", "--manifest", "manifest.json"],
        expect![[r#"
            error: cannot read manifest.json: No such file or directory (os error 2)
            exit code 66
        "#]],
    );
}

/// So has a manifest that is no JSON.
#[test]
fn of_a_broken_manifest() {
    Folder::new(&[("manifest.json", "{")]).check(
        &["graph", "--manifest", "manifest.json"],
        expect![[r#"
            error: manifest.json is not JSON: line 1, column 1: the text ends within a value
            exit code 66
        "#]],
    );
}
