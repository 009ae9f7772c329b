//! The parts of a guest that declarations and other programs change: their XML, and how they look in a domain's XML.

use super::declaration::{NETWORKS, volume_name};
use nixvirt::change::{child, child_text};
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::BTreeMap;
use std::path::Path;

/// The namespace of the histories' own metadata.
const NAMESPACE: &str = "urn:nixvirt:histories";

/// A part of a guest. Its value is a number: 0 is the default or nothing, and each other number is another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Title,
    Description,
    Metadata,
    Memory,
    Balloon,
    Vcpus,
    Disk(&'static str),
    Medium,
    Card(u8),
    Screen,
    Redirdev(u8),
    Rng,
    Watchdog,
    Shmem(u8),
    Channel(u8),
    Tablet,
    /// A disk that is a volume of the pool; only the first guest has it.
    Volume,
    /// A memory module; only the guest with slots for them has any.
    Module(u8),
    Lease(u8),
    /// A folder of the host; only the first guest shares its memory with what serves one.
    Filesystem,
    /// Only the guest that never runs has one, for not every host can connect it.
    Vsock,
    /// A device of the host; only the guest that never runs has any, for no host has the device.
    HostDevice(u8),
}

/// The parts with their weights and greatest values.
pub const PARTS: &[(Part, u32, u8)] = &[
    (Part::Title, 6, 3),
    (Part::Description, 2, 2),
    (Part::Metadata, 3, 2),
    (Part::Memory, 2, 2),
    (Part::Balloon, 2, 1),
    (Part::Vcpus, 2, 2),
    (Part::Disk("vda"), 5, IMAGES),
    (Part::Disk("vdb"), 4, IMAGES),
    (Part::Disk("sda"), 4, IMAGES),
    (Part::Disk("sdb"), 3, IMAGES),
    (Part::Medium, 6, 3),
    (Part::Card(1), 5, CARDS),
    (Part::Card(2), 3, CARDS),
    (Part::Screen, 4, 3),
    (Part::Redirdev(1), 2, 1),
    (Part::Redirdev(2), 2, 1),
    (Part::Rng, 2, 2),
    (Part::Watchdog, 2, 2),
    (Part::Shmem(1), 1, 1),
    (Part::Shmem(2), 1, 1),
    (Part::Channel(1), 2, 1),
    (Part::Channel(2), 2, 1),
    (Part::Tablet, 1, 1),
    (Part::Volume, 3, 1),
    (Part::Module(1), 2, 1),
    (Part::Module(2), 2, 1),
    (Part::Lease(1), 2, 1),
    (Part::Lease(2), 2, 1),
    (Part::Filesystem, 3, 2),
    (Part::Vsock, 2, 2),
    (Part::HostDevice(1), 1, 1),
    (Part::HostDevice(2), 1, 1),
    (Part::HostDevice(3), 1, 1),
];

/// The greatest value of a card.
pub const CARDS: u8 = 6;

/// The network that a card of this value is on.
pub fn network_of(card: u8) -> Option<usize> {
    match card {
        3 | 5 => Some(0),
        4 | 6 => Some(1),
        _ => None,
    }
}

/// The number of a guest's images. Every second one is qcow2.
pub const IMAGES: u8 = 3;

/// The folder that a guest shares.
pub fn shared_folder(value: u8) -> &'static str {
    if value == 1 { "share1" } else { "share2" }
}

/// The name of a guest's image.
pub fn image(slot: usize, number: u8) -> String {
    format!("guest{slot}-image{number}.{}", format_of(number))
}

/// The format of an image.
pub fn format_of(number: u8) -> &'static str {
    if number % 2 == 0 { "qcow2" } else { "raw" }
}

/// A guest of the histories.
#[derive(Clone, Copy, Debug)]
pub struct Guest<'a> {
    /// Its number.
    pub slot: usize,
    /// The folder of its images.
    pub images: &'a Path,
    /// The names of the networks.
    pub networks: [&'static str; NETWORKS],
}

/// Whether a guest releases devices, and shuts down when it is asked to. The others run firmware alone, which does neither.
pub fn heeds(slot: usize) -> bool {
    slot < 2
}

