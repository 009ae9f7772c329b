//! Inventory of a connection.

use crate::connection::Connection;
use crate::error::{Error, VirtError, ask, if_there, is_unsupported};
use crate::object::Object;
use nixvirt::change::{child, child_text};
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type, name_of};
use nixvirt::step::Redacted;
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::network::Network;
use virt::storage_pool::StoragePool;
use virt::sys;

/// libvirt's list of the objects of one type, each with the facts that the list has.
type Listed = BTreeMap<Id, (Object, Observed)>;

impl Connection {
    /// Lists every object of these types, in a few calls for any number of objects. Volumes are listed of the pools that
    /// run. A type that the driver of the hypervisor lacks has no objects.
    pub(crate) fn list_types(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        let mut inventory = Inventory::default();
        for kind in types {
            for (id, (object, found)) in self.listed(*kind)? {
                self.known.borrow_mut().insert(id.clone(), object);
                inventory.objects.insert(id, found);
            }
        }
        Ok(inventory)
    }

    /// Reads the definitions of a listed object. An object that was removed meanwhile has none.
    pub(crate) fn read_object(&self, id: &Id, observed: &mut Observed) -> Result<(), Error> {
        let known = self.known.borrow();
        let Some(object) = known.get(id) else { return Ok(()) };
        match self.read_definitions(object, observed) {
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
        let live = if observed.is_active { object.live_xml()? } else { None };
        (observed.definition, observed.with_secrets) = match object {
            Object::Domain(domain) => domain_definition(domain, object)?,
            _ => (xml::element(&object.xml()?), None),
        };
        observed.live = live.as_deref().and_then(xml::element);
        if let (Object::Domain(domain), Some(definition)) = (object, &observed.definition) {
            observed.loader_is_gone = self.is_on_this_host() && loader(definition).is_some_and(|path| !path.exists());
            if observed.has_snapshots {
                observed.snapshots = snapshots_of(domain)?;
            }
        }
        Ok(())
    }

    fn listed(&self, kind: Type) -> Result<Listed, Error> {
        let connect = self.connect();
        let listed = match kind {
            Type::Secret => secrets(&connect),
            Type::Nwfilter => nwfilters(&connect),
            Type::Pool => pools(&connect),
            Type::Volume => volumes(&connect),
            Type::Network => networks(&connect),
            Type::Domain => domains(&connect),
            Type::Snapshot => snapshots(&connect),
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
fn volumes(connect: &Connect) -> Result<Listed, Error> {
    let mut listed = Listed::new();
    for pool in
        ask("cannot list the pools", connect.list_all_storage_pools(sys::VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE))?
    {
        let name = ask("a pool has no name", pool.name())?;
        let volumes = ask(format!("cannot list the volumes of pool {name:?}"), pool.list_all_volumes(0))?;
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
        let text = object.xml()?;
        let root = xml::element(&text);
        let name = root.and_then(|root| name_of(Type::Secret, &root)).unwrap_or_else(|| uuid.clone());
        listed.insert(Id::new(Type::Secret, name), (object, standing(Some(uuid))));
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

/// The persistent definition of a domain as libvirt shows it, and, if there are secrets, with them. A connection that may not
/// read secrets gives none.
fn domain_definition(domain: &Domain, object: &Object) -> Result<(Option<Element>, Option<Redacted>), Error> {
    let flags = sys::VIR_DOMAIN_XML_INACTIVE | sys::VIR_DOMAIN_XML_SECURE;
    let Some(secure) = domain.xml_desc(flags).ok().as_deref().and_then(xml::element) else {
        return Ok((xml::element(&object.xml()?), None));
    };
    let mut shown = secure.clone();
    hide_secrets(&mut shown);
    let with_secrets = if shown == secure { None } else { Some(Redacted(secure)) };
    Ok((Some(shown), with_secrets))
}

/// Removes what libvirt does not show: passwords of consoles, and cookies.
fn hide_secrets(element: &mut Element) {
    if element.name == "graphics" {
        element.attributes.retain(|(name, _)| name != "passwd");
    }
    element.children.retain(|child| child.name != "cookies");
    element.children.iter_mut().for_each(hide_secrets);
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

fn snapshots(connect: &Connect) -> Result<Listed, Error> {
    let mut listed = Listed::new();
    for domain in ask("cannot list the domains", connect.list_all_domains(sys::VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT))?
    {
        let name = ask("a domain has no name", domain.name())?;
        let snapshots = ask(format!("cannot list the snapshots of domain {name:?}"), domain.list_all_snapshots(0))?;
        for snapshot in snapshots {
            let object = Object::Snapshot(snapshot);
            listed.insert(Id::within(Type::Snapshot, &name, object.name()?), (object, standing(None)));
        }
    }
    Ok(listed)
}
