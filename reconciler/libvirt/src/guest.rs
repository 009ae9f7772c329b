//! Changing guests that run: their memory, their CPUs, and what is written about them.

use crate::connection::Connection;
use crate::error::{Error, ask};
use nixvirt::object::Id;
use nixvirt::step::MetadataPart;
use nixvirt_schema::engine::xml::{self, Element};
use virt::domain::Domain;
use virt::sys;

impl Connection {
    /// The guest of that id, if it runs. What does not run has nothing that could be changed: its definition was.
    pub(crate) fn guest(&self, id: &Id) -> Result<Option<Domain>, Error> {
        let Some(domain) = self.domain(&id.name)? else { return Ok(None) };
        Ok(ask("cannot tell whether it runs", domain.is_active())?.then_some(domain))
    }

    pub(crate) fn set_memory(&self, id: &Id, kib: u64) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let set = guest.set_memory_flags(kib, sys::VIR_DOMAIN_AFFECT_LIVE);
        ask(format!("cannot give it {kib} KiB of memory while it runs"), set)
    }

    pub(crate) fn set_vcpus(&self, id: &Id, count: u32) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let set = guest.set_vcpus_flags(count, sys::VIR_DOMAIN_AFFECT_LIVE);
        ask(format!("cannot give it {count} CPUs while it runs"), set)
    }

    pub(crate) fn set_metadata(&self, id: &Id, part: &MetadataPart, value: Option<&str>) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let (what, kind) = match part {
            MetadataPart::Title => ("title", sys::VIR_DOMAIN_METADATA_TITLE),
            MetadataPart::Description => ("description", sys::VIR_DOMAIN_METADATA_DESCRIPTION),
            MetadataPart::Element { .. } => ("metadata", sys::VIR_DOMAIN_METADATA_ELEMENT),
        };
        let cannot = || format!("cannot set its {what} while it runs");
        let set = |value: Option<&str>, prefix, uri| {
            ask(cannot(), guest.set_metadata(kind as i32, value, prefix, uri, sys::VIR_DOMAIN_AFFECT_LIVE))
        };
        let MetadataPart::Element { prefix, uri } = part else { return set(value, None, None) };
        let plain = match value {
            None => None,
            Some(value) => match without_prefix(value, prefix) {
                None => return Err(Error::libvirt(format!("{}: it is not all of one namespace", cannot()))),
                plain => plain,
            },
        };
        set(plain.as_deref(), Some(prefix), Some(uri))
    }
}

/// An element as libvirt wants to have it: it declares the namespace itself, and puts all that is in the element into it.
/// Nothing where that would change what the element says.
fn without_prefix(text: &str, prefix: &str) -> Option<String> {
    let mut root = xml::element(text)?;
    root.attributes.retain(|(name, _)| *name != format!("xmlns:{prefix}"));
    strip(&mut root, prefix)?;
    Some(root.to_string())
}

fn strip(element: &mut Element, prefix: &str) -> Option<()> {
    let local = element.name.strip_prefix(prefix)?.strip_prefix(':')?;
    element.name = local.to_owned();
    element.children.iter_mut().try_for_each(|child| strip(child, prefix))
}
