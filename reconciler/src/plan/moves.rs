//! What has to give way. A name, a UUID, a bridge, a subnet or a folder is free for one object only once another one has left
//! it: objects are renamed in an order in which each name is free, and networks and pools that are in the way of others
//! are undefined first, and defined again as declared.

use super::dependents::{UsedObject, folder};
use super::network::{Subnet, subnets};
use super::preserve::has_own_bridge;
use super::{Context, Entry, Prevented, Reason, Verdict, prune};
use crate::change::{child, summary};
use crate::declared::Declared;
use crate::inventory::Observed;
use crate::manifest::{OnChange, Prune};
use crate::object::{Id, Type, canonical_uuid};
use crate::state::Record;
use crate::step::{Operation, Step};
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::xml::Element;
use std::collections::{BTreeMap, BTreeSet};

/// What has to give way before declared objects are defined.
#[derive(Default)]
pub struct Moves {
    /// The networks and pools that are undefined first, as they are then.
    displaced: BTreeMap<Id, Observed>,
    /// For a declared object, the objects that are undefined before it is defined.
    before: BTreeMap<Id, Vec<Id>>,
    /// The domains that are renamed twice, because another one has to get their name first: the temporary name.
    aside: BTreeMap<Id, String>,
    /// The declared objects that cannot be defined now.
    obstacles: BTreeMap<Id, (Verdict, Reason)>,
    /// The domains that other domains wait for, each with the number of its turn.
    turns: BTreeMap<Id, usize>,
}

/// An object that has the name of a declared one, and is another.
enum Occupant<'a> {
    /// It is declared under another name.
    Moves(&'a Declared),
    /// It is managed, and no longer declared.
    Leaves,
    /// It is not managed.
    Stays,
}

impl Moves {
    /// Finds out what is in the way of what.
    pub fn new(context: &Context<'_>) -> Self {
        let mut moves = Moves::default();
        let declared: Vec<_> = context.desired.objects.iter().filter(|it| has_identity(it.id.kind)).collect();
        for declared in &declared {
            if let Some(obstacle) = obstacle(context, declared) {
                moves.obstacles.insert(declared.id.clone(), obstacle);
            }
        }
        for kind in [Type::Network, Type::Pool] {
            let declared: Vec<_> = declared.iter().copied().filter(|it| it.id.kind == kind).collect();
            moves.displace(context, &declared);
        }
        for declared in declared.iter().filter(|it| it.id.kind == Type::Domain) {
            moves.take_turn(context, declared, &mut BTreeSet::new());
        }
        moves
    }

    /// Why a declared object cannot be defined now.
    pub fn obstacle(&self, id: &Id) -> Option<(Verdict, Reason)> {
        self.obstacles.get(id).cloned()
    }

    /// A network or pool as it is once it was undefined to give way; None if it need not.
    pub fn displaced(&self, id: &Id) -> Option<&Observed> {
        self.displaced.get(id)
    }

    /// The name that a domain has when it is its turn to be renamed.
    pub fn name_before<'n>(&'n self, found: &'n Id) -> &'n str {
        self.aside.get(found).unwrap_or(&found.name)
    }

    /// The position of a declared object among those of its type: the domains that others wait for come first.
    pub fn turn(&self, id: &Id) -> usize {
        self.turns.get(id).copied().unwrap_or(usize::MAX)
    }

    /// Plans the steps that make room for a declared object.
    pub fn make_room(&self, context: &Context<'_>, declared: &Declared, entry: &mut Entry) {
        let uuid = |id: &Id| context.inventory.get(id).and_then(|it| it.uuid.clone()).unwrap_or_default();
        // What is not declared is removed by an entry of its own, which comes first.
        let mut before: BTreeSet<&Id> = self.before.get(&declared.id).into_iter().flatten().collect();
        before.extend(context.found(declared).filter(|found| self.displaced.contains_key(found)));
        for other in before.into_iter().filter(|other| !context.is_undeclared(other)) {
            entry.push(Operation::Displace { name: other.name.clone(), uuid: uuid(other) });
        }
        match context.occupant(declared) {
            Some((occupant, Occupant::Leaves)) => {
                entry.reasons.push(Reason::Replaces { uuid: uuid(occupant) });
                if occupant.kind == Type::Domain {
                    prune::undefine(context, entry);
                }
            }
            Some((occupant, _)) => {
                if let Some(to) = self.aside.get(occupant) {
                    entry.push(Operation::MoveAside { uuid: uuid(occupant), to: to.clone() });
                }
            }
            None => {}
        }
    }

