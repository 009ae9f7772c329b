//! Domains whose declarations have moved from one connection of the manifest to another.

use super::Job;
use crate::declared::Declared;
use crate::object::{Id, Type};
use crate::reconcile::Connect;
use nixvirt_schema::engine::identity;
use std::collections::BTreeSet;

/// A managed domain that another connection declares now.
struct Move {
    /// The index of the part of the run, and the domain, that the state records know.
    from: (usize, Id),
    /// The index of the part of the run, and the domain, that the manifest declares.
    to: (usize, Id),
}

/// Finds the moved domains, and marks them in the declarations of both connections. Whether a guest still runs where it was is
/// asked there. A connection that does not answer may run it.
pub fn mark(jobs: &mut [Job<'_>], connect: Connect) {
    for Move { from: (old, was), to: (new, is) } in find(jobs) {
        let [old_uri, new_uri] = [old, new].map(|index| jobs[index].uri.to_owned());
        if may_run(&jobs[old], &was, connect) {
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

fn may_run(job: &Job<'_>, id: &Id, connect: Connect) -> bool {
    let listed = job.connect(connect).and_then(|backend| backend.list(&BTreeSet::from([Type::Domain])));
    listed.map_or(true, |inventory| inventory.get(id).is_some_and(|observed| observed.is_active))
}
