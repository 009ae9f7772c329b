//! What libvirt refuses because of the host.

/// Parts of libvirt's messages, each with the reason.
const REASONS: &[(&str, &str)] = &[
    (
        "backing storage not supported for raw volumes",
        "only the volumes of other pools have an image below them without a format",
    ),
    ("unknown volume format type", "only the volumes of other pools have the format"),
    ("launch security is not supported with this QEMU binary", "the host lacks the protection"),
    ("Maximum CPUs greater than specified machine type limit", "this QEMU's machine has fewer CPUs"),
    ("TLS is disabled in qemu.conf", "the host's `qemu.conf` enables no TLS for SPICE"),
    ("Cannot check QEMU binary", "the host lacks the emulator"),
    ("is not executable", "the host lacks the emulator"),
    ("graphics are not supported with this QEMU", "this QEMU is built without the display"),
    ("by virtio-scsi controller", "the SCSI controller of this QEMU is of another model by default"),
    ("by virtio-scsi and nvme controllers", "the SCSI controller of this QEMU is of another model by default"),
    ("for controller model 'lsilogic'", "the SCSI controller of this QEMU is of another model by default"),
    ("for virtio-scsi controller", "the SCSI controller of this QEMU is of another model by default"),
    ("does not support video model", "this QEMU is built without the device"),
    ("cannot exceed the number supported by the host CPU", "the CPU of the host has fewer address bits"),
    ("firmware that is compatible with the current configuration", "the host lacks the firmware"),
    ("crypto backend lkcf is not supported", "this QEMU is built without the backend"),
    ("this QEMU does not support the 'genid' capability", "this QEMU is built without the device"),
    ("unable to control COW flag", "the host lacks a file system that copies on write"),
    ("does not accept value", "the host lacks the cipher"),
    ("Could not open backing image", "the image of the host has another format"),
    ("Configuring the 'armvtimer' timer is not supported", "the test runs all domains in software emulation"),
    (
        "Migratable attribute for host-passthrough CPU is not supported",
        "the test runs all domains in software emulation",
    ),
    ("lacks multiple smartcard support", "this QEMU has one reader of smart cards"),
    ("is not an SR-IOV Virtual Function", "the host lacks the network card"),
    ("ACPI requires UEFI on this architecture", "the host has no firmware with the path of the loader"),
    ("sgx epc isn't supported by this QEMU binary", "the host lacks SGX"),
    ("failed to remove nvram", "the host has a folder in place of the file"),
    ("Secret not found", "the host lacks the secret"),
    ("inaccessible backing store volume", "the host lacks the image"),
    ("unable to find ploop", "the host lacks the tools of the format"),
];

/// The reason why libvirt refuses an object, if it is known.
pub fn reason(message: &str) -> Option<&'static str> {
    REASONS.iter().find(|(part, _)| message.contains(part)).map(|(_, reason)| *reason)
}
