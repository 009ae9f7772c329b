//! Requirements of the firmware.

use crate::engine::problem::Report;
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::formats::domain::os::firmware::FirmwareFeatureName;

/// Checks that Secure Boot has system management mode. libvirt enables it for firmware that it finds itself or whose file
/// it knows.
pub(super) fn secure_boot_has_smm(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(asking) = asks_for_secure_boot(domain) else { return };
    let has_smm = domain.features().is_some_and(|features| features.value().attribute("smm").is_some());
    if asking.by_file && !has_smm {
        let message =
            "Secure Boot requires system management mode (SMM), which libvirt enables for known firmware only";
        report.warning(asking.at, "secure-boot-smm-unsaid", message).hint("set features.smm.state = true");
    }
}

/// Value that enables Secure Boot.
struct Asking<'a> {
    at: Value<'a>,
    /// Whether the user chose the file of the firmware.
    by_file: bool,
}

/// Returns whether Secure Boot is enabled.
pub(super) fn has_secure_boot(domain: View<'_, Domain>) -> bool {
    asks_for_secure_boot(domain).is_some()
}

fn asks_for_secure_boot(domain: View<'_, Domain>) -> Option<Asking<'_>> {
    let os = domain.os()?.r#type();
    let loader = os.loader();
    let by_file = os.firmware().is_none() && loader.is_some_and(|loader| loader.path().is_some());
    if let Some(secure) = loader.and_then(|loader| loader.secure()) {
        return is(secure.value(), true).then_some(Asking { at: secure.value(), by_file });
    }
    let feature = os
        .firmware_features()?
        .feature()
        .find(|feature| feature.name().and_then(View::get) == Some(FirmwareFeatureName::SecureBoot))?;
    let enabled = feature.enabled().filter(|enabled| is(enabled.value(), true))?;
    Some(Asking { at: enabled.value(), by_file })
}

/// Returns whether a switch has that value.
fn is(switch: Value<'_>, on: bool) -> bool {
    match (switch.data(), on) {
        (Data::Bool(it), _) => *it == on,
        (Data::Text(it), true) => matches!(&**it, "on" | "yes"),
        (Data::Text(it), false) => matches!(&**it, "off" | "no"),
        _ => false,
    }
}