/// Whether a guest shares its memory with processes that serve folders.
fn shares_memory(slot: usize) -> bool {
    slot == 0
}

/// Whether a guest has slots for memory modules.
fn has_slots(slot: usize) -> bool {
    slot == 1
}

/// Whether a guest boots with UEFI, whose variables are in a file.
fn has_uefi(slot: usize) -> bool {
    slot == 3
}

/// Whether a guest is not started, for it has devices that no host of the histories has.
pub fn is_shelved(slot: usize) -> bool {
    slot == 4
}

/// The UUID of a guest.
pub fn uuid(slot: usize) -> String {
    format!("6d6f6465-6c00-4000-8000-00000000000{slot}")
}

impl Guest<'_> {
    /// The UUID.
    pub fn uuid(self) -> String {
        uuid(self.slot)
    }

    /// The MAC address of a card.
    fn mac(self, card: u8) -> String {
        format!("52:54:00:6d:0{}:0{card}", self.slot)
    }

    fn path(self, name: &str) -> String {
        self.images.join(name).display().to_string()
    }

    /// The definition with these parts.
    pub fn definition(self, name: &str, parts: &BTreeMap<Part, u8>) -> String {
        let value = |part| parts.get(&part).copied().unwrap_or_default();
        let texts = [Part::Title, Part::Description, Part::Metadata, Part::Memory, Part::Balloon, Part::Vcpus];
        let mut texts: String = texts.into_iter().map(|part| self.xml(part, value(part))).collect();
        if has_slots(self.slot) {
            texts += &self.slots(value(Part::Memory), value(Part::Vcpus));
        }
        if shares_memory(self.slot) {
            texts += "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
        }
        let devices: String =
            parts.iter().filter(|(part, _)| part.is_device()).map(|(part, value)| self.xml(*part, *value)).collect();
        // The one that heeds boots code that does; see `boot_code`. It has no ports to run out of.
        let (machine, boot, fixed) = if heeds(self.slot) {
            let boot = self.path(&format!("guest{}-boot.raw", self.slot));
            let disk = format!(
                "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{boot}'/>\
                 <target dev='hda' bus='ide'/><boot order='1'/></disk>"
            );
            ("pc", "", disk)
        } else {
            let ports = "<controller type='pci' model='pcie-root-port'/>".repeat(12);
            ("q35", "<boot dev='hd'/>", format!("<controller type='pci' model='pcie-root'/>{ports}"))
        };
        let firmware = if has_uefi(self.slot) { " firmware='efi'" } else { "" };
        format!(
            "<domain type='qemu'><name>{name}</name><uuid>{}</uuid>{texts}\
             <os{firmware}><type arch='x86_64' machine='{machine}'>hvm</type>{boot}</os><features><acpi/></features><devices>\
             <controller type='usb' model='qemu-xhci' index='0'/><controller type='scsi' model='virtio-scsi' index='0'/>\
             <controller type='virtio-serial' index='0'/>{fixed}{devices}</devices></domain>",
            self.uuid()
        )
    }

    /// What has slots for memory modules has its own memory in a NUMA cell.
    fn slots(self, memory: u8, vcpus: u8) -> String {
        let cpus = if vcpus == 0 { "0" } else { "0-1" };
        let memory = self.memory(memory);
        format!(
            "<maxMemory slots='4' unit='MiB'>512</maxMemory>\
             <cpu><numa><cell id='0' cpus='{cpus}' memory='{memory}' unit='MiB'/></numa></cpu>"
        )
    }

    /// The memory without modules, in MiB.
    fn memory(self, value: u8) -> u32 {
        let least = if has_uefi(self.slot) { 128 } else { 32 };
        least + 16 * u32::from(value)
    }

    /// The XML of a part; empty where there is none.
    pub fn xml(self, part: Part, value: u8) -> String {
        match (part, value) {
            (Part::Memory, value) => format!("<memory unit='MiB'>{}</memory>", self.memory(value)),
            (Part::Vcpus, 0) => "<vcpu>1</vcpu>".to_owned(),
            (Part::Vcpus, 1) => "<vcpu current='1'>2</vcpu>".to_owned(),
            (Part::Vcpus, _) => "<vcpu>2</vcpu>".to_owned(),
            (_, 0) => String::new(),
            (Part::Title, value) => format!("<title>Title {value}</title>"),
            (Part::Description, value) => format!("<description>Description {value}</description>"),
            (Part::Metadata, value) => {
                format!("<metadata><h:note xmlns:h='{NAMESPACE}' value='{value}'/></metadata>")
            }
            (Part::Balloon, _) => "<currentMemory unit='MiB'>24</currentMemory>".to_owned(),
            (Part::Disk(target), value) => {
                let bus = if target.starts_with('v') { "virtio" } else { "scsi" };
                format!(
                    "<disk type='file' device='disk'><driver name='qemu' type='{}'/><source file='{}'/>\
                     <target dev='{target}' bus='{bus}'/></disk>",
                    format_of(value),
                    self.path(&image(self.slot, value))
                )
            }
            (Part::Medium, value) => {
                let source = match value {
                    1 => String::new(),
                    value => format!("<source file='{}'/>", self.path(&format!("medium{value}.iso"))),
                };
                let (target, bus) = if heeds(self.slot) { ("hdc", "ide") } else { ("sdc", "sata") };
                format!(
                    "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>{source}\
                     <target dev='{target}' bus='{bus}'/><readonly/></disk>"
                )
            }
            (Part::Card(card), value) => {
                let (kind, source) = match network_of(value) {
                    Some(network) => ("network", format!("<source network='{}'/>", self.networks[network])),
                    None => ("user", String::new()),
                };
                let link = if value == 2 { "down" } else { "up" };
                let limits = match value {
                    // Not every kernel can limit the rate of a running guest.
                    5 if is_shelved(self.slot) => "<bandwidth><inbound average='1000'/></bandwidth>",
                    5 => "<filterref filter='no-mac-spoofing'/>",
                    6 => "<filterref filter='no-ip-multicast'/>",
                    _ => "",
                };
                format!(
                    "<interface type='{kind}'><mac address='{}'/>{source}<model type='virtio'/>{limits}<link state='{link}'/></interface>",
                    self.mac(card)
                )
            }
            (Part::Screen, value) => {
                let password = match value {
                    1 => String::new(),
                    value => format!(" passwd='secret{value}'"),
                };
                format!(
                    "<graphics type='vnc' autoport='yes'{password}><listen type='address' address='127.0.0.1'/></graphics>"
                )
            }
            (Part::Redirdev(number), _) => {
                format!(
                    "<redirdev bus='usb' type='tcp'><source mode='bind' host='127.0.0.1' service='{}'/>\
                     <protocol type='raw'/></redirdev>",
                    4000 + self.slot * 10 + usize::from(number)
                )
            }
            (Part::Rng, value) => {
                format!(
                    "<rng model='virtio'><rate bytes='{}'/><backend model='random'>/dev/urandom</backend></rng>",
                    1000 * u32::from(value)
                )
            }
            (Part::Watchdog, value) => {
                let action = if value == 1 { "none" } else { "reset" };
                format!("<watchdog model='i6300esb' action='{action}'/>")
            }
            (Part::Shmem(number), _) => {
                format!("<shmem name='histories-{number}'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>")
            }
            (Part::Channel(number), _) => {
                format!("<channel type='unix'><target type='virtio' name='histories.{number}'/></channel>")
            }
            (Part::Tablet, _) => "<input type='tablet' bus='usb'/>".to_owned(),
            (Part::Volume, _) if self.slot == 0 => {
                let file = self.path(&format!("pool/{}", volume_name(0)));
                format!(
                    "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{file}'/>\
                     <target dev='vdd' bus='virtio'/></disk>"
                )
            }
            (Part::Module(number), _) if has_slots(self.slot) => {
                let size = 16 * u32::from(number);
                format!("<memory model='dimm'><target><size unit='MiB'>{size}</size><node>0</node></target></memory>")
            }
            (Part::Lease(number), _) => {
                let path = self.path(&format!("lease{number}"));
                format!(
                    "<lease><lockspace>histories</lockspace><key>lease{number}</key><target path='{path}'/></lease>"
                )
            }
            (Part::Filesystem, value) if shares_memory(self.slot) => {
                let folder = self.path(shared_folder(value));
                format!(
                    "<filesystem type='mount'><driver type='virtiofs'/><binary><sandbox mode='chroot'/></binary>\
                     <source dir='{folder}'/><target dir='histories'/></filesystem>"
                )
            }
            (Part::Vsock, 1) if is_shelved(self.slot) => "<vsock model='virtio'><cid auto='yes'/></vsock>".to_owned(),
            (Part::Vsock, _) if is_shelved(self.slot) => {
                "<vsock model='virtio'><cid auto='no' address='77'/></vsock>".to_owned()
            }
            (Part::HostDevice(number), _) if is_shelved(self.slot) => match number {
                1 => {
                    "<hostdev mode='subsystem' type='pci' managed='yes'>\
                      <source><address domain='0x0000' bus='0xf3' slot='0x00' function='0x0'/></source></hostdev>"
                }
                2 => {
                    "<hostdev mode='subsystem' type='usb' managed='no'>\
                      <source startupPolicy='optional'><vendor id='0x1d6b'/><product id='0xf00d'/></source></hostdev>"
                }
                _ => {
                    "<hostdev mode='subsystem' type='mdev' model='vfio-pci'>\
                      <source><address uuid='6d6f6465-6c04-4000-8000-000000000000'/></source></hostdev>"
                }
            }
            .to_owned(),
            (Part::Volume | Part::Module(_) | Part::Filesystem | Part::Vsock | Part::HostDevice(_), _) => String::new(),
        }
    }

    /// A definition with a part changed.
    pub fn with(self, definition: &Element, part: Part, value: u8) -> Element {
        let mut definition = definition.clone();
        let new = xml::element(&self.xml(part, value));
        let is_part = |child: &Element| self.is(part, child);
        let parent = if part.is_device() {
            let devices = definition.children.iter_mut().find(|child| child.name == "devices");
            devices.expect("a domain has devices")
        } else {
            &mut definition
        };
        match part {
            // Others may have metadata of their own.
            Part::Metadata => {
                let mut notes = parent.children.iter().filter(|child| child.name == "metadata");
                let mut metadata = notes.next().cloned().unwrap_or(named("metadata"));
                metadata.children.retain(|child| child.attribute("xmlns:h") != Some(NAMESPACE));
                metadata.children.extend(new.into_iter().flat_map(|new| new.children));
                parent.children.retain(|child| child.name != "metadata");
                parent.children.push(metadata);
            }
            _ => {
                let at = parent.children.iter().position(is_part).unwrap_or(parent.children.len());
                parent.children.retain(|child| !is_part(child));
                let at = at.min(parent.children.len());
                parent.children.splice(at..at, new);
            }
        }
        definition
    }

    /// Whether a child of `<domain>` or `<devices>` is that part.
    fn is(self, part: Part, child: &Element) -> bool {
        let label = label(child);
        match part {
            Part::Title => child.name == "title",
            Part::Description => child.name == "description",
            Part::Metadata => child.name == "metadata",
            Part::Memory => child.name == "memory",
            Part::Balloon => child.name == "currentMemory",
            Part::Vcpus => matches!(child.name.as_str(), "vcpu" | "vcpus"),
            part => {
                let value = if part == Part::Medium { 1 } else { IMAGES };
                xml::element(&self.xml(part, value)).is_some_and(|own| self::label(&own) == label)
            }
        }
    }
}