    /// Finds the networks, or the pools, that have to be undefined first.
    fn displace(&mut self, context: &Context<'_>, declared: &[&Declared]) {
        let Some(first) = declared.first() else { return };
        let kind = first.id.kind;
        let changed: Vec<_> = declared.iter().copied().filter(|it| context.may_define(it)).collect();
        let held: Vec<_> = context.inventory.objects.iter().filter(|(id, _)| id.kind == kind).collect();
        let held: Vec<_> = held.into_iter().map(|(id, observed)| (id, observed, Claims::held(observed))).collect();
        for declared in &changed {
            let found = context.found(declared);
            let mut before: Vec<&Id> = found.into_iter().filter(|found| **found != declared.id).collect();
            before.extend(context.occupant(declared).map(|(occupant, _)| occupant));
            let wanted = Claims::of(&declared.redacted);
            for (other, _, claims) in &held {
                if Some(*other) == found || before.contains(other) || !claims.meet(&wanted) {
                    continue;
                }
                // What two declarations claim, or an object that is not managed has, libvirt refuses.
                let leaves = match context.declaration_of(other) {
                    Some(owner) => !Claims::of(&owner.redacted).meet(&wanted),
                    None => context.is_replaced(other) || (context.is_undeclared(other) && context.is_pruned(other)),
                };
                if leaves {
                    before.push(other);
                }
            }
            if !before.is_empty() {
                self.before.insert(declared.id.clone(), before.into_iter().cloned().collect());
            }
        }
        self.wait_for_guests(context, &changed);
        for (id, before) in &self.before {
            for other in before.iter().filter(|other| other.kind == kind && !self.obstacles.contains_key(id)) {
                let Some(observed) = context.inventory.get(other) else { continue };
                let stopped = Observed { is_active: false, autostart: false, live: None, ..observed.clone() };
                self.displaced.insert(other.clone(), stopped);
            }
        }
    }

    /// What a guest uses is not undefined, and what needs its place waits.
    fn wait_for_guests(&mut self, context: &Context<'_>, changed: &[&Declared]) {
        loop {
            let mut is_settled = true;
            for declared in changed {
                if self.obstacles.contains_key(&declared.id) {
                    continue;
                }
                let before = self.before.get(&declared.id).into_iter().flatten();
                let mut obstacles = before.filter_map(|other| self.stays(context, declared, other));
                if let Some(obstacle) = obstacles.next() {
                    drop(obstacles);
                    self.obstacles.insert(declared.id.clone(), obstacle);
                    is_settled = false;
                }
            }
            if is_settled {
                return;
            }
        }
    }

    /// Why an object cannot give way to a declared one.
    fn stays(&self, context: &Context<'_>, declared: &Declared, other: &Id) -> Option<(Verdict, Reason)> {
        let observed = context.inventory.get(other)?;
        let owner = context.declaration_of(other);
        let is_own = owner.is_some_and(|owner| owner.id == declared.id);
        let used = UsedObject::running(other, observed).filter(|_| observed.is_active);
        let mut by = used.as_ref().map(|used| context.running_guests().of(used)).unwrap_or_default();
        if owner.is_none() && *other != declared.id {
            by.extend(used.iter().flat_map(|used| context.declared_guests().of(used)));
        }
        let by: Vec<_> = by.into_iter().collect();
        let is_never_changed = |owner: &Declared| observed.is_active && owner.policy.on_change == OnChange::Never;
        if !by.is_empty() {
            return Some(if is_own {
                (Verdict::Kept, Reason::StillInUse { by, prevents: Prevented::Rename })
            } else {
                (Verdict::Deferred, Reason::WaitsForUsed { object: other.clone(), by })
            });
        }
        match owner {
            Some(owner) if is_never_changed(owner) => Some((Verdict::Kept, Reason::OnChangeNever)),
            Some(owner) if owner.id != declared.id && self.obstacles.contains_key(&owner.id) => {
                Some((Verdict::Deferred, Reason::WaitsForUsed { object: other.clone(), by: Vec::new() }))
            }
            _ => None,
        }
    }

