//! What each part of a domain becomes. KubeVirt's names are those of its API, `kubevirt.io/v1`.

use crate::kubevirt::table::Note::{Impossible, Lost, Needs};
use crate::kubevirt::table::Take::{
    Empty, False, Filled, Label, Name, Nothing, Number, Quantity, Switch, Text, True, Words,
};
use crate::kubevirt::table::{Row, Scope, dropped, row};

/// A path in the `spec` of the virtual machine.
macro_rules! machine {
    ($path:literal) => {
        concat!("machine.spec.", $path)
    };
}

/// A path in the `spec` of the running instance.
macro_rules! instance {
    ($path:literal) => {
        concat!("machine.spec.template.spec.", $path)
    };
}

/// A path in the domain of the running instance.
macro_rules! domain {
    ($path:literal) => {
        concat!("machine.spec.template.spec.domain.", $path)
    };
}

/// All scopes; the first one is the domain.
pub const SCOPES: &[Scope] = &[
    Scope { path: "", item: "", rows: DOMAIN },
    Scope { path: "sysinfo.system.entry", item: "{index}", rows: SYSTEM },
    Scope { path: "sysinfo.chassis.entry", item: "{index}", rows: CHASSIS },
    Scope { path: "os.firmware.feature", item: "{index}", rows: FIRMWARE_FEATURE },
    Scope { path: "cpu.feature", item: "{index}", rows: CPU_FEATURE },
    Scope { path: "clock.timer", item: "{index}", rows: TIMER },
    Scope { path: "devices.disk", item: "{target.@dev}", rows: DISK },
    Scope { path: "devices.filesystem", item: "{target.@dir}", rows: FILESYSTEM },
    Scope { path: "devices.interface", item: "net{index}", rows: INTERFACE },
    Scope { path: "devices.input", item: "input{index}", rows: INPUT },
    Scope { path: "devices.sound", item: "sound{index}", rows: SOUND },
    Scope { path: "devices.video", item: "video{index}", rows: VIDEO },
    Scope { path: "devices.hostdev", item: "hostdev{index}", rows: HOSTDEV },
    Scope { path: "devices.tpm", item: "tpm{index}", rows: TPM },
    Scope { path: "devices.watchdog", item: "watchdog{index}", rows: WATCHDOG },
    Scope { path: "devices.panic", item: "panic{index}", rows: PANIC },
];

const CLUSTER: &str = "KubeVirt's own choice";
const POD: &str = "the limits of the pod apply";

