//! Whether a host can run the CPU of a guest.

use super::capabilities::Capabilities;
use super::lack::{Lack, Missing};
use super::parts::{Parts, Path};

/// What the host lacks of the CPU of a domain.
pub fn lacks(domain: &Parts<'_>, capabilities: &Capabilities) -> Vec<Lack> {
    let mut lacks = vcpus(domain, capabilities);
    let model = domain.value("cpu/model");
    // A CPU without a mode and a model has a topology alone.
    let Some(mode) = domain.value("cpu@mode").or(model.map(|_| "custom")) else { return lacks };
    lacks.extend(mode_lack(mode, capabilities));
    if let (Some(model), "custom") = (model, mode) {
        lacks.extend(model_lack(model, domain, capabilities));
    }
    lacks
}

fn vcpus(domain: &Parts<'_>, capabilities: &Capabilities) -> Vec<Lack> {
    let Some(most) = capabilities.most_vcpus() else { return Vec::new() };
    let counts = domain.at("vcpu").iter().filter_map(|part| Some((part, part.value.parse::<u64>().ok()?)));
    counts
        .filter(|(_, value)| *value > most)
        .map(|(part, value)| Lack::new(&part.path, Missing::Limit { value, most }))
        .collect()
}

fn mode_lack(mode: &str, capabilities: &Capabilities) -> Option<Lack> {
    let modes = capabilities.cpu_modes()?;
    let (_, false) = modes.iter().find(|(name, _)| *name == mode)? else { return None };
    let supported = modes.iter().filter(|(_, is_supported)| *is_supported).map(|(name, _)| (*name).to_owned());
    let missing = Missing::Value { value: mode.to_owned(), supported: supported.collect(), remedy: None };
    Some(Lack::new(&Path::of(&["cpu", "mode"]), missing))
}

fn model_lack(name: &str, domain: &Parts<'_>, capabilities: &Capabilities) -> Option<Lack> {
    let models = capabilities.cpu_models();
    if models.is_empty() {
        return None;
    }
    let usable = models.iter().filter(|model| model.is_usable).map(|model| model.name.to_owned());
    let missing = match models.iter().find(|model| model.name == name) {
        None => Missing::Value { value: name.to_owned(), supported: usable.collect(), remedy: None },
        // QEMU emulates what the processor lacks, and libvirt does not compare what is not to be checked.
        Some(_) if domain.value("@type") != Some("kvm") || domain.value("cpu@check") == Some("none") => return None,
        Some(model) if model.is_usable => return None,
        Some(model) => {
            // What the guest does without need not be there.
            let is_off = |feature: &str| {
                let features = domain.at("cpu/feature").iter().map(|part| part.element);
                let is_without = |policy: Option<&str>| matches!(policy, Some("disable" | "forbid" | "optional"));
                features
                    .into_iter()
                    .any(|it| it.attribute("name") == Some(feature) && is_without(it.attribute("policy")))
            };
            let lacking: Vec<_> = model.blockers.iter().filter(|feature| !is_off(feature)).collect();
            if lacking.is_empty() && !model.blockers.is_empty() {
                return None;
            }
            Missing::CpuModel {
                value: name.to_owned(),
                features: lacking.into_iter().map(|feature| (*feature).to_owned()).collect(),
                supported: usable.collect(),
            }
        }
    };
    Some(Lack::new(&Path::of(&["cpu", "model"]), missing))
}
