//! Domains whose declarations have moved from one connection of the manifest to another.

use super::{Job, at_the_same_time, lock};
use crate::able::{Examiner, Surroundings};
use crate::change::{child, child_text, children_of, size_of};
use crate::declared::{Declared, Destination, DiskImage, MovingDomain, Origin, Whereabouts};
use crate::error::Error;
use crate::inventory::Inventory;
use crate::manifest::{Move, Storage};
use crate::object::{Id, Type};
use crate::plan::Entry;
use crate::plan::dependents::folder;
use crate::reconcile::{self, Applied, ApplyError, Backend, Connect, Outcome, Side};
use crate::state::Record;
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::{BTreeMap, BTreeSet};

/// A managed domain that another connection declares now.
pub struct MovedDomain {
    /// The index of the part of the run whose state records know the domain, and its record there.
    from: (usize, Record),
    /// The index of the part of the run, and the domain, that the manifest declares.
    to: (usize, Id),
    /// How the domain moves.
    how: Move,
    /// Where its disks are.
    storage: Storage,
}

/// Finds the moved domains, and marks them in the declarations of both connections. Each connection that domains move away from is
/// asked once for all of them. A connection that does not answer may run them.
pub fn mark(at_once: usize, jobs: &mut [Job<'_>], connect: Connect) -> Vec<MovedDomain> {
    let moves = find(jobs);
    let hosts: BTreeSet<usize> = moves.iter().map(|it| it.from.0).collect();
    let asked = at_the_same_time(at_once, hosts, |host| {
        let leaving: Vec<_> = moves.iter().filter(|it| it.from.0 == host).collect();
        (host, job_whereabouts(&jobs[host], &leaving, connect))
    });
    let mut asked: BTreeMap<usize, Vec<Whereabouts>> = asked.into_iter().collect();
    let guests: Vec<_> = moves.iter().filter_map(|it| Some((it, asked.get_mut(&it.from.0)?.remove(0)))).collect();
    let guests =
        at_the_same_time(at_once, guests, |(it, whereabouts)| (it, offered(&jobs[it.to.0], it, whereabouts, connect)));
    for (it, whereabouts) in guests {
        it.mark(jobs, whereabouts);
    }
    moves
}

/// Moves the domains that the plans move, one after the other, once all connections are applied.
pub fn execute(
    moves: &[MovedDomain],
    jobs: &mut [Job<'_>],
    connect: Connect,
    applied: &mut BTreeMap<String, Result<Applied, Error>>,
) {
    for it in moves {
        let Some(Ok(applied)) = applied.get_mut(jobs[it.to.0].uri) else { continue };
        let is_its = |entry: &Entry| entry.id == it.to.1;
        let Some(at) = applied.moves.iter().position(is_its) else { continue };
        let entry = applied.moves.remove(at);
        if let Err(error) = it.execute(jobs, connect, applied) {
            let error = Some(ApplyError::from(error));
            applied.outcomes.push(Outcome { entry, error, warnings: Vec::new() });
        }
    }
}

impl MovedDomain {
    fn mark(&self, jobs: &mut [Job<'_>], whereabouts: Whereabouts) {
        let ((old, record), (new, is)) = (&self.from, &self.to);
        let [old_uri, new_uri] = [*old, *new].map(|index| jobs[index].uri.to_owned());
        let origin = Origin { uri: old_uri, destination: new_uri.clone(), record: record.clone(), whereabouts };
        jobs[*new].desired.moved.here.insert(is.clone(), origin);
        let destination = Destination { uri: new_uri, moves: self.how, applied: xml::element(&record.xml) };
        jobs[*old].desired.moved.away.insert(record.id.clone(), destination);
    }

    /// Moves the domain, with the records of both connections locked.
    fn execute(&self, jobs: &mut [Job<'_>], connect: Connect, applied: &mut Applied) -> Result<(), Error> {
        let (old, new) = (self.from.0, self.to.0);
        let stores = [&jobs[old], &jobs[new]].map(|job| job.store.clone());
        // All runs lock in the same order, so that no two runs wait for each other.
        let in_order = if jobs[old].uri < jobs[new].uri { [0, 1] } else { [1, 0] };
        let mut locks = [None, None];
        for side in in_order {
            locks[side] = Some(lock(&stores[side], jobs[old].progress)?);
        }
        let [Some(lock_there), Some(lock_here)] = locks else { return Ok(()) };
        let (there, here) = (jobs[old].connect(connect)?, jobs[new].connect(connect)?);
        // Since the plan was made, the guest may have been started.
        let whereabouts = whereabouts(&*there, &[self])?.remove(0);
        self.mark(jobs, with_offer(&*here, self, whereabouts));
        let from = Side { backend: &*there, desired: &jobs[old].desired, lock: lock_there };
        let to = Side { backend: &*here, desired: &jobs[new].desired, lock: lock_here };
        let watch = jobs[new].progress.watch(jobs[new].uri, jobs[new].limits.timeout);
        reconcile::apply_move(from, to, &self.to.1, &watch, applied)
    }
}

/// A connection whose records cannot be read reports that as its own error.
fn find(jobs: &[Job<'_>]) -> Vec<MovedDomain> {
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
                Some((new, declared))
            });
            let record = Record { id: was.clone(), ..record.clone() };
            moves.extend(named.map(|(new, declared)| MovedDomain {
                from: (old, record.clone()),
                to: (new, declared.id.clone()),
                how: declared.policy.moves,
                storage: declared.policy.storage,
            }));
        }
    }
    moves
}

fn has_uuid(declared: &Declared, uuid: &str) -> bool {
    let Id { kind, name, .. } = &declared.id;
    let own = || declared.uuid.clone().unwrap_or_else(|| identity::uuid(kind.name(), name));
    *kind == Type::Domain && own().eq_ignore_ascii_case(uuid)
}

/// What a connection has of the domains that move away from it.
fn job_whereabouts(job: &Job<'_>, moves: &[&MovedDomain], connect: Connect) -> Vec<Whereabouts> {
    let unknown = || moves.iter().map(|_| Whereabouts::Unknown).collect();
    if job.is_left_alone {
        return unknown();
    }
    // Its error is reported when the connection is worked on.
    let answer = job.connect(connect).and_then(|backend| whereabouts(&*backend, moves));
    answer.unwrap_or_else(|_| unknown())
}

fn whereabouts(backend: &dyn Backend, moves: &[&MovedDomain]) -> Result<Vec<Whereabouts>, Error> {
    let may_move = moves.iter().any(|it| it.how != Move::Never);
    let types = if may_move { vec![Type::Domain, Type::Pool, Type::Volume] } else { vec![Type::Domain] };
    let mut inventory = backend.list(&types.into_iter().collect())?;
    let read = |id: &Id| id.kind == Type::Pool || moves.iter().any(|it| it.how != Move::Never && it.from.1.id == *id);
    backend.read_each(inventory.objects.iter_mut().filter(|(id, _)| read(id)).collect())?;
    moves.iter().map(|it| it.present(backend, &inventory)).collect()
}

impl MovedDomain {
    fn present(&self, backend: &dyn Backend, inventory: &Inventory) -> Result<Whereabouts, Error> {
        let record = &self.from.1;
        let is_it = |uuid: &Option<String>| record.uuid.is_none() || *uuid == record.uuid;
        let Some(domain) = inventory.get(&record.id).filter(|found| is_it(&found.uuid)) else {
            return Ok(Whereabouts::Gone);
        };
        let mut images = BTreeMap::new();
        for disk in children_of(domain.definition.as_ref().unwrap_or(&Element::default()), "devices") {
            let target = child(disk, "target").and_then(|target| target.attribute("dev"));
            let (Some(target), "disk", Some(source)) = (target, disk.name.as_str(), child(disk, "source")) else {
                continue;
            };
            let volume = volume_of(inventory, source);
            let mut definition = None;
            if let Some((id, mut found)) = volume.as_ref().and_then(|id| Some((id, inventory.get(id)?.clone()))) {
                backend.read(id, &mut found)?;
                definition = found.definition;
            }
            images.insert(target.to_owned(), DiskImage { volume, definition });
        }
        Ok(Whereabouts::Present(Box::new(MovingDomain { domain: domain.clone(), images, ..MovingDomain::default() })))
    }
}

/// The volume of a running pool that is the source of a disk.
fn volume_of(inventory: &Inventory, source: &Element) -> Option<Id> {
    let named = source.attribute("pool").zip(source.attribute("volume"));
    let id = match named {
        Some((pool, name)) => Id::within(Type::Volume, pool, name),
        None => {
            let path = source.attribute("file").or_else(|| source.attribute("dev"))?;
            let (parent, name) = path.rsplit_once('/')?;
            let mut pools = inventory.objects.iter().filter(|(id, _)| id.kind == Type::Pool);
            let (pool, _) = pools.find(|(_, pool)| pool.definition.as_ref().and_then(folder) == Some(parent))?;
            Id::within(Type::Volume, &pool.name, name)
        }
    };
    inventory.get(&id).map(|_| id)
}

/// Adds what the connection that a domain moves to offers. A connection that does not answer reports that when it is worked on.
fn offered(job: &Job<'_>, it: &MovedDomain, whereabouts: Whereabouts, connect: Connect) -> Whereabouts {
    if job.is_left_alone || it.how == Move::Never || !matches!(whereabouts, Whereabouts::Present(_)) {
        return whereabouts;
    }
    match job.connect(connect) {
        Ok(backend) => with_offer(&*backend, it, whereabouts),
        Err(_) => whereabouts,
    }
}

fn with_offer(backend: &dyn Backend, it: &MovedDomain, mut whereabouts: Whereabouts) -> Whereabouts {
    let Whereabouts::Present(present) = &mut whereabouts else { return whereabouts };
    let runs_on = it.how == Move::Live && present.domain.is_active;
    let definition = if runs_on { present.domain.live.as_ref() } else { present.domain.definition.as_ref() };
    if let Some(definition) = definition {
        // What libvirt does not report, it checks when the guest starts.
        present.lacks = Examiner::new(backend, Surroundings::default()).hypervisor(definition).unwrap_or_default();
        present.has_other_cpu = !backend.offers_cpu(definition).unwrap_or(true);
    }
    if it.storage == Storage::Copy {
        present.room = room(backend).unwrap_or_default();
    }
    whereabouts
}

/// The free bytes of the pools of a connection.
fn room(backend: &dyn Backend) -> Result<BTreeMap<Id, u64>, Error> {
    let mut pools = backend.list(&BTreeSet::from([Type::Pool]))?.objects;
    pools.retain(|_, pool| pool.is_active);
    backend.read_each(pools.iter_mut().collect())?;
    let free = |pool: &Element| child_text(pool, "available").and(size_of(pool, "available"));
    Ok(pools.into_iter().filter_map(|(id, pool)| Some((id, free(pool.live.as_ref()?)?))).collect())
}
