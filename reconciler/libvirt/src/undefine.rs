//! Undefining objects.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::object::Object;
use nixvirt::object::Id;
use nixvirt::step::Purge;
use virt::domain::Domain;
use virt::sys;

const WHAT: &str = "libvirt cannot undefine the object";

impl Connection {
    /// Undefines an object. An object that is not persistent has no definition, and a volume or snapshot is deleted instead.
    pub(crate) fn undefine(&self, id: &Id, purge: &[Purge], keep: &[Purge], must_be_off: bool) -> Result<(), Error> {
        match self.lookup(id)? {
            Some(Object::Domain(domain)) => undefine_domain(&domain, flags(purge, keep), must_be_off),
            Some(Object::Network(network)) if ask(WHAT, network.is_persistent())? => ask(WHAT, network.undefine()),
            Some(Object::Pool(pool)) if ask(WHAT, pool.is_persistent())? => ask(WHAT, pool.undefine()),
            Some(Object::Secret(secret)) => ask(WHAT, secret.undefine()),
            Some(Object::Nwfilter(filter)) => ask(WHAT, filter.undefine()),
            _ => Ok(()),
        }
    }
}

fn undefine_domain(domain: &Domain, flags: u32, must_be_off: bool) -> Result<(), Error> {
    if !ask(WHAT, domain.is_persistent())? {
        return Ok(());
    }
    if must_be_off && ask(WHAT, domain.is_active())? {
        let what = "the guest was started meanwhile, and is undefined only while it is off";
        return Err(Error::libvirt(what).with_hint("shut the guest down first"));
    }
    // Drivers without such state accept no flags.
    let undefined = if flags == 0 { domain.undefine() } else { domain.undefine_flags(flags) };
    ask(WHAT, undefined)
}

/// libvirt's flags for the state that is deleted with a domain, and for the state that is kept. The snapshots that are kept
/// have been archived; a saved state that is not deleted makes libvirt refuse.
fn flags(purge: &[Purge], keep: &[Purge]) -> u32 {
    let deleted = purge.iter().map(|part| match part {
        Purge::Nvram => sys::VIR_DOMAIN_UNDEFINE_NVRAM,
        Purge::Tpm => sys::VIR_DOMAIN_UNDEFINE_TPM,
        Purge::ManagedSave => sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE,
        Purge::Snapshots => sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
    });
    let kept = keep.iter().map(|part| match part {
        Purge::Nvram => sys::VIR_DOMAIN_UNDEFINE_KEEP_NVRAM,
        Purge::Tpm => sys::VIR_DOMAIN_UNDEFINE_KEEP_TPM,
        Purge::ManagedSave => 0,
        Purge::Snapshots => sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
    });
    deleted.chain(kept).fold(0, |flags, flag| flags | flag)
}
