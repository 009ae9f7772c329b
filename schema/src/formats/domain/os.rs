//! `<os>`: [Operating system booting](https://libvirt.org/formatdomain.html#operating-system-booting).

pub mod arch;
pub mod boot;
pub mod firmware;

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsolutePath, Token, all};
use arch::Arch;
use boot::{OsBios, OsBoot, OsBootmenu, OsSmbios};
use firmware::{Loader, OsFirmware, OsFirmwareKind, OsNvram, OsVarstore};
use nixvirt_schema_derive::{element, values};

/// Boot configuration of the guest.
#[element(rules)]
pub struct Os {
    /// Kind of guest: full virtualization, container or paravirtualization.
    #[form]
    pub r#type: OsType,
    /// Kernel file on the host, booted directly without firmware or boot loader.
    pub kernel: Option<OsFile>,
    /// Initial RAM disk for `kernel`.
    pub initrd: Option<OsFile>,
    /// Command line for `kernel`.
    pub cmdline: Option<OsCmdline>,
    /// Shim that verifies `kernel` if the firmware enforces Secure Boot.
    #[since = "11.2"]
    pub shim: Option<OsShim>,
    /// Device tree for `kernel`.
    pub dtb: Option<OsFile>,
    /// Root file system passed to `kernel`.
    pub root: Option<OsFile>,
}

/// Kind of guest: full virtualization, container or paravirtualization.
#[element("type", within = "type")]
pub enum OsType {
    /// Full virtualization: firmware starts a boot loader, as on real hardware. Runs any operating system.
    Hvm {
        /// CPU architecture of the guest. Defaults to the host's architecture.
        #[within = "type"]
        arch: Option<Arch>,
        /// Machine type to emulate, such as `q35`. Defaults to the usual machine type of the architecture.
        #[within = "type"]
        machine: Option<MachineName>,
        /// Kind of firmware. libvirt chooses the firmware files.
        firmware: Option<OsFirmwareKind>,
        /// Features that the firmware chosen by libvirt must have or must not have.
        #[name = "firmware"]
        firmware_features: Option<OsFirmware>,
        /// Firmware code to use instead of firmware chosen by libvirt.
        loader: Option<Loader>,
        /// Storage of the firmware's variables.
        nvram: Option<OsNvram>,
        /// Storage of the firmware's variables in QEMU's `uefi-vars` device. Cannot be combined with `nvram`.
        #[since = "12.1"]
        varstore: Option<OsVarstore>,
        /// Additional ACPI tables for the guest.
        acpi: Option<OsAcpi>,
        /// Kind of device to boot from. Several kinds are tried in order. The `boot` element of a device is more
        /// precise.
        boot: Vec<OsBoot>,
        /// Menu of boot devices shown by the firmware.
        bootmenu: Option<OsBootmenu>,
        /// Settings of the SeaBIOS firmware.
        bios: Option<OsBios>,
        /// Source of the guest's SMBIOS tables.
        smbios: Option<OsSmbios>,
    },
    /// Container: starts a program.
    Exe {
        /// CPU architecture of the container. Defaults to the host's architecture.
        #[within = "type"]
        arch: Option<Arch>,
        /// Program to start in the container. Defaults to `/sbin/init`.
        init: Option<OsFile>,
        /// Argument for `init`.
        #[child]
        initarg: Vec<String>,
        /// Environment variable for `init`.
        initenv: Vec<InitEnv>,
        /// Working directory of `init`.
        #[child]
        initdir: Option<AbsolutePath>,
        /// User that runs `init`, as a name or number.
        #[child]
        inituser: Option<Token>,
        /// Group that runs `init`, as a name or number.
        #[child]
        initgroup: Option<Token>,
    },
    /// Xen paravirtualization: the kernel must support Xen.
    Xen {
        /// CPU architecture of the guest. Defaults to the host's architecture.
        #[within = "type"]
        arch: Option<XenArch>,
        /// Machine type that Xen provides.
        #[within = "type"]
        machine: Option<XenMachine>,
    },
    /// Xen paravirtualization: the kernel must support Xen. Legacy name of `xen`.
    Linux {
        /// CPU architecture of the guest. Defaults to the host's architecture.
        #[within = "type"]
        arch: Option<XenArch>,
        /// Machine type that Xen provides.
        #[within = "type"]
        machine: Option<XenMachine>,
    },
    /// Xen paravirtualization with hardware assistance (PVH): the kernel must support Xen.
    Xenpvh {
        /// CPU architecture of the guest. Defaults to the host's architecture.
        #[within = "type"]
        arch: Option<XenArch>,
        /// Machine type that Xen provides.
        #[within = "type"]
        machine: Option<XenMachine>,
    },
}

