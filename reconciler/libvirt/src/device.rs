//! Attaching devices to running guests, and detaching them.

use crate::connection::Connection;
use crate::error::{Error, ask, has_number, if_there};
use nixvirt::change::{child, key, missing};
use nixvirt::object::Id;
use nixvirt::step::{DETACH_LIMIT, Redacted};
use nixvirt_schema::engine::xml::{self, Element};
use std::thread::sleep;
use std::time::{Duration, Instant};
use virt::domain::Domain;
use virt::error::ErrorNumber;
use virt::sys;

/// Interval at which the devices of a guest are read.
const LOOK: Duration = Duration::from_millis(100);

impl Connection {
    /// Attaches a device, once the devices that must be gone first are gone.
    pub(crate) fn attach(&self, id: &Id, device: &Element, after: &[Redacted]) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        for Redacted(other) in after {
            if guest_has(&guest, other)? {
                let why = format!("cannot attach {}: the guest still has {}", name(device), name(other));
                return Err(Error::libvirt(why).with_hint("the next start of the guest replaces it"));
            }
        }
        if is_distinct(device) && guest_has(&guest, device)? {
            return Ok(());
        }
        let attached = guest.attach_device_flags(&device.to_string(), sys::VIR_DOMAIN_AFFECT_LIVE);
        ask(format!("cannot attach {}", name(device)), attached)
    }

    pub(crate) fn detach(&self, id: &Id, device: &Element) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let what = || format!("cannot detach {}", name(device));
        if !guest_has(&guest, device)? {
            return Ok(());
        }
        match ask(what(), guest.detach_device_flags(&device.to_string(), sys::VIR_DOMAIN_AFFECT_LIVE)) {
            Err(error) if has_number(&error, ErrorNumber::DeviceMissing) => return Ok(()),
            asked => asked?,
        }
        // libvirt has asked the guest, which releases the device in its own time.
        let begin = Instant::now();
        while guest_has(&guest, device)? {
            if begin.elapsed() >= DETACH_LIMIT {
                let why = format!("{}: the guest has not released it in {} s", what(), DETACH_LIMIT.as_secs());
                return Err(Error::libvirt(why).with_hint("the next start of the guest removes it"));
            }
            sleep(LOOK);
        }
        Ok(())
    }

    pub(crate) fn update(&self, id: &Id, device: &Element) -> Result<(), Error> {
        let Some(guest) = self.guest(id)? else { return Ok(()) };
        let updated = guest.update_device_flags(&device.to_string(), sys::VIR_DOMAIN_AFFECT_LIVE);
        ask(format!("cannot update {}", name(device)), updated)
    }
}

/// Returns the name of a device in a message.
fn name(device: &Element) -> String {
    match key(device) {
        Some(key) => format!("{} {key}", device.name),
        None => device.name.clone(),
    }
}

fn alias(device: &Element) -> Option<&str> {
    child(device, "alias")?.attribute("name")
}

/// Whether a guest can have only one such device. Other devices, such as random number generators, can occur several times,
/// and be equal.
fn is_distinct(device: &Element) -> bool {
    key(device).is_some() || alias(device).is_some() || device.name == "hostdev"
}

/// Whether the guest has the device: one with the same alias, with the same key, or else with all fields of this one.
fn guest_has(guest: &Domain, device: &Element) -> Result<bool, Error> {
    let text = match if_there("cannot read the XML of the running object", guest.xml_desc(0))? {
        Some(text) => text,
        None => return Ok(false),
    };
    let domain = xml::parse(&text)
        .map_err(|cause| Error::libvirt("cannot read the XML of the running object").caused_by(cause))?;
    let devices = domain.first().and_then(|domain| child(domain, "devices"));
    let is_it = |other: &Element| {
        other.name == device.name
            && match (alias(device), key(device)) {
                (Some(alias), _) => self::alias(other) == Some(alias),
                (None, Some(key)) => self::key(other) == Some(key),
                (None, None) => missing(other, device).is_empty(),
            }
    };
    Ok(devices.is_some_and(|devices| devices.children.iter().any(is_it)))
}
