//! Requirements of Windows 11.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::tpm::TpmVersion;
use crate::formats::domain::Domain;
use crate::rules::firmware;

/// Checks that a Windows 11 guest has a TPM 2.0 and Secure Boot.
pub(super) fn eleven_has_what_it_asks_for(domain: View<'_, Domain>, report: &mut Report<'_>) {
    let Some(at) = says_eleven(domain) else { return };
    let is_new = |version: Option<View<'_, TpmVersion>>| version.is_none_or(|it| it.get() != Some(TpmVersion::V1));
    let mut tpms = domain.devices().into_iter().flat_map(|devices| devices.tpm());
    if !tpms.any(|tpm| tpm.backend().is_some_and(|backend| is_new(backend.version()))) {
        let hint = "set devices.tpm = { model = \"tpm-crb\"; backend = { type = \"emulator\"; version = \"2.0\"; }; }";
        report.warning(at, "windows-11-tpm", "Windows 11 requires a TPM 2.0").hint(hint);
    }
    if !firmware::has_secure_boot(domain) {
        let hint = "set os.firmware = [ \"efi\" { feature = { name = \"secure-boot\"; enabled = true; }; } ]";
        report.warning(at, "windows-11-secure-boot", "Windows 11 requires Secure Boot").hint(hint);
    }
}

/// Returns the value that identifies the guest as Windows 11: the ID of libosinfo, the name or the title.
fn says_eleven(domain: View<'_, Domain>) -> Option<Value<'_>> {
    let metadata = domain.metadata().map(Read::value);
    let has_id = |xml: Value<'_>| xml.text().is_some_and(|xml| xml.contains("microsoft.com/win/11\""));
    let metadata = metadata.filter(|metadata| metadata.items().any(has_id));
    let names = [domain.name().map(Read::value), domain.title().map(Read::value)];
    let named = |name: &Value<'_>| name.text().is_some_and(is_eleven);
    metadata.or_else(|| names.into_iter().flatten().find(named))
}

/// Returns whether a name contains "windows 11" or "win11", in any spelling.
fn is_eleven(name: &str) -> bool {
    let name = name.as_bytes();
    (0..name.len()).any(|at| {
        let Some(rest) = without(&name[at..], b"win") else { return false };
        let rest = without(rest, b"dows").unwrap_or(rest);
        let gap = rest.iter().take_while(|byte| matches!(byte, b' ' | b'-' | b'_' | b'.')).count();
        let after = without(&rest[gap..], b"11");
        after.is_some_and(|after| !after.first().is_some_and(u8::is_ascii_digit))
    })
}

/// Returns the text after a word in upper or lower case.
fn without<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::is_eleven;

    #[test]
    fn spellings_of_windows_11() {
        for name in ["win11", "Windows 11", "my-windows-11-vm", "WIN_11", "windows11 pro", "win 11.2"] {
            assert!(is_eleven(name), "{name}");
        }
        for name in ["win10", "win110", "window11", "twin-1", "darwin", "11", "windows", ""] {
            assert!(!is_eleven(name), "{name}");
        }
    }
}