impl Part {
    /// Whether it is a device.
    pub fn is_device(self) -> bool {
        !matches!(self, Part::Title | Part::Description | Part::Metadata | Part::Memory | Part::Balloon | Part::Vcpus)
    }
}

fn named(name: &str) -> Element {
    Element { name: name.to_owned(), ..Element::default() }
}

/// What tells a device apart from the others of its guest: `disk[vda]`.
fn label(device: &Element) -> String {
    let at = |child_name: &str, attribute: &str| {
        child(device, child_name).and_then(|child| child.attribute(attribute)).unwrap_or_default()
    };
    let key = match device.name.as_str() {
        "disk" => at("target", "dev"),
        "interface" => at("mac", "address"),
        "redirdev" => at("source", "service"),
        "channel" => at("target", "name"),
        "shmem" => device.attribute("name").unwrap_or_default(),
        "hostdev" => device.attribute("type").unwrap_or_default(),
        "lease" => child_text(device, "key").unwrap_or_default(),
        "memory" => {
            let size = child(device, "target").and_then(|target| child(target, "size"));
            return format!("memory[{}]", size.map(mebibytes).unwrap_or_default());
        }
        _ => return device.name.clone(),
    };
    format!("{}[{key}]", device.name)
}

/// The fields that the histories know, as a domain's XML has them: the path of each with its value.
pub fn fields(domain: &Element) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for name in ["title", "description"] {
        if let Some(text) = child_text(domain, name) {
            fields.insert(name.to_owned(), text.to_owned());
        }
    }
    let notes = child(domain, "metadata").into_iter().flat_map(|metadata| &metadata.children);
    for note in notes.filter(|note| note.attribute("xmlns:h") == Some(NAMESPACE)) {
        fields.insert("metadata".to_owned(), note.attribute("value").unwrap_or_default().to_owned());
    }
    let memory = child(domain, "memory").map(mebibytes).unwrap_or_default();
    let balloon = child(domain, "currentMemory").map_or(memory, mebibytes);
    // Memory modules are devices, and count as memory of the domain too.
    let cell = child(domain, "cpu").and_then(|cpu| child(cpu, "numa")).and_then(|numa| child(numa, "cell"));
    let own = cell.and_then(cell_memory).unwrap_or(memory);
    fields.insert("memory".to_owned(), own.to_string());
    if balloon != memory {
        fields.insert("currentMemory".to_owned(), balloon.to_string());
    }
    if let Some(vcpu) = child(domain, "vcpu") {
        let most = vcpu.text.trim();
        fields.insert("vcpu".to_owned(), most.to_owned());
        fields.insert("vcpu.current".to_owned(), vcpu.attribute("current").unwrap_or(most).to_owned());
    }
    let devices = child(domain, "devices").into_iter().flat_map(|devices| &devices.children);
    for device in devices {
        if let Some(value) = value(device) {
            let path = format!("devices.{}", label(device));
            // A guest may have several devices that nothing tells apart.
            let numbers = (1..).map(|number| format!("{path}[{number}]"));
            let free = std::iter::once(path.clone()).chain(numbers).find(|path| !fields.contains_key(path));
            fields.insert(free.expect("numbers do not end"), value);
        }
    }
    fields
}

