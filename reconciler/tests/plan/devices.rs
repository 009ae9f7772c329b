//! Devices of running guests: which one is which, what waits, and what is never touched.

use crate::support::{FakeLibvirt, desired, show};
use crate::{CARD, DISK, check, check_in, domain, running};
use expect_test::expect;
use nixvirt::change::{Change, changes};
use nixvirt::object::{Id, Type};
use nixvirt::paths::{Paths, ResolvedPath};
use nixvirt::plan::drift;
use nixvirt::state::Record;
use nixvirt::step::{Operation, Step};
use nixvirt_schema::engine::xml::{self, Element};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

fn guest(devices: &str) -> Value {
    running(&format!("<devices>{devices}</devices>"))
}

fn web() -> Id {
    Id::new(Type::Domain, "web")
}

/// Changes the running guest as someone else would.
fn change_live(libvirt: &mut FakeLibvirt, change: impl Fn(&str) -> String) {
    let observed = libvirt.objects.get_mut(&web()).expect("it is there");
    let text = observed.live.as_ref().expect("it runs").to_string();
    observed.live = Some(element(&change(&text)));
}

/// Changes the definition as someone else would.
fn change_definition(libvirt: &mut FakeLibvirt, change: impl Fn(&str) -> String) {
    let observed = libvirt.objects.get_mut(&web()).expect("it is there");
    let text = observed.definition.as_ref().expect("it is defined").to_string();
    observed.definition = Some(element(&change(&text)));
}

fn element(text: &str) -> Element {
    xml::element(text).expect("XML")
}

fn with_device(domain: &str, device: &str) -> String {
    domain.replace("</devices>", &format!("{device}</devices>"))
}

fn redirection(port: &str) -> String {
    format!("<redirdev bus='usb' type='tcp'><source mode='connect' host='h' service='{port}'/></redirdev>")
}

