//! What libvirt refuses because of the host, and what no rule refuses yet.

/// Parts of libvirt's messages, each with the reason.
const REASONS: &[(&str, &str)] = &[
    ("missing backend for pool type", "this libvirt is built without pools of the type"),
    (
        "backing storage not supported for raw volumes",
        "only the volumes of other pools have an image below them without a format",
    ),
    ("unknown volume format type", "only the volumes of other pools have the format"),
    ("Secret not found", "the host lacks the secret"),
    ("inaccessible backing store volume", "the host lacks the image"),
    ("unable to find ploop", "the host lacks the tools of the format"),
    ("numerical overflow", MISSING),
    ("invalid secret uuid", MISSING),
];

/// A rule should refuse it.
const MISSING: &str = "no rule refuses it yet";

/// The reason why libvirt refuses an object, if it is known.
pub fn reason(message: &str) -> Option<&'static str> {
    REASONS.iter().find(|(part, _)| message.contains(part)).map(|(_, reason)| *reason)
}
