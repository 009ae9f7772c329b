//! `<domain>`: [Domain XML format](https://libvirt.org/formatdomain.html).

pub mod blkiotune;
pub mod clock;
pub mod cpu;
pub mod cputune;
pub mod events;
pub mod features;
pub mod idmap;
pub mod iommufd;
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
pub mod settled;
pub mod sysinfo;
pub mod throttlegroups;
pub mod vcpu;

use crate::engine::problem::Report;
use crate::engine::render::EXTRA;
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
use iommufd::Iommufd;
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

/// Virtual machine or container.
#[element(rules)]
pub struct Domain {
    /// Hypervisor or driver that runs the domain.
    pub r#type: DomainType,
    /// Output only: number of the running domain, assigned by libvirt.
    #[output]
    pub id: Option<u32>,
    /// Name of the domain, unique on the host.
    #[child]
    pub name: Line,
    /// UUID of the domain. Derived from the name if omitted. Set to `false` to have libvirt generate one.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// UUID that the guest reads from its hardware, if other than `uuid`.
    #[since = "11.7"]
    #[child]
    pub hwuuid: Option<Uuid>,
    /// Generation ID of the guest. The ID changes whenever the guest goes back in time, for example when a snapshot is
    /// restored.
    #[since = "4.4"]
    pub genid: Option<Genid>,
    /// Short description of the domain, on one line.
    #[child]
    pub title: Option<Line>,
    /// Description of the domain, of any length.
    #[child]
    pub description: Option<String>,
    /// Custom metadata of other programs, as XML elements in their own namespaces.
    pub metadata: Option<Xml>,
    /// Maximum memory of the guest, including memory that is hot-plugged later.
    pub maxMemory: Option<MaxMemory>,
    /// Memory of the guest at boot.
    pub memory: Option<Memory>,
    /// Memory that the guest uses at present. The memory balloon returns the rest to the host.
    pub currentMemory: Option<Size>,
    /// Share of the host's disk bandwidth for the guest.
    pub blkiotune: Option<Blkiotune>,
    /// Limits on the host memory that the guest's process can use.
    pub memtune: Option<Memtune>,
    /// Host memory that backs the guest's memory.
    pub memoryBacking: Option<MemoryBacking>,
    /// Number and placement of the guest's vCPUs.
    pub vcpu: Option<Vcpu>,
    /// State of individual vCPUs.
    pub vcpus: Option<Vcpus>,
    /// Number of I/O threads for the guest's disks.
    pub iothreads: Option<Iothreads>,
    /// IDs and settings of individual I/O threads.
    pub iothreadids: Option<Iothreadids>,
    /// Settings of the default I/O thread, which serves all disks without an I/O thread of their own.
    #[since = "8.5"]
    pub defaultiothread: Option<Defaultiothread>,
    /// Share of the host's CPUs for the guest.
    #[default = ""]
    pub cputune: Option<Cputune>,
    /// Host NUMA nodes that the guest's memory is allocated from.
    pub numatune: Option<Numatune>,
    /// Access to host devices through IOMMUFD, for all host devices of the guest.
    #[since = "12.2"]
    pub iommufd: Option<Iommufd>,
    /// Resource accounting of the guest on the host.
    pub resource: Option<Resource>,
    /// Hardware information that the firmware reports to the guest.
    pub sysinfo: Vec<Sysinfo>,
    /// Boot loader program on the host that finds a kernel on the guest's disk, for Xen and bhyve.
    #[child]
    pub bootloader: Option<String>,
    /// Arguments for `bootloader`.
    #[child]
    pub bootloader_args: Option<String>,
    /// Boot configuration of the guest.
    pub os: Option<Os>,
    /// Mapping of users and groups of a container to those of the host.
    pub idmap: Option<Idmap>,
    /// Hypervisor and machine features of the guest.
    pub features: Option<Features>,
    /// CPU model, features and topology of the guest.
    pub cpu: Option<Cpu>,
    /// Clock of the guest.
    pub clock: Option<Clock>,
    /// Action when the guest shuts down. Defaults to `destroy`.
    #[child]
    pub on_poweroff: Option<OnOffAction>,
    /// Action when the guest reboots. Defaults to `restart`.
    #[child]
    pub on_reboot: Option<OnOffAction>,
    /// Action when the guest crashes. Defaults to `destroy`.
    #[child]
    pub on_crash: Option<OnCrashAction>,
    /// Action when the guest loses a lock on its storage.
    #[child]
    pub on_lockfailure: Option<OnLockfailureAction>,
    /// Sleep states available to the guest.
    pub pm: Option<Pm>,
    /// Performance events that the host counts for the guest.
    pub perf: Option<Perf>,
    /// Named I/O limits that disks refer to.
    #[since = "11.2"]
    pub throttlegroups: Option<Throttlegroups>,
    /// Devices of the guest.
    pub devices: Option<Devices>,
    /// Labeling of the guest by a security driver of the host.
    pub seclabel: Vec<Seclabel>,
    /// Key wrapping of an S390 guest.
    pub keywrap: Option<Keywrap>,
    /// Protection of the guest's memory from the host.
    pub launchSecurity: Option<LaunchSecurity>,
    /// Arguments and environment variables passed to QEMU unchanged.
    #[name = "qemu-commandline"]
    #[xml = "qemu:commandline"]
    pub qemu_commandline: Option<QemuCommandline>,
    /// QEMU capabilities that libvirt assumes or ignores.
    #[name = "qemu-capabilities"]
    #[xml = "qemu:capabilities"]
    pub qemu_capabilities: Option<QemuCapabilities>,
    /// Handling of deprecated commands by QEMU.
    #[name = "qemu-deprecation"]
    #[xml = "qemu:deprecation"]
    pub qemu_deprecation: Option<QemuDeprecation>,
    /// Changes to the device properties that libvirt passes to QEMU.
    #[since = "8.2"]
    #[name = "qemu-override"]
    #[xml = "qemu:override"]
    pub qemu_override: Option<QemuOverride>,
    /// Namespaces that the container shares with another container or with the host.
    #[name = "lxc-namespace"]
    #[xml = "lxc:namespace"]
    pub lxc_namespace: Option<LxcNamespace>,
    /// Arguments passed to Xen's device model unchanged.
    #[name = "xen-commandline"]
    #[xml = "xen:commandline"]
    pub xen_commandline: Option<XenCommandline>,
    /// Arguments passed to bhyve unchanged.
    #[name = "bhyve-commandline"]
    #[xml = "bhyve:commandline"]
    pub bhyve_commandline: Option<BhyveCommandline>,
    /// Output only: folder of the guest in the VMware inventory.
    #[child]
    #[name = "vmware-datacenterpath"]
    #[xml = "vmware:datacenterpath"]
    pub vmware_datacenterpath: Option<String>,
}