#[test]
fn the_redirection_that_stays_is_known() {
    let mut libvirt = check(
        &[guest(&(redirection("4000") + &redirection("4001")))],
        guest(&redirection("4001")),
        expect![[r#"
            domain web: change, effect on the guest: live
              devices.redirdev[h 4000]: bus=usb, type=tcp, source.mode=connect, source.host=h, source.service=4000 -> - (now)
              => define, detach, save-record
        "#]],
    );
    let live = libvirt.objects[&web()].live.as_ref().expect("it runs").to_string();
    assert!(live.contains("4001") && !live.contains("4000"), "{live}");
    check_in(
        &mut libvirt,
        guest(&redirection("4001")),
        expect![[r#"
        domain web: unchanged
    "#]],
    );
}

#[test]
fn equal_lists_in_another_order_are_no_change() {
    let rng = |rate: &str| format!("<rng model='virtio'><rate bytes='{rate}'/><backend model='random'/></rng>");
    let hostdev = |slot: &str| {
        format!(
            "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='0' slot='{slot}' function='0'/></source></hostdev>"
        )
    };
    let [one, two] =
        [["1", "2"], ["2", "1"]].map(|order| order.map(|at| rng(at) + &hostdev(at) + &redirection(at)).concat());
    check(
        &[guest(&one)],
        guest(&two),
        expect![[r#"
            domain web: unchanged
        "#]],
    );
}

const SATA: &str = "<disk type='file'><source file='/a'/><target dev='sda' bus='sata'/></disk>";

#[test]
fn an_image_is_never_twice_in_a_guest() {
    // A SATA disk leaves at the next start, and the new disk waits for that.
    let mut libvirt = check(
        &[guest(SATA)],
        guest(DISK),
        expect![[r#"
            domain web: change
              devices.disk[vda]: - -> type=file, source.file=/a, target.dev=vda, target.bus=virtio (next-start)
              devices.disk[sda]: type=file, source.file=/a, target.dev=sda, target.bus=sata -> - (next-start)
              => define, save-record
        "#]],
    );
    expect![[r#"
        domain web: unchanged
          pending: devices.disk[vda]: - -> type=file, source.file=/a, target.dev=vda, target.bus=virtio
          pending: devices.disk[sda]: type=file, source.file=/a, target.dev=sda, target.bus=sata -> -
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(guest(DISK)))));
    libvirt.stop(&web());
    libvirt.start(&web());
    expect![[r#"
        domain web: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(guest(DISK)))));
    // The same of an image on a server.
    let nbd = |target: &str, bus: &str| {
        format!(
            "<disk type='network'><source protocol='nbd' name='a'><host name='h'/></source><target dev='{target}' bus='{bus}'/></disk>"
        )
    };
    check(
        &[guest(&nbd("sda", "sata"))],
        guest(&nbd("vda", "virtio")),
        expect![[r#"
            domain web: change
              devices.disk[vda]: - -> type=network, source.protocol=nbd, source.name=a, source.host.name=h, target.dev=vda, target.bus=virtio (next-start)
              devices.disk[sda]: type=network, source.protocol=nbd, source.name=a, source.host.name=h, target.dev=sda, target.bus=sata -> - (next-start)
              => define, save-record
        "#]],
    );
    // The same by other paths, or as a volume.
    let pool = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";
    let by = |kind: &str, source: &str| {
        let mut manifest =
            guest(&format!("<disk type='{kind}'><source {source}/><target dev='vda' bus='virtio'/></disk>"));
        manifest["pools"] = json!([{ "xml": pool, "active": true }]);
        manifest
    };
    let place = ResolvedPath { path: "/p/a".to_owned(), file: None };
    for (kind, source) in [("file", "file='/p/../p/a'"), ("file", "file='/link/a'"), ("volume", "pool='p' volume='a'")]
    {
        let mut libvirt = FakeLibvirt::default();
        libvirt.paths = Paths::known(BTreeMap::from([("/link/a".to_owned(), place.clone())]));
        libvirt.apply(&desired(guest(&SATA.replace("'/a'", "'/p/a'"))));
        let plan = show(&libvirt.plan(&desired(by(kind, source))));
        assert!(plan.contains("(next-start)") && !plan.contains("attach"), "{source}: {plan}");
    }
    // Nor is what a snapshot of the running guest is backed by.
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(guest(SATA)));
    change_live(&mut libvirt, |domain| {
        let backing = "<backingStore type='file'><source file='/a'/></backingStore>";
        domain.replace("'/a'", "'/a.snapshot'").replace("</disk>", &format!("{backing}</disk>"))
    });
    let plan = show(&libvirt.plan(&desired(guest(DISK))));
    assert!(plan.contains("(next-start)") && !plan.contains("attach"), "{plan}");
}

#[test]
fn what_replaces_a_device_waits_until_it_is_gone() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(guest(DISK)));
    let scsi = DISK.replace("vda", "sda").replace("virtio", "scsi");
    let plan = libvirt.plan(&desired(guest(&scsi)));
    expect![[r#"
        domain web: change, effect on the guest: live
          devices.disk[sda]: - -> type=file, source.file=/a, target.dev=sda, target.bus=scsi (now)
          devices.disk[vda]: type=file, source.file=/a, target.dev=vda, target.bus=virtio -> - (now)
          => define, detach, attach, save-record
    "#]]
    .assert_eq(&show(&plan));
    let waits_for = plan.entries[0].steps.iter().find_map(|step| match step {
        Step::Libvirt(Operation::Attach { after, .. }) => Some(after.clone()),
        _ => None,
    });
    let waits_for = waits_for.expect("it is attached");
    assert_eq!(waits_for.len(), 1);
    assert!(waits_for[0].0.to_string().contains("vda"));
}

#[test]
fn a_device_of_others_is_not_unplugged() {
    let other = "<disk type='file'><source file='/b'/><target dev='vdb' bus='virtio'/></disk>";
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(guest(&format!("{DISK}{other}"))));
    // Someone pulled vdb out and plugged another image in under its name.
    change_live(&mut libvirt, |domain| domain.replace("'/b'", "'/of-others'"));
    expect![[r#"
        domain web: change
          devices.disk[vdb]: type=file, source.file=/b, target.dev=vdb, target.bus=virtio -> - (now)
          => define, save-record
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(guest(DISK)))));
}

#[test]
fn what_a_guest_has_is_not_pending() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(guest(DISK)));
    let more = guest(&format!("{DISK}{SATA}").replace("'/a'/><target dev='sda'", "'/b'/><target dev='sda'"));
    let staged = |mut manifest: Value| {
        manifest["onChange"] = json!("stage");
        manifest
    };
    libvirt.apply(&desired(staged(more.clone())));
    let pending = show(&libvirt.plan(&desired(staged(more.clone()))));
    assert!(pending.contains("pending: devices.disk[sda]"), "{pending}");
    // Someone plugs it in.
    let device = "<disk type='file'><source file='/b'/><target dev='sda' bus='sata'/></disk>";
    change_live(&mut libvirt, |domain| with_device(domain, device));
    expect![[r#"
        domain web: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(staged(more)))));
}

#[test]
fn what_a_guest_lacks_is_pending_whoever_took_it() {
    let drive = |file: &str| {
        format!("<disk type='file' device='cdrom'><source file='{file}'/><target dev='sda' bus='sata'/></disk>")
    };
    let with = |title: &str| running(&format!("<title>{title}</title><devices>{}</devices>", drive("/one.iso")));
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(with("One")));
    // Someone changes the medium of the running guest; then the title changes.
    change_live(&mut libvirt, |domain| domain.replace("/one.iso", "/of-others.iso"));
    libvirt.apply(&desired(with("Two")));
    expect![[r#"
        domain web: unchanged
          pending: devices.disk[sda].source.file: /of-others.iso -> /one.iso
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(with("Two")))));
    // A guest that is resumed from a saved state has its old memory.
    let with = |memory: &str| running(&format!("<memory>{memory}</memory>"));
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(with("1000")));
    libvirt.apply(&desired(with("2000")));
    let old = libvirt.objects[&web()].live.clone();
    libvirt.stop(&web());
    libvirt.start(&web());
    libvirt.objects.get_mut(&web()).expect("it is there").live = old;
    expect![[r#"
        domain web: unchanged
          pending: memory: 1000 KiB -> 2000 KiB
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(with("2000")))));
}

