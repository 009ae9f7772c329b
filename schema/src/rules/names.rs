//! Names of objects, which libvirt also uses for files, and names of network devices of the host, whose length the kernel
//! limits.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::interface::Interface;
use crate::formats::network::Network;
use serde::Serialize;
use std::fmt;

/// Maximum length of the name of a network device, in Linux and the BSDs.
const LONGEST: usize = 15;

/// Problem of the name of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameProblem {
    /// The name is empty.
    Empty,
    /// The name is `.` or `..`: libvirt would use the folder of all objects as the folder of this one.
    Folder,
    /// The name contains a slash.
    Slash,
    /// The name starts or ends with white space, which XML may lose.
    WhiteSpace,
    /// The name contains a line break or another control character.
    Control,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameProblem::Empty => "is empty",
            NameProblem::Folder => "is that of a folder: libvirt would delete the files of other objects",
            NameProblem::Slash => "contains a slash",
            NameProblem::WhiteSpace => "starts or ends with white space: libvirt does not find the object again",
            NameProblem::Control => "contains a line break or another control character",
        })
    }
}

/// Returns the problem of the name of an object, if it has one.
pub fn problem(name: &str) -> Option<NameProblem> {
    if name.is_empty() {
        Some(NameProblem::Empty)
    } else if matches!(name, "." | "..") {
        Some(NameProblem::Folder)
    } else if name.contains('/') {
        Some(NameProblem::Slash)
    } else if name.chars().any(char::is_control) {
        Some(NameProblem::Control)
    } else if name.trim() != name {
        Some(NameProblem::WhiteSpace)
    } else {
        None
    }
}

/// Checks the name of an object.
pub(crate) fn check(object: Value<'_>, report: &mut Report<'_>) {
    let Some(name) = object.attribute("name") else { return };
    let Some(text) = name.text() else { return };
    match problem(text) {
        Some(problem) if !report.has_error_at(name) => {
            report.error(name, "object-name", format!("the name {text:?} {problem}"));
        }
        _ => {}
    }
}

/// Checks the names of an interface's device on the host, and of the device that it is connected to.
pub(super) fn of_interface(interface: View<'_, Interface>, report: &mut Report<'_>) {
    let connection = interface.connection();
    let kind = connection.r#type().and_then(Read::text);
    if !matches!(kind.as_deref(), Some("network" | "bridge" | "direct" | "ethernet")) {
        return;
    }
    let source = connection.source().map(Read::value);
    let target = interface.target().and_then(|target| target.dev()).map(Read::value);
    check_length(target, report);
    check_length(source.and_then(|source| source.attribute("bridge")), report);
    check_length(source.and_then(|source| source.attribute("dev")), report);
}

/// Checks the name of a network's bridge.
pub(super) fn of_bridge(network: View<'_, Network>, report: &mut Report<'_>) {
    check_length(network.bridge().and_then(|bridge| bridge.name()).map(Read::value), report);
}

fn check_length(name: Option<Value<'_>>, report: &mut Report<'_>) {
    let Some(name) = name else { return };
    let Some(text) = name.text() else { return };
    if text.len() > LONGEST {
        let message =
            format!("device name {text:?} is longer than {LONGEST} characters, the most that the host accepts");
        report.error(name, "device-name-too-long", message);
    }
}