/// Hypervisor or driver that runs a domain.
#[values]
pub enum DomainType {
    /// QEMU with KVM hardware acceleration.
    Kvm,
    /// QEMU with software emulation only. Runs any architecture, slowly.
    Qemu,
    /// QEMU with the obsolete kqemu kernel module.
    Kqemu,
    /// Linux container.
    Lxc,
    /// Xen hypervisor.
    Xen,
    /// bhyve, the hypervisor of FreeBSD.
    Bhyve,
    /// QEMU with the macOS Hypervisor framework.
    #[since = "8.1"]
    Hvf,
    /// VMware hypervisor.
    Vmware,
    /// Microsoft Hyper-V.
    Hyperv,
    /// VirtualBox hypervisor.
    Vbox,
    /// Virtuozzo.
    Vz,
    /// libvirt's test driver, which runs no real guests.
    Test,
    /// User-mode Linux, no longer supported by libvirt.
    Uml,
    /// OpenVZ containers.
    Openvz,
    /// IBM Power hypervisor, no longer supported by libvirt.
    Phyp,
}

/// Generation ID of a guest, which changes whenever the guest goes back in time.
#[element]
pub struct Genid {
    /// Generation ID as a UUID. libvirt generates one if omitted.
    #[text]
    pub value: Option<Uuid>,
}

impl View<'_, Domain> {
    fn rules(self, report: &mut Report<'_>) {
        let kind = self.os().and_then(|os| os.r#type().r#type());
        let is_container = kind.and_then(Read::text).as_deref() == Some("exe");
        for part in self.bootloader().into_iter().chain(self.bootloader_args()).filter(|_| is_container) {
            let message =
                format!("`{}` has no effect in a container, which starts `os.init`: remove it", part.value().key());
            report.error(part.value(), "os-container-boots", message);
        }
        // Import puts parts with unknown words into `extra`.
        if self.value().attribute(EXTRA).is_none() {
            self.has_what_all_need(report);
        }
    }

    fn has_what_all_need(self, report: &mut Report<'_>) {
        let has_bootloader = self.bootloader().and_then(Read::text).is_some_and(|path| !path.is_empty());
        if self.os().is_none() && !has_bootloader {
            report.missing(self.value(), "os", "expected a set, e.g. { type = \"hvm\"; }");
        }
        let numa = self.cpu().and_then(|cpu| cpu.numa());
        let has_nodes = numa.is_some_and(|numa| numa.cell().next().is_some());
        if self.memory().is_none() && !has_nodes {
            report.missing(self.value(), "memory", "expected a size, e.g. \"4 GiB\"");
        }
    }
}