#[test]
fn a_roll_back_is_in_effect_at_once_where_the_guest_never_changed() {
    let with = |memory: &str| running(&format!("<memory>{memory}</memory>"));
    check(
        &[with("1000"), with("2000")],
        with("1000"),
        expect![[r#"
            domain web: change
              memory: 2000 KiB -> 1000 KiB (now)
              => define, save-record
        "#]],
    );
}

#[test]
fn a_console_asks_for_its_password_until_it_is_started_again() {
    let with = |passwd: &str| guest(&format!("<graphics type='vnc'{passwd}/>"));
    let mut libvirt = check(
        &[with(" passwd='old'")],
        with(""),
        expect![[r#"
            domain web: change
              devices.graphics[vnc].passwd: (secret) -> - (next-start)
              secrets (next-start)
              => define, save-record
        "#]],
    );
    check_in(
        &mut libvirt,
        with(""),
        expect![[r#"
            domain web: unchanged
              pending: devices.graphics[vnc].passwd: (secret) -> -
        "#]],
    );
}

#[test]
fn an_equal_domain_is_adopted_however_it_is_spelled() {
    let found = "<memory unit='KiB'>65536</memory><currentMemory unit='KiB'>65536</currentMemory>\
        <vcpu placement='static' cpuset='0-3'>2</vcpu><cputune><vcpupin vcpu='0' cpuset='0-2'/></cputune>\
        <cpu><numa><cell id='0' cpus='0-1' memory='65536' unit='KiB'/></numa></cpu><devices>\
        <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/a'/><target dev='vda' bus='virtio'/></disk>\
        <interface type='network'><mac address='52:54:00:ab:cd:ef'/><source network='lan'/><model type='virtio'/></interface>\
        <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>\
        <graphics type='vnc' port='-1' autoport='yes'><listen type='address'/></graphics>\
        <graphics type='spice'><listen type='none'/></graphics></devices>";
    let declared = "<title></title><memory unit='MiB'>64</memory>\
        <vcpu current='2' cpuset='0,1,2,3'>2</vcpu><cputune><vcpupin vcpu='0' cpuset='0-3,^3'/><vcpupin vcpu='7' cpuset='1'/></cputune>\
        <cpu><numa><cell id='0' cpus='0-1' memory='64' unit='MiB'/></numa></cpu><devices>\
        <channel type='unix'><source mode='bind' path='/var/lib/libvirt/qemu/channel/target/domain-1-web/org.qemu.guest_agent.0'/>\
        <target type='virtio' name='org.qemu.guest_agent.0'/></channel>\
        <disk type='file' device='disk'><alias name='virtio-disk0'/><driver name='qemu' type='raw' cache='default'/><source file='/a' index='1'/><target dev='vda' bus='virtio'/></disk>\
        <interface type='network'><mac address='52:54:00:AB:CD:EF'/><source network='lan'/><target dev='vnet7'/><model type='virtio'/></interface>\
        <graphics type='vnc' autoport='yes'/>\
        <graphics type='spice' autoport='yes'><listen type='none'/></graphics></devices>";
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(web(), &domain(found));
    check_in(
        &mut libvirt,
        json!({ "domains": [{ "xml": domain(declared) }] }),
        expect![[r#"
            domain web: adopt
              => save-record
        "#]],
    );
}

#[test]
fn an_empty_drive_is_equal_with_and_without_a_format() {
    let empty = "<target dev='sda' bus='sata'/>";
    let drive = |driver: &str| guest(&format!("<disk type='file' device='cdrom'>{driver}{empty}</disk>"));
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(drive("<driver name='qemu' type='raw'/>")));
    // libvirt forgets the format when a medium is ejected, and calls the drive a file.
    change_live(&mut libvirt, |domain| domain.replace("<driver name='qemu' type='raw'/>", ""));
    change_definition(&mut libvirt, |domain| domain.replace("<driver name='qemu' type='raw'/>", ""));
    check_in(
        &mut libvirt,
        drive("<driver name='qemu' type='raw'/>"),
        expect![[r#"
        domain web: unchanged
    "#]],
    );
    check_in(
        &mut libvirt,
        drive("<driver name='qemu' type='raw' cache='none'/>"),
        expect![[r#"
        domain web: change
          devices.disk[sda].driver: - -> cache=none (next-start)
          => define, save-record
    "#]],
    );
}

#[test]
fn cpus_that_others_took_offline_are_drift() {
    let declared = running("<vcpu>4</vcpu>");
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared.clone()));
    change_definition(&mut libvirt, |domain| domain.replace("<vcpu>", "<vcpu current='1'>"));
    let record = Record { xml: domain("<vcpu>4</vcpu>"), ..Record::new(web()) };
    assert_eq!(
        drift(&record, &libvirt.objects[&web()]),
        [Change { path: "vcpu.current".into(), old: Some("4".into()), new: Some("1".into()) }]
    );
    // All of another number is no other change.
    libvirt.apply(&desired(declared));
    check_in(
        &mut libvirt,
        running("<vcpu>2</vcpu>"),
        expect![[r#"
        domain web: change
          vcpu: 4 -> 2 (next-start)
          undoes: vcpu.current: 1 -> 2
          => define, save-record
    "#]],
    );
}

#[test]
fn a_restart_names_what_it_is_for() {
    let declared = |policy: &str, balloon: &str, title: &str| {
        let mut manifest = running(&format!("<memory>1000</memory>{balloon}<title>{title}</title>"));
        manifest["domains"][0]["onChange"] = json!(policy);
        manifest
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared("stage", "", "One")));
    libvirt.apply(&desired(declared("stage", "", "Two")));
    expect![[r#"
        domain web: state-change, effect on the guest: restart
          title: One -> Two (now)
          => stop force=false timeout=120, start, save-record
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared("restart", "", "Two")))));
    // A guest that does not follow its balloon would not do so after a restart either.
    libvirt.apply(&desired(declared("live", "<currentMemory>500</currentMemory>", "Two")));
    change_live(&mut libvirt, |domain| domain.replace("<currentMemory>500</currentMemory>", "").replace("One", "Two"));
    expect![[r#"
        domain web: unchanged
          pending: currentMemory: - -> 500
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared("restart", "<currentMemory>500</currentMemory>", "Two")))));
}

#[test]
fn a_balloon_beside_memory_that_is_plugged() {
    let declared = |balloon: &str| {
        let module = "<memory model='virtio-mem'><target><size>128</size><requested>128</requested></target></memory>";
        running(&format!("<memory>1128</memory>{balloon}<devices>{module}</devices>"))
    };
    // To the balloon, libvirt adds what the guest has of the module.
    let balloon = |libvirt: &mut FakeLibvirt, balloon: u32, module: u32| {
        let observed = libvirt.objects.get_mut(&web()).expect("it is there");
        let live = observed.live.as_mut().expect("it runs");
        live.children.retain(|child| child.name != "currentMemory");
        live.children.push(element(&format!("<currentMemory>{}</currentMemory>", balloon + module)));
        let plugged = format!("<requested>128</requested><current>{module}</current></target>");
        change_live(libvirt, |domain| {
            let (start, rest) = domain.split_once("<requested>").expect("it has the module");
            format!("{start}{plugged}{}", rest.split_once("</target>").expect("XML").1)
        });
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared("")));
    balloon(&mut libvirt, 1000, 128);
    expect!["domain web: unchanged\n"].assert_eq(&show(&libvirt.plan(&desired(declared("")))));
    let less = declared("<currentMemory>500</currentMemory>");
    expect![[r#"
        domain web: change, effect on the guest: live
          currentMemory: - -> 500 (now)
          => define, set-memory kib=500, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&desired(less.clone()))));
    balloon(&mut libvirt, 500, 128);
    expect!["domain web: unchanged\n"].assert_eq(&show(&libvirt.plan(&desired(less.clone()))));
    // A guest that does not follow its balloon.
    balloon(&mut libvirt, 1000, 64);
    expect![[r#"
        domain web: unchanged
          pending: currentMemory: - -> 500
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(less))));
    balloon(&mut libvirt, 500, 64);
    expect![[r#"
        domain web: change, effect on the guest: live
          currentMemory: 500 -> - (now)
          => define, set-memory kib=1000, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&desired(declared("")))));
}

#[test]
fn what_others_gave_a_running_guest_is_pending_and_no_reason_to_restart_it() {
    let declared = |description: &str| {
        let mut manifest = running(&format!("<description>{description}</description><devices>{DISK}</devices>"));
        manifest["domains"][0]["onChange"] = json!("restart");
        manifest
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared("One")));
    // The record of a guest that was changed while it ran has the definition that it was started from.
    libvirt.apply(&desired(json!({ "domains": [{ "xml": declared("Two")["domains"][0]["xml"], "active": true }] })));
    change_live(&mut libvirt, |domain| {
        let disk = "<disk type='file'><source file='/c'/><target dev='vdc' bus='virtio'/></disk>";
        with_device(&domain.replace("<name>web</name>", "<name>web</name><title>Of others</title>"), disk)
    });
    expect![[r#"
        domain web: unchanged
          pending: title: Of others -> -
          pending: devices.disk[vdc]: type=file, source.file=/c, target.dev=vdc, target.bus=virtio -> -
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared("Two")))));
}

