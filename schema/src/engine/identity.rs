//! Ids and hardware addresses that follow from names, so that an object that names neither keeps both from one
//! evaluation to the next.

use sha2::{Digest, Sha256};

/// The id of the object of that kind and name: a UUID of version 8, which is free for such uses.
pub fn uuid(kind: &str, name: &str) -> String {
    let digits = hash(&format!("nixvirt:{kind}:{name}"));
    format!("{}-{}-8{}-a{}-{}", &digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..32])
}

/// The hardware address of a domain's network card, given its place among the cards and the hypervisor, by which
/// libvirt chooses the first half.
pub fn mac(hypervisor: &str, domain: &str, place: usize) -> String {
    let digits = hash(&format!("nixvirt:domain:{domain}:interface:{place}"));
    format!("{}:{}:{}:{}", prefix(hypervisor), &digits[..2], &digits[2..4], &digits[4..6])
}

/// What libvirt's own addresses start with.
fn prefix(hypervisor: &str) -> &'static str {
    match hypervisor {
        "xen" => "00:16:3e",
        "vmware" => "00:0c:29",
        "vbox" => "08:00:27",
        "hyperv" => "00:15:5d",
        "bhyve" => "58:9c:fc",
        "vz" => "42:1c:00",
        _ => "52:54:00",
    }
}

/// The hash of a text, in hexadecimal digits.
fn hash(text: &str) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        digits.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    digits
}
