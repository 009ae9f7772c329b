//! What libvirt refuses of the resources of a domain: its CPUs, I/O threads, limits and performance counters.

use super::super::cpu_set;
use super::super::refusal::Test::{Above, Any, Below, Has, Is, Lacks, That};
use super::super::refusal::{Refusal, Table, refuse};
use super::{by_text, is_switched, number, parts};
use crate::engine::value::Value;
use crate::kind::Kind::Domain;

/// The tables of resources.
pub(super) static TABLES: &[Table] = &[
    Table { kind: Domain, at: &["resource"], rows: RESOURCE },
    Table { kind: Domain, at: &["vcpus"], rows: VCPUS },
    Table { kind: Domain, at: &["vcpus", "vcpu"], rows: VCPU },
    Table { kind: Domain, at: &["cputune", "vcpusched"], rows: VCPUSCHED },
    Table { kind: Domain, at: &["cputune", "iothreadsched"], rows: IOTHREADSCHED },
    Table { kind: Domain, at: &["cputune", "cachetune"], rows: CACHETUNE },
    Table { kind: Domain, at: &["cputune", "memorytune"], rows: MEMORYTUNE },
    Table { kind: Domain, at: &["iothreadids", "iothread"], rows: IOTHREAD },
    Table { kind: Domain, at: &["defaultiothread"], rows: DEFAULTIOTHREAD },
    Table { kind: Domain, at: &["throttlegroups", "throttlegroup"], rows: THROTTLEGROUP },
    Table { kind: Domain, at: &["perf", "event"], rows: EVENT },
];

