//! What a history declares: guests, networks, a pool with volumes, a secret, and the policies. It is written as a manifest.

use super::guest::{CARDS, Guest, IMAGES, PARTS, Part, heeds, is_shelved, network_of};
use fastrand::Rng;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The number of guests.
pub const GUESTS: usize = 5;
/// The number of names that guests may have.
pub const NAMES: u8 = 8;
/// The number of networks.
pub const NETWORKS: usize = 2;
/// The UUID of the pool.
pub const POOL: &str = "6d6f6465-6c02-4000-8000-000000000000";
/// The number of volumes.
pub const VOLUMES: usize = 3;

/// What is declared.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The guests.
    pub guests: [GuestDeclaration; GUESTS],
    /// The networks: whether each is declared, and its variant.
    pub networks: [Option<u8>; NETWORKS],
    /// Whether each network has its other name.
    pub renamed: [bool; NETWORKS],
    /// Whether the pool is declared.
    pub pool: bool,
    /// Whether the pool has its other name.
    pub renamed_pool: bool,
    /// The volumes.
    pub volumes: [Volume; VOLUMES],
    /// The value of the secret, if it is declared.
    pub secret: Option<u8>,
    /// Whether what is not declared is left in place.
    pub keeps_undeclared: bool,
}

/// A declared guest.
#[derive(Clone, Debug, Default)]
pub struct GuestDeclaration {
    /// Whether it is declared.
    pub is_declared: bool,
    /// The number of its name.
    pub name: u8,
    /// Its parts.
    pub parts: BTreeMap<Part, u8>,
    /// Whether it runs.
    pub active: Option<bool>,
    /// Whether it starts with the host.
    pub autostart: Option<bool>,
    /// How changes reach it.
    pub on_change: OnChange,
    /// Whether it is forced off.
    pub force: bool,
    /// Its snapshots: whether each is present or absent, if it is declared.
    pub snapshots: [Option<bool>; 2],
}

/// How changes reach a running guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnChange {
    #[default]
    Live,
    Stage,
    Restart,
    Never,
}

/// A declared volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Volume {
    /// It is not declared.
    #[default]
    Undeclared,
    /// It is declared absent.
    Absent,
    /// It is declared with a capacity of so many times 64 KiB, and content or none.
    Present { capacity: u8, filled: bool },
}

/// A change of the declaration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edit {
    Declare(usize, bool),
    Name(usize, u8),
    Set(usize, Part, u8),
    Active(usize, Option<bool>),
    Autostart(usize, Option<bool>),
    OnChange(usize, OnChange),
    Force(usize, bool),
    Snapshot(usize, usize, Option<bool>),
    Network(usize, Option<u8>),
    NetworkName(usize, bool),
    Pool(bool),
    PoolName(bool),
    Volume(usize, Volume),
    Secret(Option<u8>),
    KeepUndeclared(bool),
}

/// The name of a guest.
pub fn name(number: u8) -> String {
    format!("history-{}", ["a", "b", "c", "d", "e", "f", "g", "h"][usize::from(number)])
}

/// The UUID of a network.
pub fn network_uuid(slot: usize) -> String {
    format!("6d6f6465-6c01-4000-8000-00000000000{}", slot + 1)
}

impl Default for Declaration {
    fn default() -> Self {
        let guest =
            |slot: u8| GuestDeclaration { name: slot, force: !heeds(usize::from(slot)), ..GuestDeclaration::default() };
        Declaration {
            guests: [guest(0), guest(1), guest(2), guest(3), guest(4)],
            networks: [Some(0), Some(0)],
            renamed: [false, false],
            pool: true,
            renamed_pool: false,
            volumes: [Volume::Undeclared; VOLUMES],
            secret: None,
            keeps_undeclared: false,
        }
    }
}