const DOMAIN: &[Row] = &[
    row("", "machine.apiVersion", Filled("kubevirt.io/v1")),
    row("", "machine.kind", Filled("VirtualMachine")),
    row("", instance!("architecture"), Filled("amd64")),
    row("", domain!("devices.autoattachGraphicsDevice"), False),
    row("", domain!("devices.autoattachSerialConsole"), False),
    dropped("@type", "KubeVirt runs all guests with KVM").when(&[("@type", &["kvm", "qemu"])]),
    row("@type", "", Nothing).note(Impossible("KubeVirt runs guests with KVM, not with {value}")),
    dropped("@id", "belongs to the running guest"),
    dropped("@xmlns:qemu", "names a namespace"),
    row("@active", machine!("runStrategy"), Words(&[("yes", "RerunOnFailure"), ("no", "Halted"), ("unknown", "Manual")])),
    row("name", "machine.metadata.name", Label("{value}")),
    row("uuid", domain!("firmware.uuid"), Text),
    row("title", "machine.metadata.annotations.title", Text),
    row("description", "machine.metadata.annotations.description", Text),
    dropped("metadata", "data of other programs"),
    row("memory", domain!("memory.guest"), Quantity("KiB")),
    dropped("memory.@unit", "part of the size"),
    row("maxMemory", domain!("memory.maxGuest"), Quantity("KiB")),
    dropped("maxMemory.@unit", "part of the size"),
    dropped("maxMemory.@slots", CLUSTER),
    dropped("currentMemory", "a guest starts with all of its memory"),
    row("memoryBacking.hugepages", domain!("memory.hugepages.pageSize"), Filled("2Mi")),
    row("memoryBacking.hugepages.page.@size", domain!("memory.hugepages.pageSize"), Quantity("KiB")),
    dropped("memoryBacking.hugepages.page.@unit", "part of the size"),
    dropped("memoryBacking.source", CLUSTER),
    dropped("memoryBacking.access", CLUSTER),
    dropped("memoryBacking.allocation", CLUSTER),
    row("vcpu", domain!("cpu.sockets"), Number),
    dropped("vcpu.@placement", "Kubernetes chooses the CPUs of the node"),
    row("iothreads", domain!("ioThreadsPolicy"), Filled("supplementalPool")),
    row("iothreads", domain!("ioThreads.supplementalPoolThreadCount"), Number),
    row("cputune.vcpupin", domain!("cpu.dedicatedCpuPlacement"), True)
        .note(Lost("each virtual CPU gets a CPU of the node for itself, and Kubernetes chooses which one")),
    dropped("cputune.vcpupin.@vcpu", "Kubernetes chooses"),
    dropped("cputune.vcpupin.@cpuset", "Kubernetes chooses"),
    row("cputune.emulatorpin", domain!("cpu.isolateEmulatorThread"), True),
    dropped("cputune.emulatorpin.@cpuset", "Kubernetes chooses"),
    dropped("cputune.shares", POD),
    dropped("cputune.period", POD),
    dropped("cputune.quota", POD),
    dropped("blkiotune", POD),
    dropped("resource", "Kubernetes chooses the control group"),
    dropped("sysinfo.@type", "KubeVirt sets SMBIOS data only"),
    dropped("os.smbios", "the guest always sees the values of `sysinfo`"),
    row("os.@firmware", domain!("firmware.bootloader.bios"), Empty).when(&[("os.@firmware", &["bios"])]),
    row("os.@firmware", domain!("firmware.bootloader.efi.secureBoot"), False).when(&[("os.@firmware", &["efi"])]),
    row("os.@firmware", domain!("firmware.bootloader.efi.persistent"), True).when(&[("os.@firmware", &["efi"])]),
    row("os.type", "", Words(&[("hvm", "")])),
    row("os.type.@arch", instance!("architecture"), Words(&[("x86_64", "amd64"), ("aarch64", "arm64"), ("s390x", "=")])),
    row(
        "os.type.@machine",
        domain!("machine.type"),
        Words(&[("q35", "="), ("pc-q35-*", "="), ("virt*", "="), ("s390-ccw-virtio*", "="), ("*", "q35")]),
    ),
    row("os.loader", domain!("firmware.bootloader.efi.secureBoot"), False).when(&[("os.loader.@type", &["pflash"])]),
    row("os.loader", domain!("firmware.bootloader.efi.persistent"), True).when(&[("os.loader.@type", &["pflash"])]),
    dropped("os.loader", CLUSTER).when(&[("os.loader.@type", &["rom"])]),
    row("os.loader.@secure", domain!("firmware.bootloader.efi.secureBoot"), Switch),
    row("os.loader.@secure", domain!("features.smm.enabled"), Switch),
    dropped("os.loader.@readonly", CLUSTER),
    dropped("os.loader.@type", "`firmware.bootloader` says whether it is EFI or BIOS"),
    dropped("os.loader.@format", CLUSTER),
    dropped("os.loader.@stateless", CLUSTER),
    dropped("os.nvram", "KubeVirt keeps the variables on a volume of its own"),
    dropped("os.boot", "becomes the boot order of the devices"),
    row("os.bios.@useserial", domain!("firmware.bootloader.bios.useSerial"), Switch)
        .when(&[("os.@firmware", &["", "bios"]), ("os.loader.@type", &["", "rom"])]),
    row("os.kernel", domain!("firmware.kernelBoot.container.image"), Filled("{domain}-kernel"))
        .note(Needs("needs a container image with the kernel and the initial RAM disk; set its name in `kernelBoot.container.image`")),
    row("os.kernel", domain!("firmware.kernelBoot.container.kernelPath"), Text),
    row("os.initrd", domain!("firmware.kernelBoot.container.initrdPath"), Text),
    row("os.cmdline", domain!("firmware.kernelBoot.kernelArgs"), Text),
    row("features.acpi", domain!("features.acpi"), Empty),
    row("features.apic", domain!("features.apic"), Empty),
    row("features.apic.@eoi", domain!("features.apic.endOfInterrupt"), Switch),
    dropped("features.pae", "always on"),
    dropped("features.vmport", "always off"),
    row("features.smm", domain!("features.smm.enabled"), True),
    row("features.smm.@state", domain!("features.smm.enabled"), Switch),
    row("features.pvspinlock.@state", domain!("features.pvspinlock.enabled"), Switch),
    row("features.kvm.hidden.@state", domain!("features.kvm.hidden"), Switch),
    dropped("features.hyperv.@mode", "the features are listed one by one").when(&[("features.hyperv.@mode", &["custom"])]),
    row("features.hyperv.@mode", domain!("features.hypervPassthrough.enabled"), True)
        .when(&[("features.hyperv.@mode", &["passthrough"])]),
    row("features.hyperv.relaxed.@state", domain!("features.hyperv.relaxed.enabled"), Switch),
    row("features.hyperv.vapic.@state", domain!("features.hyperv.vapic.enabled"), Switch),
    row("features.hyperv.spinlocks.@state", domain!("features.hyperv.spinlocks.enabled"), Switch),
    row("features.hyperv.spinlocks.@retries", domain!("features.hyperv.spinlocks.spinlocks"), Number),
    row("features.hyperv.vpindex.@state", domain!("features.hyperv.vpindex.enabled"), Switch),
    row("features.hyperv.runtime.@state", domain!("features.hyperv.runtime.enabled"), Switch),
    row("features.hyperv.synic.@state", domain!("features.hyperv.synic.enabled"), Switch),
    row("features.hyperv.stimer.@state", domain!("features.hyperv.synictimer.enabled"), Switch),
    row("features.hyperv.stimer.direct.@state", domain!("features.hyperv.synictimer.direct.enabled"), Switch),
    row("features.hyperv.reset.@state", domain!("features.hyperv.reset.enabled"), Switch),
    row("features.hyperv.vendor_id.@state", domain!("features.hyperv.vendorid.enabled"), Switch),
    row("features.hyperv.vendor_id.@value", domain!("features.hyperv.vendorid.vendorid"), Text),
    row("features.hyperv.frequencies.@state", domain!("features.hyperv.frequencies.enabled"), Switch),
    row("features.hyperv.reenlightenment.@state", domain!("features.hyperv.reenlightenment.enabled"), Switch),
    row("features.hyperv.tlbflush.@state", domain!("features.hyperv.tlbflush.enabled"), Switch),
    row("features.hyperv.tlbflush.direct.@state", domain!("features.hyperv.tlbflush.direct.enabled"), Switch),
    row("features.hyperv.tlbflush.extended.@state", domain!("features.hyperv.tlbflush.extended.enabled"), Switch),
    row("features.hyperv.ipi.@state", domain!("features.hyperv.ipi.enabled"), Switch),
    row("features.hyperv.evmcs.@state", domain!("features.hyperv.evmcs.enabled"), Switch),
    row("cpu.@mode", domain!("cpu.model"), Words(&[("host-passthrough", "="), ("host-model", "="), ("custom", ""), ("maximum", "")])),
    dropped("cpu.@match", CLUSTER),
    dropped("cpu.@check", CLUSTER),
    dropped("cpu.@migratable", CLUSTER),
    row("cpu.model", domain!("cpu.model"), Text).when(&[("cpu.@mode", &["", "custom"])]),
    dropped("cpu.model", "the guest gets the model of the node").when(&[("cpu.@mode", &["host-model", "host-passthrough", "maximum"])]),
    dropped("cpu.model.@fallback", CLUSTER),
    row("cpu.topology.@sockets", domain!("cpu.sockets"), Number),
    row("cpu.topology.@cores", domain!("cpu.cores"), Number),
    row("cpu.topology.@threads", domain!("cpu.threads"), Number),
    row("cpu.topology.@dies", "", Words(&[("1", "")])),
    row("cpu.topology.@clusters", "", Words(&[("1", "")])),
    row("clock.@offset", domain!("clock.utc"), Empty).when(&[("clock.@offset", &["utc"])]),
    dropped("clock.@offset", "`clock.timezone` is enough").when(&[("clock.@offset", &["timezone"])]),
    row("clock.@offset", domain!("clock.utc"), Empty)
        .when(&[("clock.@offset", &["localtime"])])
        .note(Lost("the clock of the guest shows UTC: KubeVirt does not know the local time of a node")),
    row("clock.@timezone", domain!("clock.timezone"), Text),
    dropped("on_poweroff", "the run strategy decides"),
    row("on_reboot", domain!("rebootPolicy"), Words(&[("restart", "Reboot"), ("destroy", "Terminate")])),
    dropped("on_crash", "the run strategy decides"),
    dropped("pm", "KubeVirt does not suspend guests to their memory or disk"),
    row("launchSecurity.@type", domain!("launchSecurity.sev"), Empty).when(&[("launchSecurity.@type", &["sev"])]),
    row("launchSecurity.@type", domain!("launchSecurity.snp"), Empty).when(&[("launchSecurity.@type", &["sev-snp"])]),
    row("launchSecurity.@type", domain!("launchSecurity.tdx"), Empty).when(&[("launchSecurity.@type", &["tdx"])]),
    row("devices", domain!("devices"), Empty),
    dropped("devices.emulator", CLUSTER),
    dropped("devices.controller", "KubeVirt adds the controllers that devices need"),
    row("devices.graphics", domain!("devices.autoattachGraphicsDevice"), True),
    dropped("devices.graphics", "`virtctl vnc` opens the display"),
    row("devices.serial", domain!("devices.autoattachSerialConsole"), True),
    dropped("devices.serial", "`virtctl console` opens the console"),
    row("devices.console", domain!("devices.autoattachSerialConsole"), True),
    dropped("devices.console", "`virtctl console` opens the console"),
    dropped("devices.channel", "the guest agent always has its channel"),
    dropped("devices.audio", CLUSTER),
    row("devices.redirdev", domain!("devices.clientPassthrough"), Empty),
    dropped("devices.redirdev", "`virtctl usbredir` passes a device"),
    row("devices.memballoon.@model", domain!("devices.autoattachMemBalloon"), False)
        .when(&[("devices.memballoon.@model", &["none"])]),
    dropped("devices.memballoon.@model", CLUSTER).when(&[("devices.memballoon.@model", &["virtio*"])]),
    dropped("devices.memballoon.address", CLUSTER),
    row("devices.rng", domain!("devices.rng"), Empty),
    dropped("devices.rng", CLUSTER),
    row("devices.vsock", domain!("devices.autoattachVSOCK"), True),
    dropped("devices.vsock", CLUSTER),
    dropped("seclabel", CLUSTER),
];

