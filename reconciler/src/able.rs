//! Whether a host is able to run guests: what they and their volumes need, and the host lacks. The daemon is asked only of guests
//! that are defined or started, once for each combination of emulator, architecture, machine type and type of domain.

pub mod capabilities;
mod cpu;
mod emulator;
mod groups;
mod huge_pages;
mod lack;
mod newer;
mod parts;
mod slots;
mod usb;
mod used;
mod values;

use crate::declared::{Content, Declared};
use crate::doctor::answers::Answers;
use crate::doctor::version::Version;
use crate::error::{Error, ErrorKind};
use crate::file::hanging;
use crate::inventory::Inventory;
use crate::object::{Id, Type};
use crate::plan::{Entry, Plan, Verdict};
use crate::reconcile::Backend;
use crate::step::{Operation, Step};
use capabilities::{Answer, Request};
pub use lack::{CODES, Lack, Missing, Remedy};
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::xml::Element;
use parts::{Parts, Path};
use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::io;
use std::path::{self, PathBuf};
use std::slice;
use used::Used;

/// What guests can use: the objects of libvirt, and the declared ones.
#[derive(Default)]
pub struct Surroundings<'a> {
    /// The objects that libvirt has.
    pub inventory: Option<&'a Inventory>,
    /// The declared objects, with their definitions.
    pub declared: BTreeMap<&'a Id, &'a Element>,
    /// The networks and pools that run once the objects are applied. None if nothing is applied.
    pub running: Option<BTreeSet<&'a Id>>,
}

/// Examines guests on a connection, and remembers the answers of the daemon.
pub struct Examiner<'a> {
    backend: &'a dyn Backend,
    surroundings: Surroundings<'a>,
    answers: BTreeMap<Request, Answer>,
    /// What libvirt reports about its host, after it refused a request.
    host: Option<Option<Element>>,
    /// The release of the daemon, once it was asked.
    libvirt: Option<Option<Release>>,
    /// The objects of the types that were listed because a guest uses one that is not declared.
    listed: BTreeMap<Type, Inventory>,
}

/// What is missing for the new volumes of a plan, for the guests that the plan defines or starts, and for what libvirt gets a definition of.
///
/// # Errors
/// The connection is lost.
pub fn examine(
    backend: &dyn Backend,
    objects: &[Declared],
    plan: &Plan,
    inventory: &Inventory,
) -> Result<BTreeMap<Id, Vec<Lack>>, Error> {
    let declared: BTreeMap<_, _> = objects.iter().map(|declared| (&declared.id, declared)).collect();
    let definitions = declared.iter().map(|(id, declared)| (*id, &declared.redacted)).collect();
    let running = Some(running(plan, inventory));
    let surroundings = Surroundings { inventory: Some(inventory), declared: definitions, running };
    let mut examiner = Examiner::new(backend, surroundings);
    let mut lacks = BTreeMap::new();
    for entry in &plan.entries {
        let Some(declared) = declared.get(&entry.id) else { continue };
        let mut found = match (entry.id.kind, &declared.content) {
            (Type::Domain, _) if has_operation(entry, is_examined) => {
                let starts = has_operation(entry, |operation| *operation == Operation::Start);
                let mut found = examiner.guest(&declared.redacted, starts)?;
                let live = inventory.get(&entry.id).and_then(|observed| observed.live.as_ref());
                if let Some((needed, free)) = live.map(|live| slots::needed_and_free(&entry.steps, live)) {
                    if needed > free {
                        found.push(Lack::new(&Path::of(&["devices"]), Missing::PciSlots { needed, free }));
                    }
                }
                found
            }
            // The pool of a deferred volume is started first.
            (Type::Volume, Some(content)) if entry.verdict == Verdict::Deferred || has_operation(entry, is_filling) => {
                examiner.content(content)?
            }
            _ => Vec::new(),
        };
        if has_operation(entry, is_defining) {
            found.extend(examiner.newer(entry.id.kind, &declared.redacted)?);
        }
        if !found.is_empty() {
            lacks.insert(entry.id.clone(), found);
        }
    }
    Ok(lacks)
}

fn has_operation(entry: &Entry, is_it: impl Fn(&Operation) -> bool) -> bool {
    entry.steps.iter().any(|step| matches!(step, Step::Libvirt(operation) if is_it(operation)))
}

fn is_examined(operation: &Operation) -> bool {
    matches!(operation, Operation::Define { .. } | Operation::Start)
}

fn is_defining(operation: &Operation) -> bool {
    matches!(operation, Operation::Define { .. } | Operation::CreateVolume { .. })
}

fn is_filling(operation: &Operation) -> bool {
    matches!(operation, Operation::Fill { .. } | Operation::CloneVolume { .. })
}

