//! Namespaces in libvirt's formats, and where elements may be of any namespace.

use crate::engine::format::Namespace;

/// Namespaces of libvirt's formats.
pub const NAMESPACES: &[Namespace] = &[
    of("qemu", "http://libvirt.org/schemas/domain/qemu/1.0"),
    of("lxc", "http://libvirt.org/schemas/domain/lxc/1.0"),
    of("xen", "http://libvirt.org/schemas/domain/xen/1.0"),
    of("bhyve", "http://libvirt.org/schemas/domain/bhyve/1.0"),
    of("vmware", "http://libvirt.org/schemas/domain/vmware/1.0"),
    of("dnsmasq", "http://libvirt.org/schemas/network/dnsmasq/1.0"),
    of("fs", "http://libvirt.org/schemas/storagepool/fs/1.0"),
    of("rbd", "http://libvirt.org/schemas/storagepool/rbd/1.0"),
];

/// Names of the elements that hold XML of any kind. A test compares them with the tables.
pub const FREE: &[&str] = &["cookie", "metadata"];

const fn of(prefix: &'static str, uri: &'static str) -> Namespace {
    Namespace { prefix, uri }
}