impl Declaration {
    /// Makes a change, and those that it entails: no image is in two disks, no two guests have one name, and a network that a
    /// guest uses is declared.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Declare(slot, is_declared) => self.guests[slot].is_declared = is_declared,
            Edit::Name(slot, name) => {
                let former = self.guests[slot].name;
                for guest in self.guests.iter_mut().filter(|guest| guest.name == name) {
                    guest.name = former;
                }
                self.guests[slot].name = name;
            }
            Edit::Set(slot, part, value) => {
                let parts = &mut self.guests[slot].parts;
                if matches!(part, Part::Disk(_)) {
                    parts.retain(|other, taken| !matches!(other, Part::Disk(_)) || *taken != value);
                }
                parts.insert(part, value);
                if let (Part::Card(_), Some(network)) = (part, network_of(value)) {
                    self.networks[network].get_or_insert(0);
                }
            }
            Edit::Active(slot, active) => self.guests[slot].active = active.filter(|on| !on || !is_shelved(slot)),
            Edit::Autostart(slot, autostart) => self.guests[slot].autostart = autostart,
            Edit::OnChange(slot, on_change) => self.guests[slot].on_change = on_change,
            Edit::Force(slot, force) => self.guests[slot].force = force,
            Edit::Snapshot(slot, number, snapshot) => self.guests[slot].snapshots[number] = snapshot,
            Edit::Network(slot, network) => {
                self.networks[slot] = network;
                if network.is_none() {
                    let is_on =
                        |part: &Part, value: u8| matches!(part, Part::Card(_)) && network_of(value) == Some(slot);
                    for guest in &mut self.guests {
                        guest.parts.retain(|part, value| !is_on(part, *value));
                    }
                }
            }
            Edit::NetworkName(slot, is_renamed) => self.renamed[slot] = is_renamed,
            Edit::Pool(is_declared) => self.pool = is_declared,
            Edit::PoolName(is_renamed) => self.renamed_pool = is_renamed,
            Edit::Volume(slot, volume) => self.volumes[slot] = volume,
            Edit::Secret(value) => self.secret = value,
            Edit::KeepUndeclared(keeps) => self.keeps_undeclared = keeps,
        }
    }

    /// A guest that uses what is declared.
    pub fn guest<'f>(&self, slot: usize, images: &'f Path) -> Guest<'f> {
        Guest { slot, images, networks: [0, 1].map(|slot| self.network_name(slot)) }
    }

    fn network_name(&self, slot: usize) -> &'static str {
        let names = [["histories-1", "histories-one"], ["histories-2", "histories-two"]];
        names[slot][usize::from(self.renamed[slot])]
    }

    /// The connection of a manifest.
    pub fn manifest(&self, folder: &Path) -> Json {
        let guests = self.guests.iter().enumerate().filter(|(_, guest)| guest.is_declared);
        let domains: Vec<_> = guests.map(|(slot, guest)| guest.json(self.guest(slot, folder))).collect();
        let networks = self.networks.iter().enumerate();
        let networks: Vec<_> = networks.filter_map(|(slot, variant)| Some(self.network(slot, (*variant)?))).collect();
        let pools: Vec<_> = if self.pool { vec![self.pool(folder)] } else { Vec::new() };
        let secrets: Vec<_> = self.secret.map(|value| secret(folder, value)).into_iter().collect();
        json!({
            "prune": if self.keeps_undeclared { "none" } else { "owned" },
            "domains": domains, "networks": networks, "pools": pools, "secrets": secrets,
        })
    }

    fn pool(&self, folder: &Path) -> Json {
        let volume = |(number, volume): (usize, &Volume)| match volume {
            Volume::Undeclared => None,
            Volume::Absent => Some(json!({ "name": volume_name(number), "present": false })),
            Volume::Present { capacity, filled } => {
                let xml = format!(
                    "<volume><name>{}</name><capacity unit='KiB'>{}</capacity><target><format type='raw'/></target></volume>",
                    volume_name(number),
                    64 * u32::from(*capacity)
                );
                let content = json!({ "file": folder.join("content") });
                Some(if *filled { json!({ "xml": xml, "content": content }) } else { json!({ "xml": xml }) })
            }
        };
        let volumes: Vec<_> = self.volumes.iter().enumerate().filter_map(volume).collect();
        let xml = format!(
            "<pool type='dir'><name>{}</name><uuid>{POOL}</uuid><target><path>{}</path></target></pool>",
            if self.renamed_pool { "histories-renamed" } else { "histories" },
            folder.join("pool").display()
        );
        json!({ "xml": xml, "active": true, "volumes": volumes })
    }

    /// A network. Its variants differ in what can change while it runs, and the last ones in what cannot.
    fn network(&self, slot: usize, variant: u8) -> Json {
        let number = slot + 1;
        let host = |host: u8| format!("<host mac='52:54:00:6d:0a:0{host}' ip='10.211.{number}.{host}'/>");
        let hosts: String = (0..variant.min(2)).map(|at| host(at + 5)).collect();
        let domain = if variant > 2 { "<domain name='histories.test'/>" } else { "" };
        let xml = format!(
            "<network><name>{}</name><uuid>{}</uuid>\
             <bridge name='histories{number}'/>{domain}<ip address='10.211.{number}.1' netmask='255.255.255.0'>\
             <dhcp><range start='10.211.{number}.100' end='10.211.{number}.120'/>{hosts}</dhcp></ip></network>",
            self.network_name(slot),
            network_uuid(slot)
        );
        json!({ "xml": xml, "active": true })
    }
}

/// The name of a volume.
pub fn volume_name(number: usize) -> String {
    format!("volume{number}.img")
}

fn secret(folder: &Path, value: u8) -> Json {
    let xml = "<secret ephemeral='no' private='no'><uuid>6d6f6465-6c03-4000-8000-000000000000</uuid>\
               <usage type='ceph'><name>histories</name></usage></secret>";
    json!({ "xml": xml, "valueFile": folder.join(format!("secret{value}")) })
}

impl GuestDeclaration {
    /// The definition.
    pub fn definition(&self, guest: Guest<'_>) -> String {
        guest.definition(&name(self.name), &self.parts)
    }