#[test]
fn what_libvirt_does_not_add_was_added_by_others() {
    let added = |applied: &str, device: &str| {
        let applied = &format!("<emulator>/q</emulator>{applied}");
        let mut libvirt = FakeLibvirt::default();
        libvirt.apply(&desired(guest(applied)));
        change_definition(&mut libvirt, |domain| with_device(domain, device));
        let record = Record { xml: domain(&format!("<devices>{applied}</devices>")), ..Record::new(web()) };
        let drift = drift(&record, &libvirt.objects[&web()]).into_iter();
        drift.map(|change| change.path).collect::<Vec<_>>().join(", ")
    };
    let console = "<console type='pty'/>";
    let rows = [
        ("", "<watchdog model='i6300esb'/>", "devices.watchdog[i6300esb]"),
        ("", "<watchdog model='itco' action='reset'/>", ""),
        ("", "<input type='tablet' bus='usb'/>", "devices.input[tablet usb]"),
        ("", "<input type='mouse' bus='ps2'/>", ""),
        ("", "<channel type='unix'><target type='virtio' name='a'/></channel>", "devices.channel[a]"),
        ("", "<graphics type='vnc'/>", "devices.graphics[vnc]"),
        ("", "<panic model='isa'/>", "devices.panic"),
        ("", "<panic model='pseries'/>", ""),
        ("", "<serial type='pty'/>", "devices.serial"),
        (console, "<serial type='pty'/>", ""),
        ("", "<memory model='dimm'/>", "devices.memory"),
        ("", "<controller type='pci' index='0'/>", ""),
    ];
    for (applied, device, expected) in rows {
        assert_eq!(added(applied, device), expected, "{device}");
    }
}