const SYSTEM: &[Row] = &[
    row("", domain!("firmware.serial"), Text).when(&[("@name", &["serial"])]),
    dropped("", "same as the UUID of the guest").when(&[("@name", &["uuid"])]),
    dropped("@name", "names the entry"),
];

const CHASSIS: &[Row] = &[
    row("", domain!("chassis.manufacturer"), Text).when(&[("@name", &["manufacturer"])]),
    row("", domain!("chassis.version"), Text).when(&[("@name", &["version"])]),
    row("", domain!("chassis.serial"), Text).when(&[("@name", &["serial"])]),
    row("", domain!("chassis.asset"), Text).when(&[("@name", &["asset"])]),
    row("", domain!("chassis.sku"), Text).when(&[("@name", &["sku"])]),
    dropped("@name", "names the entry"),
];

const FIRMWARE_FEATURE: &[Row] = &[
    row("", domain!("firmware.bootloader.efi.secureBoot"), True)
        .when(&[("@name", &["secure-boot"]), ("@enabled", &["yes"])]),
    row("", domain!("features.smm.enabled"), True).when(&[("@name", &["secure-boot"]), ("@enabled", &["yes"])]),
    dropped("", "Secure Boot is off unless it is set").when(&[("@name", &["secure-boot"]), ("@enabled", &["no"])]),
    dropped("", "KubeVirt's firmware has keys enrolled").when(&[("@name", &["enrolled-keys"])]),
    dropped("@name", "names the feature"),
    dropped("@enabled", "sets the feature"),
];