    /// Gives a domain its turn after the one that has its name.
    fn take_turn(&mut self, context: &Context<'_>, declared: &Declared, waiting: &mut BTreeSet<Id>) {
        if self.turns.contains_key(&declared.id) {
            return;
        }
        if let Some((occupant, Occupant::Moves(other))) = context.occupant(declared) {
            waiting.insert(declared.id.clone());
            let is_cycle = waiting.contains(&other.id);
            let is_blocked = waiting.iter().any(|id| self.obstacles.contains_key(id));
            if is_cycle && !is_blocked {
                // Each waits for another: this one comes first, and the one that has its name gets another for a while.
                let name = |number: usize| format!("{}-moved-{number}", occupant.name);
                let is_free = |name: &String| {
                    let id = Id::new(Type::Domain, name.as_str());
                    context.inventory.get(&id).is_none() && !context.declared.contains_key(&id)
                };
                // There are more numbers than domains.
                let to = (0..).map(name).find(is_free).unwrap_or_default();
                self.aside.insert(occupant.clone(), to);
            } else {
                if !is_cycle {
                    self.take_turn(context, other, waiting);
                }
                if is_cycle || self.obstacles.contains_key(&other.id) {
                    let reason = Reason::NameTaken { declared: other.id.name.clone() };
                    self.obstacles.entry(declared.id.clone()).or_insert((Verdict::Error, reason));
                }
            }
        }
        let turn = self.turns.len();
        self.turns.insert(declared.id.clone(), turn);
    }
}

/// Drops the operations on objects that gave way to an earlier entry. They are defined again by then.
pub fn displace_once(entries: &mut [Entry]) {
    let mut displaced = BTreeSet::new();
    for entry in entries {
        let kind = entry.id.kind;
        entry.steps.retain(|step| match step {
            Step::Libvirt(Operation::Displace { name, uuid }) => displaced.insert((kind, name.clone(), uuid.clone())),
            _ => true,
        });
    }
}

/// Whether objects of a type have a UUID that tells them apart, and can change their names.
fn has_identity(kind: Type) -> bool {
    matches!(kind, Type::Domain | Type::Network | Type::Pool)
}

/// Why a declared object cannot have its name or its UUID, whatever gives way.
fn obstacle(context: &Context<'_>, declared: &Declared) -> Option<(Verdict, Reason)> {
    let is_domain = declared.id.kind == Type::Domain;
    let found = context.found(declared);
    if let Some(found) = found {
        if is_domain && *found != declared.id && context.runs(found) {
            return Some((Verdict::Error, Reason::RunsUnderOtherName { name: found.name.clone() }));
        }
        let has_saved_state = context.inventory.get(found).is_some_and(|observed| observed.has_managed_save);
        if is_domain && *found != declared.id && has_saved_state {
            return Some((Verdict::Error, Reason::SavedUnderOtherName { name: found.name.clone() }));
        }
    }
    let (occupant, kind) = context.occupant(declared)?;
    let uuid = context.inventory.get(occupant)?.uuid.clone().unwrap_or_default();
    match kind {
        Occupant::Stays => Some((Verdict::Error, Reason::UuidMismatch { uuid })),
        Occupant::Leaves if is_domain && context.runs(occupant) => {
            Some((Verdict::Error, Reason::UuidMismatch { uuid }))
        }
        Occupant::Leaves if is_domain => prune::objection(context, occupant).map(|reason| (Verdict::Kept, reason)),
        _ => None,
    }
}

