//! Having libvirt keep an object no more, and what a guest has beside its definition nevertheless.

use crate::connection::Connection;
use crate::error::{Error, ask, if_supported};
use crate::object::Object;
use nixvirt::change::child;
use nixvirt::object::Id;
use nixvirt::plan::loses_tpm_state;
use nixvirt::step::Purge;
use nixvirt_schema::engine::xml::{self, Element};
use virt::domain::Domain;
use virt::sys;

impl Connection {
    pub(crate) fn undefine(&self, id: &Id, purge: &[Purge]) -> Result<(), Error> {
        let what = "libvirt cannot undefine it";
        match self.lookup(id)? {
            None => Ok(()),
            Some(Object::Domain(domain)) => self.undefine_domain(&domain, purge),
            Some(Object::Network(network)) if ask(what, network.is_persistent())? => ask(what, network.undefine()),
            Some(Object::Pool(pool)) if ask(what, pool.is_persistent())? => ask(what, pool.undefine()),
            Some(Object::Secret(secret)) => ask(what, secret.undefine()),
            Some(Object::Nwfilter(filter)) => ask(what, filter.undefine()),
            // What is not persistent is defined nowhere; volumes and snapshots are deleted, not undefined.
            Some(_) => Ok(()),
        }
    }

    fn undefine_domain(&self, domain: &Domain, purge: &[Purge]) -> Result<(), Error> {
        let what = "libvirt cannot undefine it";
        if !ask(what, domain.is_persistent())? {
            return Ok(());
        }
        let is_active = ask(what, domain.is_active())?;
        let text = ask(what, domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE))?;
        let definition = xml::element(&text).unwrap_or_default();
        let goes = |part| purge.contains(&part);
        let mut flags = 0;
        if has_nvram(&definition) {
            flags |=
                if goes(Purge::Nvram) { sys::VIR_DOMAIN_UNDEFINE_NVRAM } else { sys::VIR_DOMAIN_UNDEFINE_KEEP_NVRAM };
        }
        // A guest that runs on forgets the flag that keeps it.
        if is_active && loses_tpm_state(&definition, purge) {
            let why = "it runs, and libvirt would delete its TPM's state when it stops";
            return Err(Error::libvirt(why).with_hint("shut it down first, or let `purge` name the TPM"));
        }
        if has_emulated_tpm(&definition) {
            flags |= if goes(Purge::Tpm) { sys::VIR_DOMAIN_UNDEFINE_TPM } else { sys::VIR_DOMAIN_UNDEFINE_KEEP_TPM };
        }
        if if_supported(what, domain.has_managed_save(0), false)? {
            if !goes(Purge::ManagedSave) {
                let why = "its state is saved, and libvirt would delete that";
                let advice = "start it to go on from there, or let `purge` name the managed save";
                return Err(Error::libvirt(why).with_hint(advice));
            }
            flags |= sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE;
        }
        let has_snapshots = if_supported(what, domain.num_snapshots(0), 0)? > 0;
        if has_snapshots {
            flags |= sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
        }
        let uuid = ask(what, domain.uuid_string())?;
        match &self.archive {
            Some(archive) if has_snapshots && !goes(Purge::Snapshots) => archive.keep(domain, &uuid, text)?,
            Some(archive) => archive.forget(&uuid)?,
            None if has_snapshots && !goes(Purge::Snapshots) => {
                return Err(Error::libvirt(
                    "it has snapshots, and there is no folder to keep what libvirt knows of them",
                ));
            }
            None => {}
        }
        let undefined = if flags == 0 { domain.undefine() } else { domain.undefine_flags(flags) };
        ask(what, undefined)?;
        self.archive.as_ref().map_or(Ok(()), |archive| archive.has_left(&uuid))
    }
}

/// Whether its firmware keeps variables in a file.
fn has_nvram(domain: &Element) -> bool {
    child(domain, "os").is_some_and(|os| os.attribute("firmware") == Some("efi") || child(os, "nvram").is_some())
}

/// Whether libvirt keeps the state of a TPM in a folder.
fn has_emulated_tpm(domain: &Element) -> bool {
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    let mut backends = devices.iter().filter(|device| device.name == "tpm").filter_map(|tpm| child(tpm, "backend"));
    backends.any(|backend| backend.attribute("type") == Some("emulator"))
}
