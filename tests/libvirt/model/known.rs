//! Faults that histories still find. A row is removed when its fault is mended.

use super::checks::{Check, Finding};

/// A fault.
struct Fault {
    check: Check,
    /// The subject of its findings; empty if any.
    subject: &'static str,
    /// A part of the text of its findings; empty if any.
    detail: &'static str,
    /// What is wrong.
    reason: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        check: Check::DriftIsTold,
        subject: "",
        detail: "is declared as nothing",
        reason: "what others add to a saved definition is not told as drift",
    },
    Fault {
        check: Check::PendingIsTold,
        subject: "",
        detail: "is declared as nothing",
        reason: "what others add to a running guest and its definition is not told",
    },
    Fault {
        check: Check::PendingIsTrue,
        subject: "",
        detail: "",
        reason: "a change that reached the running guest is told to be pending",
    },
    Fault {
        check: Check::PendingIsTold,
        subject: "currentMemory",
        detail: "",
        reason: "a memory balloon that the guest does not follow is not told to be pending",
    },
    Fault {
        check: Check::PendingIsTold,
        subject: "",
        detail: "is to-apply",
        reason: "a restart that is due does not tell for which fields",
    },
    Fault {
        check: Check::PendingIsTold,
        subject: "",
        detail: "is drifted",
        reason: "what others took from a running guest and its definition, or a saved state lacks, is not told",
    },
];

/// Why a finding is no news, if it is none.
pub fn reason(finding: &Finding) -> Option<&'static str> {
    let is_it = |fault: &&Fault| {
        fault.check == finding.check
            && [finding.subject.as_str(), ""].contains(&fault.subject)
            && finding.detail.contains(fault.detail)
    };
    FAULTS.iter().find(is_it).map(|fault| fault.reason)
}