const RESOURCE: &[Refusal] = &[refuse(
    "resource-empty",
    &[Lacks("partition"), Lacks("fibrechannel")],
    "`resource` needs `partition`, `fibrechannel` or both",
    [r#""partition": null"#, r#""partition": "/machine""#],
)];

const VCPUS: &[Refusal] = &[
    refuse(
        "vcpus-first-missing",
        &[Has("vcpu"), That(|vcpus, _| parts(vcpus, &["vcpu"]).into_iter().all(|it| number(it, "id") != Some(0)))],
        "vCPU 0 cannot be off: add it to `vcpus.vcpu`",
        [
            r#""vcpu": { "id": 1, "enabled": true }"#,
            r#""vcpu": [{ "id": 0, "enabled": true, "hotpluggable": false }, { "id": 1, "enabled": true }]"#,
        ],
    )
    .beside(r#""vcpu": 2"#),
    refuse(
        "vcpus-order",
        &[Has("vcpu.order"), That(has_some_orders)],
        "either all enabled vCPUs have `order`, or none",
        [
            r#""vcpu": [{ "id": 0, "enabled": true, "hotpluggable": false, "order": 1 }, { "id": 1, "enabled": true }]"#,
            r#""vcpu": [{ "id": 0, "enabled": true, "hotpluggable": false }, { "id": 1, "enabled": true }]"#,
        ],
    )
    .beside(r#""vcpu": 2"#),
];

/// Returns whether some, but not all enabled vCPUs have a place in the order.
fn has_some_orders(vcpus: Value<'_>, _: Value<'_>) -> bool {
    let enabled = parts(vcpus, &["vcpu"]).into_iter().filter(|vcpu| is_switched(*vcpu, "enabled", true));
    let (with, without): (Vec<_>, Vec<_>) = enabled.partition(|vcpu| number(*vcpu, "order").is_some_and(|it| it > 0));
    !with.is_empty() && !without.is_empty()
}

const VCPU: &[Refusal] = &[
    refuse(
        "vcpus-first",
        &[Is("enabled", &["no"]), Below("id", 1)],
        "vCPU 0 cannot be disabled",
        [r#""id": 0, "enabled": false"#, r#""id": 0, "enabled": true, "hotpluggable": false"#],
    ),
    refuse(
        "vcpus-first-hotplug",
        &[Any(&[Is("hotpluggable", &["yes"]), Above("order", 1)]), Below("id", 1)],
        "vCPU 0 must be the first in the order, and cannot be removed: set hotpluggable = false",
        [
            r#""id": 0, "enabled": true, "hotpluggable": true"#,
            r#""id": 0, "enabled": true, "hotpluggable": false, "order": 1"#,
        ],
    ),
    refuse(
        "vcpus-id",
        &[Has("id"), That(|vcpu, domain| number(vcpu, "id").is_some_and(|id| id >= vcpus(domain)))],
        "the guest has no vCPU of this number: raise `vcpu`, or correct `id`, which starts at 0",
        [
            r#""id": 0, "enabled": true, "hotpluggable": false }, { "id": 2, "enabled": true"#,
            r#""id": 0, "enabled": true, "hotpluggable": false }, { "id": 1, "enabled": true"#,
        ],
    )
    .listed()
    .beside(r#""vcpu": 2"#),
];

const VCPUSCHED: &[Refusal] = &[
    refuse(
        "vcpusched-vcpus",
        &[Has("scheduler"), Lacks("vcpus")],
        "`scheduler` needs `vcpus`, the numbers of the vCPUs",
        [r#""scheduler": "batch""#, r#""scheduler": "batch", "vcpus": "0""#],
    ),
    refuse(
        "vcpusched-unknown",
        &[Has("vcpus"), That(has_unknown_vcpus)],
        "the guest does not have all of these vCPUs: raise `vcpu`, or correct `vcpus`, which starts at 0",
        [r#""scheduler": "batch", "vcpus": "0-1""#, r#""scheduler": "batch", "vcpus": "0""#],
    ),
];

const IOTHREADSCHED: &[Refusal] = &[refuse(
    "iothreadsched-iothreads",
    &[Has("scheduler"), Lacks("iothreads")],
    "`scheduler` needs `iothreads`, the numbers of the I/O threads",
    [r#""scheduler": "batch""#, r#""scheduler": "batch", "iothreads": "1""#],
)
.beside(r#""iothreads": 1"#)];

/// A number above those of all caches and NUMA nodes. libvirt keeps an entry for each number up to the highest, and crashes
/// if there is no memory for them.
const MOST: u64 = 65535;

const CACHETUNE: &[Refusal] = &[refuse(
    "cachetune-number",
    &[Any(&[Above("cache.level", MOST), Above("cache.id", MOST), Above("monitor.level", MOST)])],
    "no host has a cache of this level or number",
    [
        r#""vcpus": "0", "cache": { "id": 65536, "level": 3, "type": "both", "size": "3 MiB" }"#,
        r#""vcpus": "0", "cache": { "id": 0, "level": 3, "type": "both", "size": "3 MiB" }"#,
    ],
)];

const MEMORYTUNE: &[Refusal] = &[refuse(
    "memorytune-node",
    &[Above("node.id", MOST)],
    "no host has a NUMA node of this number",
    [
        r#""vcpus": "0", "node": { "id": 65536, "bandwidth": 50 }"#,
        r#""vcpus": "0", "node": { "id": 0, "bandwidth": 50 }"#,
    ],
)];

/// The row on the numbers of worker threads.
const fn thread_pool(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(
        code,
        &[Has("thread_pool_min"), Any(&[Lacks("thread_pool_max"), That(|threads, _| is_reversed(threads))])],
        "`thread_pool_min` requires a `thread_pool_max` that is not lower",
        examples,
    )
}

const IOTHREAD: &[Refusal] = &[
    thread_pool(
        "iothread-pool",
        [
            r#""id": 1, "thread_pool_min": 8, "thread_pool_max": 4"#,
            r#""id": 1, "thread_pool_min": 4, "thread_pool_max": 8"#,
        ],
    ),
    refuse(
        "iothread-poll-weight",
        &[Above("poll.weight", 63)],
        "the weight of polling must be at most 63",
        [r#""id": 1, "poll": { "max": 1, "weight": 64 }"#, r#""id": 1, "poll": { "max": 1, "weight": 63 }"#],
    )
    .since(12, 7),
];

const DEFAULTIOTHREAD: &[Refusal] = &[thread_pool(
    "default-iothread-pool",
    [r#""thread_pool_min": 8, "thread_pool_max": 4"#, r#""thread_pool_min": 4, "thread_pool_max": 8"#],
)];

const THROTTLEGROUP: &[Refusal] = &[
    refuse(
        "throttlegroup-name",
        &[Any(&[Lacks("group_name"), Is("group_name", &[""])])],
        "a throttle group needs `group_name`, to which disks refer",
        [r#""total_iops_sec": 100"#, r#""group_name": "slow", "total_iops_sec": 100"#],
    ),
    refuse(
        "throttlegroup-name-taken",
        &[Has("group_name")],
        "another throttle group has this name already",
        [
            r#""group_name": "slow", "total_iops_sec": 100 }, { "group_name": "slow", "total_iops_sec": 200"#,
            r#""group_name": "slow", "total_iops_sec": 100 }, { "group_name": "fast", "total_iops_sec": 200"#,
        ],
    )
    .once(|group| by_text(group, "group_name"))
    .listed(),
];

const EVENT: &[Refusal] = &[refuse(
    "perf-event-taken",
    &[Has("name")],
    "this event is listed twice",
    [
        r#""name": "cpu_cycles", "enabled": true }, { "name": "cpu_cycles", "enabled": false"#,
        r#""name": "cpu_cycles", "enabled": true }, { "name": "instructions", "enabled": false"#,
    ],
)
.once(|event| by_text(event, "name"))
.listed()];

/// Returns the maximum number of vCPUs of a domain.
fn vcpus(domain: Value<'_>) -> u64 {
    number(domain, "vcpu").or(number(domain, "vcpu.count")).unwrap_or(1)
}

fn has_unknown_vcpus(sched: Value<'_>, domain: Value<'_>) -> bool {
    let sets = parts(sched, &["vcpus"]).into_iter().filter_map(cpu_set::of);
    sets.filter_map(|set| set.last()).any(|last| last as u64 >= vcpus(domain))
}

fn is_reversed(threads: Value<'_>) -> bool {
    let [least, most] = ["thread_pool_min", "thread_pool_max"].map(|name| number(threads, name));
    matches!((least, most), (Some(least), Some(most)) if least > most)
}
