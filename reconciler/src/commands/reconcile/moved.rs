//! Domains whose declarations have moved from one connection of the manifest to another.

use super::{Job, at_the_same_time};
use crate::declared::Declared;
use crate::inventory::Inventory;
use crate::object::{Id, Type};
use crate::reconcile::Connect;
use nixvirt_schema::engine::identity;
use std::collections::{BTreeMap, BTreeSet};

/// A managed domain that another connection declares now.
struct Move {
    /// The index of the part of the run, and the domain, that the state records know.
    from: (usize, Id),
    /// The index of the part of the run, and the domain, that the manifest declares.
    to: (usize, Id),
}

/// Finds the moved domains, and marks them in the declarations of both connections. Whether a guest still runs where it was is
/// asked there, once for each connection. A connection that does not answer may run it.
pub fn mark(at_once: usize, jobs: &mut [Job<'_>], connect: Connect) {
    let moves = find(jobs);
    let hosts: BTreeSet<usize> = moves.iter().map(|it| it.from.0).collect();
    let domains: BTreeMap<usize, Option<Inventory>> =
        at_the_same_time(at_once, hosts, |host| (host, domains(&jobs[host], connect))).into_iter().collect();
    for Move { from: (old, was), to: (new, is) } in moves {
        let [old_uri, new_uri] = [old, new].map(|index| jobs[index].uri.to_owned());
        let found = domains.get(&old).and_then(Option::as_ref);
        if found.is_none_or(|found| found.get(&was).is_some_and(|observed| observed.is_active)) {
            jobs[new].desired.moved.here.insert(is, old_uri);
        }
        jobs[old].desired.moved.away.insert(was, new_uri);
    }
}

/// A connection whose records cannot be read reports that as its own error.
fn find(jobs: &[Job<'_>]) -> Vec<Move> {
    let mut moves = Vec::new();
    if jobs.len() < 2 {
        return moves;
    }
    for (old, job) in jobs.iter().enumerate() {
        let Ok(stored) = job.store.read() else { continue };
        for (was, record) in stored.records.iter().filter(|(id, _)| id.kind == Type::Domain && !job.declares(id)) {
            let Some(uuid) = &record.uuid else { continue };
            let others = jobs.iter().enumerate().filter(|(new, _)| *new != old);
            let named = others.filter_map(|(new, other)| {
                let declared = other.desired.objects.iter().find(|declared| has_uuid(declared, uuid))?;
                Some((new, declared.id.clone()))
            });
            moves.extend(named.map(|to| Move { from: (old, was.clone()), to }));
        }
    }
    moves
}

fn has_uuid(declared: &Declared, uuid: &str) -> bool {
    let Id { kind, name, .. } = &declared.id;
    let own = || declared.uuid.clone().unwrap_or_else(|| identity::uuid(kind.name(), name));
    *kind == Type::Domain && own().eq_ignore_ascii_case(uuid)
}

/// The domains of a connection. None if it does not answer, which is reported when the connection is worked on.
fn domains(job: &Job<'_>, connect: Connect) -> Option<Inventory> {
    job.connect(connect).and_then(|backend| backend.list(&BTreeSet::from([Type::Domain]))).ok()
}
