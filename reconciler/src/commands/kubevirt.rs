//! `nixvirt render --to kubevirt`: domains as virtual machines of KubeVirt.

use super::document::Document;
use super::spec::Checked;
use crate::error::Error;
use crate::input::Input;
use crate::message;
use clap::Args;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::engine::value::{Data, Value};
use nixvirt_schema::engine::{json, xml};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::kubevirt::convert::{Cluster, convert, device_addresses};
use nixvirt_schema::kubevirt::yaml::yaml;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// What the cluster has in place of parts of the host.
#[derive(Debug, Args)]
pub struct KubevirtOptions {
    /// Network of libvirt that the network of the pod replaces. The first interface of a guest on such a network is
    /// connected to the network of the pod. May be repeated.
    #[arg(long = "pod-network", value_name = "NAME", default_value = "default")]
    pod_networks: Vec<String>,
    /// Name of a graphics card in the cluster, by its address on the host, such as 0000:01:00.0=nvidia.com/GA102.
    #[arg(long = "gpu", value_name = "ADDRESS=NAME", value_parser = named)]
    gpus: Vec<(String, String)>,
    /// Name of another device in the cluster, by its address on the host. The address of a USB device is its ID, such as 046d:c52b.
    #[arg(long = "host-device", value_name = "ADDRESS=NAME", value_parser = named)]
    host_devices: Vec<(String, String)>,
}

/// Reads an address and a name.
fn named(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(address, name)| !address.is_empty() && !name.is_empty());
    let (address, name) = parts.ok_or("expected an address and a name, e.g. 0000:01:00.0=nvidia.com/GA102")?;
    Ok((address.to_lowercase(), name.to_owned()))
}

/// Conversion of several domains for one cluster.
pub struct Converter {
    cluster: Cluster,
    as_json: bool,
    /// Addresses of the host's devices that the domains have.
    addresses: BTreeSet<String>,
    /// Names of the virtual machines, each with the file that it is from.
    machines: BTreeMap<String, String>,
}

impl Converter {
    /// Prepares a conversion to YAML or JSON.
    pub fn new(options: &KubevirtOptions, as_json: bool) -> Self {
        let cluster = Cluster {
            pod_networks: options.pod_networks.clone(),
            gpus: options.gpus.iter().cloned().collect(),
            host_devices: options.host_devices.iter().cloned().collect(),
        };
        Converter { cluster, as_json, addresses: BTreeSet::new(), machines: BTreeMap::new() }
    }

    /// Returns a checked domain with documents in place of its XML, and with the problems of the conversion.
    ///
    /// # Errors
    /// The file is of another kind, or its virtual machine has the name of one before.
    pub fn converted(&mut self, checked: Checked, input: &Input) -> Result<Checked, Error> {
        if checked.document != Document::Spec(Kind::Domain) {
            let what =
                format!("{} is a {}, and only domains become virtual machines", input.name, checked.document.name());
            return Err(Error::usage(what).with_hint(
                "name only files of domains: their documents include the networks and volumes that they use",
            ));
        }
        let Some(domain) = checked.xml.as_deref().and_then(xml::element) else { return Ok(checked) };
        self.addresses.extend(device_addresses(&domain));
        let conversion = convert(&domain, None, &self.cluster);
        let name = conversion.documents.last().and_then(|machine| machine["metadata"]["name"].as_str());
        let other = name.and_then(|name| self.machines.insert(name.to_owned(), input.name.clone()));
        if let (Some(name), Some(other)) = (name, other) {
            let what = format!("{other} and {} become virtual machines of the same name, {name}", input.name);
            return Err(Error::usage(what).with_hint(
                "rename one of the domains: names in Kubernetes have lower-case letters, digits and hyphens only",
            ));
        }
        let mut problems = checked.problems;
        problems.extend(located(conversion.problems, input));
        let has_errors = problems.iter().any(|it| it.severity == Severity::Error);
        let text = if self.as_json {
            format!("{:#}\n", json!({ "apiVersion": "v1", "kind": "List", "items": conversion.documents }))
        } else {
            yaml(&conversion.documents)
        };
        Ok(Checked { xml: (!has_errors).then_some(text), problems, ..checked })
    }

    /// Warns of named devices that no domain has. Returns the number of warnings.
    pub fn report_unused(&self) -> usize {
        let mut warnings = 0;
        for (flag, devices) in [("--gpu", &self.cluster.gpus), ("--host-device", &self.cluster.host_devices)] {
            for (address, name) in devices.iter().filter(|(address, _)| !self.addresses.contains(*address)) {
                message::warning(format!("no domain has the device {address}, which {flag} names {name}"));
                let there: Vec<_> = self.addresses.iter().map(String::as_str).collect();
                message::hint(match there.join(", ") {
                    none if none.is_empty() => "the domains have no devices of the host".to_owned(),
                    there => format!("the domains have the devices {there}"),
                });
                warnings += 1;
            }
        }
        warnings
    }
}

/// Adds the positions of the values in the file.
fn located(problems: Vec<Diagnostic>, input: &Input) -> Vec<Diagnostic> {
    let Ok(spec) = json::parse(&input.text) else { return problems };
    let position = json::positions(&input.text, &input.name);
    let locate = |problem: Diagnostic| Diagnostic {
        position: position(nearest(spec.root(), &problem.path).origin()),
        ..problem
    };
    problems.into_iter().map(locate).collect()
}

/// Returns the value at a path, or the one above it that is there. A list that is no list has one item.
fn nearest<'v>(mut at: Value<'v>, path: &str) -> Value<'v> {
    for step in path.split('.') {
        let (name, index) = step.trim_end_matches(']').split_once('[').unwrap_or((step, "0"));
        let Some(member) = at.attribute(name) else { return at };
        at = match (member.data(), index.parse()) {
            (Data::List(_), Ok(index)) => member.children().nth(index).unwrap_or(member),
            _ => member,
        };
    }
    at
}