/// Whether a disk's value is the file that a snapshot made over an image.
pub fn is_overlay(value: &str) -> bool {
    (value.contains("-image") || value.contains("/pool/"))
        && !value.ends_with(".raw")
        && !value.ends_with(".img")
        && !(value.ends_with(".qcow2") && value.matches('.').count() == 1)
}

/// What the histories know of a device; None if they do not know the device.
fn value(device: &Element) -> Option<String> {
    let at = |child_name: &str, attribute: &str| child(device, child_name).and_then(|child| child.attribute(attribute));
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    Some(match device.name.as_str() {
        "disk" => {
            let source = child(device, "source");
            let file = source.and_then(|source| source.attribute("file").or(source.attribute("volume")));
            match device.attribute("device") {
                Some("cdrom") => format!("cdrom {}", or_none(file)),
                _ => format!("{} {}", or_none(at("driver", "type")), or_none(file)),
            }
        }
        "interface" => {
            let network = at("source", "network").unwrap_or_default();
            let link = at("link", "state").unwrap_or("up");
            let filter = at("filterref", "filter").unwrap_or_default();
            let inbound = child(device, "bandwidth").and_then(|bandwidth| child(bandwidth, "inbound"));
            let average = inbound.and_then(|inbound| inbound.attribute("average")).unwrap_or_default();
            format!("{} {network} {link} {filter} {average}", or_none(device.attribute("type")))
        }
        "graphics" => format!("{} {}", or_none(device.attribute("type")), or_none(device.attribute("passwd"))),
        "redirdev" => "tcp".to_owned(),
        "channel" if at("target", "name")?.starts_with("histories") => "unix".to_owned(),
        "shmem" => "plain".to_owned(),
        "rng" => or_none(at("rate", "bytes")),
        "watchdog" if device.attribute("model") == Some("i6300esb") => or_none(device.attribute("action")),
        "input" if device.attribute("type") == Some("tablet") => "usb".to_owned(),
        "memory" => or_none(device.attribute("model")),
        "lease" => or_none(at("target", "path")),
        "filesystem" => or_none(at("source", "dir")),
        "vsock" => at("cid", "address").unwrap_or("auto").to_owned(),
        "hostdev" => or_none(device.attribute("mode")),
        _ => return None,
    })
}

