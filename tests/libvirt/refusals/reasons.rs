//! Examples on which libvirt and the rules differ, with the reasons.

/// libvirt defines the object and cannot start it.
const START: &str = "libvirt defines it, and refuses to start it";

/// Only libvirt's schema refuses it.
const SCHEMA: &str = "libvirt's schema refuses it, and libvirt does not read it";

/// The types refuse it, and leave it out of the XML.
const TYPES: &str = "the XML lacks what the types refuse";

/// The test runs all domains in software emulation.
const EMULATED: &str = "the test runs all domains in software emulation";

/// Codes of rules whose invalid example libvirt defines.
pub const ACCEPTED: &[(&str, &str)] = &[
    ("unknown-attribute", TYPES),
    ("unknown-word", TYPES),
    ("bad-form", TYPES),
    ("unrepresentable-size", TYPES),
    ("not-well-formed", TYPES),
    ("said-twice", TYPES),
    ("channel-name-taken", START),
    ("controller-nvme-address", START),
    ("controller-nvme-serial-length", START),
    ("controller-pcihole64-root", SCHEMA),
    ("cpu-passthrough-emulated", START),
    ("device-name-character", START),
    ("device-name-too-long", START),
    ("dhcp-host-mac-and-id", SCHEMA),
    ("disk-dpofua-cdrom", START),
    ("disk-histogram-bins", START),
    ("disk-mirror-format", SCHEMA),
    ("disk-mirror-job", SCHEMA),
    ("disk-mirror-type", SCHEMA),
    ("disk-nvme-geometry", START),
    ("disk-nvme-serial-length", START),
    ("disk-ssh-identity-or-auth", SCHEMA),
    ("disk-ssh-keyfile-or-agentsock", SCHEMA),
    ("feature-tcg-type", EMULATED),
    ("filesystem-dir-or-socket", SCHEMA),
    ("filesystem-driver-part", SCHEMA),
    ("fwcfg-file-and-value", SCHEMA),
    ("graphics-port-taken", START),
    ("graphics-twice", START),
    ("interface-driver-mixed", SCHEMA),
    ("interface-driver-model", SCHEMA),
    ("interface-queues-type", START),
    ("interface-vds", START),
    ("iommu-bus", START),
    ("iommu-bus-taken", START),
    ("iommu-granule-mode-or-size", SCHEMA),
    ("iommu-granule-unit", SCHEMA),
    ("iommu-intel-bits", START),
    ("iommu-second-arm", START),
    ("iommu-second-x86", START),
    ("ip-address-taken", START),
    ("memory-source-mixed", SCHEMA),
    ("nvram-path", SCHEMA),
    ("nwfilter-two-protocols", SCHEMA),
    ("pool-dir-absolute", SCHEMA),
    ("pool-hosts", START),
    ("reconnect-timeout-needs-enabled", SCHEMA),
    ("serial-port-number", START),
    ("smm-tseg", SCHEMA),
    ("source-usb-address", SCHEMA),
    ("source-without-bridge", SCHEMA),
    ("source-without-network", SCHEMA),
    ("vnc-socket", SCHEMA),
];

/// Codes of rules whose valid example the libvirt of this host refuses.
pub const NOT_TAKEN: &[(&str, &str)] = &[
    ("adapter-name-or-parentaddr", "this libvirt is built without pools of SCSI adapters"),
    ("address-ccw", "such addresses are those of s390x"),
    ("cachetune-number", EMULATED),
    ("cputune-monitors-mixed", EMULATED),
    ("cputune-shares-mixed", EMULATED),
    ("cputune-shares-twice", EMULATED),
    ("encryption-cipher-ivgen", "the host lacks the secret"),
    ("encryption-cipher-mode-hash", "the host lacks the secret"),
    ("forward-address-taken", "the host lacks the device"),
    ("forward-interface-and-address", "the host lacks the device"),
    ("graphics-desktop-fullscreen", "QEMU has no display of this type"),
    ("launch-security-policy", "the host lacks AMD SEV"),
    ("memorytune-node", EMULATED),
    ("nvram-or-varstore", "the host lacks firmware with such variables"),
    ("os-container-boots", "QEMU runs no containers"),
    ("os-varstore-bios", "the host lacks firmware with such variables"),
    ("pool-adapter-parent", "this libvirt is built without pools of SCSI adapters"),
    ("pool-initiator", "this libvirt is built without pools of this type"),
    ("pool-secret-uuid", "this libvirt is built without pools of this type"),
    ("snapshot-startup-policy", "the host lacks the device"),
];

/// Documents of libvirt's tests that libvirt defines and NixVirt refuses.
pub const TAKEN_BY_LIBVIRT: &[(&str, &str)] = &[
    ("genericxml2xmlindata/name-slash-fail.xml", "the test gives the domain another name"),
    ("qemuxmlconfdata/cpu-qemu-host-passthrough.x86_64-latest.xml", "libvirt cannot start it without KVM"),
    ("qemuxmlconfdata/cpu-qemu-host-passthrough.xml", "libvirt cannot start it without KVM"),
    ("qemuxmlconfdata/disk-cdrom-empty-network-invalid.xml", "libvirt empties a drive whose type has no source"),
    (
        "qemuxmlconfdata/disk-network-iscsi-zero-hosts-invalid.x86_64-latest.xml",
        "libvirt cannot start it without a host",
    ),
    ("qemuxmlconfdata/disk-network-iscsi-zero-hosts-invalid.xml", "libvirt cannot start it without a host"),
    ("qemuxmlconfdata/smbios-uuid-match.xml", "the test leaves out the UUID of the domain"),
];
