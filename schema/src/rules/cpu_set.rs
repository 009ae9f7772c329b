//! Sets of CPUs and NUMA nodes, as libvirt reads them.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;

/// Number of CPUs of a host that libvirt counts.
const MOST: usize = 16_384;

/// Set of CPUs or NUMA nodes: a bit for each.
pub(super) struct CpuSet([u64; MOST / 64]);

impl CpuSet {
    /// The set without a CPU.
    pub(super) const EMPTY: CpuSet = CpuSet([0; MOST / 64]);

    /// Returns the CPUs that both sets have, lowest first.
    pub(super) fn shared<'s>(&'s self, other: &'s CpuSet) -> impl Iterator<Item = usize> + 's {
        bits(self.0.iter().zip(&other.0).map(|(one, other)| one & other))
    }

    /// Returns the CPUs of the set, lowest first.
    pub(super) fn members(&self) -> impl Iterator<Item = usize> + '_ {
        bits(self.0.iter().copied())
    }

    /// Returns the highest CPU.
    pub(super) fn last(&self) -> Option<usize> {
        let at = self.0.iter().rposition(|word| *word != 0)?;
        Some(at * 64 + 63 - self.0[at].leading_zeros() as usize)
    }

    /// Adds all CPUs of another set.
    pub(super) fn extend(&mut self, other: &CpuSet) {
        self.0.iter_mut().zip(&other.0).for_each(|(one, other)| *one |= other);
    }

    fn insert(&mut self, first: usize, last: usize) {
        for at in first / 64..=last / 64 {
            let from = first.saturating_sub(at * 64).min(63);
            let to = (last - at * 64).min(63);
            self.0[at] |= (u64::MAX << from) & (u64::MAX >> (63 - to));
        }
    }
}

/// Returns the positions of the bits that are set, lowest first.
fn bits(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    let filled = words.enumerate().filter(|(_, word)| *word != 0);
    filled.flat_map(|(at, word)| (0..64).filter(move |bit| (word >> bit) & 1 == 1).map(move |bit| at * 64 + bit))
}

/// Paths of the sets in a domain.
const PATHS: &[&[&str]] = &[
    &["vcpu", "cpuset"],
    &["cputune", "vcpupin", "cpuset"],
    &["cputune", "emulatorpin", "cpuset"],
    &["cputune", "iothreadpin", "cpuset"],
    &["cputune", "vcpusched", "vcpus"],
    &["cputune", "iothreadsched", "iothreads"],
    &["cputune", "cachetune", "vcpus"],
    &["cputune", "cachetune", "monitor", "vcpus"],
    &["cputune", "memorytune", "vcpus"],
    &["cputune", "memorytune", "monitor", "vcpus"],
    &["cputune", "energytune", "vcpus"],
    &["cputune", "energytune", "monitor", "vcpus"],
    &["cpu", "numa", "cell", "cpus"],
    &["numatune", "memory", "nodeset"],
    &["numatune", "memnode", "nodeset"],
    &["memoryBacking", "hugepages", "page", "nodeset"],
    &["devices", "memory", "source", "nodemask"],
];

/// Checks that each set of a domain has a CPU, and that its ranges go from the lower to the higher number.
pub(super) fn hold_something(domain: View<'_, Domain>, report: &mut Report<'_>) {
    for path in PATHS {
        domain.value().each_at(path, &mut |set| holds_something(set, report));
    }
}

/// Checks that a set has a CPU, and that its ranges go from the lower to the higher number.
pub(super) fn holds_something(set: Value<'_>, report: &mut Report<'_>) {
    let problem = match of(set) {
        None if set.text().is_some() => "a range must go from the lower to the higher number, below 16384",
        None if set.number::<u64>(10).is_some() => "the number must be below 16384",
        Some(all) if all.last().is_none() => "the set is empty",
        _ => return,
    };
    report.error(set, "cpu-set", format!("invalid set {}: {problem}", set.shown()));
}

/// Returns the CPUs of a value.
pub(super) fn of(set: Value<'_>) -> Option<CpuSet> {
    match set.text() {
        Some(text) => parse(text),
        None => {
            let only = set.number(10).filter(|only| *only < MOST)?;
            let mut set = CpuSet::EMPTY;
            set.insert(only, only);
            Some(set)
        }
    }
}

fn parse(text: &str) -> Option<CpuSet> {
    let number = |text: &str| text.trim().parse::<usize>().ok().filter(|number| *number < MOST);
    let mut set = CpuSet::EMPTY;
    for part in text.split(',') {
        let part = part.trim();
        if let Some(without) = part.strip_prefix('^') {
            let without = number(without)?;
            set.0[without / 64] &= !(1 << (without % 64));
        } else if let Some((first, last)) = part.split_once('-') {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return None;
            }
            set.insert(first, last);
        } else {
            let only = number(part)?;
            set.insert(only, only);
        }
    }
    Some(set)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sets_as_libvirt_reads_them() {
        let last = |text| parse(text).map(|set| set.last());
        assert_eq!(last("0-3,^3"), Some(Some(2)));
        assert_eq!(last("60-130"), Some(Some(130)));
        assert_eq!(last("^1"), Some(None));
        assert_eq!(last("3-1"), None);
        assert_eq!(last("16384"), None);
        let (one, other) = (parse("0-70").unwrap(), parse("66,70,90").unwrap());
        assert_eq!(one.shared(&other).next(), Some(66));
    }
}
