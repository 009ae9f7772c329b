//! What libvirt refuses, a table for each kind of element.

mod character;
mod controller;
mod devices;
mod disk;
mod display;
mod domain;
mod filesystem;
mod interface;
mod memory;
mod network;
mod overrides;
mod pool;
mod resources;
mod saved_domain;
mod security;

pub(super) use controller::{
    ROOTS, has_chipset_usb, highest_bus, is_usb_input, is_usb_interface, serial_ports, usb_ports,
};

use super::catalog::Rule;
use super::memory::size as memory_size;
pub(super) use super::refusal::is_one_of;
use super::refusal::{Key, Refusal, Table, find};
use crate::engine::problem::Report;
use crate::engine::scalar::Scalar;
use crate::engine::value::{Data, Value};
use crate::kind::Kind;
use std::borrow::Cow;

/// Defines the tables of the devices of a domain that QEMU runs. Each is found by the name of the devices.
macro_rules! devices {
    ($($kind:literal => $rows:expr,)*) => {
        const DEVICES: &[Table] = &[$(device(&["devices", $kind], $rows)),*];

        /// Returns the table of the devices with that name.
        pub(super) fn of_devices(kind: &str) -> Option<&'static Table> {
            match kind {
                $($kind => Some(const { &device(&["devices", $kind], $rows) }),)*
                _ => None,
            }
        }
    };
}

devices! {
    "disk" => disk::ROWS,
    "interface" => interface::ROWS,
    "controller" => controller::ROWS,
    "filesystem" => filesystem::ROWS,
    "video" => display::VIDEO,
    "graphics" => display::GRAPHICS,
    "sound" => display::SOUND,
    "audio" => display::AUDIO,
    "memory" => memory::DEVICE,
    "serial" => character::SERIAL,
    "parallel" => character::PARALLEL,
    "console" => character::CONSOLE,
    "channel" => character::CHANNEL,
    "redirdev" => character::REDIRDEV,
    "smartcard" => character::SMARTCARD,
    "tpm" => devices::TPM,
    "watchdog" => devices::WATCHDOG,
    "panic" => devices::PANIC,
    "iommu" => devices::IOMMU,
    "input" => devices::INPUT,
    "shmem" => devices::SHMEM,
    "hostdev" => devices::HOSTDEV,
    "vsock" => devices::VSOCK,
    "memballoon" => devices::MEMBALLOON,
    "pstore" => devices::PSTORE,
    "nvram" => devices::NVRAM,
    "rng" => devices::RNG,
    "lease" => devices::LEASE,
}

const fn device(at: &'static [&'static str], rows: &'static [Refusal]) -> Table {
    Table { kind: Kind::Domain, at, rows }
}

/// The tables of a domain that QEMU runs, except of its devices.
static DOMAIN: &[&[Table]] = &[domain::TABLES, resources::TABLES, security::TABLES, overrides::TABLES];

/// Reports what libvirt refuses of a domain, whatever hypervisor runs it.
pub(super) fn of_any_domain(domain: Value<'_>, report: &mut Report<'_>) {
    domain::OF_ALL.iter().for_each(|table| table.check_all(domain, report));
}

/// Reports what libvirt refuses of a domain that QEMU runs, except of its devices.
pub(super) fn of_domain(domain: Value<'_>, report: &mut Report<'_>) {
    DOMAIN.iter().flat_map(|tables| *tables).for_each(|table| table.check_all(domain, report));
}

/// Reports what libvirt refuses of a network.
pub(super) fn of_network(network: Value<'_>, report: &mut Report<'_>) {
    network::TABLES.iter().for_each(|table| table.check_all(network, report));
}

/// Reports what libvirt refuses of a storage pool.
pub(super) fn of_pool(pool: Value<'_>, report: &mut Report<'_>) {
    pool::POOL.iter().for_each(|table| table.check_all(pool, report));
}

/// Reports what libvirt refuses of a storage volume.
pub(super) fn of_volume(volume: Value<'_>, report: &mut Report<'_>) {
    pool::VOLUME.iter().for_each(|table| table.check_all(volume, report));
}

/// Reports what libvirt refuses of a snapshot.
pub(super) fn of_snapshot(snapshot: Value<'_>, report: &mut Report<'_>) {
    saved_domain::SNAPSHOT.iter().for_each(|table| table.check_all(snapshot, report));
}

/// Reports what libvirt refuses of a checkpoint.
pub(super) fn of_checkpoint(checkpoint: Value<'_>, report: &mut Report<'_>) {
    saved_domain::CHECKPOINT.iter().for_each(|table| table.check_all(checkpoint, report));
}

/// Returns the rules of all tables.
pub(super) fn rules() -> impl Iterator<Item = Rule> {
    let saved = [saved_domain::SNAPSHOT, saved_domain::CHECKPOINT];
    let others = [domain::OF_ALL, network::TABLES, pool::POOL, pool::VOLUME, DEVICES];
    let tables = others.into_iter().chain(DOMAIN.iter().copied()).chain(saved);
    tables.flatten().flat_map(Table::rules)
}

/// Returns whether other programs may read the memory of a guest, as those behind vhost-user devices have to.
fn shares_memory(domain: Value<'_>) -> bool {
    let cells: Vec<_> = parts(domain, &["cpu", "numa", "cell"]);
    let is_shared = |value: Value<'_>, path: &str| find(value, path, &|mode| is_one_of(mode, &["shared"])).is_some();
    let is_private = |cell: &Value<'_>| find(*cell, "memAccess", &|_| true).is_some() && !is_shared(*cell, "memAccess");
    if is_shared(domain, "memoryBacking.access.mode") {
        !cells.iter().any(is_private)
    } else {
        !cells.is_empty() && cells.iter().all(|cell| is_shared(*cell, "memAccess"))
    }
}