/// The networks and pools that run once a plan is executed.
fn running<'a>(plan: &'a Plan, inventory: &'a Inventory) -> BTreeSet<&'a Id> {
    let mut running: BTreeSet<_> =
        inventory.objects.iter().filter(|(_, observed)| observed.is_active).map(|(id, _)| id).collect();
    for entry in &plan.entries {
        let stops = |operation: &Operation| matches!(operation, Operation::Stop(_) | Operation::Undefine { .. });
        if has_operation(entry, |operation| *operation == Operation::Start) {
            running.insert(&entry.id);
        } else if has_operation(entry, stops) || entry.verdict == Verdict::Remove {
            running.remove(&entry.id);
        }
    }
    running
}

impl<'a> Examiner<'a> {
    /// An examiner of the guests on a connection.
    pub fn new(backend: &'a dyn Backend, surroundings: Surroundings<'a>) -> Self {
        Examiner { backend, surroundings, answers: BTreeMap::new(), host: None, libvirt: None, listed: BTreeMap::new() }
    }

    /// What a domain needs and the host lacks. `starts` is whether the guest starts.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn guest(&mut self, domain: &Element, starts: bool) -> Result<Vec<Lack>, Error> {
        let parts = Parts::of(domain);
        let mut lacks = self.capability_lacks(&parts)?;
        let used = used::used(&parts);
        let files = self.missing_files(&used);
        for (part, used) in &used {
            let missing = match used {
                Used::Object(object) => self.object(object, starts)?,
                Used::Interface(name) => self.interface(name),
                Used::File(file) if files.contains(file.as_str()) => Some(Missing::File { file: file.clone() }),
                Used::File(_) => None,
            };
            lacks.extend(missing.map(|missing| Lack::new(&part.path, missing)));
        }
        if self.backend.is_local() {
            lacks.extend(huge_pages::lacks(domain, &parts, starts, path::Path::new("/")));
            lacks.extend(groups::lacks(&parts, path::Path::new("/sys/bus/pci/devices")));
            lacks.extend(usb::lacks(&parts, path::Path::new("/sys/bus/usb/devices")));
        }
        Ok(lacks)
    }

    /// What a definition has that is newer than the daemon.
    fn newer(&mut self, kind: Type, definition: &Element) -> Result<Vec<Lack>, Error> {
        Ok(self.libvirt()?.map(|libvirt| newer::lacks(kind, definition, libvirt)).unwrap_or_default())
    }

    /// The release of the daemon, which is asked once. None if it does not tell.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn libvirt(&mut self) -> Result<Option<Release>, Error> {
        if self.libvirt.is_none() {
            let answers = told(self.backend.answers(), Answers::default())?;
            self.libvirt = Some(answers.libvirt.and_then(Version::release));
        }
        Ok(self.libvirt.flatten())
    }

    /// What is missing for the content of a new volume.
    fn content(&mut self, content: &Content) -> Result<Vec<Lack>, Error> {
        let (field, missing) = match content {
            Content::File(file) => {
                let is_missing = hanging::each(slice::from_ref(file), is_there) == [Some(false)];
                let missing = Missing::File { file: file.display().to_string() };
                ("file", if is_missing { Some(missing) } else { None })
            }
            Content::Volume { pool, name } => {
                let volume = Id::within(Type::Volume, pool, name);
                let missing = match self.object(&volume.pool(), false)? {
                    None => self.object(&volume, false)?,
                    missing => missing,
                };
                ("volume", missing)
            }
            Content::Download(_) | Content::Seed(_) | Content::Value { .. } => return Ok(Vec::new()),
        };
        Ok(missing.into_iter().map(|missing| Lack::new(&Path::of(&["content", field]), missing)).collect())
    }

    /// What a domain needs of the hypervisor, apart from objects and files, and the hypervisor lacks.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn hypervisor(&mut self, domain: &Element) -> Result<Vec<Lack>, Error> {
        self.capability_lacks(&Parts::of(domain))
    }

    fn capability_lacks(&mut self, domain: &Parts<'_>) -> Result<Vec<Lack>, Error> {
        let mut request = Request::of(domain);
        let kind = request.kind.clone();
        let mut lacks = Vec::new();
        loop {
            match self.ask(&request)? {
                Answer::Unknown => return Ok(lacks),
                Answer::Capabilities(capabilities) => {
                    lacks.extend(values::lacks(domain, capabilities));
                    // Guests of another type have other CPUs.
                    if request.kind == kind {
                        lacks.extend(cpu::lacks(domain, capabilities));
                    }
                    return Ok(lacks);
                }
                Answer::Refused(error) => {
                    let error = error.clone();
                    let refusal = emulator::explain(&request, error, self.host()?);
                    lacks.extend(refusal.lacks);
                    match refusal.rest {
                        Some(rest) => request = rest,
                        None => return Ok(lacks),
                    }
                }
            }
        }
    }

    /// The answer to a request, which is asked once.
    fn ask(&mut self, request: &Request) -> Result<&Answer, Error> {
        Ok(match self.answers.entry(request.clone()) {
            btree_map::Entry::Occupied(answered) => answered.into_mut(),
            btree_map::Entry::Vacant(open) => {
                open.insert(told(self.backend.domain_capabilities(request), Answer::Unknown)?)
            }
        })
    }

    fn host(&mut self) -> Result<Option<&Element>, Error> {
        if self.host.is_none() {
            self.host = Some(told(self.backend.capabilities(), None)?);
        }
        Ok(self.host.as_ref().and_then(Option::as_ref))
    }

    fn object(&mut self, object: &Id, starts: bool) -> Result<Option<Missing>, Error> {
        let Surroundings { inventory, declared, running } = &self.surroundings;
        let is_known = declared.contains_key(object) || inventory.is_some_and(|it| it.get(object).is_some());
        let can_run = matches!(object.kind, Type::Network | Type::Pool);
        let is_off = |is_running: bool| starts && can_run && !is_running;
        let off = || Missing::ObjectOff { object: object.clone() };
        if is_known {
            let is_off = running.as_ref().is_some_and(|running| is_off(running.contains(object)));
            return Ok(if is_off { Some(off()) } else { None });
        }
        // The volumes of a pool that does not run, or does not exist, are not known.
        if object.kind == Type::Volume && !self.runs(&object.pool())? {
            return Ok(None);
        }
        Ok(match self.listed(object.kind)?.get(object) {
            None => Some(Missing::Object { object: object.clone() }),
            Some(observed) if is_off(observed.is_active) => Some(off()),
            Some(_) => None,
        })
    }

    /// Whether libvirt has a pool, and it runs now.
    fn runs(&mut self, pool: &Id) -> Result<bool, Error> {
        let known = self.surroundings.inventory.and_then(|inventory| inventory.get(pool)).map(|it| it.is_active);
        match known {
            Some(is_active) => Ok(is_active),
            None => Ok(self.listed(pool.kind)?.get(pool).is_some_and(|observed| observed.is_active)),
        }
    }

    /// All objects of a type, which are listed once.
    fn listed(&mut self, kind: Type) -> Result<&Inventory, Error> {
        Ok(match self.listed.entry(kind) {
            btree_map::Entry::Occupied(listed) => listed.into_mut(),
            btree_map::Entry::Vacant(unlisted) => {
                unlisted.insert(told(self.backend.list(&BTreeSet::from([kind])), Inventory::default())?)
            }
        })
    }

    fn interface(&self, name: &str) -> Option<Missing> {
        let networks = self.surroundings.declared.iter().filter(|(id, _)| id.kind == Type::Network);
        let is_made = used::bridges(networks.map(|(_, network)| *network)).contains(name);
        let is_there = || PathBuf::from("/sys/class/net").join(name).exists();
        let is_missing = self.backend.is_local() && !is_made && !is_there();
        if is_missing { Some(Missing::Interface { name: name.to_owned() }) } else { None }
    }

    /// The files that do not exist, on a connection to this host. A file that this user cannot see may exist.
    fn missing_files<'u>(&self, used: &'u [(&parts::Part<'_>, Used)]) -> BTreeSet<&'u str> {
        if !self.backend.is_local() {
            return BTreeSet::new();
        }
        let files = used.iter().filter_map(|(part, used)| match used {
            Used::File(file) if !self.is_made(file) && !has_nvram(part) => Some(file.as_str()),
            _ => None,
        });
        let files: Vec<_> = files.collect();
        let paths: Vec<_> = files.iter().map(PathBuf::from).collect();
        let are_there = hanging::each(&paths, is_there);
        files
            .into_iter()
            .zip(are_there)
            .filter(|(_, is_there)| *is_there == Some(false))
            .map(|(file, _)| file)
            .collect()
    }

    /// Whether a file is a declared volume, which is created if it does not exist. The folder of a pool that is not declared
    /// may be unknown.
    fn is_made(&self, file: &str) -> bool {
        let path = PathBuf::from(file);
        let name = path.file_name().and_then(|name| name.to_str());
        let Surroundings { declared, inventory, .. } = &self.surroundings;
        let volumes = declared.keys().filter(|id| id.kind == Type::Volume && Some(id.name.as_str()) == name);
        volumes.map(|volume| volume.pool()).any(|pool| {
            let found = || inventory.and_then(|inventory| inventory.get(&pool)?.definition.as_ref());
            let pool = declared.get(&pool).copied().or_else(found);
            let folder = pool.and_then(crate::plan::dependents::folder);
            folder.is_none_or(|folder| path.parent() == Some(path::Path::new(folder)))
        })
    }
}

/// Whether a file exists, as far as this user can see.
fn is_there(path: &path::Path) -> bool {
    path.symlink_metadata().err().is_none_or(|cause| cause.kind() != io::ErrorKind::NotFound)
}

/// Whether the part is the template of an NVRAM that exists, so that the template is not read.
fn has_nvram(part: &parts::Part<'_>) -> bool {
    part.element.name == "nvram" && PathBuf::from(part.element.text.trim()).exists()
}

/// An answer, or `unknown` if the daemon gives none: what is not known is not lacking.
fn told<T>(answer: Result<T, Error>, unknown: T) -> Result<T, Error> {
    match answer {
        Err(error) if error.kind() == ErrorKind::Connection => Err(error),
        Err(_) => Ok(unknown),
        answer => answer,
    }
}