    fn json(&self, guest: Guest<'_>) -> Json {
        let on_change = match self.on_change {
            OnChange::Live => "live",
            OnChange::Stage => "stage",
            OnChange::Restart => "restart",
            OnChange::Never => "never",
        };
        let snapshots = self.snapshots.iter().enumerate().filter_map(|(number, is_present)| match is_present {
            Some(true) => Some(json!({ "xml": snapshot(number) })),
            Some(false) => Some(json!({ "name": format!("snapshot{number}"), "present": false })),
            None => None,
        });
        let snapshots: Vec<_> = snapshots.collect();
        // What runs no code that shuts it down is not waited for.
        let timeout = if heeds(guest.slot) { 30 } else { 1 };
        json!({
            "xml": self.definition(guest), "active": self.active, "autostart": self.autostart,
            "snapshots": snapshots, "onChange": on_change, "shutdown": { "timeout": timeout, "force": self.force },
        })
    }
}

/// A snapshot of the disks, each of which goes on in a file of its own.
fn snapshot(number: usize) -> String {
    format!("<domainsnapshot><name>snapshot{number}</name><memory snapshot='no'/></domainsnapshot>")
}

/// A random choice from a list of rows with weights.
pub fn weighted<'t, T>(rng: &mut Rng, rows: &'t [T], weight: impl Fn(&T) -> u32) -> &'t T {
    let total: u32 = rows.iter().map(&weight).sum();
    let mut left = rng.u32(..total);
    let is_it = |row: &&T| match left.checked_sub(weight(row)) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    };
    rows.iter().find(is_it).expect("the weights are those that were summed")
}

/// A random value of a random part.
pub fn part(rng: &mut Rng) -> (Part, u8) {
    let (part, _, most) = weighted(rng, PARTS, |(_, weight, _)| *weight);
    (*part, rng.u8(..=*most))
}

/// A random guest: mostly one that runs what the histories give it to run.
pub fn slot(rng: &mut Rng) -> usize {
    weighted(rng, &[(0, 4), (1, 4), (2, 3), (3, 1), (4, 1)], |(_, weight)| *weight).0
}

/// The changes that declare a guest with some parts, as most histories begin.
pub fn first_edits(rng: &mut Rng, slot: usize) -> Vec<Edit> {
    let mut edits = vec![Edit::Declare(slot, true), Edit::Active(slot, *choose(rng, &[Some(true), Some(true), None]))];
    edits.push(Edit::Set(slot, Part::Disk("vda"), rng.u8(1..=IMAGES)));
    edits.push(Edit::Set(slot, Part::Medium, rng.u8(1..=3)));
    edits.push(Edit::Set(slot, Part::Card(1), rng.u8(1..=CARDS)));
    for _ in 0..rng.u8(..4) {
        let (part, value) = part(rng);
        edits.push(Edit::Set(slot, part, value));
    }
    edits
}

/// A random change.
pub fn edit(rng: &mut Rng) -> Edit {
    let slot = slot(rng);
    let may = [None, Some(true), Some(true), Some(false)];
    match rng.u8(..100) {
        0..60 => {
            let (part, value) = part(rng);
            Edit::Set(slot, part, value)
        }
        60..66 => Edit::Active(slot, *choose(rng, &may)),
        66..68 => Edit::Autostart(slot, *choose(rng, &may)),
        68..73 => {
            use OnChange::*;
            Edit::OnChange(slot, *choose(rng, &[Live, Live, Stage, Restart, Never]))
        }
        73..77 => Edit::Name(slot, rng.u8(..NAMES)),
        77..82 => Edit::Declare(slot, rng.u8(..3) > 0),
        82 => Edit::Force(slot, rng.bool()),
        83..86 => Edit::Snapshot(slot, rng.usize(..2), *choose(rng, &[Some(true), Some(true), None, Some(false)])),
        86..89 => {
            let variant = rng.u8(..5);
            Edit::Network(rng.usize(..NETWORKS), if variant == 4 { None } else { Some(variant) })
        }
        89 => Edit::NetworkName(rng.usize(..NETWORKS), rng.bool()),
        90 => Edit::Pool(rng.u8(..3) > 0),
        91 => Edit::PoolName(rng.bool()),
        92..96 => {
            let volume = match rng.u8(..6) {
                0 => Volume::Undeclared,
                1 => Volume::Absent,
                _ => Volume::Present { capacity: rng.u8(1..4), filled: rng.bool() },
            };
            Edit::Volume(rng.usize(..VOLUMES), volume)
        }
        96..99 => Edit::Secret(*choose(rng, &[None, Some(1), Some(2)])),
        _ => Edit::KeepUndeclared(rng.u8(..3) == 0),
    }
}

/// One of a list.
pub fn choose<'t, T>(rng: &mut Rng, of: &'t [T]) -> &'t T {
    &of[rng.usize(..of.len())]
}
