//! Faults that histories still find. A row is removed when its fault is mended.

use super::checks::{Check, Finding};

/// A fault.
struct Fault {
    check: Check,
    /// The subject of its findings; empty if any.
    subject: &'static str,
    /// A part of the text of its findings; empty if any.
    detail: &'static str,
    /// The problem.
    reason: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        check: Check::DriftIsTrue,
        subject: "devices.disk",
        detail: "declared as cdrom none",
        reason: "an empty drive whose driver libvirt dropped is reported as drift",
    },
    Fault {
        check: Check::DriftIsReported,
        subject: "",
        detail: "is declared as nothing",
        reason: "what others add to a saved definition is not reported as drift",
    },
    Fault {
        check: Check::DriftIsReported,
        subject: "devices.disk",
        detail: "declared as cdrom none",
        reason: "what others add to a saved definition is not reported as drift",
    },
    Fault {
        check: Check::DriftIsReported,
        subject: "devices.graphics",
        detail: "",
        reason: "a console password that others change is not reported as drift",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "devices.graphics",
        detail: "",
        reason: "a removed console password stays in force, and is not reported as pending",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "",
        detail: "is declared as nothing",
        reason: "what others add to a running guest and its definition is not reported",
    },
    Fault {
        check: Check::PendingIsTrue,
        subject: "",
        detail: "",
        reason: "a change that reached the running guest is reported as pending",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "currentMemory",
        detail: "",
        reason: "a memory balloon that the guest does not follow is not reported as pending",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "",
        detail: "is to-apply",
        reason: "a restart that is due does not report for which fields",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "devices.disk",
        detail: "cdrom",
        reason: "what others change in a running guest alone is not reported",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "devices.interface",
        detail: "",
        reason: "what others change in a running guest alone is not reported",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "",
        detail: "is in-sync",
        reason: "what others took from a running guest and its definition, or a saved state lacks, is not reported",
    },
    Fault {
        check: Check::PendingIsReported,
        subject: "",
        detail: "is drifted",
        reason: "what others took from a running guest and its definition, or a saved state lacks, is not reported",
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
