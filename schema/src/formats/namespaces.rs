//! The namespaces of libvirt's formats.

use crate::engine::format::Namespace;

/// The namespaces of libvirt's formats.
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

const fn of(prefix: &'static str, uri: &'static str) -> Namespace {
    Namespace { prefix, uri }
}
