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
use firmware::{Loader, OsFirmware, OsFirmwareKind, OsNvram};
use nixvirt_schema_derive::{element, values};

/// How the guest boots.
#[element(rules)]
pub struct Os {
    /// How the guest meets its operating system.
    #[form]
    pub r#type: OsType,
    /// A kernel of the host to boot at once, without firmware or boot loader.
    pub kernel: Option<OsFile>,
    /// The initial RAM disk for `kernel`.
    pub initrd: Option<OsFile>,
    /// What to pass to `kernel`.
    pub cmdline: Option<OsCmdline>,
    /// The shim that checks `kernel` where the firmware insists on secure boot. Since libvirt 11.2.
    pub shim: Option<OsShim>,
    /// The device tree for `kernel`.
    pub dtb: Option<OsFile>,
    /// The root that `kernel` is told of.
    pub root: Option<OsFile>,
}

/// How a guest meets its operating system.
#[element("type", within = "type")]
pub enum OsType {
    /// As on real hardware: firmware finds a boot loader, which loads any system.
    Hvm {
        /// The processor architecture; the host's own when absent.
        #[within = "type"]
        arch: Option<Arch>,
        /// The board that is emulated, such as `q35`; the architecture's usual one when absent.
        #[within = "type"]
        machine: Option<MachineName>,
        /// The kind of firmware, for which libvirt finds the files by itself.
        firmware: Option<OsFirmwareKind>,
        /// What the firmware that libvirt finds must or must not have.
        #[name = "firmware"]
        firmware_features: Option<OsFirmware>,
        /// The firmware's code, where libvirt is not to find it.
        loader: Option<Loader>,
        /// What keeps the firmware's variables.
        nvram: Option<OsNvram>,
        /// Tables that the guest's ACPI gets in addition.
        acpi: Option<OsAcpi>,
        /// What to boot from; several are tried in their order. A device's own `boot` says it better.
        boot: Vec<OsBoot>,
        /// Whether the firmware shows a menu of what to boot from.
        bootmenu: Option<OsBootmenu>,
        /// Settings of the SeaBIOS firmware.
        bios: Option<OsBios>,
        /// What the guest reads in its SMBIOS tables.
        smbios: Option<OsSmbios>,
    },
    /// As a container, which starts a program.
    Exe {
        /// The processor architecture; the host's own when absent.
        #[within = "type"]
        arch: Option<Arch>,
        /// The program to start; `/sbin/init` when absent.
        init: Option<OsFile>,
        /// An argument for `init`.
        #[child]
        initarg: Vec<String>,
        /// A variable in the environment of `init`.
        initenv: Vec<InitEnv>,
        /// The folder in which `init` starts.
        #[child]
        initdir: Option<AbsolutePath>,
        /// The user that runs `init`, by name or number.
        #[child]
        inituser: Option<Token>,
        /// The group that runs `init`, by name or number.
        #[child]
        initgroup: Option<Token>,
    },
    /// With a kernel that knows it runs on Xen.
    Xen {
        /// The processor architecture; the host's own when absent.
        #[within = "type"]
        arch: Option<XenArch>,
        /// The board that Xen gives the guest.
        #[within = "type"]
        machine: Option<XenMachine>,
    },
    /// With a kernel that knows it runs on Xen: the old word for `xen`.
    Linux {
        /// The processor architecture; the host's own when absent.
        #[within = "type"]
        arch: Option<XenArch>,
        /// The board that Xen gives the guest.
        #[within = "type"]
        machine: Option<XenMachine>,
    },
    /// With a kernel that knows it runs on Xen, helped by the processor.
    Xenpvh {
        /// The processor architecture; the host's own when absent.
        #[within = "type"]
        arch: Option<XenArch>,
        /// The board that Xen gives the guest.
        #[within = "type"]
        machine: Option<XenMachine>,
    },
}

/// A processor architecture that Xen has.
#[values]
pub enum XenArch {
    /// 32-bit PC.
    I686,
    /// 64-bit PC.
    #[xml = "x86_64"]
    X86_64,
    /// Intel Itanium.
    Ia64,
}

/// A board that Xen gives a guest.
#[values]
pub enum XenMachine {
    /// Paravirtual throughout.
    Xenpv,
    /// Fully virtual.
    Xenfv,
    /// Paravirtual with the processor's help.
    Xenpvh,
}

/// A variable in the environment of a container's first program.
#[element]
pub struct InitEnv {
    /// Its name.
    pub name: VariableName,
    /// What it holds.
    #[text]
    pub value: Option<String>,
}

/// A file of the host that the guest boots with.
#[element]
pub struct OsFile {
    /// Its path.
    #[text]
    pub path: AbsolutePath,
}

/// What a kernel is told when it starts.
#[element]
pub struct OsCmdline {
    /// The options, on one line.
    #[text]
    pub options: String,
}

/// The shim that checks a kernel.
#[element]
pub struct OsShim {
    /// Its path.
    #[text]
    pub path: String,
}

/// Tables that the guest's ACPI gets in addition.
#[element]
pub struct OsAcpi {
    /// A file with such tables.
    pub table: Vec<AcpiTable>,
}

/// A file with an ACPI table.
#[element]
pub struct AcpiTable {
    /// What is in the file.
    pub r#type: AcpiTableType,
    /// The file's path.
    #[text]
    pub path: AbsolutePath,
}

/// What a file with an ACPI table holds.
#[values]
pub enum AcpiTableType {
    /// One table of any kind. Since libvirt 11.2.
    Raw,
    /// Several tables, one after the other. Since libvirt 11.2.
    Rawset,
    /// The table by which old Windows knows its licence.
    Slic,
    /// The table that holds the key of a newer Windows. Since libvirt 11.2.
    Msdm,
}

patterns! {
    /// The name of an emulated board.
    MachineName = "a machine such as q35: letters, digits and _ . -", r"[a-zA-Z0-9_.\-]+", |text| all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    /// The name of an environment variable.
    VariableName = "a variable's name: letters, digits and _, no digit first", r"[a-zA-Z_]+[a-zA-Z0-9_]*";
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
            report.error(part, "os-container-boots", "is not for a container, which starts its init instead");
        }
        let message = "inituser and initgroup are given together or not at all";
        match (form.inituser(), form.initgroup()) {
            (Some(_), None) => report.missing(self.value(), "initgroup", message),
            (None, Some(_)) => report.missing(self.value(), "inituser", message),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::json;
    use crate::engine::render::render;
    use crate::kind::Kind;

    fn rendered(os: &str) -> (String, Vec<String>) {
        let text = format!(r#"{{ "type": "kvm", "name": "vm", "os": {os} }}"#);
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
        assert_eq!(problems, ["os.firmware.feature: is empty and must not be: a set"]);
    }
}
