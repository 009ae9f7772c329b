//! What the facts of a host mean.

use super::answers::{Answers, DefaultNetwork};
use super::finding::Finding;
use super::host::{Exports, Host, Implementation, Kvm, Maker, Plugin, RunningDaemon};
use super::version::Version;
use crate::error::ErrorMessage;
use nixvirt_schema::formats::RELEASE;

/// The modular daemons that a host needs besides that of its hypervisor.
const OTHER_DAEMONS: [&str; 4] = ["virtnetworkd", "virtstoraged", "virtsecretd", "virtnwfilterd"];

/// Judges what the daemon and the files of the host say. Without a host, the daemon runs on another one.
pub fn judge(answers: &Result<Answers, ErrorMessage>, host: Option<&Host>) -> Vec<Finding> {
    let mut findings = daemon(answers);
    let known = answers.as_ref().ok();
    if let Some(host) = host {
        findings.extend(sockets(host, known.is_some()));
        findings.extend(hooks(host));
    }
    findings.extend(default_network(known));
    findings.extend(kvm(known, host));
    if let Some(host) = host {
        findings.extend(host.virtualization.is_nested.map(|enabled| Finding::Nested { enabled }));
        findings.extend(host.processor.clone().map(Finding::Processor));
        findings.push(Finding::Iommu { enabled: host.virtualization.has_iommu });
        findings.extend(host.iommu_groups.iter().cloned().map(Finding::IommuGroup));
        findings.extend(host.usb_devices.iter().cloned().map(Finding::UsbDevice));
        findings.extend(firmware(host));
    }
    findings.extend(tpm(known, host));
    if let Some(host) = host {
        findings.push(firewall(host));
        findings.push(plugin(host));
        findings.extend(state(host));
    }
    findings
}

fn daemon(answers: &Result<Answers, ErrorMessage>) -> Vec<Finding> {
    let answers = match answers {
        Err(error) => return vec![Finding::NoConnection { error: error.clone() }],
        Ok(answers) => answers,
    };
    let Answers { libvirt, hypervisor, hypervisor_version, .. } = answers;
    let mut findings = vec![match hypervisor_version {
        None => Finding::NoHypervisor { hypervisor: hypervisor.clone() },
        Some(_) => Finding::DaemonAnswers {
            libvirt: *libvirt,
            hypervisor: hypervisor.clone(),
            hypervisor_version: *hypervisor_version,
        },
    }];
    let known = Version::from(RELEASE);
    if let Some(libvirt) = libvirt.filter(|libvirt| (libvirt.0, libvirt.1) > (known.0, known.1)) {
        findings.push(Finding::DaemonIsNewer { libvirt, known });
    }
    findings
}

fn sockets(host: &Host, is_connected: bool) -> Vec<Finding> {
    match (host.is_session, host.driver.as_str()) {
        (true, _) => return vec![Finding::StartsOnDemand],
        // libvirt's test driver runs within the command.
        (false, "test") => return Vec::new(),
        (false, _) => {}
    }
    let socket_of = |daemon: &str| host.sockets.iter().find(|socket| socket.daemon == daemon);
    let own = format!("virt{}d", host.driver);
    // libvirt's library prefers the modular daemon. Beside it, virtproxyd has the socket of libvirtd.
    let Some(socket) = socket_of(&own).or_else(|| socket_of("libvirtd")) else {
        // Drivers within libvirt's library have no daemon.
        return if is_connected { Vec::new() } else { vec![Finding::NoSocket { driver: host.driver.clone() }] };
    };
    if !is_connected && !socket.is_usable {
        return vec![Finding::NoPermission {
            path: socket.path.clone(),
            group: host.group.as_ref().map(|group| group.name.clone()),
            is_member: host.group.as_ref().is_some_and(|group| group.is_member && !group.is_effective),
        }];
    }
    let mut findings = vec![Finding::SocketIsUsable { path: socket.path.clone() }];
    let missing: Vec<_> =
        OTHER_DAEMONS.iter().filter(|daemon| socket_of(daemon).is_none()).map(|it| (*it).to_owned()).collect();
    if socket.daemon != "libvirtd" && !missing.is_empty() {
        findings.push(Finding::SocketsMissing { daemons: missing });
    }
    findings
}

fn hooks(host: &Host) -> Vec<Finding> {
    let Some(RunningDaemon { name, start: Some(start), .. }) = &host.daemon else { return Vec::new() };
    let (unknown, known): (Vec<_>, Vec<_>) = host.hooks.iter().partition(|hooks| hooks.since > *start);
    let drivers = |hooks: Vec<&super::host::Hooks>| hooks.into_iter().map(|it| it.driver.clone()).collect::<Vec<_>>();
    let mut findings = Vec::new();
    if !known.is_empty() {
        findings.push(Finding::HooksAreKnown { drivers: drivers(known) });
    }
    if !unknown.is_empty() {
        findings.push(Finding::HooksAreUnknown { drivers: drivers(unknown), daemon: name.clone() });
    }
    findings
}

fn default_network(answers: Option<&Answers>) -> Option<Finding> {
    match answers?.default_network {
        DefaultNetwork::Unknown => None,
        DefaultNetwork::Absent => Some(Finding::NoDefaultNetwork),
        DefaultNetwork::Present { is_active: true, autostart: true } => Some(Finding::DefaultNetworkRuns),
        DefaultNetwork::Present { is_active, .. } => Some(Finding::DefaultNetworkStops { is_active }),
    }
}