#[test]
fn what_a_definition_undoes_of_others_is_shown() {
    let off = |title: &str| {
        let parts = format!("<title>{title}</title><memory>1000</memory><devices>{DISK}{CARD}</devices>");
        json!({ "domains": [{ "xml": domain(&parts) }] })
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(off("One")));
    change_definition(&mut libvirt, |domain| {
        let disk = "<disk type='file'><source file='/c'/><target dev='vdc' bus='virtio'/></disk>";
        with_device(&domain.replace("1000", "3000"), disk)
    });
    expect![[r#"
        domain web: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(off("One")))));
    expect![[r#"
        domain web: change
          title: One -> Two (now)
          undoes: memory: 3000 KiB -> 1000 KiB
          undoes: devices.disk[vdc]: type=file, source.file=/c, target.dev=vdc, target.bus=virtio -> -
          => define, save-record
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(off("Two")))));
    // Undone on purpose.
    let mut reset = desired(off("One"));
    reset.reset.insert(web());
    expect![[r#"
        domain web: change
          undoes: memory: 3000 KiB -> 1000 KiB
          undoes: devices.disk[vdc]: type=file, source.file=/c, target.dev=vdc, target.bus=virtio -> -
          => define, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&reset)));
    assert!(libvirt.plan(&reset).is_empty(), "twice is once");
}

