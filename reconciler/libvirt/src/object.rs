//! Objects of a libvirt daemon.

use crate::error::{Error, VirtError, ask, if_there, refused};
use nixvirt::step::Shutdown;
use std::thread::sleep;
use std::time::{Duration, Instant};
use virt::domain::Domain;
use virt::domain_snapshot::DomainSnapshot;
use virt::network::Network;
use virt::nwfilter::NWFilter;
use virt::secret::Secret;
use virt::storage_pool::StoragePool;
use virt::storage_vol::StorageVol;
use virt::sys;

/// Object of a daemon.
pub enum Object {
    /// Domain: a virtual machine.
    Domain(Domain),
    /// Virtual network.
    Network(Network),
    /// Storage pool.
    Pool(StoragePool),
    /// Storage volume in a pool.
    Volume(StorageVol),
    /// Secret. Its value is never read.
    Secret(Secret),
    /// Network filter.
    Nwfilter(NWFilter),
    /// Snapshot of a domain.
    Snapshot(DomainSnapshot),
}

/// Calls a method of an object that can run. For other objects, the last expression is the result.
macro_rules! on_each {
    ($object:expr, $it:ident => $call:expr, _ => $other:expr) => {
        match $object {
            Object::Domain($it) => $call,
            Object::Network($it) => $call,
            Object::Pool($it) => $call,
            _ => $other,
        }
    };
}

impl Object {
    /// Returns the name, or the UUID of a secret.
    pub fn name(&self) -> Result<String, Error> {
        let name = match self {
            Object::Domain(domain) => domain.name(),
            Object::Network(network) => network.name(),
            Object::Pool(pool) => pool.name(),
            Object::Volume(volume) => volume.name(),
            Object::Secret(secret) => secret.uuid_string(),
            Object::Nwfilter(filter) => filter.name(),
            Object::Snapshot(snapshot) => snapshot.name(),
        };
        ask("an object has no name", name)
    }

    /// Returns the XML of the persistent definition, without secrets.
    pub fn xml(&self) -> Result<String, Error> {
        let xml = match self {
            Object::Domain(domain) => domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE),
            // Some drivers know no difference, and no flag for it.
            Object::Network(network) => {
                network.xml_desc(sys::VIR_NETWORK_XML_INACTIVE).or_else(|_| network.xml_desc(0))
            }
            Object::Pool(pool) => pool.xml_desc(sys::VIR_STORAGE_XML_INACTIVE).or_else(|_| pool.xml_desc(0)),
            Object::Volume(volume) => volume.xml_desc(0),
            Object::Secret(secret) => secret.xml_desc(0),
            Object::Nwfilter(filter) => filter.xml_desc(0),
            Object::Snapshot(snapshot) => snapshot.xml_desc(0),
        };
        ask("cannot read its XML", xml)
    }

    /// Returns the XML of the running object, without secrets. None for types that do not run.
    pub(crate) fn live_xml(&self) -> Result<Option<String>, Error> {
        let xml = on_each!(self, it => it.xml_desc(0), _ => return Ok(None));
        ask("cannot read the XML of the running object", xml).map(Some)
    }

    /// Whether the object runs. Objects of types that do not run are always active.
    pub fn is_active(&self) -> Result<bool, Error> {
        ask("cannot determine whether the object runs", on_each!(self, it => it.is_active(), _ => Ok(true)))
    }

    /// Starts the object, unless it runs.
    pub fn start(&self) -> Result<(), Error> {
        if self.is_active()? {
            return Ok(());
        }
        let started = match self {
            Object::Domain(domain) => domain.create(),
            Object::Network(network) => network.create(),
            Object::Pool(pool) => return start_pool(pool),
            _ => Ok(()),
        };
        ask("cannot start it", started)
    }

    /// Creates the folder of a pool that does not run, if the folder is missing, and sets the permissions of the folder.
    /// Building such a pool without flags does no more than that.
    pub fn build(&self) -> Result<(), Error> {
        match self {
            Object::Pool(pool) if !self.is_active()? && has_folder(pool)? => {
                ask("cannot create its folder", pool.build(0)).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Stops the object, if it runs. A guest is asked to shut down; after the time limit, it is forced off if `how` says
    /// so. Other objects stop immediately.
    pub fn stop(&self, how: Shutdown) -> Result<(), Error> {
        if !self.is_active()? {
            return Ok(());
        }
        let stopped = match self {
            Object::Domain(domain) => return shut_down(domain, how),
            Object::Network(network) => network.destroy(),
            Object::Pool(pool) => pool.destroy(),
            _ => Ok(()),
        };
        ask("cannot stop it", stopped)
    }

    /// Sets whether the object starts with the host.
    pub fn set_autostart(&self, autostart: bool) -> Result<(), Error> {
        let set = on_each!(self, it => it.set_autostart(autostart), _ => Ok(()));
        ask("cannot set autostart", set)
    }
}

/// Starts a pool.
fn start_pool(pool: &StoragePool) -> Result<(), Error> {
    let Err(why) = pool.create(0) else { return Ok(()) };
    let error = refused("cannot start it", &why);
    Err(if has_folder(pool)? {
        error.with_hint("check that the folder of the pool exists, and that its file system is mounted")
    } else {
        error
    })
}

/// Whether the volumes of a pool are files in a folder, which libvirt can create.
fn has_folder(pool: &StoragePool) -> Result<bool, Error> {
    let xml = ask("cannot read its XML", pool.xml_desc(0))?;
    Ok(["'dir'", "'fs'", "'netfs'"].iter().any(|kind| xml.starts_with(&format!("<pool type={kind}"))))
}

/// Interval at which the state of a guest is read.
const LOOK: Duration = Duration::from_millis(100);

/// Interval at which a guest is asked to shut down again, since a guest that is starting misses the first request.
const ASK: Duration = Duration::from_secs(10);

fn shut_down(domain: &Domain, how: Shutdown) -> Result<(), Error> {
    let begin = Instant::now();
    let limit = Duration::from_secs(how.timeout);
    let mut asked = None::<Instant>;
    let mut refused = None;
    while is_running(domain)? {
        if asked.is_none_or(|asked| asked.elapsed() >= ASK) {
            asked = Some(Instant::now());
            refused = domain.shutdown().err();
        } else if begin.elapsed() >= limit {
            return if how.force { force_off(domain) } else { Err(runs_on(how.timeout, refused)) };
        } else {
            sleep(LOOK.min(limit.saturating_sub(begin.elapsed())));
        }
    }
    Ok(())
}

fn runs_on(seconds: u64, answer: Option<VirtError>) -> Error {
    let what = format!("did not shut down within {seconds} s, and keeps running");
    let error = match answer {
        Some(answer) => refused(what, &answer),
        None => Error::libvirt(what),
    };
    error.with_hint("set a longer timeout, or shut the guest down from inside")
}

fn force_off(domain: &Domain) -> Result<(), Error> {
    // Gracefully first, so that QEMU writes its caches to the disks.
    let cut = domain.destroy_flags(sys::VIR_DOMAIN_DESTROY_GRACEFUL).or_else(|_| domain.destroy());
    match cut {
        Err(why) if is_running(domain)? => Err(refused("cannot force off the guest", &why)),
        _ => Ok(()),
    }
}

/// Whether the guest runs. A transient guest that has stopped no longer exists.
fn is_running(domain: &Domain) -> Result<bool, Error> {
    let is_active = if_there("cannot determine whether the object runs", domain.is_active())?;
    Ok(is_active.unwrap_or(false))
}
