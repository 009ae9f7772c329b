//! Inventory of a connection.

use crate::connection::Connection;
use crate::error::{Error, VirtError, ask, if_there, is_unsupported};
use crate::object::Object;
use nixvirt::change::{child, child_text};
use nixvirt::error::ErrorKind;
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type, name_of};
use nixvirt::step::Redacted;
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::network::Network;
use virt::storage_pool::StoragePool;
use virt::sys;

/// libvirt's list of the objects of one type, each with the facts that the list has.
type Listed = BTreeMap<Id, (Object, Observed)>;

/// The pools and domains whose parts could not be listed, and why.
type Unlisted = Vec<(Id, Error)>;

impl Connection {
    /// Lists every object of these types, in a few calls for any number of objects. Volumes are listed of the pools that
    /// run. A type that the driver of the hypervisor lacks has no objects.
    pub(crate) fn list_types(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        let mut inventory = Inventory::default();
        for kind in types {
            let mut unlisted = Vec::new();
            for (id, (object, found)) in self.listed(*kind, &mut unlisted)? {
                self.known.insert(id.clone(), object);
                inventory.objects.insert(id, found);
            }
            for (whole, error) in unlisted {
                if error.kind() == ErrorKind::Connection || !self.is_alive() {
                    return Err(error);
                }
                if let Some(observed) = inventory.objects.get_mut(&whole) {
                    observed.parts_error = Some(error.into());
                }
            }
        }
        Ok(inventory)
    }

    /// Reads the definitions of a listed object. An object that was removed meanwhile has none.
    pub(crate) fn read_object(&self, id: &Id, observed: &mut Observed) -> Result<(), Error> {
        if !self.known.contains(id) {
            return Ok(());
        }
        let object = match self.known.handle(id) {
            Some(object) => object,
            None => match self.lookup(id)? {
                Some(object) => Arc::new(object),
                None => return Ok(()),
            },
        };
        match self.read_definitions(&object, observed) {
            Err(_) if self.lookup(id)?.is_none() => {
                (observed.definition, observed.live) = (None, None);
                Ok(())
            }
            result => result,
        }
    }

    /// Reads what a redefinition of an object preserves.
    pub fn observe(&self, object: &Object) -> Result<Observed, Error> {
        let is_active = object.is_active()?;
        let mut observed = Observed { is_active, has_snapshots: true, ..Observed::default() };
        self.read_definitions(object, &mut observed)?;
        Ok(observed)
    }

    fn read_definitions(&self, object: &Object, observed: &mut Observed) -> Result<(), Error> {
        match object {
            Object::Domain(domain) => read_domain(domain, object, observed)?,
            _ => {
                let live = if observed.is_active { object.live_xml()? } else { None };
                observed.definition = xml::element(&object.xml()?);
                observed.live = live.as_deref().and_then(xml::element);
            }
        }
        if let (Object::Domain(domain), Some(definition)) = (object, &observed.definition) {
            observed.loader_is_gone = self.is_on_this_host() && loader(definition).is_some_and(|path| !path.exists());
            if observed.has_snapshots {
                observed.snapshots = snapshots_of(domain)?;
            }
        }
        Ok(())
    }

    fn listed(&self, kind: Type, unlisted: &mut Unlisted) -> Result<Listed, Error> {
        let connect = self.connect();
        let listed = match kind {
            Type::Secret => secrets(&connect),
            Type::Nwfilter => nwfilters(&connect),
            Type::Pool => pools(&connect),
            Type::Volume => volumes(&connect, unlisted),
            Type::Network => networks(&connect),
            Type::Domain => domains(&connect),
            Type::Snapshot => snapshots(&connect, unlisted),
        };
        listed.or_else(|why| if is_unsupported(&why) { Ok(Listed::new()) } else { Err(why) })
    }
}

/// Calls that list the objects of a type that can run.
struct Lister<'a, T> {
    kind: Type,
    /// Lists the objects that a flag selects, or all objects for 0.
    list: &'a dyn Fn(u32) -> Result<Vec<T>, VirtError>,
    active: u32,
    persistent: u32,
    autostart: u32,
    uuid: fn(&T) -> Result<String, VirtError>,
    object: fn(T) -> Object,
}

