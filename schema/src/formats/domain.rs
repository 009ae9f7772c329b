//! `<domain>`: [Domain XML format](https://libvirt.org/formatdomain.html).

pub mod blkiotune;
pub mod clock;
pub mod cpu;
pub mod cputune;
pub mod events;
pub mod features;
pub mod idmap;
pub mod iothreads;
pub mod keywrap;
pub mod launch_security;
pub mod memory;
pub mod memory_backing;
pub mod memtune;
pub mod namespaces;
pub mod numatune;
pub mod os;
pub mod perf;
pub mod pm;
pub mod resource;
pub mod seclabel;
pub mod sysinfo;
pub mod throttlegroups;
pub mod vcpu;

use crate::engine::problem::Report;
use crate::engine::scalar::Xml;
use crate::engine::view::{Read, View};
use crate::formats::device::Devices;
use crate::formats::patterns::{Line, Uuid};
use crate::formats::size::Size;
use blkiotune::Blkiotune;
use clock::Clock;
use cpu::Cpu;
use cputune::Cputune;
use events::{OnCrashAction, OnLockfailureAction, OnOffAction};
use features::Features;
use idmap::Idmap;
use iothreads::{Defaultiothread, Iothreadids, Iothreads};
use keywrap::Keywrap;
use launch_security::LaunchSecurity;
use memory::{MaxMemory, Memory};
use memory_backing::MemoryBacking;
use memtune::Memtune;
use namespaces::{
    BhyveCommandline, LxcNamespace, QemuCapabilities, QemuCommandline, QemuDeprecation, QemuOverride, XenCommandline,
};
use nixvirt_schema_derive::{element, values};
use numatune::Numatune;
use os::Os;
use perf::Perf;
use pm::Pm;
use resource::Resource;
use seclabel::Seclabel;
use sysinfo::Sysinfo;
use throttlegroups::Throttlegroups;
use vcpu::{Vcpu, Vcpus};

