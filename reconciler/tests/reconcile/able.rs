//! What guests need and their host lacks. The capabilities are those that libvirt 11.3 with QEMU 10.0 told, without most CPU models.

use crate::support::desired;
use crate::{Host, assess};
use expect_test::expect;
use nixvirt::able::capabilities::{Answer, Capabilities, Request};
use nixvirt::error::Error;
use nixvirt::reconcile::Assessment;
use nixvirt::report::{each, remedy};
use nixvirt_schema::engine::xml::{self, Element};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::cell::RefCell;

/// What libvirt says about its guests.
#[derive(Default)]
pub struct Told {
    has_kvm: bool,
    requests: RefCell<Vec<Request>>,
}

impl Told {
    pub fn of(&self, request: &Request) -> Answer {
        self.requests.borrow_mut().push(request.clone());
        let refused = |what: &str| {
            Answer::Refused(Error::libvirt(format!("libvirt cannot run this guest on the host: {what}")).into())
        };
        match (request.kind.as_deref(), request.machine.as_deref(), request.emulator.as_deref()) {
            (_, _, Some("/gone")) => refused("Cannot check QEMU binary /gone"),
            (Some("kvm"), ..) if !self.has_kvm => refused("the accel 'kvm' is not supported"),
            (_, Some("q35"), _) => Answer::Capabilities(Capabilities(read(include_str!("capabilities/q35.xml")))),
            (_, Some("pc") | None, _) => Answer::Capabilities(Capabilities(read(include_str!("capabilities/pc.xml")))),
            _ => refused("the machine is not supported"),
        }
    }

    pub fn host() -> Element {
        read(include_str!("capabilities/host.xml"))
    }
}

fn read(text: &str) -> Element {
    xml::element(text).expect("XML")
}

/// What the host lacks for each guest of a manifest, one line each.
fn lacks(told: Told, manifest: Value) -> (String, Vec<Request>) {
    let host = Host { told: Some(told), ..Host::new() };
    let Assessment { lacks, .. } = assess(&host, &desired(manifest), &host.store()).expect("it is planned");
    let mut text = String::new();
    for (id, (lack, words)) in lacks.iter().flat_map(|(id, lacks)| each(lacks).into_iter().map(move |it| (id, it))) {
        text += &format!("{} [{}] {}: {words}\n", id.name, lack.missing.code(), lack.path);
        text.extend(remedy(&lack.missing).map(|hint| format!("    {hint}\n")));
    }
    let requests = host.told.map(|told| told.requests.into_inner()).unwrap_or_default();
    (text, requests)
}

/// A guest of a name, a type, a machine type, parts of `<os>`, other parts, and devices.
type Guest = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

fn domain((name, kind, machine, os, parts, devices): &Guest) -> Value {
    let xml = format!(
        "<domain type='{kind}'><name>{name}</name><os><type machine='{machine}'>hvm</type>{os}</os>{parts}<devices>{devices}</devices></domain>"
    );
    json!({ "xml": xml, "active": true })
}

