//! English for the findings about a host.

use crate::doctor::finding::{Check, Finding};
use crate::doctor::host::{DeviceKind, IommuGroup, PciDevice, Processor, UsbDevice};
use crate::doctor::version::Version;
use crate::report::wording::{Message, hinted, message};

/// The name of a check.
pub fn check(check: Check) -> &'static str {
    match check {
        Check::Daemon => "libvirt",
        Check::Sockets => "socket",
        Check::Hooks => "hooks",
        Check::DefaultNetwork => "network default",
        Check::Kvm => "KVM",
        Check::NestedGuests => "nested guests",
        Check::Iommu => "IOMMU",
        Check::Processor => "processor",
        Check::IommuGroups => "IOMMU group",
        Check::UsbDevices => "USB device",
        Check::Firmware => "UEFI firmware",
        Check::Tpm => "TPM emulator",
        Check::Firewall => "firewall backend",
        Check::Plugin => "Nix plugin",
        Check::State => "state directory",
    }
}

/// A finding about the host of a daemon, and what the user can do.
pub fn finding(finding: &Finding, uri: &str) -> Message {
    use Finding::*;
    match finding {
        DaemonAnswers { libvirt, hypervisor, hypervisor_version } => {
            message(format!("{} with {}", versioned("libvirt", *libvirt), versioned(hypervisor, *hypervisor_version)))
        }
        DaemonIsNewer { libvirt, known } => hinted(
            format!("libvirt {libvirt} is newer than {}.{}, the newest release that NixVirt knows", known.0, known.1),
            "declare newer fields under `extra`, or update NixVirt",
        ),
        NoHypervisor { hypervisor } => hinted(
            format!("{hypervisor} is not installed"),
            "install it; on Debian: qemu-system-x86 or qemu-system-arm",
        ),
        NoConnection { error } => Message { text: error.message.clone(), hint: error.hint.clone() },
        SocketIsUsable { path } => message(path),
        StartsOnDemand => message("libvirt starts the daemon of a user when it is needed"),
        NoSocket { driver } => hinted(
            format!("there is no socket of libvirtd or virt{driver}d in /run/libvirt"),
            format!(
                "install libvirt, then run `systemctl enable --now libvirtd.socket` or, with modular daemons, \
                 `systemctl enable --now virt{driver}d.socket`; on NixOS, set `virtualisation.libvirt.enable`"
            ),
        ),
        SocketsMissing { daemons } => hinted(
            format!("modular daemons do not listen: {}", daemons.join(", ")),
            format!(
                "run `systemctl enable --now {}`",
                daemons.iter().map(|it| format!("{it}.socket")).collect::<Vec<_>>().join(" ")
            ),
        ),
        NoPermission { path, group, is_member } => hinted(
            format!("no permission to use {path}"),
            match group {
                Some(group) if *is_member => {
                    format!("log in again: you are a member of the group {group} from then on")
                }
                Some(group) => format!("use sudo, or run `sudo usermod -aG {group} $USER` and log in again"),
                None => "use sudo".to_owned(),
            },
        ),
        HooksAreKnown { drivers } => message(format!("{} (known to the daemon)", drivers.join(", "))),
        HooksAreUnknown { drivers, daemon } => hinted(
            format!(
                "{daemon} was started before the first hook of {} was installed, and runs none",
                drivers.join(", ")
            ),
            restart(daemon, "libvirt looks for hooks when it starts"),
        ),
        DefaultNetworkRuns => message("running, starts with the host"),
        DefaultNetworkStops { is_active: true } => hinted(
            "running, does not start with the host",
            format!("run `virsh --connect {uri} net-autostart default`, or declare the network"),
        ),
        DefaultNetworkStops { is_active: false } => hinted(
            "not running",
            format!(
                "run `virsh --connect {uri} net-start default` and `virsh --connect {uri} net-autostart default`, or declare the network"
            ),
        ),
        NoDefaultNetwork => message("none; guests need a declared network, or a bridge of the host"),
        KvmWorks => message("available"),
        KvmUnknown { daemon } => hinted(
            format!("{daemon} does not offer KVM to guests, though /dev/kvm exists"),
            restart(daemon, "libvirt looks for KVM when it starts, and needs read and write access to /dev/kvm"),
        ),
        KvmDenied => hinted(
            "your user may not use /dev/kvm",
            "add your user to the group of /dev/kvm, on Debian with `sudo adduser $USER kvm`, and log in again",
        ),
        KvmNotLoaded => {
            hinted("the kernel's module is not loaded", "run `sudo modprobe kvm_intel` or `sudo modprobe kvm_amd`")
        }
        NoKvm => hinted(
            "missing; only guests with type = \"qemu\" start, and they are slow",
            "switch on virtualization in the firmware of the host (Intel VT-x, AMD-V), or nested virtualization if the \
             host is a guest",
        ),
        Nested { enabled: true } => message("on"),
        Nested { enabled: false } => hinted(
            "off",
            "only guests that run guests with KVM need it: set the kernel parameter kvm_intel.nested=1 or kvm_amd.nested=1",
        ),
        Processor(found) => message(processor(found)),
        Iommu { enabled: true } => message("on"),
        Iommu { enabled: false } => hinted(
            "off",
            "only guests with PCI devices of the host need it: switch it on in the firmware of the host (VT-d, AMD-Vi); \
             Intel processors also need the kernel parameter intel_iommu=on",
        ),
        IommuGroup(group) => Message {
            text: format!("{}: {}", group.number, group.devices.iter().map(device).collect::<Vec<_>>().join(", ")),
            hint: together(group),
        },
        UsbDevice(device) => message(usb_device(device)),
        FirmwareWorks { secure_boot, enrolled_keys } => message(match (secure_boot, enrolled_keys) {
            (true, true) => "with and without Secure Boot, also with enrolled keys",
            (true, false) => "with and without Secure Boot; none with enrolled keys",
            _ => "without Secure Boot",
        }),
        NoFirmware => hinted(
            "no usable firmware descriptor in /usr/share/qemu/firmware, /etc/qemu/firmware or /var/lib/qemu/firmware",
            "only guests with firmware = \"efi\" need it: install ovmf, qemu-efi-aarch64 or edk2-ovmf",
        ),
        FirmwareIsIncomplete { descriptor, missing } => hinted(
            format!("{descriptor} names files that are missing: {}", missing.join(", ")),
            "install the package of the firmware again, or remove the descriptor",
        ),
        DescriptorIsUnreadable { descriptor } => {
            hinted(format!("{descriptor} cannot be read as a firmware descriptor"), "repair or remove the file")
        }
        TpmWorks => message("swtpm"),
        TpmUnknown { swtpm, daemon } => hinted(
            format!("{daemon} does not find {swtpm}"),
            restart(daemon, "the daemon searches the PATH that it was started with"),
        ),
        NoTpm => hinted(
            "swtpm with swtpm_setup is not installed",
            "only guests with a TPM, such as Windows 11, need it: install swtpm-tools; on NixOS, set \
             `virtualisation.libvirt.swtpm.enable`",
        ),
        FirewallWorks { backend } => message(backend),
        NoFirewall { backend: Some(backend) } => hinted(
            format!("network.conf selects {backend}, whose program is not installed"),
            format!("install {backend}, or change `firewall_backend` in network.conf"),
        ),
        NoFirewall { backend: None } => {
            hinted("neither nft nor iptables is installed, so NAT networks do not start", "install nftables")
        }
        NoNix => message("Nix is not installed, and only specs in Nix need it"),
        NixHasNoPlugin { version } => {
            message(format!("this {version} loads no plugins: Nix checks the types of specs, but not the rules"))
        }
        UnknownNix { path } => hinted(format!("cannot read the version of {path}"), format!("run `{path} --version`")),
        PluginIsOff { version } => hinted(
            format!("not loaded by Nix {version}, which checks the types of specs, but not the rules"),
            "set `plugin-files` in /etc/nix/nix.conf, as the guide describes under Install; on NixOS, set \
             `virtualisation.libvirt.plugin.enable`",
        ),
        PluginIsMissing { loader } => hinted(
            format!("the settings of Nix name {loader}, which is missing: every Nix command fails"),
            "install the plugin again, or remove the file from `plugin-files` in nix.conf",
        ),
        PluginDoesNotFit { version, implementations } => hinted(
            format!("none for Nix {version} (found: {})", list_or_none(implementations)),
            "install the plugin for this version of Nix; until then, Nix works without the plugin",
        ),
        PluginIsDamaged { file, damage } => hinted(
            format!("{file}: {}", damage.error),
            format!("{}; until then, Nix works without the plugin", damage.repair),
        ),
        PluginFits { version } => message(format!("fits Nix {version}")),
        StateIsReadable { folder, records: 1 } => message(format!("{folder}, 1 managed object")),
        StateIsReadable { folder, records } => message(format!("{folder}, {records} managed objects")),
        NoState { folder } => message(format!("{folder}, which the first `nixvirt apply` creates")),
        StateIsUnusable { error } => Message { text: error.message.clone(), hint: error.hint.clone() },
        RecordsAreUnreadable { files } => hinted(
            format!("unreadable state records: {}", files.join(", ")),
            "the next `nixvirt apply` adopts their objects again",
        ),
        RecordsOfRoot { folder } => hinted(
            format!("root has state records in {folder}, which this command does not see"),
            "use sudo for all commands on this connection",
        ),
    }
}