const CPU_FEATURE: &[Row] =
    &[row("@name", domain!("cpu.features[].name"), Text), row("@policy", domain!("cpu.features[].policy"), Text)];

const TIMER: &[Row] = &[
    row("", domain!("clock.timer.rtc.present"), True).when(&[("@name", &["rtc"])]),
    row("", domain!("clock.timer.pit.present"), True).when(&[("@name", &["pit"])]),
    row("", domain!("clock.timer.hpet.present"), True).when(&[("@name", &["hpet"])]),
    row("", domain!("clock.timer.kvm.present"), True).when(&[("@name", &["kvmclock"])]),
    row("", domain!("clock.timer.hyperv.present"), True).when(&[("@name", &["hypervclock"])]),
    dropped("@name", "names the timer"),
    row("@present", domain!("clock.timer.rtc.present"), Switch).when(&[("@name", &["rtc"])]),
    row("@present", domain!("clock.timer.pit.present"), Switch).when(&[("@name", &["pit"])]),
    row("@present", domain!("clock.timer.hpet.present"), Switch).when(&[("@name", &["hpet"])]),
    row("@present", domain!("clock.timer.kvm.present"), Switch).when(&[("@name", &["kvmclock"])]),
    row("@present", domain!("clock.timer.hyperv.present"), Switch).when(&[("@name", &["hypervclock"])]),
    row("@tickpolicy", domain!("clock.timer.rtc.tickPolicy"), Words(&[("delay", "="), ("catchup", "=")]))
        .when(&[("@name", &["rtc"])]),
    row(
        "@tickpolicy",
        domain!("clock.timer.pit.tickPolicy"),
        Words(&[("delay", "="), ("catchup", "="), ("discard", "=")]),
    )
    .when(&[("@name", &["pit"])]),
    row(
        "@tickpolicy",
        domain!("clock.timer.hpet.tickPolicy"),
        Words(&[("delay", "="), ("catchup", "="), ("merge", "="), ("discard", "=")]),
    )
    .when(&[("@name", &["hpet"])]),
    row("@track", domain!("clock.timer.rtc.track"), Words(&[("guest", "="), ("wall", "=")]))
        .when(&[("@name", &["rtc"])]),
];

