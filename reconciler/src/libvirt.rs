//! The objects that a libvirt daemon keeps.

use nixvirt_schema::kind::Kind;
use std::fmt;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::error::{Error, ErrorNumber};
use virt::network::Network;
use virt::storage_pool::StoragePool;
use virt::sys;

/// Why a request to libvirt failed, and what was asked for.
#[derive(Debug)]
pub struct Failure {
    what: String,
    why: Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why.message())
    }
}

/// Adds what was asked for to what libvirt answered.
fn ask<T>(what: impl Into<String>, answer: Result<T, Error>) -> Result<T, Failure> {
    answer.map_err(|why| Failure { what: what.into(), why })
}

/// A connection to a libvirt daemon.
pub struct Connection(Connect);

/// How an object is found.
pub enum Key<'a> {
    /// By its name.
    Name(&'a str),
    /// By its id.
    Uuid(&'a str),
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Name(name) => write!(f, "{name:?}"),
            Key::Uuid(uuid) => write!(f, "{uuid}"),
        }
    }
}

/// An object that can be defined, started and stopped.
pub enum Object {
    /// A virtual machine.
    Domain(Domain),
    /// A network.
    Network(Network),
    /// A storage pool.
    Pool(StoragePool),
}

impl Connection {
    /// Connects to a daemon.
    pub fn open(uri: &str) -> Result<Self, Failure> {
        // libvirt would print its errors by itself, beside ours.
        virt::error::clear_error_callback();
        ask(format!("cannot connect to {uri}"), Connect::open(Some(uri))).map(Connection)
    }

    /// The object of that kind and key, if there is one.
    pub fn find(&self, kind: Kind, key: &Key<'_>) -> Result<Option<Object>, Failure> {
        let found = match (kind, key) {
            (Kind::Network, Key::Name(name)) => self.0.lookup_network_by_name(name).map(Object::Network),
            (Kind::Network, Key::Uuid(uuid)) => self.0.lookup_network_by_uuid_string(uuid).map(Object::Network),
            (Kind::Pool, Key::Name(name)) => self.0.lookup_storage_pool_by_name(name).map(Object::Pool),
            (Kind::Pool, Key::Uuid(uuid)) => self.0.lookup_storage_pool_by_uuid_string(uuid).map(Object::Pool),
            (_, Key::Name(name)) => self.0.lookup_domain_by_name(name).map(Object::Domain),
            (_, Key::Uuid(uuid)) => self.0.lookup_domain_by_uuid_string(uuid).map(Object::Domain),
        };
        match found {
            Ok(object) => Ok(Some(object)),
            Err(why) if is_absent(&why) => Ok(None),
            Err(why) => Err(Failure { what: format!("cannot look up the {} {key}", kind.name()), why }),
        }
    }

    /// All objects of that kind, in the order of their names.
    pub fn list(&self, kind: Kind) -> Result<Vec<Object>, Failure> {
        let what = format!("cannot list the {}s", kind.name());
        let mut all: Vec<_> = match kind {
            Kind::Network => ask(what, self.0.list_all_networks(0))?.into_iter().map(Object::Network).collect(),
            Kind::Pool => ask(what, self.0.list_all_storage_pools(0))?.into_iter().map(Object::Pool).collect(),
            _ => ask(what, self.0.list_all_domains(0))?.into_iter().map(Object::Domain).collect(),
        };
        all.sort_by_cached_key(|object| object.name().unwrap_or_default());
        Ok(all)
    }

    /// Makes libvirt keep the object that the XML describes, in place of what it has under the same name and id.
    pub fn define(&self, kind: Kind, xml: &str) -> Result<Object, Failure> {
        let what = format!("libvirt refuses the {}", kind.name());
        match kind {
            Kind::Network => ask(what, self.0.define_network_xml(xml)).map(Object::Network),
            Kind::Pool => ask(what, self.0.define_storage_pool_xml(xml, 0)).map(Object::Pool),
            _ => ask(what, self.0.define_domain_xml(xml)).map(Object::Domain),
        }
    }
}

fn is_absent(why: &Error) -> bool {
    use ErrorNumber::{NoDomain, NoNetwork, NoStoragePool};
    why.code().is_known_and(|code| matches!(code, NoDomain | NoNetwork | NoStoragePool))
}

/// Calls the method of that name on whatever the object is.
macro_rules! on_each {
    ($object:expr, $it:ident => $call:expr) => {
        match $object {
            Object::Domain($it) => $call,
            Object::Network($it) => $call,
            Object::Pool($it) => $call,
        }
    };
}

impl Object {
    /// Its name.
    pub fn name(&self) -> Result<String, Failure> {
        ask("an object has no name", on_each!(self, it => it.name()))
    }

    /// What libvirt will start it with next, as XML.
    pub fn xml(&self) -> Result<String, Failure> {
        let xml = match self {
            Object::Domain(domain) => domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE),
            // Some drivers know no difference, and no flag for it.
            Object::Network(network) => {
                network.xml_desc(sys::VIR_NETWORK_XML_INACTIVE).or_else(|_| network.xml_desc(0))
            }
            Object::Pool(pool) => pool.xml_desc(sys::VIR_STORAGE_XML_INACTIVE).or_else(|_| pool.xml_desc(0)),
        };
        ask("cannot read its XML", xml)
    }

    /// Whether it runs.
    pub fn is_active(&self) -> Result<bool, Failure> {
        ask("cannot tell whether it runs", on_each!(self, it => it.is_active()))
    }

    /// Starts it.
    pub fn start(&self) -> Result<(), Failure> {
        let started = match self {
            Object::Domain(domain) => domain.create(),
            Object::Network(network) => network.create(),
            Object::Pool(pool) => pool.create(0),
        };
        ask("cannot start it", started)
    }

    /// Stops it: asks a guest to shut down, which it does in its own time.
    pub fn stop(&self) -> Result<(), Failure> {
        let stopped = match self {
            Object::Domain(domain) => domain.shutdown(),
            Object::Network(network) => network.destroy(),
            Object::Pool(pool) => pool.destroy(),
        };
        ask("cannot stop it", stopped)
    }

    /// Sets whether it starts with the host.
    pub fn set_autostart(&self, autostart: bool) -> Result<(), Failure> {
        ask("cannot set whether it starts with the host", on_each!(self, it => it.set_autostart(autostart)))
    }
}
