//! What a redefinition preserves of what libvirt has.

use expect_test::{Expect, expect};
use nixvirt::inventory::Observed;
use nixvirt::plan::preserve::{Found, Preserved, preserve};
use nixvirt::step::Redacted;
use nixvirt_schema::engine::xml::{self, Element};

fn element(text: &str) -> Element {
    xml::element(text).expect("XML")
}

fn domain(parts: &str) -> Element {
    element(&format!("<domain type='kvm'><name>web</name>{parts}</domain>"))
}

fn observed(parts: &str) -> Observed {
    Observed { definition: Some(domain(parts)), is_persistent: true, ..Observed::default() }
}

/// A definition in one line an element, without the name.
fn show(definition: &Element) -> String {
    let text = definition.to_string();
    let lines =
        text.lines().filter(|line| !["<name>", "domain", "devices>", "<devices/>"].iter().any(|it| line.contains(it)));
    lines.map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n").collect()
}

/// Cases of redefinitions, each with what is defined.
#[derive(Default)]
struct Cases(String);

impl Cases {
    /// Redefines a domain that libvirt has, and that was declared before.
    fn add(&mut self, case: &str, declared: &str, before: Option<&str>, observed: &Observed) {
        let before = before.map(domain);
        let found = Found::of(observed).expect("it was read");
        let outcome = match preserve(&domain(declared), before.as_ref(), found) {
            Ok(Preserved { definition, reasons }) => {
                let reasons = reasons.iter().map(|reason| format!("{reason:?}\n"));
                show(&definition) + &reasons.collect::<String>()
            }
            Err(reason) => format!("{reason:?}\n"),
        };
        self.0 += &format!("# {case}\n{outcome}");
    }

    #[track_caller]
    fn are(self, expected: Expect) {
        expected.assert_eq(&self.0);
    }
}

const UEFI: &str = "<os firmware='efi'><type machine='q35'>hvm</type></os>";
const CHOSEN: &str = "<os firmware='efi'><type machine='pc-q35-10.0'>hvm</type>
    <firmware><feature enabled='yes' name='secure-boot'/></firmware>
    <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
    <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/nvram/old_VARS.fd</nvram></os>";

