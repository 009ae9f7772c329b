//! Each step against a real libvirt: `qemu:///system` with software emulation, and libvirt's own test driver. Every step
//! runs twice, because a run after a killed one repeats it.

use expect_test::{Expect, expect};
use nixvirt::change::child_text;
use nixvirt::error::Error;
use nixvirt::image::ImageSource;
use nixvirt::inventory::Observed;
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Backend;
use nixvirt::snapshot_archive::ArchivedSnapshot;
use nixvirt::step::{Metadata, NetworkSection, NetworkUpdate, Operation, Purge, Redacted, Shutdown};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::libvirtd::{self, URI, process, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Guests are forced off immediately, for they have no operating system that could shut down.
const AT_ONCE: Shutdown = Shutdown { timeout: 0, force: true };

/// A connection and one of its objects.
struct Object<'c> {
    connection: &'c Connection,
    id: Id,
}

impl<'c> Object<'c> {
    fn new(connection: &'c Connection, kind: Type, name: &str) -> Self {
        Object { connection, id: Id::new(kind, name) }
    }

    fn within(&self, kind: Type, name: &str) -> Self {
        Object { connection: self.connection, id: Id::within(kind, &self.id.name, name) }
    }

    /// Executes a step.
    fn once(&self, operation: &Operation) -> Result<(), Error> {
        self.connection.execute(&self.id, operation, &mut |_, _| ())
    }

    /// Executes a step twice.
    #[track_caller]
    fn does(&self, operation: Operation) {
        for time in ["first", "second"] {
            if let Err(why) = self.once(&operation) {
                panic!("{}, for the {time} time: {operation:?}: {}", self.id, why.line());
            }
        }
    }

    /// Executes a step, which must fail.
    #[track_caller]
    fn fails(&self, operation: Operation, expected: Expect) {
        let why = self.once(&operation).expect_err("it cannot be done");
        expected.assert_eq(&why.line());
    }

    fn define(&self, xml: &str) {
        self.does(Operation::Define { definition: redacted(xml) });
    }

    fn undefine(&self) {
        self.does(undefine(&[], &[Purge::Nvram, Purge::Tpm]));
    }

    /// The object in libvirt's list.
    fn listed(&self) -> Option<Observed> {
        let inventory = self.connection.list(&BTreeSet::from([self.id.kind])).expect("libvirt lists");
        inventory.get(&self.id).cloned()
    }

    /// The persistent and the live XML of the object.
    fn read(&self) -> (String, String) {
        let mut found = self.listed().expect("it is there");
        self.connection.read(&self.id, &mut found).expect("libvirt has its XML");
        let text = |definition: Option<Element>| definition.map(|it| it.to_string()).unwrap_or_default();
        (text(found.definition), text(found.live))
    }
}

/// The operation that undefines a domain.
fn undefine(purge: &[Purge], keep: &[Purge]) -> Operation {
    Operation::Undefine { purge: purge.to_vec(), keep: keep.to_vec(), must_be_off: false }
}

fn redacted(text: &str) -> Redacted {
    Redacted(element(text))
}

fn attach(device: &str) -> Operation {
    Operation::Attach { device: redacted(device), after: Vec::new() }
}

fn element(text: &str) -> Element {
    xml::element(text).expect("XML")
}

/// A folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join("steps").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a writable folder");
    folder
}

fn connect() -> Connection {
    Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers")
}

/// A UUID for each name.
fn uuid(kind: &str, name: &str) -> String {
    identity::uuid(kind, name)
}

/// A guest without an operating system.
fn guest(name: &str, rest: &str, devices: &str) -> String {
    format!(
        "<domain type='qemu'><name>{name}</name><uuid>{}</uuid><memory unit='MiB'>64</memory>{rest}\
         <os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>\
         <devices><controller type='usb' model='qemu-xhci'/>{devices}</devices></domain>",
        uuid("domain", name)
    )
}

