//! Sections of the pages of libvirt's manual, by the fields that they describe.

/// Paths of fields with blanks between them, and the anchor of the section that describes them and what is below them. An empty
/// path is the object itself.
pub type Section = (&'static str, &'static str);

/// Returns the anchor of the section that describes a field: that of the longest path.
pub fn anchor(sections: &[Section], path: &str) -> Option<&'static str> {
    let is_below =
        |of: &str| of.is_empty() || path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let all = sections.iter().flat_map(|(paths, anchor)| paths.split(' ').map(move |of| (of, *anchor)));
    all.filter(|(of, _)| is_below(of)).max_by_key(|(of, _)| of.len()).map(|(_, anchor)| anchor)
}

/// Sections about domains.
pub const DOMAIN: &[Section] = &[
    ("name uuid genid hwuuid title description metadata", "general-metadata"),
    ("os", "operating-system-booting"),
    ("os.bootmenu os.boot os.bios os.loader os.nvram", "bios-bootloader"),
    ("os.kernel os.initrd os.cmdline os.dtb os.shim", "direct-kernel-boot"),
    ("os.init os.initarg os.initenv os.initdir os.inituser os.initgroup idmap", "container-boot"),
    ("os.smbios sysinfo", "smbios-system-information"),
    ("bootloader bootloader_args", "host-bootloader"),
    ("vcpu vcpus", "cpu-allocation"),
    ("iothreads iothreadids defaultiothread", "iothreads-allocation"),
    ("cputune", "cpu-tuning"),
    ("memory currentMemory maxMemory", "memory-allocation"),
    ("memoryBacking", "memory-backing"),
    ("memtune", "memory-tuning"),
    ("numatune", "numa-node-tuning"),
    ("blkiotune", "block-i-o-tuning"),
    ("resource", "resource-partitioning"),
    ("resource.fibrechannel", "fibre-channel-vmid"),
    ("cpu", "cpu-model-and-topology"),
    ("on_poweroff on_reboot on_crash on_lockfailure", "events-configuration"),
    ("pm", "power-management"),
    ("throttlegroups", "disk-throttle-group-management"),
    ("features", "hypervisor-features"),
    ("clock", "time-keeping"),
    ("perf", "performance-monitoring-events"),
    ("seclabel", "security-label"),
    ("keywrap", "key-wrap"),
    ("launchSecurity", "launch-security"),
    ("devices", "devices"),
    ("devices.disk", "hard-drives-floppy-disks-cdroms"),
    ("devices.filesystem", "filesystems"),
    ("devices.controller", "controllers"),
    ("devices.lease", "device-leases"),
    ("devices.hostdev", "host-device-assignment"),
    ("devices.redirdev devices.redirfilter", "redirected-devices"),
    ("devices.smartcard", "smartcard-devices"),
    ("devices.interface", "network-interfaces"),
    ("devices.interface.backend", "setting-network-backend-specific-options"),
    ("devices.interface.bandwidth", "quality-of-service"),
    ("devices.interface.coalesce", "coalesce-settings"),
    ("devices.interface.driver", "setting-nic-driver-specific-options"),
    ("devices.interface.filterref", "traffic-filtering-with-nwfilter"),
    ("devices.interface.ip devices.interface.route", "ip-configuration"),
    ("devices.interface.link", "modifying-virtual-link-state"),
    ("devices.interface.model", "setting-the-nic-model"),
    ("devices.interface.mtu", "mtu-configuration"),
    ("devices.interface.port", "isolating-guests-network-traffic-from-each-other"),
    ("devices.interface.target", "overriding-the-target-element"),
    ("devices.interface.teaming", "teaming-a-virtio-hostdev-nic-pair"),
    ("devices.interface.vlan", "setting-vlan-tag-on-supported-network-types-only"),
    ("devices.input", "input-devices"),
    ("devices.hub", "hub-devices"),
    ("devices.graphics", "graphical-framebuffers"),
    ("devices.video", "video-devices"),
    ("devices.console", "console"),
    ("devices.serial", "serial-port"),
    ("devices.parallel", "parallel-port"),
    ("devices.channel", "channel"),
    ("devices.sound", "sound-devices"),
    ("devices.audio", "audio-backends"),
    ("devices.watchdog", "watchdog-devices"),
    ("devices.memballoon", "memory-balloon-device"),
    ("devices.rng", "random-number-generator-device"),
    ("devices.tpm", "tpm-device"),
    ("devices.nvram", "nvram-device"),
    ("devices.panic", "panic-device"),
    ("devices.shmem", "shared-memory-device"),
    ("devices.memory", "memory-devices"),
    ("devices.iommu", "iommu-devices"),
    ("devices.vsock", "vsock"),
    ("devices.crypto", "crypto"),
    ("devices.pstore", "pstore"),
];

/// Sections about networks.
pub const NETWORK: &[Section] = &[
    ("name uuid title description metadata ipv6", "general-metadata"),
    ("bridge domain forward mtu virtualport", "connectivity"),
    ("bandwidth", "quality-of-service"),
    ("vlan", "setting-vlan-tag-on-supported-network-types-only"),
    ("port", "isolating-ports-from-one-another"),
    ("portgroup", "portgroups"),
    ("route", "static-routes"),
    ("mac dns ip", "addressing"),
];

/// Sections about pools.
pub const POOL: &[Section] = &[
    ("", "storage-pool-xml"),
    ("type name uuid allocation capacity available", "storage-pool-general-metadata"),
    ("features", "features"),
    ("source", "source-elements"),
    ("target", "storage-pool-target-elements"),
    ("refresh", "refresh-overrides"),
    ("fs-mount_opts rbd-config_opts", "storage-pool-namespaces"),
];

/// Sections about volumes.
pub const VOLUME: &[Section] = &[
    ("", "storage-volume-xml"),
    ("name key allocation capacity physical", "storage-volume-general-metadata"),
    ("target", "storage-volume-target-elements"),
    ("backingStore", "backing-store-elements"),
    ("source", "device-extents"),
];

/// Sections about secrets.
pub const SECRET: &[Section] = &[("", "secret-xml")];

/// Sections about network filters.
pub const NWFILTER: &[Section] = &[
    ("chain", "filtering-chains"),
    ("priority", "filtering-chain-priorities"),
    ("filterref", "references-to-other-filters"),
    ("rule", "filter-rules"),
];

/// Sections about devices of the host.
pub const NODEDEV: &[Section] = &[("", "node-device-xml"), ("capability", "capability-types")];

/// Sections about snapshots.
pub const SNAPSHOT: &[Section] = &[("", "snapshot-xml")];

/// Sections about checkpoints.
pub const CHECKPOINT: &[Section] = &[("", "checkpoint-xml")];