/// Returns all parts at a path.
pub(super) fn parts<'a>(value: Value<'a>, path: &[&str]) -> Vec<Value<'a>> {
    let mut found = vec![value];
    for name in path {
        found = found.into_iter().filter_map(|value| value.attribute(name)).flat_map(Value::items).collect();
    }
    found
}

/// Returns the first part at a path.
pub(super) fn first<'a>(value: Value<'a>, path: &str) -> Option<Value<'a>> {
    find(value, path, &|_| true)
}

/// Returns whether an element is the first at a path. What is `false` is not there.
fn is_first(element: Value<'_>, whole: Value<'_>, path: &str) -> bool {
    let first = find(whole, path, &|it| *it.data() != Data::Bool(false));
    first.is_some_and(|first| first.index() == element.index())
}

/// Returns the key of the first element of its kind: all have the same.
fn one_at_most(_: Value<'_>) -> Option<Key<'_>> {
    Some(("".into(), 0))
}

/// Returns the key of a text.
fn by_text<'a>(value: Value<'a>, path: &str) -> Option<Key<'a>> {
    Some((find(value, path, &|part| part.xml_text().is_some())?.xml_text()?, 0))
}

/// Returns the text of the part at a path.
pub(super) fn text<'a>(value: Value<'a>, path: &str) -> Option<&'a str> {
    find(value, path, &|part| part.text().is_some())?.text()
}

/// Returns the part at a path as the text that it becomes in XML: a number may stand for a text.
fn spelled<'a>(value: Value<'a>, path: &str) -> Option<Cow<'a, str>> {
    Scalar::Text.print(first(value, path)?.data()).ok()
}

/// Returns the whole number of the part at a path.
pub(super) fn number(value: Value<'_>, path: &str) -> Option<u64> {
    first(value, path)?.number(10)
}

/// Returns the size of the part at a path, in bytes. The unit defaults to KiB.
fn size(value: Value<'_>, path: &str) -> Option<u128> {
    memory_size(first(value, path)?)
}

/// Returns whether the switch at a path has a value.
fn is_switched(value: Value<'_>, path: &str, on: bool) -> bool {
    let words: &[&str] = if on { &["yes", "on"] } else { &["no", "off"] };
    find(value, path, &|part| is_one_of(part, words)).is_some()
}

/// Returns the machine or the architecture of a domain. Many rows ask for them.
#[inline]
fn of_os<'a>(domain: Value<'a>, part: &str) -> Option<&'a str> {
    domain.attribute("os")?.attribute(part)?.text()
}

/// Returns whether the machine of a domain is that of a chipset: `q35`, or `pc` for i440FX.
pub(super) fn is_machine(domain: Value<'_>, chipset: &str) -> bool {
    of_os(domain, "machine").is_some_and(|machine| match chipset {
        "q35" => machine == "q35" || machine.starts_with("pc-q35-"),
        "pc" => machine == "pc" || machine.starts_with("pc-i440fx-"),
        "virt" => machine == "virt" || machine.starts_with("virt-"),
        other => machine == other,
    })
}

/// Returns whether the machine of a domain is certainly not that of a chipset.
fn is_other_machine(domain: Value<'_>, chipset: &str) -> bool {
    of_os(domain, "machine").is_some() && !is_machine(domain, chipset)
}

/// Returns whether the architecture of a domain is certainly x86.
pub(super) fn is_x86(domain: Value<'_>) -> bool {
    matches!(of_os(domain, "arch"), Some("x86_64" | "i686")) || is_machine(domain, "q35") || is_machine(domain, "pc")
}

/// Returns whether the architecture of a domain is certainly not x86.
fn is_not_x86(domain: Value<'_>) -> bool {
    of_os(domain, "arch").is_some_and(|arch| !matches!(arch, "x86_64" | "i686"))
}

/// Returns whether the architecture of a domain is certainly Arm.
pub(super) fn is_arm(domain: Value<'_>) -> bool {
    matches!(of_os(domain, "arch"), Some("aarch64" | "armv7l" | "armv6l"))
}

/// Returns whether the architecture of a domain is certainly x86 or Arm.
pub(super) fn is_x86_or_arm(domain: Value<'_>) -> bool {
    is_x86(domain) || is_arm(domain)
}

/// Returns whether a domain has a device of a kind.
fn has_device(domain: Value<'_>, kind: &str) -> bool {
    find(domain, "devices", &|devices| first(devices, kind).is_some()).is_some()
}

/// Returns whether a domain declares a controller of a type that may have that index.
pub(super) fn has_controller(domain: Value<'_>, kind: &str, index: u32) -> bool {
    let controllers = parts(domain, &["devices", "controller"]);
    controllers.iter().any(|controller| {
        let is_root = || text(*controller, "model").is_some_and(|model| ROOTS.contains(&model));
        let own = number(*controller, "index").or_else(|| is_root().then_some(0));
        text(*controller, "type") == Some(kind) && own.is_none_or(|own| own == u64::from(index))
    })
}

/// Returns whether a domain has graphics of a type.
fn has_graphics(domain: Value<'_>, types: &[&str]) -> bool {
    find(domain, "devices.graphics.type", &|found| is_one_of(found, types)).is_some()
}