/// The lines of a text that contain one of these words.
fn lines(text: &str, words: &[&str]) -> String {
    let found = text.lines().filter(|line| words.iter().any(|word| line.contains(word)));
    found.map(|line| line.trim().to_owned() + "\n").collect::<Vec<_>>().concat()
}

#[test]
fn a_guest_is_defined_started_and_stopped() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let web = Object::new(&connection, Type::Domain, "life");
    web.define(&guest("life", "", ""));
    web.does(Operation::Autostart { on: true });
    let found = web.listed().expect("it is defined");
    assert!(found.autostart && found.is_persistent && !found.is_active && found.run.is_none(), "{found:?}");

    web.does(Operation::Start);
    let process_id = process("life");
    web.define(&guest("life", "", "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"));
    web.does(Operation::Autostart { on: false });
    let (next, live) = web.read();
    assert!(next.contains("<rng") && !live.contains("<rng"), "a new definition is for the next start");
    assert_eq!(process("life"), process_id);

    web.fails(
        Operation::Stop(Shutdown { timeout: 1, force: false }),
        expect![
            "did not shut down within 1 s, and keeps running; set a longer timeout, or shut the guest down from inside"
        ],
    );
    assert_eq!(process("life"), process_id);
    web.does(Operation::Stop(AT_ONCE));
    let renamed = Object::new(&connection, Type::Domain, "second-life");
    renamed.does(Operation::Rename { from: "life".to_owned() });
    renamed.undefine();
    assert!(web.listed().is_none() && renamed.listed().is_none());
}

