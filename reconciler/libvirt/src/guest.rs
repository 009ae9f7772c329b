//! Changing the memory, the CPUs and the metadata of running guests.

use crate::connection::Connection;
use crate::error::{Error, ask};
use nixvirt::object::Id;
use nixvirt::step::Metadata;
use nixvirt_schema::engine::xml::Element;
use virt::domain::Domain;
use virt::sys;

impl Connection {
    /// Returns the guest of an id, if it runs.
    pub(crate) fn guest(&self, id: &Id) -> Result<Option<Domain>, Error> {
        let Some(domain) = self.domain(&id.name)? else { return Ok(None) };
        Ok(ask("cannot determine whether the object runs", domain.is_active())?.then_some(domain))
    }

    pub(crate) fn set_memory(&self, id: &Id, kib: u64) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let set = guest.set_memory_flags(kib, sys::VIR_DOMAIN_AFFECT_LIVE);
        ask(format!("cannot set the memory of the running guest to {kib} KiB"), set)
    }

    pub(crate) fn set_vcpus(&self, id: &Id, count: u32) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let set = guest.set_vcpus_flags(count, sys::VIR_DOMAIN_AFFECT_LIVE);
        ask(format!("cannot set the number of CPUs of the running guest to {count}"), set)
    }

    pub(crate) fn set_metadata(&self, id: &Id, metadata: &Metadata) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let set = |part, kind, value: Option<&str>, prefix: Option<&str>, uri: Option<&str>| {
            let set = guest.set_metadata(kind as i32, value, prefix, uri, sys::VIR_DOMAIN_AFFECT_LIVE);
            ask(format!("cannot set the {part} of the running guest"), set)
        };
        match metadata {
            Metadata::Title { text } => set("title", sys::VIR_DOMAIN_METADATA_TITLE, text.as_deref(), None, None),
            Metadata::Description { text } => {
                set("description", sys::VIR_DOMAIN_METADATA_DESCRIPTION, text.as_deref(), None, None)
            }
            Metadata::Element { prefix, uri, element } => {
                let plain = element.as_ref().map(|element| without_prefix(element, prefix)).transpose()?;
                set("metadata", sys::VIR_DOMAIN_METADATA_ELEMENT, plain.as_deref(), Some(prefix), Some(uri))
            }
        }
    }
}

/// Returns an element without the prefix of its namespace, as libvirt expects it: libvirt declares the namespace, and puts all
/// elements inside into it.
///
/// # Errors
/// The element contains elements of other namespaces.
fn without_prefix(element: &Element, prefix: &str) -> Result<String, Error> {
    let mut root = element.clone();
    root.attributes.retain(|(name, _)| *name != format!("xmlns:{prefix}"));
    let why = "cannot set the metadata of the running guest: libvirt takes elements of one namespace only";
    strip(&mut root, prefix).ok_or_else(|| Error::libvirt(why))?;
    Ok(root.to_string())
}

fn strip(element: &mut Element, prefix: &str) -> Option<()> {
    let local = element.name.strip_prefix(prefix)?.strip_prefix(':')?;
    element.name = local.to_owned();
    element.children.iter_mut().try_for_each(|child| strip(child, prefix))
}