/// CPU architecture supported by Xen.
#[values]
pub enum XenArch {
    /// 32-bit x86.
    I686,
    /// 64-bit x86.
    #[xml = "x86_64"]
    X86_64,
    /// Intel Itanium.
    Ia64,
}

/// Machine type that Xen provides.
#[values]
pub enum XenMachine {
    /// Paravirtual machine.
    Xenpv,
    /// Fully virtualized machine.
    Xenfv,
    /// Paravirtual machine with hardware assistance (PVH).
    Xenpvh,
}

/// Environment variable for the first program of a container.
#[element]
pub struct InitEnv {
    /// Name of the environment variable.
    pub name: VariableName,
    /// Value of the environment variable.
    #[text]
    pub value: Option<String>,
}

/// File on the host that the guest boots with.
#[element]
pub struct OsFile {
    /// Path of the file on the host.
    #[text]
    pub path: AbsolutePath,
}

/// Command line of a kernel.
#[element]
pub struct OsCmdline {
    /// Kernel options, on one line.
    #[text]
    pub options: String,
}

/// Shim that verifies a kernel for Secure Boot.
#[element]
pub struct OsShim {
    /// Path of the shim on the host.
    #[text]
    pub path: String,
}

/// Additional ACPI tables for the guest.
#[element]
pub struct OsAcpi {
    /// File with ACPI tables for the guest.
    pub table: Vec<AcpiTable>,
}

/// File with ACPI tables for the guest.
#[element]
pub struct AcpiTable {
    /// Kind of content of the file.
    pub r#type: AcpiTableType,
    /// Path of the file on the host.
    #[text]
    pub path: AbsolutePath,
}

/// Kind of content of a file with ACPI tables.
#[values]
pub enum AcpiTableType {
    /// Single ACPI table of any kind.
    #[since = "11.2"]
    Raw,
    /// Several concatenated ACPI tables.
    #[since = "11.2"]
    Rawset,
    /// License table (SLIC) of older Windows versions.
    Slic,
    /// Product key table (MSDM) of newer Windows versions.
    #[since = "11.2"]
    Msdm,
}

patterns! {
    /// Name of an emulated machine type.
    MachineName = "machine type", "letters, digits, \"_\", \".\" or \"-\", e.g. q35", r"[a-zA-Z0-9_.\-]+", |text| all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    /// Name of an environment variable.
    VariableName = "variable name", "letters, digits or \"_\", not starting with a digit", r"[a-zA-Z_]+[a-zA-Z0-9_]*";
}

impl View<'_, Os> {
    fn rules(self, report: &mut Report<'_>) {
        let form = self.r#type();
        let is_container = form.r#type().and_then(Read::text).as_deref() == Some("exe");
        let kernel = [
            self.kernel().map(Read::value),
            self.initrd().map(Read::value),
            self.cmdline().map(Read::value),
            self.shim().map(Read::value),
            self.dtb().map(Read::value),
            self.root().map(Read::value),
        ];
        for part in kernel.into_iter().flatten().filter(|_| is_container) {
            let message = format!("`{}` has no effect in a container, which starts `os.init`: remove it", part.key());
            report.error(part, "os-container-boots", message);
        }
        let missing = match (form.inituser(), form.initgroup()) {
            (Some(_), None) => "initgroup",
            (None, Some(_)) => "inituser",
            _ => return,
        };
        report.missing(self.value(), missing, "`inituser` and `initgroup` require each other");
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::json;
    use crate::engine::render::render;
    use crate::kind::Kind;

    fn rendered(os: &str) -> (String, Vec<String>) {
        let text = format!(
            r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": {os}, "features": {{ "acpi": true }} }}"#
        );
        let spec = json::parse(&text).expect("it is JSON");
        let rendered = render(Kind::Domain, &spec);
        let problems = rendered.report.findings().locate(|_| None);
        (rendered.xml, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_type_is_lifted_out_of_its_element() {
        let (xml, problems) = rendered(r#"{ "machine": "q35", "type": "hvm", "arch": "x86_64", "firmware": "efi" }"#);
        assert_eq!(problems, [""; 0]);
        assert!(xml.contains("<os firmware='efi'>\n    <type arch='x86_64' machine='q35'>hvm</type>\n"), "{xml}");
    }

    #[test]
    fn the_type_decides_about_the_rest() {
        let (_, problems) = rendered(r#"{ "type": "exe", "bootmenu": { "enable": true }, "kernel": "/vmlinuz" }"#);
        assert_eq!(problems.len(), 2, "{problems:?}");
        let (_, problems) = rendered(r#"{ "type": "hvm", "firmware": { "feature": [] } }"#);
        let empty = "error[missing]: os.firmware.feature: \"feature\" must not be empty: expected a set, e.g. { enabled = …; name = …; }";
        assert_eq!(problems, [empty]);
    }
}