#[test]
fn a_reset_reaches_the_running_guest() {
    let drive = "<disk type='file' device='cdrom'><source file='/one.iso'/><target dev='sda' bus='sata'/></disk>";
    let declared = running(&format!("<title>One</title><devices>{DISK}{drive}</devices>"));
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared.clone()));
    change_live(&mut libvirt, |domain| {
        let other = "<disk type='file'><source file='/c'/><target dev='vdc' bus='virtio'/></disk>";
        with_device(&domain.replace("/one.iso", "/of-others.iso").replace("One", "Others"), other)
    });
    let mut reset = desired(declared);
    reset.reset.insert(web());
    expect![[r#"
        domain web: change, effect on the guest: live
          undoes: devices.disk[vdc]: type=file, source.file=/c, target.dev=vdc, target.bus=virtio -> -
          => define, set-metadata part=title text=One, detach, update, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&reset)));
    assert!(libvirt.plan(&reset).is_empty(), "{}", show(&libvirt.plan(&reset)));
}

/// The time that the processor has worked for this thread: that of a busy machine says nothing.
fn processor_time() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells it");
    Duration::from_nanos(told.split_whitespace().next().and_then(|time| time.parse().ok()).expect("a number"))
}

/// The cost of comparing so many disks that each get another image, and of planning that so many hosts each get another address.
fn cost_of_moving_all(count: usize) -> Duration {
    let disk = |at: usize, file: usize| {
        format!("<disk type='file'><source file='/{file}'/><target dev='sd{at}' bus='scsi'/></disk>")
    };
    let disks = |shift: usize| {
        let disks: String = (0..count).map(|at| disk(at, at + shift)).collect();
        element(&format!("<devices>{disks}</devices>"))
    };
    let host = |at: usize, ip: usize| {
        format!("<host mac='52:54:00:00:{:02x}:{:02x}' ip='10.0.{}.{}'/>", at / 256, at % 256, ip / 256, ip % 256)
    };
    let network = |shift: usize| {
        let hosts: String = (0..count).map(|at| host(at, at + shift)).collect();
        let ip = format!("<ip address='10.0.0.1' prefix='16'><dhcp>{hosts}</dhcp></ip>");
        json!({ "networks": [{ "xml": format!("<network><name>lan</name>{ip}</network>"), "active": true }] })
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(network(2)));
    let (one, other, now) = (disks(0), disks(1), desired(network(2 + count)));
    let begin = processor_time();
    assert_eq!(changes(&one, &other).len(), count);
    assert!(!libvirt.plan(&now).is_empty());
    processor_time() - begin
}

