//! What drivers take beyond libvirt's own format: [QEMU](https://libvirt.org/drvqemu.html),
//! [LXC](https://libvirt.org/drvlxc.html), [Xen](https://libvirt.org/drvxen.html) and
//! [bhyve](https://libvirt.org/drvbhyve.html).

use crate::engine::pattern::patterns;
use nixvirt_schema_derive::{element, values};

/// What is passed to QEMU as it is. libvirt knows nothing of what it does.
#[element]
pub struct QemuCommandline {
    /// An argument.
    #[xml = "qemu:arg"]
    pub arg: Vec<CommandlineArg>,
    /// A variable in the environment.
    #[xml = "qemu:env"]
    pub env: Vec<CommandlineEnv>,
}

/// An argument for a program.
#[element]
pub struct CommandlineArg {
    /// The argument.
    pub value: String,
}

/// A variable in the environment of a program.
#[element]
pub struct CommandlineEnv {
    /// Its name.
    pub name: CommandlineEnvName,
    /// What it holds; nothing when absent.
    pub value: Option<String>,
}

/// What libvirt is to believe of QEMU's abilities, for tests of libvirt.
#[element]
pub struct QemuCapabilities {
    /// An ability to add.
    #[xml = "qemu:add"]
    pub add: Vec<QemuCapability>,
    /// An ability to take away.
    #[xml = "qemu:del"]
    pub del: Vec<QemuCapability>,
}

/// An ability of QEMU.
#[element]
pub struct QemuCapability {
    /// libvirt's name for it.
    pub capability: String,
}

/// What QEMU makes of commands that it will give up, for tests of libvirt.
#[element]
pub struct QemuDeprecation {
    /// What it does.
    pub behavior: QemuDeprecationBehavior,
}

/// What QEMU makes of commands that it will give up.
#[values]
pub enum QemuDeprecationBehavior {
    /// It takes them as ever.
    None,
    /// It takes them and leaves them out of what it answers.
    Omit,
    /// It refuses them.
    Reject,
    /// It dies of them.
    Crash,
}

/// What is changed in the devices that libvirt gives QEMU. Since libvirt 8.2.
#[element]
pub struct QemuOverride {
    /// The changes in one device.
    #[xml = "qemu:device"]
    pub device: Vec<QemuOverrideDevice>,
}

/// The changes in one device.
#[element]
pub struct QemuOverrideDevice {
    /// The device's alias.
    pub alias: String,
    /// The changes in what the guest sees.
    #[xml = "qemu:frontend"]
    pub frontend: Option<QemuOverrideFrontend>,
}

/// The changes in what the guest sees of a device.
#[element]
pub struct QemuOverrideFrontend {
    /// One change.
    #[xml = "qemu:property"]
    pub property: Vec<QemuOverrideProperty>,
}

/// A change of one property of a device.
#[element]
pub struct QemuOverrideProperty {
    /// QEMU's name for the property.
    pub name: String,
    /// What kind of value it gets.
    pub r#type: QemuOverrideType,
    /// The value; none where `type` is `remove`.
    pub value: Option<String>,
}

/// What kind of value a property gets.
#[values]
pub enum QemuOverrideType {
    /// A text.
    String,
    /// A whole number.
    Signed,
    /// A whole number of at least 0.
    Unsigned,
    /// `true` or `false`.
    Bool,
    /// None: the property is not set.
    Remove,
}

/// What a container shares with another, or with the host.
#[element]
pub struct LxcNamespace {
    /// The network.
    #[xml = "lxc:sharenet"]
    pub sharenet: Option<LxcSharenet>,
    /// The means by which processes talk to each other.
    #[xml = "lxc:shareipc"]
    pub shareipc: Option<LxcShare>,
    /// The host's name.
    #[xml = "lxc:shareuts"]
    pub shareuts: Option<LxcShare>,
}

/// Whose network a container has.
#[element]
pub struct LxcSharenet {
    /// What `value` is.
    pub r#type: LxcSharenetType,
    /// Whose it is.
    pub value: String,
}

/// How one says whose network a container has.
#[values]
pub enum LxcSharenetType {
    /// The name of a network namespace, as `ip netns` makes it.
    Netns,
    /// The name of another container.
    Name,
    /// The number of a process.
    Pid,
}

/// With whom a container shares.
#[element]
pub struct LxcShare {
    /// What `value` is.
    pub r#type: LxcShareType,
    /// With whom.
    pub value: String,
}

/// How one says with whom a container shares.
#[values]
pub enum LxcShareType {
    /// The name of another container.
    Name,
    /// The number of a process.
    Pid,
}

/// What is passed to the emulator of Xen as it is.
#[element]
pub struct XenCommandline {
    /// An argument.
    #[xml = "xen:arg"]
    pub arg: Vec<CommandlineArg>,
}

/// What is passed to bhyve as it is.
#[element]
pub struct BhyveCommandline {
    /// An argument.
    #[xml = "bhyve:arg"]
    pub arg: Vec<CommandlineArg>,
}

patterns! {
    /// The name of an environment variable.
    CommandlineEnvName = "a variable's name: letters, digits and _", r"[a-zA-Z0-9_]+";
}

#[cfg(test)]
mod tests {
    use crate::engine::json;
    use crate::engine::render::render;
    use crate::kind::Kind;

    #[test]
    fn each_namespace_is_declared_once() {
        let spec = json::parse(
            r#"{ "type": "kvm", "name": "vm", "qemu-capabilities": true,
                 "qemu-commandline": { "arg": [{ "value": "-S" }], "env": { "name": "A" } } }"#,
        );
        let xml = render(Kind::Domain, &spec.expect("it is JSON")).xml;
        assert_eq!(xml.matches("xmlns:qemu=").count(), 1, "{xml}");
        assert!(xml.contains("<qemu:arg value='-S'/>"), "{xml}");
    }
}