impl<T> Lister<'_, T> {
    fn with_flag(&self, flag: u32) -> Result<Vec<T>, Error> {
        ask(format!("cannot list the {}s", self.kind), (self.list)(flag))
    }

    /// The UUIDs of the objects that a flag selects, by one call for all objects.
    fn uuids(&self, flag: u32) -> Result<BTreeSet<String>, Error> {
        self.with_flag(flag)?.iter().map(|it| self.uuid_of(it)).collect()
    }

    fn uuid_of(&self, it: &T) -> Result<String, Error> {
        ask(format!("a {} has no UUID", self.kind), (self.uuid)(it))
    }

    fn listed(&self) -> Result<Listed, Error> {
        let [active, persistent, autostart] = [self.active, self.persistent, self.autostart].map(|it| self.uuids(it));
        let (active, persistent, autostart) = (active?, persistent?, autostart?);
        let mut listed = Listed::new();
        for it in self.with_flag(0)? {
            let uuid = self.uuid_of(&it)?;
            let found = Observed {
                is_active: active.contains(&uuid),
                is_persistent: persistent.contains(&uuid),
                autostart: autostart.contains(&uuid),
                uuid: Some(uuid),
                ..Observed::default()
            };
            let object = (self.object)(it);
            listed.insert(Id::new(self.kind, object.name()?), (object, found));
        }
        Ok(listed)
    }
}

fn domains(connect: &Connect) -> Result<Listed, Error> {
    let lister = Lister {
        kind: Type::Domain,
        list: &|flag| connect.list_all_domains(flag),
        active: sys::VIR_CONNECT_LIST_DOMAINS_ACTIVE,
        persistent: sys::VIR_CONNECT_LIST_DOMAINS_PERSISTENT,
        autostart: sys::VIR_CONNECT_LIST_DOMAINS_AUTOSTART,
        uuid: Domain::uuid_string,
        object: Object::Domain,
    };
    let saved = lister.uuids(sys::VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE)?;
    let with_snapshots = lister.uuids(sys::VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT)?;
    let mut listed = lister.listed()?;
    for (object, found) in listed.values_mut() {
        let is_in = |uuids: &BTreeSet<String>| found.uuid.as_ref().is_some_and(|uuid| uuids.contains(uuid));
        (found.has_managed_save, found.has_snapshots) = (is_in(&saved), is_in(&with_snapshots));
        if let Object::Domain(domain) = object {
            found.run = domain.id();
        }
    }
    Ok(listed)
}

fn networks(connect: &Connect) -> Result<Listed, Error> {
    let lister = Lister {
        kind: Type::Network,
        list: &|flag| connect.list_all_networks(flag),
        active: sys::VIR_CONNECT_LIST_NETWORKS_ACTIVE,
        persistent: sys::VIR_CONNECT_LIST_NETWORKS_PERSISTENT,
        autostart: sys::VIR_CONNECT_LIST_NETWORKS_AUTOSTART,
        uuid: Network::uuid_string,
        object: Object::Network,
    };
    lister.listed()
}

fn pools(connect: &Connect) -> Result<Listed, Error> {
    let lister = Lister {
        kind: Type::Pool,
        list: &|flag| connect.list_all_storage_pools(flag),
        active: sys::VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE,
        persistent: sys::VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT,
        autostart: sys::VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART,
        uuid: StoragePool::uuid_string,
        object: Object::Pool,
    };
    lister.listed()
}

/// An object that is known only to exist.
fn standing(uuid: Option<String>) -> Observed {
    Observed { uuid, is_active: true, is_persistent: true, ..Observed::default() }
}

/// A volume that is not listed counts as missing, and would be created and filled. So a pool that cannot be listed is an
/// error.
fn volumes(connect: &Connect, unlisted: &mut Unlisted) -> Result<Listed, Error> {
    let mut listed = Listed::new();
    for pool in
        ask("cannot list the pools", connect.list_all_storage_pools(sys::VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE))?
    {
        let name = ask("a pool has no name", pool.name())?;
        let volumes = match ask("cannot list its volumes", pool.list_all_volumes(0)) {
            Ok(volumes) => volumes,
            Err(error) => {
                unlisted.push((Id::new(Type::Pool, name), error));
                continue;
            }
        };
        for volume in volumes {
            let object = Object::Volume(volume);
            listed.insert(Id::within(Type::Volume, &name, object.name()?), (object, standing(None)));
        }
    }
    Ok(listed)
}