fn kvm(answers: Option<&Answers>, host: Option<&Host>) -> Option<Finding> {
    let offered = match answers {
        // Other hypervisors than QEMU have no KVM.
        Some(answers) => Some(answers.has_kvm?),
        None => None,
    };
    match (offered, host.map(|host| host.virtualization.kvm)) {
        (Some(true), _) | (None, Some(Kvm::Available)) => Some(Finding::KvmWorks),
        (Some(false), Some(Kvm::Available)) => Some(Finding::KvmUnknown { daemon: daemon_of(host) }),
        (_, Some(Kvm::Denied)) => Some(Finding::KvmDenied),
        (_, Some(Kvm::NotLoaded)) => Some(Finding::KvmNotLoaded),
        (_, Some(Kvm::Unsupported)) | (Some(false), None) => Some(Finding::NoKvm),
        (None, None) => None,
    }
}

fn firmware(host: &Host) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut usable = Vec::new();
    for firmware in &host.firmware {
        let descriptor = firmware.descriptor.clone();
        match &firmware.image {
            None => findings.push(Finding::DescriptorIsUnreadable { descriptor }),
            Some(image) if !image.missing.is_empty() => {
                findings.push(Finding::FirmwareIsIncomplete { descriptor, missing: image.missing.clone() });
            }
            Some(image) if image.is_uefi => usable.push(image),
            Some(_) => {}
        }
    }
    let found = if usable.is_empty() {
        Finding::NoFirmware
    } else {
        Finding::FirmwareWorks {
            secure_boot: usable.iter().any(|image| image.has_secure_boot),
            enrolled_keys: usable.iter().any(|image| image.has_keys),
        }
    };
    findings.insert(0, found);
    findings
}

fn tpm(answers: Option<&Answers>, host: Option<&Host>) -> Option<Finding> {
    let swtpm = host.and_then(|host| host.swtpm.clone());
    let offered = answers.and_then(|answers| answers.has_tpm);
    let is_found = host.and_then(|host| host.daemon.as_ref()).is_some_and(|daemon| daemon.finds_swtpm);
    match (offered, swtpm) {
        (Some(true), _) => Some(Finding::TpmWorks),
        (Some(false), Some(swtpm)) if !is_found => Some(Finding::TpmUnknown { swtpm, daemon: daemon_of(host) }),
        (Some(false), _) => Some(Finding::NoTpm),
        (None, Some(_)) => Some(Finding::TpmWorks),
        (None, None) => host.map(|_| Finding::NoTpm),
    }
}

fn firewall(host: &Host) -> Finding {
    let installed = &host.firewall_programs;
    let backend = match &host.firewall_setting {
        Some(backend) => installed.iter().find(|it| *it == backend),
        None => installed.first(),
    };
    match backend {
        Some(backend) => Finding::FirewallWorks { backend: backend.clone() },
        None => Finding::NoFirewall { backend: host.firewall_setting.clone() },
    }
}

fn plugin(host: &Host) -> Finding {
    let Some(nix) = &host.nix else { return Finding::NoNix };
    // A missing file stops every command, also that which prints the version.
    if let Some(plugin) = nix.plugin.as_ref().filter(|plugin| !plugin.exists) {
        return Finding::PluginIsMissing { loader: plugin.loader.clone() };
    }
    let Some(program) = &nix.program else { return Finding::UnknownNix { path: nix.path.clone() } };
    let version = program.name();
    match &nix.plugin {
        _ if program.maker == Maker::Lix => Finding::NixHasNoPlugin { version: format!("Lix {version}") },
        _ if program.exports == Exports::Nothing => Finding::NixHasNoPlugin { version: format!("Nix {version}") },
        None => Finding::PluginIsOff { version },
        Some(Plugin { implementation: None, versions, .. }) => {
            Finding::PluginDoesNotFit { version, implementations: versions.clone() }
        }
        Some(Plugin { implementation: Some(Implementation { file, damage }), .. }) => match damage {
            Some(damage) => Finding::PluginIsDamaged { file: file.clone(), damage: damage.clone() },
            None => Finding::PluginFits { version },
        },
    }
}

fn state(host: &Host) -> Vec<Finding> {
    let state = &host.state;
    if let Some(folder) = &state.folder_of_root {
        return vec![Finding::RecordsOfRoot { folder: folder.clone() }];
    }
    match &state.records {
        Err(error) => vec![Finding::StateIsUnusable { error: error.clone() }],
        Ok(_) if !state.exists => vec![Finding::NoState { folder: state.folder.clone() }],
        Ok((records, unreadable)) => {
            let mut findings = vec![Finding::StateIsReadable { folder: state.folder.clone(), records: *records }];
            if !unreadable.is_empty() {
                let files = unreadable.iter().map(|record| record.path.display().to_string()).collect();
                findings.push(Finding::RecordsAreUnreadable { files });
            }
            findings
        }
    }
}

/// The daemon to restart.
fn daemon_of(host: Option<&Host>) -> String {
    let daemon = host.and_then(|host| host.daemon.as_ref());
    daemon.map_or_else(|| "libvirtd".to_owned(), |daemon| daemon.name.clone())
}
