//! Connections to libvirt daemons, and lookups of their objects.

use crate::error::{Error, VirtError, ask, if_there, refused};
use crate::keepalive;
use crate::object::Object;
use nixvirt::error::ErrorKind;
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Limits;
use nixvirt::uri::is_local;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};
use virt::connect::Connect;
use virt::domain::Domain;
use virt::error::{ErrorDomain, ErrorNumber};
use virt::storage_pool::StoragePool;
use virt::sys;

/// Pause between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection to a libvirt daemon.
pub struct Connection {
    uri: String,
    limits: Limits,
    connect: RefCell<Connect>,
    /// The objects that were listed, or made since.
    pub(crate) known: Known,
    /// Whether the answer to the last request for a new volume was lost.
    pub(crate) has_lost_creation: Cell<bool>,
}

/// The objects that were listed on a connection, or made since, with libvirt's handles where these are valid. It is shared by
/// connections to one daemon that follow each other.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<BTreeMap<Id, Option<Arc<Object>>>>>);

impl Known {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Id, Option<Arc<Object>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an object.
    pub fn insert(&self, id: Id, object: Object) {
        self.lock().insert(id, Some(Arc::new(object)));
    }

    /// Whether the object was listed or made.
    pub fn contains(&self, id: &Id) -> bool {
        self.lock().contains_key(id)
    }

    /// The handle of a known object.
    pub fn handle(&self, id: &Id) -> Option<Arc<Object>> {
        self.lock().get(id).cloned().flatten()
    }

    /// Drops all handles, which belong to an abandoned connection.
    pub fn forget_handles(&self) {
        self.lock().values_mut().for_each(|handle| *handle = None);
    }
}