/// A virtual machine, or a container.
#[element(rules)]
pub struct Domain {
    /// The hypervisor that runs it.
    pub r#type: DomainType,
    /// Its number while it runs; libvirt tells it and takes none.
    pub id: Option<u32>,
    /// Its name, unique on the host.
    #[child]
    pub name: Line,
    /// Its id, unique everywhere. Derived from the name when absent; `false`: libvirt makes one up.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// An id that changes whenever the guest goes back in time, as by a snapshot. Since libvirt 4.4.
    pub genid: Option<Genid>,
    /// A short description on one line.
    #[child]
    pub title: Option<Line>,
    /// A description of any length.
    #[child]
    pub description: Option<String>,
    /// What other programs keep here: elements in namespaces of their own.
    pub metadata: Option<Xml>,
    /// How much memory the guest can have once more is plugged in.
    pub maxMemory: Option<MaxMemory>,
    /// How much memory the guest has at the start.
    pub memory: Option<Memory>,
    /// How much of it the guest has now; it gave back the rest by the balloon.
    pub currentMemory: Option<Size>,
    /// The guest's share of what the host's disks can do.
    pub blkiotune: Option<Blkiotune>,
    /// How much of the host's memory the guest's process may take.
    pub memtune: Option<Memtune>,
    /// What the host backs the guest's memory with.
    pub memoryBacking: Option<MemoryBacking>,
    /// How many CPUs the guest has.
    pub vcpu: Option<Vcpu>,
    /// The state of single CPUs of the guest.
    pub vcpus: Option<Vcpus>,
    /// How many threads of the host serve the guest's disks.
    pub iothreads: Option<Iothreads>,
    /// The numbers and settings of single I/O threads.
    pub iothreadids: Option<Iothreadids>,
    /// The thread that serves all disks that ask for none.
    pub defaultiothread: Option<Defaultiothread>,
    /// The guest's share of the host's CPUs.
    pub cputune: Option<Cputune>,
    /// From which NUMA nodes of the host the guest's memory is taken.
    pub numatune: Option<Numatune>,
    /// How the host accounts for the guest.
    pub resource: Option<Resource>,
    /// What the firmware tells the guest of its hardware.
    pub sysinfo: Vec<Sysinfo>,
    /// The program of the host that reads the guest's disk and finds a kernel, for Xen and bhyve.
    #[child]
    pub bootloader: Option<String>,
    /// Arguments for `bootloader`.
    #[child]
    pub bootloader_args: Option<String>,
    /// How the guest boots.
    pub os: Option<Os>,
    /// Which users and groups of the host those of a container are.
    pub idmap: Option<Idmap>,
    /// What the guest's machine can do.
    pub features: Option<Features>,
    /// The guest's processor.
    pub cpu: Option<Cpu>,
    /// The guest's clock.
    pub clock: Option<Clock>,
    /// What happens when the guest shuts down; `destroy` when absent.
    #[child]
    pub on_poweroff: Option<OnOffAction>,
    /// What happens when the guest reboots; `restart` when absent.
    #[child]
    pub on_reboot: Option<OnOffAction>,
    /// What happens when the guest crashes; `destroy` when absent.
    #[child]
    pub on_crash: Option<OnCrashAction>,
    /// What happens when the guest loses a lock on its storage.
    #[child]
    pub on_lockfailure: Option<OnLockfailureAction>,
    /// How the guest may sleep.
    pub pm: Option<Pm>,
    /// What the host counts while the guest runs.
    pub perf: Option<Perf>,
    /// Named limits, which disks refer to. Since libvirt 11.2.
    pub throttlegroups: Option<Throttlegroups>,
    /// Its devices.
    pub devices: Option<Devices>,
    /// How a security driver of the host labels the guest.
    pub seclabel: Vec<Seclabel>,
    /// Whether an S390 guest can wrap its keys.
    pub keywrap: Option<Keywrap>,
    /// How the guest's memory is kept from the host.
    pub launchSecurity: Option<LaunchSecurity>,
    /// What is passed to QEMU as it is.
    #[name = "qemu-commandline"]
    #[xml = "qemu:commandline"]
    pub qemu_commandline: Option<QemuCommandline>,
    /// What libvirt is to believe of QEMU's abilities.
    #[name = "qemu-capabilities"]
    #[xml = "qemu:capabilities"]
    pub qemu_capabilities: Option<QemuCapabilities>,
    /// What QEMU makes of commands that it will give up.
    #[name = "qemu-deprecation"]
    #[xml = "qemu:deprecation"]
    pub qemu_deprecation: Option<QemuDeprecation>,
    /// What is changed in the devices that libvirt gives QEMU.
    #[name = "qemu-override"]
    #[xml = "qemu:override"]
    pub qemu_override: Option<QemuOverride>,
    /// What a container shares with another, or with the host.
    #[name = "lxc-namespace"]
    #[xml = "lxc:namespace"]
    pub lxc_namespace: Option<LxcNamespace>,
    /// What is passed to the emulator of Xen as it is.
    #[name = "xen-commandline"]
    #[xml = "xen:commandline"]
    pub xen_commandline: Option<XenCommandline>,
    /// What is passed to bhyve as it is.
    #[name = "bhyve-commandline"]
    #[xml = "bhyve:commandline"]
    pub bhyve_commandline: Option<BhyveCommandline>,
    /// The folder of VMware's inventory in which the guest is; libvirt tells it.
    #[child]
    #[name = "vmware-datacenterpath"]
    #[xml = "vmware:datacenterpath"]
    pub vmware_datacenterpath: Option<String>,
}

/// What runs a domain.
#[values]
pub enum DomainType {
    /// QEMU with the help of the processor.
    Kvm,
    /// QEMU alone: any architecture, slowly.
    Qemu,
    /// QEMU with an old kernel module.
    Kqemu,
    /// A container of Linux.
    Lxc,
    /// Xen.
    Xen,
    /// The hypervisor of FreeBSD.
    Bhyve,
    /// QEMU with the help of macOS. Since libvirt 8.1.
    Hvf,
    /// VMware.
    Vmware,
    /// Microsoft Hyper-V.
    Hyperv,
    /// VirtualBox.
    Vbox,
    /// Virtuozzo.
    Vz,
    /// Nothing: libvirt's driver for tests.
    Test,
    /// User-mode Linux, which libvirt no longer runs.
    Uml,
    /// OpenVZ.
    Openvz,
    /// IBM's Power hypervisor, which libvirt no longer runs.
    Phyp,
}

/// An id that changes whenever the guest goes back in time.
#[element]
pub struct Genid {
    /// The id; libvirt makes one when absent.
    #[text]
    pub value: Option<Uuid>,
}

impl View<'_, Domain> {
    fn rules(self, report: &mut Report<'_>) {
        let kind = self.os().and_then(|os| os.r#type().r#type());
        let is_container = kind.and_then(Read::text).as_deref() == Some("exe");
        for part in self.bootloader().into_iter().chain(self.bootloader_args()).filter(|_| is_container) {
            report.error(part.value(), "os-container-boots", "is not for a container, which starts its init instead");
        }
    }
}
