//! What drivers take beyond libvirt's own format: [QEMU](https://libvirt.org/drvqemu.html),
//! [LXC](https://libvirt.org/drvlxc.html), [Xen](https://libvirt.org/drvxen.html) and
//! [bhyve](https://libvirt.org/drvbhyve.html).

use crate::engine::pattern::patterns;
use nixvirt_schema_derive::{element, values};

/// Arguments and environment variables passed to QEMU unchanged. libvirt does not track their effects.
#[element]
pub struct QemuCommandline {
    /// Command-line argument for QEMU.
    #[xml = "qemu:arg"]
    pub arg: Vec<CommandlineArg>,
    /// Environment variable for QEMU.
    #[xml = "qemu:env"]
    pub env: Vec<CommandlineEnv>,
}

/// Command-line argument for a program.
#[element]
pub struct CommandlineArg {
    /// Text of the argument.
    #[placeholders]
    pub value: String,
}

/// Environment variable for a program.
#[element]
pub struct CommandlineEnv {
    /// Name of the environment variable.
    pub name: CommandlineEnvName,
    /// Value of the environment variable. Defaults to an empty value.
    #[placeholders]
    pub value: Option<String>,
}

/// QEMU capabilities that libvirt assumes or ignores, for testing libvirt.
#[element]
pub struct QemuCapabilities {
    /// QEMU capability that libvirt assumes.
    #[xml = "qemu:add"]
    pub add: Vec<QemuCapability>,
    /// QEMU capability that libvirt ignores.
    #[xml = "qemu:del"]
    pub del: Vec<QemuCapability>,
}

/// QEMU capability, as named by libvirt.
#[element]
pub struct QemuCapability {
    /// libvirt's name of the QEMU capability.
    pub capability: String,
}

/// Handling of deprecated commands by QEMU, for testing libvirt.
#[element]
pub struct QemuDeprecation {
    /// QEMU's behavior for deprecated commands.
    pub behavior: QemuDeprecationBehavior,
}

/// QEMU's behavior for deprecated commands.
#[values]
pub enum QemuDeprecationBehavior {
    /// Accept deprecated commands as usual.
    None,
    /// Accept deprecated commands, and omit deprecated fields from replies.
    Omit,
    /// Reject deprecated commands.
    Reject,
    /// Crash on deprecated commands.
    Crash,
}

/// Changes to the device properties that libvirt passes to QEMU.
#[element]
pub struct QemuOverride {
    /// Property changes of one device.
    #[xml = "qemu:device"]
    pub device: Vec<QemuOverrideDevice>,
}

/// Property changes of one device.
#[element]
pub struct QemuOverrideDevice {
    /// Alias of the device to change.
    pub alias: String,
    /// Property changes of the device's frontend, the part visible to the guest.
    #[xml = "qemu:frontend"]
    pub frontend: Option<QemuOverrideFrontend>,
}

/// Property changes of a device's frontend, the part visible to the guest.
#[element]
pub struct QemuOverrideFrontend {
    /// Change of one property of the device.
    #[xml = "qemu:property"]
    pub property: Vec<QemuOverrideProperty>,
}

/// Change of one property of a device.
#[element]
pub struct QemuOverrideProperty {
    /// QEMU's name of the property.
    pub name: String,
    /// Type of the property's value.
    pub r#type: QemuOverrideType,
    /// Value of the property. Not allowed if `type` is `remove`.
    pub value: Option<String>,
}

/// Type of a property's value.
#[values]
pub enum QemuOverrideType {
    /// Text value.
    String,
    /// Signed integer.
    Signed,
    /// Unsigned integer, at least 0.
    Unsigned,
    /// `true` or `false`.
    Bool,
    /// No value: the property is not set.
    Remove,
}

/// Namespaces that the container shares with another container or with the host.
#[element]
pub struct LxcNamespace {
    /// Shared network namespace.
    #[xml = "lxc:sharenet"]
    pub sharenet: Option<LxcSharenet>,
    /// Shared namespace for inter-process communication.
    #[xml = "lxc:shareipc"]
    pub shareipc: Option<LxcShare>,
    /// Shared host name.
    #[xml = "lxc:shareuts"]
    pub shareuts: Option<LxcShare>,
}

/// Network namespace that a container shares.
#[element]
pub struct LxcSharenet {
    /// Kind of reference in `value`.
    pub r#type: LxcSharenetType,
    /// Network namespace to share, as a namespace name, container name or process ID.
    pub value: String,
}

/// Kind of reference to a network namespace.
#[values]
pub enum LxcSharenetType {
    /// Name of a network namespace, as created by `ip netns`.
    Netns,
    /// Name of another container.
    Name,
    /// Process ID.
    Pid,
}

/// Namespace that a container shares.
#[element]
pub struct LxcShare {
    /// Kind of reference in `value`.
    pub r#type: LxcShareType,
    /// Container name or process ID to share the namespace with.
    pub value: String,
}

/// Kind of reference to a shared namespace.
#[values]
pub enum LxcShareType {
    /// Name of another container.
    Name,
    /// Process ID.
    Pid,
}

/// Arguments passed to Xen's device model unchanged.
#[element]
pub struct XenCommandline {
    /// Command-line argument for Xen's device model.
    #[xml = "xen:arg"]
    pub arg: Vec<CommandlineArg>,
}

/// Arguments passed to bhyve unchanged.
#[element]
pub struct BhyveCommandline {
    /// Command-line argument for bhyve.
    #[xml = "bhyve:arg"]
    pub arg: Vec<CommandlineArg>,
}

patterns! {
    /// Name of an environment variable.
    CommandlineEnvName = "variable name", "letters, digits or \"_\", not starting with a digit", r"[a-zA-Z_][a-zA-Z0-9_]*";
}

#[cfg(test)]
mod tests {
    use crate::engine::json;
    use crate::engine::render::render;
    use crate::kind::Kind;

    #[test]
    fn each_namespace_is_declared_once() {
        let spec = json::parse(
            r#"{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": { "type": "hvm" }, "qemu-capabilities": true,
                 "qemu-commandline": { "arg": [{ "value": "-S" }], "env": { "name": "A" } } }"#,
        );
        let xml = render(Kind::Domain, &spec.expect("it is JSON")).xml;
        assert_eq!(xml.matches("xmlns:qemu=").count(), 1, "{xml}");
        assert!(xml.contains("<qemu:arg value='-S'/>"), "{xml}");
    }
}
