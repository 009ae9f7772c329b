//! Random domains: each has some parts of a random one, so that libvirt's first refusal hides few others.

use fastrand::Rng;
use serde_json::{Map, Value as Json, json};
use virt::connect::Connect;
use virt::error::Error;
use virt::sys;

/// Machines that people choose, each with its architecture.
const MACHINES: &[(&str, &str)] =
    &[("x86_64", "q35"), ("x86_64", "q35"), ("x86_64", "pc"), ("i686", "pc"), ("aarch64", "virt")];

/// Parts of a domain that are always kept, or made here.
const OWN: &[&str] = &["type", "name", "memory", "os", "devices"];

/// Makes a random domain one that people could write for QEMU.
pub fn fit(domain: &mut Map<String, Json>, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    domain.insert("type".to_owned(), "qemu".into());
    domain.insert("memory".to_owned(), json!("64 MiB"));
    let (arch, machine) = MACHINES[rng.usize(..MACHINES.len())];
    let mut os = match domain.remove("os") {
        Some(Json::Object(os)) if rng.u8(..3) == 0 => os,
        _ => Map::new(),
    };
    os.insert("type".to_owned(), "hvm".into());
    os.insert("arch".to_owned(), arch.into());
    os.insert("machine".to_owned(), machine.into());
    domain.insert("os".to_owned(), os.into());
    let few = rng.usize(0..4);
    keep(domain, OWN, few, &mut rng);
    if let Some(Json::Object(devices)) = domain.get_mut("devices") {
        let few = rng.usize(1..5);
        keep(devices, &[], few, &mut rng);
    }
}

/// Returns whether a domain still has its machine, on which rules depend.
pub fn has_machine(domain: &Json) -> bool {
    ["/os/arch", "/os/machine"].iter().all(|part| domain.pointer(part).is_some())
}

/// Keeps some parts of a set, and that many others.
fn keep(set: &mut Map<String, Json>, kept: &[&str], count: usize, rng: &mut Rng) {
    let mut others: Vec<_> = set.keys().filter(|name| !kept.contains(&name.as_str())).cloned().collect();
    rng.shuffle(&mut others);
    for name in others.into_iter().skip(count) {
        set.remove(&name);
    }
}

/// Defines a domain, and undefines it again.
pub fn define(connect: &Connect, xml: &str) -> Result<(), Error> {
    let domain = connect.define_domain_xml(xml)?;
    domain.undefine_flags(sys::VIR_DOMAIN_UNDEFINE_NVRAM | sys::VIR_DOMAIN_UNDEFINE_TPM)
}