/// The cost of planning another title for a running guest with so many disks, cards and controllers, of which the cards and the
/// controllers become others.
fn cost_of_a_title(count: usize) -> Duration {
    let devices = |at: usize, shift: usize| {
        let other = at + shift;
        format!(
            "<disk type='file'><source file='/{at}'/><target dev='sd{at}' bus='scsi'/></disk>
             <interface type='network'><source network='lan{other}'/></interface>
             <controller type='scsi' index='{other}'/>"
        )
    };
    let guest = |title: &str, shift: usize| {
        let devices: String = (0..count).map(|at| devices(at, shift)).collect();
        let without_index = "<controller type='virtio-serial'/>";
        running(&format!("<title>{title}</title><devices>{devices}{without_index}</devices>"))
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(guest("One", 0)));
    let now = desired(guest("Two", count));
    let begin = processor_time();
    assert!(!libvirt.plan(&now).is_empty());
    processor_time() - begin
}

#[test]
fn the_cost_of_a_plan_grows_with_the_number_of_devices() {
    let [few, many] = [100, 800].map(cost_of_a_title);
    assert!(many < few * 24, "800 take {many:?}, 100 take {few:?}");
}

#[test]
fn the_cost_grows_with_the_number_of_devices_and_hosts() {
    let [few, many] = [1000, 8000].map(cost_of_moving_all);
    // It would be 64 times as much if each was compared with each.
    assert!(many < few * 24, "8000 take {many:?}, 1000 take {few:?}");
}

#[test]
fn an_overlay_stays_whatever_names_its_base() {
    let pool = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";
    let off = |kind: &str, source: &str| {
        let disk = format!("<disk type='{kind}'><source {source}/><target dev='vda' bus='virtio'/></disk>");
        json!({ "domains": [{ "xml": domain(&format!("<devices>{disk}</devices>")) }], "pools": [{ "xml": pool, "active": true }] })
    };
    let place = ResolvedPath { path: "/p/a".to_owned(), file: None };
    for (kind, source) in [("file", "file='/p/../p/a'"), ("file", "file='/link/a'"), ("volume", "pool='p' volume='a'")]
    {
        let mut libvirt = FakeLibvirt::default();
        libvirt.paths = Paths::known(BTreeMap::from([("/link/a".to_owned(), place.clone())]));
        libvirt.apply(&desired(off("file", "file='/p/a'")));
        change_definition(&mut libvirt, |domain| domain.replace("'/p/a'", "'/p/a.snapshot'"));
        libvirt.apply(&desired(off(kind, source)));
        let defined = libvirt.objects[&web()].definition.as_ref().expect("it is defined").to_string();
        assert!(defined.contains("file='/p/a.snapshot'") && defined.contains("type='file'"), "{source}: {defined}");
    }
}