#[test]
fn the_firmware_is_carried_while_its_declaration_is_the_same() {
    let found = observed(CHOSEN);
    let mut cases = Cases::default();
    cases.add("the declaration is the same", UEFI, Some(UEFI), &found);
    cases.add("the domain is adopted", UEFI, None, &found);
    let secure = UEFI.replace("</os>", "<firmware><feature enabled='no' name='secure-boot'/></firmware></os>");
    cases.add("another firmware for the same variables", &secure, Some(UEFI), &found);
    let other = UEFI.replace("<type", "<type arch='aarch64'");
    let amd = observed(&CHOSEN.replace("<type", "<type arch='x86_64'"));
    cases.add("another architecture", &other, Some(UEFI), &amd);
    let bios = UEFI.replace(" firmware='efi'", "");
    cases.add("a BIOS", &bios, Some(UEFI), &found);
    cases.add("a domain that is adopted with UEFI, and declared without", &bios, None, &found);
    let given = UEFI.replace("</os>", "<nvram>/given.fd</nvram></os>");
    let at_given = observed(&CHOSEN.replace("/nvram/old_VARS.fd", "/given.fd"));
    cases.add("a declared NVRAM", &given, Some(&given), &at_given);
    cases.are(expect![[r##"
        # the declaration is the same
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <firmware>
            <feature enabled='yes' name='secure-boot'/>
          </firmware>
          <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
          <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/nvram/old_VARS.fd</nvram>
        </os>
        # the domain is adopted
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <firmware>
            <feature enabled='yes' name='secure-boot'/>
          </firmware>
          <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
          <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/nvram/old_VARS.fd</nvram>
        </os>
        # another firmware for the same variables
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <firmware>
            <feature enabled='no' name='secure-boot'/>
          </firmware>
          <nvram format='raw'>/nvram/old_VARS.fd</nvram>
        </os>
        # another architecture
        <os firmware='efi'>
          <type arch='aarch64' machine='q35'>hvm</type>
        </os>
        # a BIOS
        <os>
          <type machine='pc-q35-10.0'>hvm</type>
        </os>
        # a domain that is adopted with UEFI, and declared without
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <firmware>
            <feature enabled='yes' name='secure-boot'/>
          </firmware>
          <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
          <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/nvram/old_VARS.fd</nvram>
        </os>
        # a declared NVRAM
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/given.fd</nvram>
          <firmware>
            <feature enabled='yes' name='secure-boot'/>
          </firmware>
          <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
        </os>
    "##]]);
}

#[test]
fn a_missing_firmware_is_replaced() {
    let found = Observed { loader_is_gone: true, ..observed(CHOSEN) };
    let mut cases = Cases::default();
    cases.add("a firmware that libvirt chose", UEFI, Some(UEFI), &found);
    let declared = UEFI.replace("</os>", "<loader>/CODE.fd</loader></os>");
    cases.add("a firmware that is declared", &declared, Some(&declared), &found);
    cases.are(expect![[r##"
        # a firmware that libvirt chose
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <firmware>
            <feature enabled='yes' name='secure-boot'/>
          </firmware>
          <nvram format='raw'>/nvram/old_VARS.fd</nvram>
        </os>
        FirmwareReplaced { loader: "/CODE.fd", nvram: "/nvram/old_VARS.fd" }
        # a firmware that is declared
        <os firmware='efi'>
          <type machine='pc-q35-10.0'>hvm</type>
          <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
          <firmware>
            <feature enabled='yes' name='secure-boot'/>
          </firmware>
          <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/nvram/old_VARS.fd</nvram>
        </os>
    "##]]);
}

#[test]
fn passwords_of_others_are_carried() {
    let vnc = "<devices><graphics type='vnc'/></devices>";
    let graphics = "<devices><graphics type='vnc' port='-1' passwdValidTo='2099-01-01T00:00:00'/></devices>";
    let by_hand = graphics.replace("port='-1'", "port='-1' passwd='by hand'");
    let found = Observed { with_secrets: Some(Redacted(domain(&by_hand))), ..observed(graphics) };
    let mut cases = Cases::default();
    cases.add("the declaration is the same", vnc, Some(vnc), &found);
    cases.add("another address", "<devices><graphics type='vnc' listen='0.0.0.0'/></devices>", Some(vnc), &found);
    let declared = "<devices><graphics type='vnc' passwd='(secret)'/></devices>";
    cases.add("a password that is no longer declared", vnc, Some(declared), &found);
    cases.are(expect![[r##"
        # the declaration is the same
          <graphics type='vnc' passwd='by hand' passwdValidTo='2099-01-01T00:00:00'/>
        # another address
          <graphics type='vnc' listen='0.0.0.0' passwd='by hand' passwdValidTo='2099-01-01T00:00:00'/>
        # a password that is no longer declared
          <graphics type='vnc' passwdValidTo='2099-01-01T00:00:00'/>
    "##]]);
}

fn disk(target: &str, file: &str, more: &str) -> String {
    format!("<disk type='file'><driver type='qcow2'/><source file='{file}'/>{more}<target dev='{target}'/></disk>")
}

fn devices(disks: &[String]) -> String {
    format!("<devices>{}</devices>", disks.concat())
}

fn live(parts: &str, defined: &str) -> Observed {
    Observed { live: Some(domain(parts)), is_active: true, ..observed(defined) }
}

fn with_snapshot(found: Observed) -> Observed {
    let base = devices(&[disk("vda", "/a", "")]);
    let snapshot = format!(
        "<domainsnapshot><name>s</name>
           <disks><disk name='vda' snapshot='external'><source file='/a.s'/></disk></disks>
           <domain>{base}</domain></domainsnapshot>"
    );
    Observed { snapshots: vec![element(&snapshot)], ..found }
}

#[test]
fn the_base_of_an_overlay_is_never_the_disk_again() {
    let vda = devices(&[disk("vda", "/a", "")]);
    let overlay = devices(&[disk("vda", "/a.s", "")]);
    let chain = devices(&[disk("vda", "/a.s", "<backingStore type='file'><source file='/a'/></backingStore>")]);
    let mut cases = Cases::default();
    cases.add("the declaration is the same", &vda, Some(&vda), &observed(&overlay));
    cases.add("another target", &devices(&[disk("vdb", "/a", "")]), Some(&vda), &observed(&overlay));
    let other = devices(&[disk("vda", "/b", "")]);
    cases.add("a roll-back while the guest uses the overlay", &vda, Some(&other), &live(&chain, &other));
    cases.add("no record, and a snapshot", &vda, None, &with_snapshot(observed(&overlay)));
    let without = with_snapshot(observed("<devices/>"));
    cases.add("a disk that was not declared for a while", &vda, Some("<devices/>"), &without);
    cases.add("an overlay that was declared", &vda, Some(&overlay), &live(&chain, &overlay));
    cases.add("an overlay that was merged", &vda, Some(&vda), &with_snapshot(observed(&vda)));
    let transient = chain.replace("<target", "<transient/><target");
    cases.add("an overlay that is discarded", &vda, Some(&vda), &live(&transient, &vda));
    cases.are(expect![[r##"
        # the declaration is the same
          <disk type='file'>
            <driver type='qcow2'/>
            <target dev='vda'/>
            <source file='/a.s'/>
          </disk>
        # another target
          <disk type='file'>
            <driver type='qcow2'/>
            <target dev='vdb'/>
            <source file='/a.s'/>
          </disk>
        # a roll-back while the guest uses the overlay
          <disk type='file'>
            <driver type='qcow2'/>
            <target dev='vda'/>
            <source file='/a.s'/>
            <backingStore type='file'>
              <source file='/a'/>
            </backingStore>
          </disk>
        # no record, and a snapshot
          <disk type='file'>
            <driver type='qcow2'/>
            <target dev='vda'/>
            <source file='/a.s'/>
          </disk>
        # a disk that was not declared for a while
        BaseOfImage { base: "/a", overlay: "/a.s", snapshot: Some("s") }
        # an overlay that was declared
        BaseOfImage { base: "/a", overlay: "/a.s", snapshot: None }
        # an overlay that was merged
          <disk type='file'>
            <driver type='qcow2'/>
            <source file='/a'/>
            <target dev='vda'/>
          </disk>
        # an overlay that is discarded
          <disk type='file'>
            <driver type='qcow2'/>
            <source file='/a'/>
            <target dev='vda'/>
          </disk>
    "##]]);
}

#[test]
fn images_that_trade_targets_are_no_overlays() {
    let before = devices(&[disk("vda", "/a", ""), disk("vdb", "/b", "")]);
    let now = devices(&[disk("vda", "/b", ""), disk("vdb", "/a", "")]);
    let mut cases = Cases::default();
    cases.add("two disks swap their images", &now, Some(&before), &observed(&before));
    let by_hand = devices(&[disk("vda", "/c", "")]);
    let both = devices(&[disk("vda", "/c", ""), disk("vdb", "/a", "")]);
    let first = devices(&[disk("vda", "/a", "")]);
    cases.add("an image that was set by hand is declared", &both, Some(&first), &observed(&by_hand));
    cases.are(expect![[r##"
        # two disks swap their images
          <disk type='file'>
            <driver type='qcow2'/>
            <source file='/b'/>
            <target dev='vda'/>
          </disk>
          <disk type='file'>
            <driver type='qcow2'/>
            <source file='/a'/>
            <target dev='vdb'/>
          </disk>
        # an image that was set by hand is declared
          <disk type='file'>
            <driver type='qcow2'/>
            <source file='/c'/>
            <target dev='vda'/>
          </disk>
          <disk type='file'>
            <driver type='qcow2'/>
            <source file='/a'/>
            <target dev='vdb'/>
          </disk>
    "##]]);
}

/// The modes include `hostdev`, which libvirt defines only on a host with virtual functions.
#[test]
fn the_bridge_of_a_network_is_carried_into_modes_with_a_bridge_of_libvirt() {
    let network = |parts: &str| element(&format!("<network><name>lan</name>{parts}</network>"));
    let observed = Observed {
        definition: Some(network("<forward mode='route'/><bridge name='virbr7'/><mac address='52:54:00:00:00:07'/>")),
        is_persistent: true,
        ..Observed::default()
    };
    let mut defined = String::new();
    for mode in ["nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"] {
        let declared = network(&format!("<forward mode='{mode}'/>"));
        let preserved =
            preserve(&declared, None, Found::of(&observed).expect("it was read")).expect("nothing hinders it");
        let parts: Vec<_> = preserved.definition.children.iter().map(|child| child.name.as_str()).collect();
        defined += &format!("{mode}: {}\n", parts.join(" "));
    }
    expect![[r#"
        nat: name forward mac bridge
        route: name forward mac bridge
        open: name forward mac bridge
        bridge: name forward
        private: name forward
        vepa: name forward
        passthrough: name forward
        hostdev: name forward
    "#]]
    .assert_eq(&defined);
}