/// Buses of disks.
const BUS: &[(&str, &str)] = &[("virtio", "="), ("sata", "="), ("scsi", "="), ("usb", "="), ("*", "sata")];
/// Buses of CD drives and SCSI devices.
const DRIVE_BUS: &[(&str, &str)] = &[("virtio", "="), ("sata", "="), ("scsi", "="), ("*", "sata")];

const DISK: &[Row] = &[
    row("", "", Nothing)
        .when(&[("@device", &["cdrom"]), ("source", &[""])])
        .note(Lost("the empty drive is left out: in KubeVirt, each drive has a disc")),
    row("", "", Nothing).when(&[("@device", &["floppy"])]).note(Lost("KubeVirt has no floppy drives")),
    row("", domain!("devices.disks[].name"), Filled("{item}")),
    row("", instance!("volumes[].name"), Filled("{item}")),
    dropped("@type", "the volume determines the type"),
    dropped("@device", "becomes the key `disk`, `cdrom` or `lun` of the disk")
        .when(&[("@device", &["disk", "cdrom", "lun"])]),
    dropped("@model", CLUSTER),
    dropped("@snapshot", CLUSTER),
    row(
        "driver.@cache",
        domain!("devices.disks[].cache"),
        Words(&[("none", "="), ("writethrough", "="), ("writeback", "="), ("default", "")]),
    ),
    row("driver.@io", domain!("devices.disks[].io"), Words(&[("native", "="), ("threads", "="), ("io_uring", "")])),
    row(
        "driver.@error_policy",
        domain!("devices.disks[].errorPolicy"),
        Words(&[("stop", "="), ("report", "="), ("ignore", "="), ("enospace", "=")]),
    ),
    row("driver.@iothread", domain!("devices.disks[].dedicatedIOThread"), True),
    dropped("driver.@name", CLUSTER),
    dropped("driver.@type", "the volume in the cluster has its own format"),
    dropped("driver.@discard", "always on if the volume supports it"),
    dropped("driver.@detect_zeroes", CLUSTER),
    dropped("driver.@queues", "`networkInterfaceMultiqueue` and `blockMultiQueue` are on or off for all devices"),
    dropped("auth", "the cluster has the passwords of its storage"),
    row("source", instance!("volumes[].name"), Filled("{item}"))
        .when(&[("secret-files", &["*"])])
        .note(Needs("needs {secret-files} in its Secret")),
    row("source", instance!("volumes[].dataVolume.name"), Name("{domain}-{item}")).when(&[("capacity", &["*"])]),
    row("source", machine!("dataVolumeTemplates[].metadata.name"), Name("{domain}-{item}"))
        .when(&[("capacity", &["*"])]),
    row("source", machine!("dataVolumeTemplates[].spec.source.blank"), Empty).when(&[
        ("capacity", &["*"]),
        ("content", &[""]),
        ("download", &[""]),
    ]),
    row("source", machine!("dataVolumeTemplates[].spec.source.http.url"), Filled("{download}"))
        .when(&[("capacity", &["*"]), ("download", &["*"])]),
    row("source", machine!("dataVolumeTemplates[].spec.source.upload"), Empty)
        .when(&[("capacity", &["*"]), ("content", &["*"])])
        .note(Needs("needs its image: `virtctl image-upload dv {domain}-{item} --image-path {content}`")),
    row("source", instance!("volumes[].persistentVolumeClaim.claimName"), Name("{domain}-{item}"))
        .when(&[("capacity", &[""]), ("cloud-init", &[""]), ("ignition", &[""]), ("sysprep", &[""])])
        .note(Needs("needs a PersistentVolumeClaim {domain}-{item} with the content of the disk")),
    dropped("source", "the volume is in the cluster"),
    dropped("backingStore", "the volume in the cluster has all of the content"),
    dropped("mirror", "belongs to the running guest"),
    row("capacity", machine!("dataVolumeTemplates[].spec.storage.resources.requests.storage"), Quantity("B")),
    dropped("capacity.@unit", "part of the size"),
    dropped("content", "in the volume"),
    dropped("download", "in the volume"),
    row("cloud-init", instance!("volumes[].cloudInitNoCloud.secretRef.name"), Filled("{domain}-cloud-init")),
    row(
        "cloud-init.network",
        instance!("volumes[].cloudInitNoCloud.networkDataSecretRef.name"),
        Filled("{domain}-cloud-init"),
    ),
    row("ignition", instance!("volumes[].cloudInitConfigDrive.secretRef.name"), Filled("{domain}-ignition"))
        .note(Needs("needs an image for KubeVirt: Ignition looks for this seed on its platform `kubevirt` only")),
    row("sysprep", instance!("volumes[].sysprep.secret.name"), Filled("{domain}-sysprep")),
    dropped("secret-files", "in the Secret, once you put them there"),
    dropped("target.@dev", "name of the disk"),
    dropped("target.@tray", CLUSTER),
    row("target.@bus", domain!("devices.disks[].cdrom.bus"), Filled("sata")).when(&[("sysprep", &["*"])]),
    dropped("target.@removable", "a disc is always removable").when(&[("sysprep", &["*"])]),
    row("target.@bus", domain!("devices.disks[].disk.bus"), Words(BUS))
        .when(&[("@device", &["", "disk"]), ("sysprep", &[""])]),
    row("target.@bus", domain!("devices.disks[].cdrom.bus"), Words(DRIVE_BUS)).when(&[("@device", &["cdrom"])]),
    row("target.@bus", domain!("devices.disks[].lun.bus"), Words(DRIVE_BUS)).when(&[("@device", &["lun"])]),
    dropped("readonly", "a disc is always read-only").when(&[("sysprep", &["*"])]),
    row("readonly", domain!("devices.disks[].disk.readonly"), True)
        .when(&[("@device", &["", "disk"]), ("sysprep", &[""])]),
    row("readonly", domain!("devices.disks[].lun.readonly"), True).when(&[("@device", &["lun"])]),
    dropped("readonly", "a disc is always read-only").when(&[("@device", &["cdrom"])]),
    row("shareable", domain!("devices.disks[].shareable"), True),
    row("serial", domain!("devices.disks[].serial"), Text),
    row("blockio.@logical_block_size", domain!("devices.disks[].blockSize.custom.logical"), Number),
    row("blockio.@physical_block_size", domain!("devices.disks[].blockSize.custom.physical"), Number),
    row("blockio.@discard_granularity", domain!("devices.disks[].blockSize.custom.discardGranularity"), Number),
    row("boot.@order", domain!("devices.disks[].bootOrder"), Number),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const FILESYSTEM: &[Row] = &[
    row("", domain!("devices.filesystems[].name"), Filled("{item}")),
    row("", domain!("devices.filesystems[].virtiofs"), Empty),
    row("", instance!("volumes[].name"), Filled("{item}")),
    row("", instance!("volumes[].persistentVolumeClaim.claimName"), Name("{domain}-{item}"))
        .note(Needs("needs a PersistentVolumeClaim {domain}-{item} with the files of the folder")),
    dropped("@type", "the files are in a PersistentVolumeClaim").when(&[("@type", &["", "mount"])]),
    dropped("@accessmode", CLUSTER),
    dropped("@multidevs", CLUSTER),
    dropped("driver.@type", "always virtiofs").when(&[("driver.@type", &["virtiofs", "path"])]),
    dropped("driver.@queue", CLUSTER),
    dropped("binary", CLUSTER),
    dropped("source", "in the PersistentVolumeClaim"),
    dropped("target", "name of the file system"),
    row("readonly", instance!("volumes[].persistentVolumeClaim.readOnly"), True),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

/// Types of interfaces that are in no network of libvirt and on no bridge.
const OTHER_NETWORKS: &[&str] =
    &["direct", "ethernet", "internal", "vhostuser", "vdpa", "udp", "mcast", "server", "client", "vds", "null"];

const INTERFACE: &[Row] = &[
    row("", "", Nothing)
        .when(&[("@type", &["user"]), ("pod-network", &[""])])
        .note(Lost("the interface is left out: a virtual machine has one interface in the network of the pod")),
    row("", domain!("devices.interfaces[].name"), Filled("{item}")),
    row("", instance!("networks[].name"), Filled("{item}")),
    // The pod's network, behind the address of the node: what NAT is with libvirt.
    row("pod-network", domain!("devices.interfaces[].masquerade"), Empty),
    row("pod-network", instance!("networks[].pod"), Empty),
    dropped("@type", "the network of the pod").when(&[("pod-network", &["*"])]),
    row("@type", domain!("devices.interfaces[].bridge"), Empty).when(&[("@type", &["network", "bridge"])]),
    row("@type", instance!("networks[].multus.networkName"), Name("{source.@network}"))
        .when(&[("@type", &["network"])]),
    row("@type", "networks[].apiVersion", Filled("k8s.cni.cncf.io/v1")).when(&[("@type", &["network", "bridge"])]),
    row("@type", "networks[].kind", Filled("NetworkAttachmentDefinition")).when(&[("@type", &["network", "bridge"])]),
    row("@type", "networks[].metadata.name", Name("{source.@network}")).when(&[("@type", &["network"])]),
    row(
        "@type",
        "networks[].spec.config",
        Filled("{\"cniVersion\":\"0.3.1\",\"type\":\"bridge\",\"bridge\":\"{source.@network}\",\"ipam\":{}}"),
    )
    .when(&[("@type", &["network"])])
    .note(Needs("needs a bridge {source.@network} on each node; set its name in the NetworkAttachmentDefinition")),
    row("@type", instance!("networks[].multus.networkName"), Name("{source.@bridge}")).when(&[("@type", &["bridge"])]),
    row("@type", "networks[].metadata.name", Name("{source.@bridge}")).when(&[("@type", &["bridge"])]),
    row(
        "@type",
        "networks[].spec.config",
        Filled("{\"cniVersion\":\"0.3.1\",\"type\":\"bridge\",\"bridge\":\"{source.@bridge}\",\"ipam\":{}}"),
    )
    .when(&[("@type", &["bridge"])])
    .note(Needs("needs a bridge {source.@bridge} on each node")),
    row("@type", domain!("devices.interfaces[].sriov"), Empty).when(&[("@type", &["hostdev"])]),
    row("@type", instance!("networks[].multus.networkName"), Name("{domain}-{item}"))
        .when(&[("@type", &["hostdev"])])
        .note(Needs("needs a NetworkAttachmentDefinition {domain}-{item} of SR-IOV devices")),
    row("@type", domain!("devices.interfaces[].bridge"), Empty).when(&[("@type", OTHER_NETWORKS)]),
    row("@type", instance!("networks[].multus.networkName"), Name("{domain}-{item}"))
        .when(&[("@type", OTHER_NETWORKS)])
        .note(Needs(
            "needs a NetworkAttachmentDefinition {domain}-{item}, which connects the interface in its own way",
        )),
    dropped("@managed", CLUSTER),
    dropped("@trustGuestRxFilters", CLUSTER),
    dropped("source", "converted together with `type`"),
    row("mac.@address", domain!("devices.interfaces[].macAddress"), Text),
    dropped("mac.@type", "for VMware only"),
    dropped("mac.@check", "for VMware only"),
    row(
        "model.@type",
        domain!("devices.interfaces[].model"),
        Words(&[
            ("virtio", "="),
            ("e1000", "="),
            ("e1000e", "="),
            ("igb", "="),
            ("ne2k_pci", "="),
            ("pcnet", "="),
            ("rtl8139", "="),
            ("virtio-*", "virtio"),
        ]),
    ),
    dropped("driver.@queues", "`networkInterfaceMultiqueue` is on or off for all interfaces"),
    dropped("driver.@name", CLUSTER),
    dropped("target", CLUSTER),
    row("link.@state", domain!("devices.interfaces[].state"), Words(&[("up", "="), ("down", "=")])),
    row("boot.@order", domain!("devices.interfaces[].bootOrder"), Number),
    row("acpi.@index", domain!("devices.interfaces[].acpiIndex"), Number),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const INPUT: &[Row] = &[
    dropped("", "always there").when(&[("@type", &["keyboard", "mouse"])]),
    row("", domain!("devices.inputs[].name"), Filled("{item}")).when(&[("@type", &["tablet"])]),
    row("@type", domain!("devices.inputs[].type"), Text),
    row("@bus", domain!("devices.inputs[].bus"), Words(&[("usb", "="), ("virtio", "="), ("*", "usb")])),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const SOUND: &[Row] = &[
    row("", domain!("devices.sound.name"), Filled("{item}")),
    row("@model", domain!("devices.sound.model"), Words(&[("ich9", "="), ("ac97", "="), ("*", "ich9")])),
    dropped("codec", CLUSTER),
    dropped("audio", CLUSTER),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const VIDEO: &[Row] = &[
    row(
        "model.@type",
        domain!("devices.video.type"),
        Words(&[("virtio", "="), ("vga", "="), ("bochs", "="), ("ramfb", "="), ("*", "vga")]),
    ),
    dropped("model.@heads", CLUSTER),
    dropped("model.@primary", CLUSTER),
    dropped("model.@ram", CLUSTER),
    dropped("model.@vram", CLUSTER),
    dropped("model.@vgamem", CLUSTER),
    dropped("driver", CLUSTER),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

/// The conditions of devices that KubeVirt can pass to a guest, and that are no graphics cards.
const PASSED: &[(&str, &[&str])] = &[("@mode", &["", "subsystem"]), ("@type", &["pci", "usb", "mdev"]), ("gpu", &[""])];

const HOSTDEV: &[Row] = &[
    row("", domain!("devices.gpus[].name"), Filled("{item}")).when(&[("gpu", &["*"])]),
    row("", domain!("devices.hostDevices[].name"), Filled("{item}")).when(PASSED),
    row("gpu", domain!("devices.gpus[].deviceName"), Text),
    row("host-device", domain!("devices.hostDevices[].deviceName"), Text),
    dropped("source", "replaced by the resource name").when(&[("gpu", &["*"])]),
    dropped("source", "replaced by the resource name").when(&[("host-device", &["*"])]),
    row("source", domain!("devices.hostDevices[].deviceName"), Filled("nixvirt/{domain}-{item}")).note(Needs(
        "needs the device under `permittedHostDevices` of the cluster, with the resource name nixvirt/{domain}-{item}",
    )),
    dropped("@mode", "KubeVirt identifies devices by resource names"),
    dropped("@type", "KubeVirt identifies devices by resource names"),
    dropped("@managed", CLUSTER),
    dropped("@model", CLUSTER),
    dropped("@display", CLUSTER),
    dropped("source", "replaced by the resource name"),
    dropped("driver", CLUSTER),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const TPM: &[Row] = &[
    row("", domain!("devices.tpm.persistent"), True),
    dropped("@model", CLUSTER),
    row("backend.@type", "", Words(&[("emulator", "")])),
    row("backend.@version", "", Words(&[("2.0", "")])),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const WATCHDOG: &[Row] = &[
    row("", domain!("devices.watchdog.name"), Filled("{item}")).when(&[("@model", &["i6300esb", "diag288"])]),
    dropped("", "always there on q35").when(&[("@model", &["itco"])]),
    dropped("@model", "becomes the key `i6300esb` or `diag288` of the watchdog"),
    row(
        "@action",
        domain!("devices.watchdog.i6300esb.action"),
        Words(&[("reset", "="), ("shutdown", "="), ("poweroff", "="), ("*", "reset")]),
    )
    .when(&[("@model", &["i6300esb"])]),
    row(
        "@action",
        domain!("devices.watchdog.diag288.action"),
        Words(&[("reset", "="), ("shutdown", "="), ("poweroff", "="), ("*", "reset")]),
    )
    .when(&[("@model", &["diag288"])]),
    dropped("alias", CLUSTER),
    dropped("address", CLUSTER),
];

const PANIC: &[Row] = &[
    row("@model", domain!("devices.panicDevices[].model"), Words(&[("isa", "="), ("hyperv", "="), ("pvpanic", "=")])),
    dropped("address", CLUSTER),
    dropped("alias", CLUSTER),
];
