//! What libvirt takes although its schema does not. Configurations that were written for other tools have such parts.

use crate::engine::taken::{Taken, Warning};

/// Of domains.
pub const DOMAIN: &[Taken] = &[
    Taken {
        at: &["features", "hyperv"],
        when: &[(&["mode"], "passthrough")],
        unless: None,
        part: &[],
        read: &["mode", "extra"],
        warning: Some(Warning {
            message: "libvirt ignores this beside mode \"passthrough\", which enables all enlightenments of the host",
            hint: "remove it, or set mode = \"custom\"",
        }),
    },
    // Only passt reads the source of such an interface: its device.
    Taken {
        at: &["devices", "interface"],
        when: &[(&["type"], "user")],
        unless: Some(&["source", "dev"]),
        part: &["source"],
        read: &[],
        warning: Some(Warning {
            message: "libvirt ignores `source`: an interface of type \"user\" has no network or bridge",
            hint: "remove `source`, or set type = \"bridge\" or type = \"network\"",
        }),
    },
    // The address of a device of the host has no type.
    Taken {
        at: &["devices", "hostdev"],
        when: &[(&["type"], "pci"), (&["source", "address", "type"], "pci")],
        unless: None,
        part: &["source", "address", "type"],
        read: &[],
        warning: None,
    },
];

/// Of networks: a network that is not forwarded.
pub const NETWORK: &[Taken] = &[Taken {
    at: &[],
    when: &[(&["forward", "mode"], "none")],
    unless: None,
    part: &["forward"],
    read: &[],
    warning: None,
}];
