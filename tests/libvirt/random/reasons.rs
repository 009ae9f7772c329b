//! Refusals of libvirt that no rule can know, by a part of the message, with the reasons.

/// Parts of messages, and the reasons.
pub const REASONS: &[(&str, &str)] = &[];
