//! I/O threads of a domain, and the devices that they serve.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::rules::cpu_set;
use std::collections::BTreeSet;

/// Paths of what I/O threads serve.
const SERVED: &[&[&str]] =
    &[&["cputune", "iothreadpin"], &["devices", "disk", "driver"], &["devices", "controller", "driver"]];

/// Paths of the numbers of the threads that serve it.
const THREADS: &[&[&str]] = &[&["iothread"], &["iothreads", "iothread", "id"]];

/// Checks that each I/O thread that something uses is there, and that no two have one number.
pub(super) fn are_there(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let mut known = BTreeSet::new();
    domain.value().each_at(&["iothreadids", "iothread", "id"], &mut |id| {
        if id.number(10).is_some_and(|number: u32| !known.insert(number)) {
            let message = format!("another I/O thread has the number {} already", id.shown());
            report.error(id, "iothread-id-taken", message);
        }
    });
    // libvirt gives the others the lowest numbers that are free.
    let count = domain.iothreads().and_then(|iothreads| iothreads.count()?.value().number::<u32>(10));
    let count = count.unwrap_or(0) as usize;
    let others = count.saturating_sub(known.len());
    let known: Vec<_> = known.into_iter().collect();
    let is_there = |number: u32| match known.binary_search(&number) {
        Ok(_) => true,
        Err(lower) => number > 0 && (number as usize).saturating_sub(lower) <= others,
    };
    domain.value().each_at(&["cputune", "iothreadsched", "iothreads"], &mut |threads| {
        let Some(set) = cpu_set::of(threads) else { return };
        if let Some(unknown) = set.members().find(|number| !is_there(*number as u32)) {
            report.error(threads, "iothread-unknown", format!("there is no I/O thread {unknown}: raise `iothreads`"));
        }
    });
    let mut check = |thread: Value<'_>| {
        if thread.number(10).is_some_and(|number: u32| !is_there(number)) {
            let message = format!("there is no I/O thread {}: raise `iothreads`", thread.shown());
            report.error(thread, "iothread-unknown", message);
        }
    };
    for path in SERVED {
        let mut check_all = |served: Value<'_>| THREADS.iter().for_each(|path| served.each_at(path, &mut check));
        domain.value().each_at(path, &mut check_all);
    }
    for path in SERVED {
        domain.value().each_at(path, &mut |served| {
            report.start_rule();
            serve_once(served, report);
            serve_all_queues(served, report);
        });
    }
}

/// Checks that no I/O thread is listed twice for a device.
fn serve_once(served: Value<'_>, report: &mut Report<'_>) {
    let mut known = BTreeSet::new();
    served.each_at(&["iothreads", "iothread", "id"], &mut |id| {
        if id.number(10).is_some_and(|number: u32| !known.insert(number)) {
            report.error(
                id,
                "iothread-again",
                "the I/O thread serves this device already: list all its queues in one place",
            );
        }
    });
}

/// Checks that the I/O threads of a device serve each of its queues once, if any of them lists queues.
fn serve_all_queues(served: Value<'_>, report: &mut Report<'_>) {
    let (mut queues, mut without) = (Vec::new(), None);
    served.each_at(&["iothreads", "iothread"], &mut |thread| {
        let known = queues.len();
        thread.each_at(&["queue", "id"], &mut |queue| queues.push(queue));
        if queues.len() == known {
            without = Some(thread);
        }
    });
    let Some(first) = queues.first() else { return };
    if let Some(thread) = without {
        report.error(thread, "iothread-queue", "other I/O threads of this device list queues: set `queue` here too");
        return;
    }
    let Some(count) = served.attribute("queues") else {
        report.error(*first, "iothread-queue", "the device needs `queues`, the number of its queues");
        return;
    };
    let Some(count) = count.number::<u64>(10) else { return };
    let mut numbers = BTreeSet::new();
    for queue in &queues {
        let Some(number) = queue.number::<u64>(10) else { return };
        if number >= count {
            report.error(*queue, "iothread-queue", format!("the device has no queue {number}: raise `queues`"));
        } else if !numbers.insert(number) {
            report.error(*queue, "iothread-queue", format!("an I/O thread serves queue {number} already"));
        }
    }
    if let Some(missing) = (0..count).find(|number| !numbers.contains(number)) {
        report.error(
            *first,
            "iothread-queue",
            format!("no I/O thread serves queue {missing}: list all queues, or none"),
        );
    }
}