impl<'a> Context<'a> {
    /// The object that a declaration means: the one of its UUID, or else the one of its name, unless that one is declared
    /// under another.
    pub fn found(&self, declared: &Declared) -> Option<&'a Id> {
        let same = self.inventory.objects.get_key_value(&declared.id);
        if !has_identity(declared.id.kind) {
            return same.map(|(id, _)| id).or_else(|| self.other_name(declared));
        }
        let same = match (&declared.uuid, same) {
            (None, Some((id, _))) if self.declaration_of(id).is_none_or(|owner| owner.id == *id) => Some(id),
            (Some(_), Some((id, observed))) if observed.uuid.is_none() => Some(id),
            _ => None,
        };
        declared.uuid.as_deref().and_then(|uuid| self.of_uuid(declared.id.kind, uuid)).or(same)
    }

    /// The declaration that means an object of libvirt.
    fn declaration_of(&self, id: &Id) -> Option<&'a Declared> {
        let uuid = self.inventory.get(id).and_then(|observed| observed.uuid.as_deref());
        let of_uuid = uuid.and_then(|uuid| self.declared_by_uuid.get(&(id.kind, canonical_uuid(uuid))));
        let of_name = || self.declared.get(id).filter(|declared| uuid.is_none() || declared.uuid.is_none());
        of_uuid.or_else(of_name).copied()
    }

    /// Another object that has the name of a declared one.
    fn occupant(&self, declared: &Declared) -> Option<(&'a Id, Occupant<'a>)> {
        let (id, observed) = self.inventory.objects.get_key_value(&declared.id)?;
        if !has_identity(id.kind) || self.found(declared) == Some(id) {
            return None;
        }
        let is_applied = |record: &Record| match &record.uuid {
            Some(uuid) => Some(uuid) == observed.uuid.as_ref(),
            None => observed.uuid.as_deref() == Some(&identity::uuid(id.kind.name(), &id.name)),
        };
        let is_ours = || match self.desired.prune {
            Prune::None => false,
            Prune::All => true,
            Prune::Owned => self.records.get(id).is_some_and(is_applied),
        };
        let kind = match self.declaration_of(id) {
            Some(other) => Occupant::Moves(other),
            None if self.desired.types.contains(&id.kind) && is_ours() => Occupant::Leaves,
            None => Occupant::Stays,
        };
        Some((id, kind))
    }

    /// Whether an object is removed because its name is declared with another UUID.
    fn is_replaced(&self, id: &Id) -> bool {
        let occupant = self.declared.get(id).and_then(|declared| self.occupant(declared));
        matches!(occupant, Some((_, Occupant::Leaves)))
    }

    /// The record of what was applied to the object that a declaration means.
    pub fn record_of(&self, declared: &Declared, found: Option<&Id>) -> Option<&'a Record> {
        if found.is_none() && self.occupant(declared).is_some() {
            return None;
        }
        let uuid = found.and_then(|found| self.inventory.get(found)?.uuid.as_deref());
        let is_its = |record: &&Record| match (&record.uuid, uuid) {
            (Some(applied), Some(uuid)) if has_identity(record.id.kind) => applied.eq_ignore_ascii_case(uuid),
            _ => true,
        };
        let record_of = |id: &Id| self.records.get(id).filter(is_its);
        found.and_then(record_of).or_else(|| record_of(&declared.id))
    }
}

/// What only one network, or one pool, can have.
#[derive(Default)]
struct Claims {
    /// The bridge of a network, and the folder or the source of a pool.
    names: BTreeSet<String>,
    /// The subnets of a network.
    subnets: Vec<Subnet>,
}

impl Claims {
    fn held(observed: &Observed) -> Self {
        let mut claims = Claims::default();
        for definition in observed.definition.iter().chain(&observed.live) {
            let other = Claims::of(definition);
            claims.names.extend(other.names);
            claims.subnets.extend(other.subnets);
        }
        claims
    }

    fn of(definition: &Element) -> Self {
        let mut claims = Claims::default();
        match definition.name.as_str() {
            "network" if has_own_bridge(definition) => {
                let bridge = child(definition, "bridge").and_then(|bridge| bridge.attribute("name"));
                claims.names.extend(bridge.map(str::to_owned));
                claims.subnets.extend(subnets(definition));
            }
            "pool" => {
                let source = child(definition, "source").map(summary).filter(|source| !source.is_empty());
                claims.names.extend(source.or_else(|| folder(definition).map(str::to_owned)));
            }
            _ => {}
        }
        claims
    }

    fn meet(&self, other: &Claims) -> bool {
        let overlap = |one: &Subnet| other.subnets.iter().any(|another| one.overlaps(*another));
        !self.names.is_disjoint(&other.names) || self.subnets.iter().any(overlap)
    }
}