fn mebibytes(size: &Element) -> u64 {
    in_mebibytes(&size.text, size.attribute("unit"))
}

/// The memory of a NUMA cell.
fn cell_memory(cell: &Element) -> Option<u64> {
    Some(in_mebibytes(cell.attribute("memory")?, cell.attribute("unit")))
}

fn in_mebibytes(number: &str, unit: Option<&str>) -> u64 {
    let number: u64 = number.trim().parse().unwrap_or_default();
    if unit == Some("MiB") { number } else { number / 1024 }
}

/// The code that a guest boots which heeds: it ejects each PCI device that the host has asked for, and powers the guest off
/// after a push of the power button.
pub fn boot_code() -> Vec<u8> {
    const CODE: &[&[u8]] = &[
        // The interrupt of the clock is answered below, and no other one comes: no driver would answer it.
        &[0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0xa3, 0x22, 0x00], // cli; xor ax, ax; mov ds, ax; mov [0x22], ax
        &[0xb8, 0x55, 0x7c, 0xa3, 0x20, 0x00],             // mov ax, clock; mov [0x20], ax
        &[0xb0, 0xfe, 0xe6, 0x21, 0xb0, 0xff, 0xe6, 0xa1], // mov al, 0xfe; out 0x21, al; mov al, 0xff; out 0xa1, al
        // Enable the power button: PM1_EN.
        &[0xba, 0x02, 0x06, 0xb8, 0x00, 0x01, 0xef], // mov dx, 0x602; mov ax, 0x100; out dx, ax
        // again: wait for the clock.
        &[0xfb, 0xf4, 0xfa], // sti; hlt; cli
        // For each bus, eject what the host asks for.
        &[0xbb, 0x00, 0xae, 0x66, 0x31, 0xc9], // mov bx, 0xae00; xor ecx, ecx
        &[0x8d, 0x57, 0x10, 0x66, 0x89, 0xc8, 0x66, 0xef], // bus: lea dx, [bx+0x10]; mov eax, ecx; out dx, eax
        &[0x8d, 0x57, 0x04, 0x66, 0xed],       // lea dx, [bx+4]; in eax, dx
        &[0x66, 0x85, 0xc0, 0x74, 0x05],       // test eax, eax; jz next
        &[0x8d, 0x57, 0x08, 0x66, 0xef],       // lea dx, [bx+8]; out dx, eax
        &[0x41, 0x80, 0xf9, 0x10, 0x72, 0xe3], // next: inc cx; cmp cl, 16; jb bus
        // Power off if the button was pushed: PM1_STS, PM1_CNT.
        &[0xba, 0x00, 0x06, 0xed, 0xf6, 0xc4, 0x01, 0x74, 0xd1], // mov dx, 0x600; in ax, dx; test ah, 1; jz again
        &[0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xeb, 0xc8], // mov dx, 0x604; mov ax, 0x2000; out dx, ax; jmp again
        // clock:
        &[0xb0, 0x20, 0xe6, 0x20, 0xcf], // mov al, 0x20; out 0x20, al; iret
    ];
    CODE.concat()
}
