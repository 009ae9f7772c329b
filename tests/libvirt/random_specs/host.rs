//! What libvirt refuses because of the host.

/// Parts of libvirt's messages, each with the reason.
const REASONS: &[(&str, &str)] = &[
    (
        "backing storage not supported for raw volumes",
        "only the volumes of other pools have an image below them without a format",
    ),
    ("unknown volume format type", "only the volumes of other pools have the format"),
    ("Secret not found", "the host lacks the secret"),
    ("inaccessible backing store volume", "the host lacks the image"),
    ("unable to find ploop", "the host lacks the tools of the format"),
];

/// The reason why libvirt refuses an object, if it is known.
pub fn reason(message: &str) -> Option<&'static str> {
    REASONS.iter().find(|(part, _)| message.contains(part)).map(|(_, reason)| *reason)
}
