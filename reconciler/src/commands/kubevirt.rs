//! `nixvirt render --to kubevirt`: domains as virtual machines of KubeVirt.

use super::document::Document;
use super::spec::Checked;
use crate::error::Error;
use crate::input::Input;
use clap::Args;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::engine::value::{Data, Value};
use nixvirt_schema::engine::{json, xml};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::kubevirt::convert::{Cluster, convert};
use nixvirt_schema::kubevirt::yaml::yaml;
use serde_json::json;

/// What the cluster has in place of parts of the host.
#[derive(Debug, Args)]
pub struct KubevirtOptions {
    /// Network of libvirt that the network of the pod replaces. Only the first such interface of a guest gets it.
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

impl KubevirtOptions {
    fn cluster(&self) -> Cluster {
        Cluster {
            pod_networks: self.pod_networks.clone(),
            gpus: self.gpus.iter().cloned().collect(),
            host_devices: self.host_devices.iter().cloned().collect(),
        }
    }
}

/// Returns a checked domain with documents in place of its XML, and with the problems of the conversion.
pub fn converted(checked: Checked, input: &Input, options: &KubevirtOptions, as_json: bool) -> Result<Checked, Error> {
    if checked.document != Document::Spec(Kind::Domain) {
        let what = format!("{} is a {}, and only domains become virtual machines", input.name, checked.document.name());
        return Err(Error::usage(what)
            .with_hint("name only files of domains: their documents include the networks and volumes that they use"));
    }
    let Some(domain) = checked.xml.as_deref().and_then(xml::element) else { return Ok(checked) };
    let conversion = convert(&domain, None, &options.cluster());
    let mut problems = checked.problems;
    problems.extend(located(conversion.problems, input));
    let has_errors = problems.iter().any(|it| it.severity == Severity::Error);
    let text = if as_json {
        format!("{:#}\n", json!({ "apiVersion": "v1", "kind": "List", "items": conversion.documents }))
    } else {
        yaml(&conversion.documents)
    };
    Ok(Checked { xml: (!has_errors).then_some(text), problems, ..checked })
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