/// How many cores and CPUs a processor has.
fn processor(processor: &Processor) -> String {
    let cpus: usize = processor.cores.iter().map(|core| core.cpus.len()).sum();
    let isolated: Vec<_> = processor.isolated.iter().map(u32::to_string).collect();
    let isolated = if isolated.is_empty() { String::new() } else { format!(", isolated: {}", isolated.join(",")) };
    format!("{cpus} CPUs on {} cores{isolated}", processor.cores.len())
}

/// A PCI device with the driver that uses it.
fn device(device: &PciDevice) -> String {
    let kind = match device.kind {
        DeviceKind::GraphicsCard => "graphics card",
        DeviceKind::Sound => "sound",
        DeviceKind::Network => "network",
        DeviceKind::Storage => "storage",
        DeviceKind::Usb => "USB",
        DeviceKind::Accelerator => "accelerator",
        DeviceKind::Bridge => "bridge",
        DeviceKind::Other => "other device",
    };
    let PciDevice { address, id, .. } = device;
    format!("{kind} {address} ({id}, {})", device.driver.as_deref().unwrap_or("no driver"))
}

/// A USB device with its name.
pub fn usb_device(device: &UsbDevice) -> String {
    if device.name.is_empty() { device.id.clone() } else { format!("{} ({})", device.id, device.name) }
}

/// The advice to give a guest all devices of a group that has several. Bridges stay with the host.
fn together(group: &IommuGroup) -> Option<String> {
    let devices: Vec<_> = group.devices.iter().filter(|device| device.kind != DeviceKind::Bridge).collect();
    let addresses: Vec<_> = devices.iter().map(|device| format!("{:?}", device.address)).collect();
    if devices.len() > 1 {
        Some(format!(
            "a guest that gets one of these devices needs all of them: pci_devices = [ {} ]",
            addresses.join(" ")
        ))
    } else {
        None
    }
}

fn versioned(name: &str, version: Option<Version>) -> String {
    match version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}

/// The advice to restart a daemon.
fn restart(daemon: &str, why: &str) -> String {
    format!("run `systemctl restart {daemon}`, which on some versions of NixOS also suspends all guests: {why}")
}

fn list_or_none(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}