/// Key of an object of a type.
pub enum Key<'a> {
    /// Name.
    Name(&'a str),
    /// UUID.
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

impl Connection {
    /// Connects to a daemon. A daemon that does not answer may be starting, so that the connection is tried again for as
    /// long as `wait`. Lasting errors, such as an unknown URI, are returned immediately.
    pub fn open(uri: &str, wait: Duration) -> Result<Self, Error> {
        Connection::open_within(uri, Limits { wait, ..Limits::default() })
    }

    /// The same, with a limit for each answer of the daemon.
    pub fn open_within(uri: &str, limits: Limits) -> Result<Self, Error> {
        // Otherwise libvirt itself prints each error as well.
        virt::error::clear_error_callback();
        let connect = RefCell::new(connect(uri, limits)?);
        Ok(Connection {
            uri: uri.to_owned(),
            limits,
            connect,
            known: Known::default(),
            has_lost_creation: Cell::new(false),
        })
    }

    /// The same, with the objects that another connection to the daemon has listed.
    pub(crate) fn knowing(mut self, known: Known) -> Self {
        self.known = known;
        self
    }

    /// The connection of libvirt's client library.
    pub(crate) fn connect(&self) -> Connect {
        self.connect.borrow().clone()
    }

    /// Connects to another daemon, with the same limits.
    pub(crate) fn to_other(&self, uri: &str) -> Result<Connection, Error> {
        let other = Connection::open_within(uri, self.limits);
        // This connection is not the one that is lost.
        other.map_err(|error| error.of_kind(ErrorKind::Libvirt))
    }

    /// The URI of the daemon.
    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// Whether the daemon runs on this host, so that its files can be looked at.
    pub(crate) fn is_on_this_host(&self) -> bool {
        is_local(&self.uri)
    }

    /// Whether the daemon still answers.
    pub(crate) fn is_alive(&self) -> bool {
        self.connect().is_alive().unwrap_or(false)
    }

    /// Connects again to a daemon that was restarted.
    pub(crate) fn reconnect(&self) -> Result<(), Error> {
        *self.connect.borrow_mut() = connect(&self.uri, self.limits)?;
        Ok(())
    }

    /// Returns the object of a type and key, if it exists. Volumes and snapshots have no key.
    pub fn find(&self, kind: Type, key: &Key<'_>) -> Result<Option<Object>, Error> {
        let connect = self.connect();
        let found = match (kind, key) {
            (Type::Domain, Key::Name(name)) => connect.lookup_domain_by_name(name).map(Object::Domain),
            (Type::Domain, Key::Uuid(uuid)) => connect.lookup_domain_by_uuid_string(uuid).map(Object::Domain),
            (Type::Network, Key::Name(name)) => connect.lookup_network_by_name(name).map(Object::Network),
            (Type::Network, Key::Uuid(uuid)) => connect.lookup_network_by_uuid_string(uuid).map(Object::Network),
            (Type::Pool, Key::Name(name)) => connect.lookup_storage_pool_by_name(name).map(Object::Pool),
            (Type::Pool, Key::Uuid(uuid)) => connect.lookup_storage_pool_by_uuid_string(uuid).map(Object::Pool),
            (Type::Nwfilter, Key::Name(name)) => connect.lookup_nwfilter_by_name(name).map(Object::Nwfilter),
            (Type::Nwfilter, Key::Uuid(uuid)) => connect.lookup_nwfilter_by_uuid_string(uuid).map(Object::Nwfilter),
            (Type::Secret, Key::Name(name)) => secret(&connect, name).map(Object::Secret),
            (Type::Secret, Key::Uuid(uuid)) => connect.lookup_secret_by_uuid_string(uuid).map(Object::Secret),
            (Type::Volume | Type::Snapshot, _) => return Ok(None),
        };
        if_there(format!("cannot look up the {kind} {key}"), found)
    }

    /// Returns the object of an id, if it exists.
    pub(crate) fn lookup(&self, id: &Id) -> Result<Option<Object>, Error> {
        let what = || format!("cannot look up the {id}");
        let parent = id.parent.as_deref().unwrap_or_default();
        match id.kind {
            Type::Volume => {
                let Some(pool) = if_there(what(), self.connect().lookup_storage_pool_by_name(parent))? else {
                    return Ok(None);
                };
                let volume = if_there(what(), pool.lookup_storage_vol_by_name(&id.name))?;
                Ok(volume.map(Object::Volume))
            }
            Type::Snapshot => {
                let Some(domain) = if_there(what(), self.connect().lookup_domain_by_name(parent))? else {
                    return Ok(None);
                };
                let snapshot = if_there(what(), Domain::lookup_snapshot_by_name(&domain, &id.name, 0))?;
                Ok(snapshot.map(Object::Snapshot))
            }
            kind => self.find(kind, &Key::Name(&id.name)),
        }
    }

    /// Returns the object of an id.
    ///
    /// # Errors
    /// The object does not exist.
    pub(crate) fn existing(&self, id: &Id) -> Result<Object, Error> {
        self.lookup(id)?.ok_or_else(|| Error::libvirt(format!("there is no {id}")))
    }

    /// Returns the domain of a name, if it exists.
    pub(crate) fn domain(&self, name: &str) -> Result<Option<Domain>, Error> {
        if_there(format!("cannot look up the domain {name:?}"), self.connect().lookup_domain_by_name(name))
    }

    /// Returns the pool of a name.
    ///
    /// # Errors
    /// The pool does not exist.
    pub(crate) fn pool(&self, name: &str) -> Result<StoragePool, Error> {
        ask(format!("cannot look up the pool {name:?}"), self.connect().lookup_storage_pool_by_name(name))
    }

    /// Defines an object, replacing the definition of the same name and UUID.
    pub fn define(&self, kind: Type, xml: &str) -> Result<Object, Error> {
        let connect = self.connect();
        let defined = match kind {
            Type::Domain => connect.define_domain_xml(xml).map(Object::Domain),
            Type::Network => connect.define_network_xml(xml).map(Object::Network),
            Type::Pool => connect.define_storage_pool_xml(xml, 0).map(Object::Pool),
            Type::Nwfilter => connect.define_nwfilter_xml(xml).map(Object::Nwfilter),
            Type::Secret => connect.define_secret_xml(xml, 0).map(Object::Secret),
            Type::Volume | Type::Snapshot => return Err(Error::internal(format!("a {kind} is created, not defined"))),
        };
        ask(format!("libvirt refuses the {kind}"), defined)
    }
}

/// Returns the secret of a usage such as `ceph client.admin`, or of a UUID.
fn secret(connect: &Connect, name: &str) -> Result<virt::secret::Secret, VirtError> {
    let usage = match name.split_once(' ') {
        Some(("volume", id)) => (sys::VIR_SECRET_USAGE_TYPE_VOLUME, id),
        Some(("ceph", id)) => (sys::VIR_SECRET_USAGE_TYPE_CEPH, id),
        Some(("iscsi", id)) => (sys::VIR_SECRET_USAGE_TYPE_ISCSI, id),
        Some(("tls", id)) => (sys::VIR_SECRET_USAGE_TYPE_TLS, id),
        Some(("vtpm", id)) => (sys::VIR_SECRET_USAGE_TYPE_VTPM, id),
        _ => return connect.lookup_secret_by_uuid_string(name),
    };
    connect.lookup_secret_by_usage(usage.0 as i32, usage.1)
}

fn connect(uri: &str, limits: Limits) -> Result<Connect, Error> {
    if uri.contains('\0') {
        return Err(Error::usage(format!("cannot connect to {uri:?}: the URI contains a null character")));
    }
    // On this host, the time limit of each call is enough. The event loop would take part in every call.
    let is_watched = !is_local(uri);
    if is_watched {
        keepalive::start();
    }
    let deadline = Instant::now() + limits.wait;
    loop {
        match attempt(uri, limits.timeout)? {
            Ok(connect) => {
                if is_watched {
                    keepalive::watch(&connect, limits.timeout);
                }
                return Ok(connect);
            }
            Err(why) if may_heal(&why) && Instant::now() < deadline => sleep(PAUSE),
            Err(why) => return Err(unreachable(uri, &why)),
        }
    }
}

/// Opens a connection once. A daemon that does not answer in time is an error; its thread is abandoned.
fn attempt(uri: &str, timeout: Duration) -> Result<Result<Connect, VirtError>, Error> {
    let (opened, result) = mpsc::channel();
    let own = uri.to_owned();
    thread::spawn(move || opened.send(Connect::open(Some(&own))));
    result.recv_timeout(timeout).map_err(|_| {
        let what = format!("cannot connect to {uri}: no answer in {} s", timeout.as_secs());
        Error::connection(what)
            .with_hint("check that the libvirt daemon responds; the time limit is set with --timeout")
    })
}

/// Whether the daemon may be starting: its socket is missing or refuses, or the daemon closes the connection.
fn may_heal(why: &VirtError) -> bool {
    let is_of_the_line = why.domain().is(ErrorDomain::Rpc) || why.code().is(ErrorNumber::SystemError);
    is_of_the_line && !is_refusal(why)
}

/// Whether the daemon or the system refuses the connection, so that another attempt would fail too.
fn is_refusal(why: &VirtError) -> bool {
    /// Errors that have no code: `ssh` prints them, and libvirt reports unreadable certificates as it reports sockets.
    const WORDS: [&str; 4] = ["Permission denied", "Host key verification failed", "certificate", "Cannot read"];
    use ErrorNumber::{AuthCancelled, AuthFailed, AuthUnavailable};
    why.code().is_known_and(|code| matches!(code, AuthCancelled | AuthFailed | AuthUnavailable))
        || WORDS.iter().any(|words| why.message().contains(words))
}

fn unreachable(uri: &str, why: &VirtError) -> Error {
    let error = refused(format!("cannot connect to {uri}"), why).of_kind(ErrorKind::Connection);
    if why.code().is(ErrorNumber::NoConnect) {
        error.with_hint("check the URI: this libvirt has no driver for it")
    } else if is_refusal(why) {
        error.with_hint("check your permissions (libvirtd group, polkit, SSH key or TLS certificate)")
    } else if may_heal(why) {
        let is_by_ssh = uri.split("://").next().is_some_and(|scheme| scheme.contains("ssh"));
        error.with_hint(if is_by_ssh {
            "check that `ssh` reaches the host, and that the libvirt daemon is running there"
        } else {
            "check that the libvirt daemon is running"
        })
    } else {
        error
    }
}
