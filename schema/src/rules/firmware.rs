//! Requirements of the firmware.

use crate::engine::problem::Report;
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::domain::Domain;
use crate::formats::domain::os::firmware::{FirmwareFeatureName, LoaderType};
use crate::rules::refusals::is_arm;

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

/// Checks that UEFI code that keeps its variables in another file is flash memory. A loader without a type is a ROM: QEMU refuses the
/// size of such a file there, or the variables are lost. On Arm, it starts.
pub(super) fn code_is_flash(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(os) = domain.os().map(|os| os.r#type()) else { return };
    let Some(loader) = os.loader() else { return };
    let Some(path) = loader.path() else { return };
    let is_flash = loader.r#type().and_then(View::get) == Some(LoaderType::Pflash);
    let is_code = path.text().is_some_and(|path| is_split_code(&path));
    if os.firmware().is_none() && !is_flash && is_code && !is_arm(domain.value()) {
        let message = "UEFI code without its variables must be flash memory: as a loader of type \"rom\", which is the default, QEMU refuses the file or loses the variables";
        report
            .warning(path.value(), "os-loader-flash", message)
            .hint("set os.firmware = \"efi\" in place of os.loader, or set os.loader.type = \"pflash\" and os.loader.readonly = true");
    }
}

/// Returns whether a file is named like UEFI code without variables, such as `OVMF_CODE_4M.fd` and `edk2-x86_64-code.fd`.
fn is_split_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let is_uefi = ["edk2", "ovmf"].iter().any(|maker| name.starts_with(maker));
    is_uefi && name.split(['.', '-', '_']).any(|word| word == "code")
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
