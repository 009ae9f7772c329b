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

#[track_caller]
fn check(declared: &str, before: Option<&str>, observed: &Observed, expected: Expect) {
    let before = before.map(domain);
    let found = Found::of(observed).expect("it was read");
    expected.assert_eq(&match preserve(&domain(declared), before.as_ref(), found) {
        Ok(Preserved { definition, reasons }) => {
            let reasons = reasons.iter().map(|reason| format!("{reason:?}\n"));
            show(&definition) + &reasons.collect::<String>()
        }
        Err(reason) => format!("{reason:?}\n"),
    });
}

const UEFI: &str = "<os firmware='efi'><type machine='q35'>hvm</type></os>";
const CHOSEN: &str = "<os firmware='efi'><type machine='pc-q35-10.0'>hvm</type>
    <firmware><feature enabled='yes' name='secure-boot'/></firmware>
    <loader readonly='yes' secure='yes' type='pflash' format='raw'>/CODE.fd</loader>
    <nvram template='/VARS.fd' templateFormat='raw' format='raw'>/nvram/old_VARS.fd</nvram></os>";

#[test]
fn the_firmware_is_carried_while_its_declaration_is_the_same() {
    let found = observed(CHOSEN);
    check(UEFI, Some(UEFI), &found, expect![]);
    check(UEFI, None, &found, expect![]);
    // The firmware is chosen again, for the same variables.
    let secure = UEFI.replace("</os>", "<firmware><feature enabled='no' name='secure-boot'/></firmware></os>");
    check(&secure, Some(UEFI), &found, expect![]);
    // Another architecture has other variables.
    let other = UEFI.replace("<type", "<type arch='aarch64'");
    let amd = observed(&CHOSEN.replace("<type", "<type arch='x86_64'"));
    check(&other, Some(UEFI), &amd, expect![]);
    // A BIOS has none.
    check(&UEFI.replace(" firmware='efi'", ""), Some(UEFI), &found, expect![]);
    // A domain that was UEFI before it was declared stays UEFI.
    check(&UEFI.replace(" firmware='efi'", ""), None, &found, expect![]);
}

#[test]
fn a_given_nvram_keeps_its_format() {
    let given = UEFI.replace("</os>", "<nvram>/given.fd</nvram></os>");
    let found = observed(&CHOSEN.replace("/nvram/old_VARS.fd", "/given.fd"));
    check(&given, Some(&given), &found, expect![]);
}

#[test]
fn a_missing_firmware_is_replaced() {
    let found = Observed { loader_is_gone: true, ..observed(CHOSEN) };
    check(UEFI, Some(UEFI), &found, expect![]);
    // A firmware that is declared is not replaced.
    let declared = UEFI.replace("</os>", "<loader>/CODE.fd</loader></os>");
    check(&declared, Some(&declared), &found, expect![]);
}

#[test]
fn passwords_of_others_are_carried() {
    let vnc = "<devices><graphics type='vnc'/></devices>";
    let by_hand = |password: &str| {
        format!(
            "<devices><graphics type='vnc' port='-1' passwd='{password}' passwdValidTo='2099-01-01T00:00:00'/></devices>"
        )
    };
    let found = Observed { with_secrets: Some(Redacted(domain(&by_hand("by hand")))), ..observed(&by_hand("*****")) };
    check(vnc, Some(vnc), &found, expect![]);
    check("<devices><graphics type='vnc' listen='0.0.0.0'/></devices>", Some(vnc), &found, expect![]);
    // It was declared, and is no longer.
    let declared = "<devices><graphics type='vnc' passwd='(secret)'/></devices>";
    check(vnc, Some(declared), &found, expect![]);
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
    // The declaration has not changed.
    check(&vda, Some(&vda), &observed(&overlay), expect![]);
    // The image is declared for another target.
    check(&devices(&[disk("vdb", "/a", "")]), Some(&vda), &observed(&overlay), expect![]);
    // A roll-back from another image, while the guest uses the overlay.
    let other = devices(&[disk("vda", "/b", "")]);
    check(&vda, Some(&other), &live(&chain, &other), expect![]);
    // No record tells what was applied, but the snapshot tells the overlay.
    check(&vda, None, &with_snapshot(observed(&overlay)), expect![]);
    // The disk was not declared for a while, and the snapshot tells that there is an overlay.
    check(&vda, Some("<devices/>"), &with_snapshot(observed("<devices/>")), expect![]);
    // The overlay was declared, and its base is now.
    check(&vda, Some(&overlay), &live(&chain, &overlay), expect![]);
    // The overlay was merged, and the snapshot is not forgotten.
    check(&vda, Some(&vda), &with_snapshot(observed(&vda)), expect![]);
    // What the guest writes is discarded.
    let transient = chain.replace("<target", "<transient/><target");
    check(&vda, Some(&vda), &live(&transient, &vda), expect![]);
}

#[test]
fn images_that_trade_targets_are_no_overlays() {
    let before = devices(&[disk("vda", "/a", ""), disk("vdb", "/b", "")]);
    let now = devices(&[disk("vda", "/b", ""), disk("vdb", "/a", "")]);
    check(&now, Some(&before), &observed(&before), expect![]);
    // Another image was given to the disk by hand, and is declared now, with the former one beside it.
    let by_hand = devices(&[disk("vda", "/c", "")]);
    let both = devices(&[disk("vda", "/c", ""), disk("vdb", "/a", "")]);
    check(&both, Some(&devices(&[disk("vda", "/a", "")])), &observed(&by_hand), expect![]);
}
