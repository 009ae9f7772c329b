//! URIs of connections, such as `qemu:///system`.

use nixvirt_schema::engine::problem::closest;

/// The drivers whose URIs end in the daemon.
const DRIVERS: [&str; 8] = ["bhyve", "ch", "lxc", "openvz", "qemu", "vbox", "vz", "xen"];

/// The daemons of a host.
const DAEMONS: [&str; 2] = ["system", "session"];

/// Whether a URI names no other host.
pub fn is_local(uri: &str) -> bool {
    uri.split_once("://").is_some_and(|(_, rest)| rest.starts_with('/'))
}

/// Returns the host that a URI names; None if it names no other host.
pub fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(address) => address.split(']').next()?,
        None => host.split(':').next()?,
    };
    if host.is_empty() { None } else { Some(host) }
}

/// Mistake in a URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The error.
    pub message: String,
    /// The URI that was probably meant.
    pub meant: String,
}

/// Returns the mistake in a URI that is empty, in which the driver or the daemon is misspelled, or slashes are missing or too many. libvirt takes `system` in `qemu://system` for a host, and
/// `qemu:/system` is another name of `qemu:///system`, with state records of its own. `nix-lib/modules/uri.nix` has the same rule.
pub fn mistake(uri: &str) -> Option<Mistake> {
    if uri.is_empty() {
        return Some(Mistake { message: "the connection URI is empty".to_owned(), meant: "qemu:///system".to_owned() });
    }
    let (address, query) = uri.split_at(uri.find('?').unwrap_or(uri.len()));
    let (scheme, rest) = address.split_at(address.find([':', '/'])?);
    let (driver, transport) = scheme.split_once('+').map_or((scheme, None), |(driver, name)| (driver, Some(name)));
    let parts: Vec<_> = rest.trim_start_matches(':').split('/').filter(|part| !part.is_empty()).collect();
    let (host, daemon) = match parts[..] {
        [daemon] if transport.is_some() && rest != format!(":///{daemon}") => ("HOST", daemon),
        [daemon] => ("", daemon),
        [host, daemon] => (host, daemon),
        _ => return None,
    };
    let (known, daemon) = (closest(driver, DRIVERS)?, closest(daemon, DAEMONS)?);
    let transport = transport.map(|name| format!("+{name}")).unwrap_or_default();
    let right = format!("{known}{transport}://{host}/{daemon}");
    if address == right {
        return None;
    }
    Some(Mistake { message: format!("invalid connection URI {uri:?}"), meant: right + query })
}

/// Returns a URI of the command line that has no mistake.
///
/// # Errors
/// The mistake.
pub fn parse(uri: &str) -> Result<String, String> {
    match mistake(uri) {
        None => Ok(uri.to_owned()),
        Some(Mistake { meant, .. }) => Err(format!("did you mean {meant:?}?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    /// The tests of the modules have the same rows.
    #[test]
    fn mistakes() {
        let rows: Vec<[Option<String>; 2]> =
            serde_json::from_str(include_str!("../../tests/nix/uris.json")).expect("it is JSON");
        for [uri, meant] in rows {
            let uri = uri.expect("a URI");
            assert_eq!(mistake(&uri).map(|mistake| mistake.meant), meant, "{uri}");
        }
    }
}