fn secrets(connect: &Connect) -> Result<Listed, Error> {
    let mut listed = Listed::new();
    for secret in ask("cannot list the secrets", connect.list_all_secrets(0))? {
        let uuid = ask("a secret has no UUID", secret.uuid_string())?;
        let object = Object::Secret(secret);
        let mut observed = standing(Some(uuid.clone()));
        let name = match object.xml() {
            Ok(text) => xml::element(&text).and_then(|root| name_of(Type::Secret, &root)),
            Err(error) => {
                observed.error = Some(error.into());
                None
            }
        };
        listed.insert(Id::new(Type::Secret, name.unwrap_or(uuid)), (object, observed));
    }
    Ok(listed)
}

fn nwfilters(connect: &Connect) -> Result<Listed, Error> {
    let mut listed = Listed::new();
    for filter in ask("cannot list the nwfilters", connect.list_all_nw_filters(0))? {
        let uuid = ask("a network filter has no UUID", filter.uuid_string())?;
        let object = Object::Nwfilter(filter);
        listed.insert(Id::new(Type::Nwfilter, object.name()?), (object, standing(Some(uuid))));
    }
    Ok(listed)
}

/// Reads the definitions of a domain as libvirt shows them, and, if there are secrets that the connection may read, with them.
fn read_domain(domain: &Domain, object: &Object, observed: &mut Observed) -> Result<(), Error> {
    let secure = sys::VIR_DOMAIN_XML_SECURE;
    let live = if observed.is_active { object.live_xml()? } else { None };
    observed.live = live.as_deref().and_then(xml::element);
    let Ok(text) = domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE | secure) else {
        observed.hides_secrets = true;
        observed.definition = xml::element(&object.xml()?);
        return Ok(());
    };
    observed.definition = xml::element(&text);
    let has_secrets = observed.definition.as_mut().is_some_and(hide_secrets);
    // A guest that has no secrets in its definition seldom has some while it runs.
    let live = if has_secrets && live.is_some() { domain.xml_desc(secure).ok() } else { None };
    let with_secrets = |text: &str| xml::element(text).map(Redacted);
    observed.with_secrets = if has_secrets { with_secrets(&text) } else { None };
    observed.live_with_secrets = live.as_deref().and_then(with_secrets);
    Ok(())
}

/// Removes what libvirt does not show: passwords of consoles, and cookies. Returns whether there are any.
fn hide_secrets(element: &mut Element) -> bool {
    let parts = |element: &Element| element.attributes.len() + element.children.len();
    let before = parts(element);
    if element.name == "graphics" {
        element.attributes.retain(|(name, _)| name != "passwd");
    }
    element.children.retain(|child| child.name != "cookies");
    let is_hidden = parts(element) < before;
    element.children.iter_mut().map(hide_secrets).fold(is_hidden, |one, other| one || other)
}

/// The file of a domain's firmware.
fn loader(domain: &Element) -> Option<&Path> {
    child_text(child(domain, "os")?, "loader").map(Path::new)
}

/// The definitions of a domain's snapshots, parents before their children.
fn snapshots_of(domain: &Domain) -> Result<Vec<Element>, Error> {
    let what = "cannot read its snapshots";
    let listed = ask(what, domain.list_all_snapshots(sys::VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL));
    let mut snapshots = Vec::new();
    for snapshot in listed.or_else(|error| if is_unsupported(&error) { Ok(Vec::new()) } else { Err(error) })? {
        snapshots.extend(if_there(what, snapshot.xml_desc(0))?.as_deref().and_then(xml::element));
    }
    Ok(snapshots)
}

fn snapshots(connect: &Connect, unlisted: &mut Unlisted) -> Result<Listed, Error> {
    let mut listed = Listed::new();
    for domain in ask("cannot list the domains", connect.list_all_domains(sys::VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT))?
    {
        let name = ask("a domain has no name", domain.name())?;
        let snapshots = match ask("cannot list its snapshots", domain.list_all_snapshots(0)) {
            Ok(snapshots) => snapshots,
            Err(error) => {
                unlisted.push((Id::new(Type::Domain, name), error));
                continue;
            }
        };
        for snapshot in snapshots {
            let object = Object::Snapshot(snapshot);
            listed.insert(Id::within(Type::Snapshot, &name, object.name()?), (object, standing(None)));
        }
    }
    Ok(listed)
}