#[test]
fn values_that_a_host_lacks() {
    let guests: &[Guest] = &[
        (
            "fits",
            "qemu",
            "q35",
            "<loader secure='yes' type='pflash'/>",
            "<cpu mode='host-model'/>",
            "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>",
        ),
        (
            "bus",
            "qemu",
            "q35",
            "",
            "",
            "<disk><target dev='hda' bus='ide'/></disk><disk><target dev='vda' bus='virtio'/></disk>",
        ),
        ("bus-of-pc", "qemu", "pc", "", "", "<disk><target dev='hda' bus='ide'/></disk>"),
        ("video", "qemu", "q35", "", "", "<video><model type='xen'/></video><graphics type='rdp'/>"),
        ("tpm", "qemu", "q35", "", "", "<tpm model='tpm-spapr'><backend type='emulator' version='3.0'/></tpm>"),
        ("passthrough", "qemu", "q35", "", "<cpu mode='host-passthrough'/>", ""),
        ("topology", "qemu", "q35", "", "<cpu><topology sockets='1' cores='2' threads='1'/></cpu>", ""),
        ("unknown-cpu", "qemu", "q35", "", "<cpu><model>Broadwel</model></cpu>", ""),
        ("emulated-cpu", "qemu", "q35", "", "<cpu><model>Broadwell</model></cpu>", ""),
        ("vcpus", "qemu", "pc", "", "<vcpu>300</vcpu>", ""),
        ("secure-boot", "qemu", "pc", "<firmware><feature name='secure-boot' enabled='yes'/></firmware>", "", ""),
        ("sev", "qemu", "q35", "", "<launchSecurity type='sev'/>", ""),
        ("gic", "qemu", "q35", "", "<features><gic version='3'/></features>", ""),
        ("pci", "qemu", "q35", "", "", "<hostdev mode='subsystem' type='pci'/><hostdev mode='subsystem' type='usb'/>"),
        ("channel", "qemu", "q35", "", "", "<channel type='tcp'/><channel type='spicevmc'/>"),
    ];
    let domains: Vec<_> = guests.iter().map(domain).collect();
    let (lacks, requests) = lacks(Told::default(), json!({ "domains": domains }));
    expect![[r#"
        bus [host-value] devices.disk[hda].target.bus: the host does not support "ide": expected fdc, scsi, virtio, usb or sata
        gic [host-part] features.gic: the host does not support this part
        passthrough [host-value] cpu.mode: the host does not support "host-passthrough": expected maximum, host-model or custom
        pci [host-value] devices.hostdev[0].type: the host does not support "pci"
            turn on the IOMMU in the setup of the host and in its kernel; `nixvirt doctor` shows whether it is on
        secure-boot [host-value] os.firmware.feature[secure-boot].name: the host does not support "secure-boot"
            install firmware with this feature on the host, or choose a machine type that has one, such as q35
        sev [host-part] launchSecurity: the host does not support this part
        tpm [host-value] devices.tpm.model: the host does not support "tpm-spapr": expected tpm-tis or tpm-crb
        tpm [host-value] devices.tpm.backend.version: the host does not support "3.0": expected 1.2 or 2.0; did you mean "2.0"?
        unknown-cpu [host-value] cpu.model: the host does not support "Broadwel": expected 486 or qemu64
        vcpus [host-limit] vcpu: 300 exceeds the host's maximum of 255
        video [host-value] devices.graphics[rdp].type: the host does not support "rdp": expected sdl, vnc, spice, egl-headless or dbus
        video [host-value] devices.video.model.type: the host does not support "xen": expected vga, cirrus, vmvga, qxl, virtio, none, bochs or ramfb
    "#]].assert_eq(&lacks);
    assert_eq!(requests.len(), 2, "one for each combination: {requests:?}");
}

#[test]
fn guests_that_a_host_does_not_run() {
    let guests: &[Guest] = &[
        ("kvm", "kvm", "q35", "", "<cpu mode='host-passthrough'/>", "<video><model type='xen'/></video>"),
        ("machine", "qemu", "p35", "", "", "<video><model type='xen'/></video>"),
        ("both", "kvm", "virt", "", "", ""),
        ("emulator", "qemu", "q35", "", "", "<emulator>/gone</emulator>"),
    ];
    let mut domains: Vec<_> = guests.iter().map(domain).collect();
    domains.push(json!({ "xml": "<domain type='qemu'><name>arch</name><os><type arch='riscv64' machine='virt'>hvm</type></os></domain>" }));
    expect![[r#"
        arch [host-value] os.type.arch: the host does not support "riscv64": expected aarch64 or x86_64
            install QEMU for that architecture on the host
        both [host-value] type: the host does not support "kvm": expected qemu
            run `nixvirt doctor` to see why; type = "qemu" works without KVM, but is slow
        both [host-value] os.type.machine: the host does not support "virt": expected microvm, pc, pc-i440fx-10.0, pc-q35-10.0 or q35
        emulator [host-emulator] devices.emulator: libvirt cannot run this guest on the host: Cannot check QEMU binary /gone
        kvm [host-value] type: the host does not support "kvm": expected qemu
            run `nixvirt doctor` to see why; type = "qemu" works without KVM, but is slow
        kvm [host-value] devices.video.model.type: the host does not support "xen": expected vga, cirrus, vmvga, qxl, virtio, none, bochs or ramfb
        machine [host-value] os.type.machine: the host does not support "p35": expected microvm, pc, pc-i440fx-10.0, pc-q35-10.0 or q35; did you mean "q35"?
        machine [host-value] devices.video.model.type: the host does not support "xen": expected vga, cirrus, vmvga, qxl, virtio, none, bochs or ramfb
    "#]].assert_eq(&lacks(Told::default(), json!({ "domains": domains })).0);
}

/// With KVM, the processor must have the features of the CPU model, and the kernel those of Hyper-V.
#[test]
fn processors_of_guests_with_kvm() {
    let guests: &[Guest] = &[
        ("lacks", "kvm", "q35", "", "<cpu mode='custom'><model>Broadwell</model></cpu>", ""),
        (
            "less",
            "kvm",
            "q35",
            "",
            "<cpu><model>Broadwell</model><feature policy='disable' name='hle'/><feature policy='disable' name='rtm'/></cpu>",
            "",
        ),
        ("unchecked", "kvm", "q35", "", "<cpu check='none'><model>Broadwell</model></cpu>", ""),
        ("has", "kvm", "q35", "", "<cpu><model>486</model></cpu>", ""),
        (
            "hyperv",
            "kvm",
            "q35",
            "",
            "<features><hyperv><vendor_id state='on'/><relaxed state='on'/><vapic state='off'/></hyperv></features>",
            "",
        ),
    ];
    let domains: Vec<_> = guests.iter().map(domain).collect();
    let told = Told { has_kvm: true, ..Told::default() };
    expect![[r#"
        hyperv [host-value] features.hyperv: the host does not support "relaxed": expected spinlocks or vendor_id
        lacks [host-cpu-model] cpu.model: the processor of the host cannot run "Broadwell": the processor lacks hle, invpcid, pcid, rtm, tsc-deadline; expected 486 or qemu64
        less [host-cpu-model] cpu.model: the processor of the host cannot run "Broadwell": the processor lacks invpcid, pcid, tsc-deadline; expected 486 or qemu64
    "#]].assert_eq(&lacks(told, json!({ "domains": domains })).0);
}

#[test]
fn objects_that_guests_use() {
    let card = |network: &str| format!("<interface type='network'><source network='{network}'/></interface>");
    let volume = |pool: &str, name: &str| {
        format!("<disk type='volume'><source pool='{pool}' volume='{name}'/><target dev='vda' bus='virtio'/></disk>")
    };
    let guest = |name: &str, devices: String| {
        format!("<domain type='qemu'><name>{name}</name><devices>{devices}</devices></domain>")
    };
    let manifest = json!({
        "networks": [
            { "xml": "<network><name>lan</name></network>", "active": true },
            { "xml": "<network><name>off</name></network>" },
        ],
        "pools": [{
            "xml": crate::POOL,
            "volumes": [{ "xml": "<volume><name>disk</name><capacity>1</capacity></volume>" }],
        }],
        "domains": [
            { "xml": guest("has", card("lan") + &volume("p", "disk")), "active": true },
            { "xml": guest("stays-off", card("off")) },
            { "xml": guest("off", card("off")), "active": true },
            { "xml": guest("gone", card("gone") + &volume("q", "disk")), "active": true },
        ],
    });
    let (lacks, _) = lacks(Told::default(), manifest);
    expect![[r#"
        gone [host-object] devices.interface.source.network: network gone neither exists nor is declared
            declare the object, or correct its name
        gone [host-object] devices.disk[vda].source.pool: pool q neither exists nor is declared
            declare the object, or correct its name
        off [host-object-off] devices.interface.source.network: network off is not running when the guest starts
            declare the object with `active = true`, or start it
    "#]]
    .assert_eq(&lacks);
}

/// A plan without changes of guests asks nothing.
#[test]
fn an_empty_plan_asks_nothing() {
    let host = Host { told: Some(Told::default()), ..Host::new() };
    let manifest = json!({ "domains": [domain(&("web", "qemu", "q35", "", "", ""))] });
    host.apply(&desired(manifest.clone()));
    assess(&host, &desired(manifest), &host.store()).expect("it is planned");
    let requests = host.told.as_ref().map(|told| told.requests.borrow().len());
    assert_eq!(requests, Some(0));
}