#[test]
fn a_running_guest_gets_and_loses_devices() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let guest_of = Object::new(&connection, Type::Domain, "devices");
    let folder = folder("devices");
    let image = |name: &str| {
        let path = folder.join(name);
        fs::write(&path, vec![0; 1 << 20]).expect("a writable folder");
        path.display().to_string()
    };
    let cdrom = |file: &str| {
        format!(
            "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{file}'/>\
             <target dev='sda' bus='sata'/></disk>"
        )
    };
    let card = |link: &str| {
        format!(
            "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/><link state='{link}'/></interface>"
        )
    };
    guest_of.define(&guest(
        "devices",
        "<vcpu current='1'>2</vcpu><currentMemory unit='MiB'>64</currentMemory>",
        &(cdrom(&image("one.iso")) + &card("up")),
    ));
    guest_of.does(Operation::Start);
    let process_id = process("devices");

    let stick = format!(
        "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{}'/>\
         <target dev='sdb' bus='usb'/></disk>",
        image("stick")
    );
    guest_of.does(attach(&stick));
    guest_of.does(Operation::Update { device: redacted(&cdrom(&image("two.iso"))) });
    guest_of.does(Operation::Update { device: redacted(&card("down")) });
    guest_of.does(Operation::SetVcpus { count: 2 });
    guest_of.does(Operation::SetMemory { kib: 48 << 10 });
    guest_of.does(Operation::SetMetadata(Metadata::Title { text: Some("Web".to_owned()) }));
    guest_of.does(Operation::SetMetadata(Metadata::Description { text: Some("Serves".to_owned()) }));
    let note = |element| {
        Operation::SetMetadata(Metadata::Element { prefix: "it".to_owned(), uri: "urn:it".to_owned(), element })
    };
    guest_of.does(note(Some(element("<it:note xmlns:it='urn:it' by='me'><it:more/></it:note>"))));
    let (next, live) = guest_of.read();
    let words = ["<title", "<description", "<it:", "<vcpu", "<source file", "<link"];
    let shown = |xml: &str| lines(xml, &words).replace(&folder.display().to_string(), "");
    expect![[r#"
        <title>Web</title>
        <description>Serves</description>
        <it:note xmlns:it='urn:it' by='me'>
        <it:more/>
        <vcpu placement='static'>2</vcpu>
        <vcpus>
        <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>
        <vcpu id='1' enabled='yes' hotpluggable='yes' order='2'/>
        <source file='/two.iso' index='3'/>
        <source file='/stick' index='2'/>
        <link state='down'/>
    "#]]
    .assert_eq(&shown(&live));
    expect![[r#"
        <vcpu placement='static' current='1'>2</vcpu>
        <source file='/one.iso'/>
        <link state='up'/>
    "#]]
    .assert_eq(&shown(&next));

    guest_of.does(Operation::Detach { device: redacted(&stick) });
    guest_of.does(Operation::SetMetadata(Metadata::Title { text: None }));
    guest_of.does(note(None));
    let (_, live) = guest_of.read();
    expect![[r#"
        <description>Serves</description>
        <vcpu placement='static'>2</vcpu>
        <vcpus>
        <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>
        <vcpu id='1' enabled='yes' hotpluggable='yes' order='2'/>
        <source file='/two.iso' index='3'/>
        <link state='down'/>
    "#]]
    .assert_eq(&shown(&live));
    assert_eq!(process("devices"), process_id);

    guest_of.fails(
        attach(&stick.replace("/stick", "/none").replace("sdb", "sdc")),
        expect![
            "cannot attach disk sdc: Cannot access storage file '/tmp/steps/devices/none': No such file or directory"
        ],
    );
    guest_of.does(Operation::Stop(AT_ONCE));
    // A stopped guest has no live state to change.
    guest_of.does(attach(&stick));
    guest_of.does(Operation::SetVcpus { count: 1 });
    guest_of.undefine();
}

#[test]
fn a_running_network_changes_and_keeps_its_links() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let lan = Object::new(&connection, Type::Network, "lan");
    let network = |bridge: &str| {
        format!(
            "<network><name>lan</name><uuid>{}</uuid><bridge name='{bridge}'/><dns><host ip='10.9.0.9'><hostname>nine</hostname></host></dns>\
             <ip address='10.9.0.1' netmask='255.255.255.0'><dhcp><range start='10.9.0.50' end='10.9.0.60'/></dhcp></ip></network>",
            uuid("network", "lan")
        )
    };
    lan.define(&network("lan0"));
    lan.does(Operation::Autostart { on: true });
    lan.does(Operation::Start);
    let guest_of = Object::new(&connection, Type::Domain, "linked");
    guest_of.define(&guest(
        "linked",
        "",
        "<interface type='network'><source network='lan'/><model type='virtio'/></interface>",
    ));
    guest_of.does(Operation::Start);
    let process_id = process("linked");
    let links = || run(Command::new("ip").args(["-o", "link", "show", "master", "lan0"])).stdout.lines().count();
    assert_eq!(links(), 1);

    let update = |how, section, parent, xml: &str| {
        lan.does(Operation::UpdateNetwork { how, section, parent, element: element(xml) });
    };
    use {NetworkSection::*, NetworkUpdate::*};
    update(Add, IpDhcpHost, 0, "<host mac='52:54:00:00:00:02' name='two' ip='10.9.0.2'/>");
    update(Add, IpDhcpHost, 0, "<host mac='52:54:00:00:00:03' ip='10.9.0.3'/>");
    update(Delete, IpDhcpHost, 0, "<host mac='52:54:00:00:00:02' name='two' ip='10.9.0.2'/>");
    update(Add, IpDhcpRange, 0, "<range start='10.9.0.70' end='10.9.0.80'/>");
    update(Delete, IpDhcpRange, 0, "<range start='10.9.0.50' end='10.9.0.60'/>");
    update(Add, DnsHost, -1, "<host ip='10.9.0.8'><hostname>eight</hostname></host>");
    update(Delete, DnsHost, -1, "<host ip='10.9.0.9'><hostname>nine</hostname></host>");
    update(Add, DnsTxt, -1, "<txt name='text' value='said'/>");
    update(Add, DnsSrv, -1, "<srv service='http' protocol='tcp' domain='it' target='eight' port='80'/>");
    update(Add, Portgroup, -1, "<portgroup name='fast'/>");
    // A new definition takes effect at the next start.
    lan.define(&network("lan1"));
    let (next, live) = lan.read();
    let words = ["<bridge", "<host", "<range", "<txt", "<srv", "<portgroup"];
    expect![[r#"
        <bridge name='lan0' stp='on' delay='0'/>
        <txt name='text' value='said'/>
        <srv service='http' protocol='tcp' domain='it' target='eight' port='80'/>
        <host ip='10.9.0.8'>
        <hostname>eight</hostname>
        <range start='10.9.0.70' end='10.9.0.80'/>
        <host mac='52:54:00:00:00:03' ip='10.9.0.3'/>
        <portgroup name='fast'>
    "#]]
    .assert_eq(&lines(&live, &words));
    expect![[r#"
        <bridge name='lan1' stp='on' delay='0'/>
        <host ip='10.9.0.9'>
        <hostname>nine</hostname>
        <range start='10.9.0.50' end='10.9.0.60'/>
    "#]]
    .assert_eq(&lines(&next, &words));
    assert_eq!((links(), process("linked")), (1, process_id));

    guest_of.does(Operation::Stop(AT_ONCE));
    guest_of.undefine();
    lan.does(Operation::Stop(AT_ONCE));
    lan.undefine();
    assert!(lan.listed().is_none());
}

/// A pool whose folder does not exist yet.
fn pool<'c>(connection: &'c Connection, name: &str) -> (Object<'c>, PathBuf) {
    let folder = folder(name).join("made/by/libvirt");
    let pool = Object::new(connection, Type::Pool, name);
    pool.define(&format!(
        "<pool type='dir'><name>{name}</name><uuid>{}</uuid><target><path>{}</path></target></pool>",
        uuid("pool", name),
        folder.display()
    ));
    pool.does(Operation::Build);
    pool.does(Operation::Start);
    (pool, folder)
}

fn volume(name: &str, mib: u64, format: &str) -> Redacted {
    redacted(&format!(
        "<volume><name>{name}</name><capacity unit='MiB'>{mib}</capacity><allocation>0</allocation>\
         <target><format type='{format}'/></target></volume>"
    ))
}

fn fill_from(file: &Path) -> Operation {
    Operation::Fill { image: ImageSource::File(file.to_owned()) }
}

/// The output of `qemu-img info` for a disk.
fn disk(path: &Path) -> String {
    let shown = run(Command::new("qemu-img").args(["info", "-U"]).arg(path));
    lines(&shown.stdout, &["file format", "virtual size"])
}

#[test]
fn volumes_are_made_filled_and_grown() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let (pool, folder) = pool(&connection, "disks");
    pool.does(Operation::Autostart { on: true });
    let source = self::folder("disks-content");
    // An image with data at both ends and a hole between them.
    let image = source.join("image");
    let file = fs::File::create(&image).expect("a writable folder");
    file.write_all_at(b"begin", 0).and_then(|()| file.write_all_at(b"end", (8 << 20) - 3)).expect("room for it");

    let raw = pool.within(Type::Volume, "raw");
    raw.does(Operation::CreateVolume { definition: volume("raw", 4, "raw") });
    let mut told = Vec::new();
    let fill = fill_from(&image);
    connection.execute(&raw.id, &fill, &mut |done, of| told.push((done, of))).expect("it is filled");
    let total = 8 << 20;
    assert_eq!(told.last(), Some(&(total, total)));
    assert!(told.windows(2).all(|two| two[0].0 < two[1].0), "{told:?}");
    let path = folder.join("raw");
    assert!(fs::read(&path).expect("a file") == fs::read(&image).expect("a file"), "it has the file's content");
    assert!(fs::metadata(&path).expect("a file").blocks() * 512 < 1 << 20, "holes stay holes");
    raw.does(fill_from(&image));
    raw.does(Operation::Grow { capacity: 16 << 20 });
    raw.does(Operation::Grow { capacity: 1 << 20 });
    expect![[r#"
        file format: raw
        virtual size: 16 MiB (16777216 bytes)
    "#]]
    .assert_eq(&disk(&path));

    // The image is smaller than the declared disk.
    let small = source.join("small.qcow2");
    assert!(run(Command::new("qemu-img").args(["create", "-f", "qcow2"]).arg(&small).arg("1M")).succeeded);
    let cow = pool.within(Type::Volume, "cow");
    cow.does(Operation::CreateVolume { definition: volume("cow", 32, "qcow2") });
    fs::write(&image, "KDMV").expect("a writable folder");
    cow.fails(fill_from(&image), expect!["/tmp/steps/disks-content/image is a VMDK image, and the volume's format is qcow2; convert it with `qemu-img convert`"]);
    cow.fails(
        fill_from(&source.join("none")),
        expect!["cannot read /tmp/steps/disks-content/none: No such file or directory (os error 2)"],
    );
    cow.does(fill_from(&small));
    expect![[r#"
        file format: qcow2
        virtual size: 32 MiB (33554432 bytes)
    "#]]
    .assert_eq(&disk(&folder.join("cow")));

    let copy = pool.within(Type::Volume, "copy");
    let clone = |of: &str| Operation::CloneVolume {
        definition: volume("copy", 64, "qcow2"),
        pool: "disks".to_owned(),
        volume: of.to_owned(),
    };
    copy.does(clone("cow"));
    expect![[r#"
        file format: qcow2
        virtual size: 64 MiB (67108864 bytes)
    "#]]
    .assert_eq(&disk(&folder.join("copy")));
    copy.fails(clone("none"), expect!["there is no volume disks/none"]);

    // A file that another program has put there is not changed.
    fs::write(folder.join("theirs"), "precious").expect("a writable folder");
    let theirs = pool.within(Type::Volume, "theirs");
    theirs.fails(Operation::CreateVolume { definition: volume("theirs", 1, "raw") }, expect!["libvirt cannot create the volume: Requested operation is not valid: volume target path '/tmp/steps/disks/made/by/libvirt/theirs' already exists; nothing was written to the volume; the next apply adopts the volume as it is, unless you delete it"]);
    theirs.fails(Operation::CreateVolume { definition: volume("theirs", 1, "raw") }, expect!["a volume of this name has appeared in libvirt since the plan was made; nothing was written to the volume; the next apply adopts the volume as it is, unless you delete it"]);
    theirs.fails(fill_from(&image), expect!["a volume of this name has appeared in libvirt since the plan was made; nothing was written to the volume; the next apply adopts the volume as it is, unless you delete it"]);
    assert_eq!(fs::read(folder.join("theirs")).expect("a file"), b"precious");
    assert!(theirs.listed().is_some(), "the next plan knows it");

    for volume in [raw, cow, copy, theirs] {
        volume.does(Operation::DeleteVolume);
        assert!(volume.listed().is_none());
    }
    pool.does(Operation::Stop(AT_ONCE));
    pool.undefine();
    assert!(folder.is_dir());
}

#[test]
fn a_volume_grows_under_a_running_guest() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let (pool, folder) = pool(&connection, "used");
    let root = pool.within(Type::Volume, "root");
    root.does(Operation::CreateVolume { definition: volume("root", 4, "qcow2") });
    let guest_of = Object::new(&connection, Type::Domain, "user");
    guest_of.define(&guest(
        "user",
        "",
        "<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/><source pool='used' volume='root'/>\
         <target dev='vda' bus='virtio'/></disk>",
    ));
    guest_of.does(Operation::Start);
    let process_id = process("user");
    root.does(Operation::Grow { capacity: 8 << 20 });
    expect![[r#"
        file format: qcow2
        virtual size: 8 MiB (8388608 bytes)
    "#]]
    .assert_eq(&disk(&folder.join("root")));
    assert!(virsh(&["domblkinfo", "user", "vda"]).contains("8388608"), "the guest sees it");
    root.fails(Operation::DeleteVolume, expect![[r#"not deleted: the volume is vda of the running domain "user""#]]);
    // A killed run may have left the pool started.
    let file = folder.join("root");
    root.fails(fill_from(&file), expect![[r#"not written to: the volume is vda of the running domain "user""#]]);
    assert_eq!(process("user"), process_id);
    guest_of.does(Operation::Stop(AT_ONCE));
    guest_of.undefine();
    assert!(folder.join("root").exists(), "a disk outlives its guest");
    root.does(Operation::DeleteVolume);
    pool.does(Operation::Stop(AT_ONCE));
    pool.undefine();
}

#[test]
fn secrets_get_their_values_and_filters_are_defined() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let secret = Object::new(&connection, Type::Secret, "ceph client.admin");
    secret.define(&format!(
        "<secret ephemeral='no' private='no'><uuid>{}</uuid><usage type='ceph'><name>client.admin</name></usage></secret>",
        uuid("secret", "ceph")
    ));
    let folder = folder("secrets");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a writable folder");
        path
    };
    let value = || virsh(&["secret-get-value", &uuid("secret", "ceph")]);
    secret.does(Operation::SetValue { file: file("plain", "letmein"), base64: false });
    expect!["bGV0bWVpbg=="].assert_eq(&value());
    secret.does(Operation::SetValue { file: file("coded", "aGlk\nZGVu\n"), base64: true });
    expect!["aGlkZGVu"].assert_eq(&value());
    let shown = |why: Error| why.line().replace(&folder.display().to_string(), "");
    let fails = |file, base64| shown(secret.once(&Operation::SetValue { file, base64 }).expect_err("it fails"));
    expect!["/broken is not base64"].assert_eq(&fails(file("broken", "let me in!"), true));
    expect!["cannot read /none: No such file or directory (os error 2)"].assert_eq(&fails(folder.join("none"), false));
    expect!["aGlkZGVu"].assert_eq(&value());
    let (xml, _) = secret.read();
    assert!(!xml.contains("hidden"), "{xml}");
    secret.undefine();
    assert!(secret.listed().is_none());

    let filter = Object::new(&connection, Type::Nwfilter, "quiet");
    let xml = |action: &str| {
        format!(
            "<filter name='quiet' chain='root'><uuid>{}</uuid><rule action='{action}' direction='out'><all/></rule></filter>",
            uuid("nwfilter", "quiet")
        )
    };
    filter.define(&xml("drop"));
    filter.define(&xml("accept"));
    assert!(filter.read().0.contains("accept"));
    filter.undefine();
    assert!(filter.listed().is_none());
}

#[test]
fn snapshots_are_restored_from_what_was_archived() {
    let folder = folder("snapshots");
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let disk_path = folder.join("disk.qcow2");
    assert!(run(Command::new("qemu-img").args(["create", "-f", "qcow2"]).arg(&disk_path).arg("1M")).succeeded);
    let disk = format!(
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{}'/><target dev='vda' bus='virtio'/></disk>",
        disk_path.display()
    );
    let guest_of = Object::new(&connection, Type::Domain, "past");
    guest_of.define(&guest("past", "", &disk));
    let first = guest_of.within(Type::Snapshot, "first");
    let second = guest_of.within(Type::Snapshot, "second");
    let snapshot = |name: &str| redacted(&format!("<domainsnapshot><name>{name}</name></domainsnapshot>"));
    first.does(Operation::CreateSnapshot { definition: snapshot("first") });
    second.does(Operation::CreateSnapshot { definition: snapshot("second") });
    assert!(guest_of.listed().expect("it is defined").has_snapshots);
    let archived = || connection.archive(&guest_of.id).expect("it is read").expect("it is defined").snapshots;
    let restore = |snapshots: Vec<ArchivedSnapshot>| {
        guest_of.define(&guest("past", "", &disk));
        for ArchivedSnapshot { xml, is_current } in snapshots {
            let name = child_text(&xml, "name").expect("it has a name").to_owned();
            guest_of.does(Operation::RestoreSnapshot { name, is_current, definition: xml });
        }
    };
    let tree = || virsh(&["snapshot-list", "past", "--tree"]);
    let before = (tree(), first.read().0, second.read().0);

    let snapshots = archived();
    guest_of.fails(
        undefine(&[], &[]),
        expect!["libvirt cannot undefine the object: Requested operation is not valid: cannot delete inactive domain with 2 snapshots"],
    );
    guest_of.does(undefine(&[], &[Purge::Snapshots]));
    assert!(guest_of.listed().is_none() && first.listed().is_none());
    assert_eq!(connection.archive(&guest_of.id).expect("it is read"), None);
    restore(snapshots);
    assert_eq!((tree(), first.read().0, second.read().0), before);
    assert_eq!(virsh(&["snapshot-current", "past", "--name"]), "second");

    // A snapshot of a running guest includes its memory.
    guest_of.does(Operation::Start);
    let process_id = process("past");
    let third = guest_of.within(Type::Snapshot, "third");
    third.does(Operation::CreateSnapshot { definition: snapshot("third") });
    assert_eq!(process("past"), process_id);
    third.does(Operation::DeleteSnapshot);
    let snapshots = archived();
    guest_of.does(undefine(&[], &[Purge::Snapshots]));
    assert_eq!(process("past"), process_id);
    guest_of.does(Operation::Stop(AT_ONCE));
    assert!(guest_of.listed().is_none());
    restore(snapshots);
    assert_eq!((tree(), first.read().0, second.read().0), before);

    guest_of.does(undefine(&[Purge::Snapshots], &[]));
    assert!(first.listed().is_none());
}

#[test]
fn what_a_guest_has_beside_its_definition_survives() {
    let _libvirtd = libvirtd::shared();
    let connection = connect();
    let guest_of = Object::new(&connection, Type::Domain, "state");
    let nvram = "/var/lib/libvirt/qemu/nvram/state_VARS.fd";
    let tpm = format!("/var/lib/libvirt/swtpm/{}", uuid("domain", "state"));
    let xml = guest("state", "", "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>")
        .replace("<os>", "<os firmware='efi'>");
    guest_of.define(&xml);
    guest_of.does(Operation::Start);
    let keep = vec![Purge::Nvram, Purge::Tpm];
    guest_of.fails(
        Operation::Undefine { purge: Vec::new(), keep: keep.clone(), must_be_off: true },
        expect!["the guest was started meanwhile, and is undefined only while it is off; shut the guest down first"],
    );
    let process_id = process("state");
    guest_of.define(&xml);
    assert_eq!(process("state"), process_id);
    assert_eq!(virsh(&["managedsave", "state"]), "Domain 'state' state saved by libvirt");
    assert!(guest_of.listed().expect("it is defined").has_managed_save);
    guest_of.define(&xml);
    guest_of.fails(
        undefine(&[], &keep),
        expect!["libvirt cannot undefine the object: Requested operation is not valid: Refusing to undefine while domain managed save image exists"],
    );
    assert!(guest_of.listed().expect("it is defined").has_managed_save);
    guest_of.does(Operation::Start);
    guest_of.does(Operation::Stop(AT_ONCE));
    fs::write(nvram, "variables").expect("it is there");
    guest_of.undefine();
    assert_eq!(fs::read(nvram).expect("it is still there"), b"variables");
    assert!(Path::new(&tpm).exists());
    guest_of.define(&xml);
    guest_of.does(undefine(&[Purge::Nvram, Purge::Tpm, Purge::ManagedSave, Purge::Snapshots], &[]));
    assert!(!Path::new(nvram).exists() && !Path::new(&tpm).exists());
}
