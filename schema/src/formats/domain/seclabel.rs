//! `<seclabel>`: [Security label](https://libvirt.org/formatdomain.html#security-label).

use crate::engine::problem::Report;
use crate::engine::scalar::YesNo;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::element;

/// How a security driver of the host labels the guest. Each driver has at most one of these.
#[element(rules)]
pub struct Seclabel {
    /// Who chooses the label.
    #[form]
    pub r#type: SeclabelType,
    /// The security driver: `selinux`, `apparmor` or `dac`; libvirt's first one when absent.
    pub model: Option<String>,
}

/// Who chooses the label of a guest.
#[element("type")]
pub enum SeclabelType {
    /// libvirt, anew at each start.
    #[default]
    Dynamic {
        /// Whether files of the guest are labelled too, as they always are here: `true`.
        relabel: Option<YesNo>,
        /// The label of the guest's process; libvirt tells it and takes none.
        #[child]
        label: Option<String>,
        /// The label of the guest's files; libvirt tells it and takes none.
        #[child]
        imagelabel: Option<String>,
        /// What the label is made of; libvirt's own default for the driver when absent.
        #[child]
        baselabel: Option<String>,
    },
    /// The user, by `label`.
    Static {
        /// Whether files of the guest are labelled too; `false` when absent.
        relabel: Option<YesNo>,
        /// The label of the guest's process, in the driver's own form.
        #[child]
        label: String,
        /// The label of the guest's files; libvirt tells it and takes none.
        #[child]
        imagelabel: Option<String>,
    },
    /// Nobody: the guest runs without one.
    None {
        /// Whether files of the guest are labelled, as they never are here: `false`.
        relabel: Option<YesNo>,
    },
}

/// How a security driver labels what one device uses, where that differs from the guest's own.
#[element(rules)]
pub struct DeviceSeclabel {
    /// The security driver: `selinux`, `apparmor` or `dac`; all of the guest's drivers when absent.
    pub model: Option<String>,
    /// `true` where the file could not be labelled; libvirt tells it.
    pub labelskip: Option<YesNo>,
    /// Whether the file is labelled at all: `false`, or a `label`.
    pub relabel: Option<YesNo>,
    /// The label of the file, in the driver's own form.
    #[child]
    pub label: Vec<String>,
}

impl View<'_, Seclabel> {
    fn rules(self, report: &mut Report<'_>) {
        let form = self.r#type();
        let Some(relabel) = form.relabel() else { return };
        let word = form.r#type().and_then(Read::text).unwrap_or("dynamic".into());
        let wrong = match (&*word, relabel.text().as_deref()) {
            ("dynamic", Some("no")) => "a dynamic label is for files too: leave this out, or write type = \"static\"",
            ("none", Some("yes")) => "without a label files have none either: leave this out",
            _ => return,
        };
        report.error(relabel.value(), "seclabel-relabel", wrong);
    }
}

impl View<'_, DeviceSeclabel> {
    fn rules(self, report: &mut Report<'_>) {
        let label = self.label().next();
        match (self.labelskip(), self.relabel()) {
            (Some(skip), _) if skip.text().as_deref() == Some("no") => {
                report.error(skip.value(), "device-seclabel-conflict", "can only be true: leave it out");
            }
            (Some(_), relabel) => {
                for other in relabel.map(Read::value).into_iter().chain(label.map(Read::value)) {
                    report.error(other, "device-seclabel-conflict", "cannot stand beside labelskip");
                }
            }
            (_, Some(relabel)) if relabel.text().as_deref() == Some("no") => {
                if let Some(label) = label {
                    report.error(label.value(), "device-seclabel-conflict", "needs relabel = true, or no relabel");
                }
            }
            _ if label.is_none() => report.missing(self.value(), "label", "is required, unless relabel is false"),
            _ => {}
        }
    }
}
