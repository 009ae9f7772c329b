//! What the files of a host say. All paths begin at a root folder, so that tests can give a folder in place of the host.

mod access;
mod daemon;
mod firmware;
mod iommu;
mod nix;
mod processor;
mod state;
pub mod usb;
mod virtualization;

pub use access::{Group, Socket};
pub use daemon::{Hooks, RunningDaemon};
pub use firmware::Firmware;
pub use iommu::{DeviceKind, IommuGroup, PciDevice};
pub use nix::{Damage, Exports, Implementation, Maker, Nix, NixProgram, Plugin};
pub use processor::{Core, Processor};
pub use state::State;
pub use usb::UsbDevice;
pub use virtualization::{Kvm, Virtualization};

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders of programs that `sudo` and services often lack.
const FOLDERS: &str = "/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 16 << 20;

/// The process whose view of the host counts.
#[derive(Clone, Debug)]
pub struct Process {
    /// The root folder.
    pub root: PathBuf,
    /// The URI of the daemon, which is on this host.
    pub uri: String,
    /// The number of the user.
    pub user: u32,
    /// The numbers of the groups that the process has.
    pub groups: Vec<u32>,
    /// `$PATH`.
    pub path: String,
    /// The home folder, for settings of Nix.
    pub home: Option<PathBuf>,
    /// `$NIX_CONFIG`.
    pub nix_config: String,
    /// The architecture, as QEMU names it.
    pub architecture: String,
    /// The state directory.
    pub state: PathBuf,
    /// Whether the process may read and write a file.
    pub may_use: fn(&Path) -> bool,
}

impl Process {
    /// This process.
    pub fn own(uri: &str, state: &Path) -> Self {
        let text = |name| env::var(name).unwrap_or_default();
        let groups = rustix::process::getgroups().unwrap_or_default();
        Process {
            root: "/".into(),
            uri: uri.to_owned(),
            user: rustix::process::geteuid().as_raw(),
            groups: groups.into_iter().chain([rustix::process::getegid()]).map(|group| group.as_raw()).collect(),
            path: text("PATH"),
            home: env::var_os("HOME").map(PathBuf::from),
            nix_config: text("NIX_CONFIG"),
            architecture: env::consts::ARCH.to_owned(),
            state: state.to_owned(),
            may_use: |path| {
                rustix::fs::access(path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK).is_ok()
            },
        }
    }

    /// The place of an absolute path below the root folder.
    fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn exists(&self, path: impl AsRef<Path>) -> bool {
        self.at(path).exists()
    }

    /// The text of a file. None if it cannot be read.
    fn text(&self, path: impl AsRef<Path>) -> Option<String> {
        text(&self.at(path))
    }

    fn names(&self, folder: impl AsRef<Path>) -> Vec<String> {
        names(&self.at(folder))
    }

    /// The path of a program, in the folders of `path` or else in those where systems keep programs.
    fn program(&self, name: &str, path: &str) -> Option<String> {
        let folders = path.split(':').chain(FOLDERS.split(':')).filter(|folder| folder.starts_with('/'));
        let mut paths = folders.map(|folder| format!("{folder}/{name}"));
        paths.find(|path| self.exists(path))
    }

    fn is_root(&self) -> bool {
        self.user == 0
    }

    fn is_session(&self) -> bool {
        self.uri.split('?').next().is_some_and(|uri| uri.ends_with("/session"))
    }

    /// libvirt's name of the hypervisor's driver: `qemu` of `qemu:///system`.
    fn driver(&self) -> &str {
        self.uri.split([':', '+']).next().unwrap_or_default()
    }
}

/// What is known of a host.
#[derive(Clone, Debug)]
pub struct Host {
    /// Whether the daemon is that of a user, which starts when it is needed.
    pub is_session: bool,
    /// The hypervisor's driver, such as `qemu`.
    pub driver: String,
    /// The sockets of daemons that exist.
    pub sockets: Vec<Socket>,
    /// The group whose members may use the sockets. None if the host has none.
    pub group: Option<Group>,
    /// The daemon, if it runs and can be found.
    pub daemon: Option<RunningDaemon>,
    /// The hooks of the daemon.
    pub hooks: Vec<Hooks>,
    /// Virtualization by the processor.
    pub virtualization: Virtualization,
    /// The processor. None if the kernel does not describe it.
    pub processor: Option<Processor>,
    /// The USB devices.
    pub usb_devices: Vec<UsbDevice>,
    /// The IOMMU groups with a device that guests get.
    pub iommu_groups: Vec<IommuGroup>,
    /// The firmware descriptors for the architecture of the host.
    pub firmware: Vec<Firmware>,
    /// The path of swtpm, if this process finds it together with swtpm_setup.
    pub swtpm: Option<String>,
    /// The firewall backend that is set for networks.
    pub firewall_setting: Option<String>,
    /// The firewall backends whose program is installed.
    pub firewall_programs: Vec<String>,
    /// Nix, if it is installed.
    pub nix: Option<Nix>,
    /// The state directory.
    pub state: State,
}

impl Host {
    /// Reads the files of a host.
    pub fn read(process: &Process) -> Self {
        let daemon = daemon::running(process);
        let path = daemon.as_ref().and_then(|daemon| daemon.path.clone()).unwrap_or_else(|| process.path.clone());
        let installed = |program: &&(&str, &str)| process.program(program.1, &path).is_some();
        Host {
            is_session: process.is_session(),
            driver: process.driver().to_owned(),
            sockets: access::sockets(process),
            group: access::group(process),
            hooks: daemon::hooks(process),
            daemon,
            virtualization: virtualization::read(process),
            processor: processor::read(process),
            usb_devices: usb::read(&process.at("/sys/bus/usb/devices")),
            iommu_groups: iommu::read(process),
            firmware: firmware::read(process),
            swtpm: swtpm(process),
            firewall_setting: firewall_setting(process),
            firewall_programs: FIREWALLS.iter().filter(installed).map(|(backend, _)| (*backend).to_owned()).collect(),
            nix: nix::read(process),
            state: state::read(process),
        }
    }
}

/// The path of swtpm, which libvirt uses only together with swtpm_setup.
fn swtpm(process: &Process) -> Option<String> {
    process.program("swtpm_setup", &process.path)?;
    process.program("swtpm", &process.path)
}

/// The firewall backends of networks, in the order in which libvirt tries them, with their programs.
const FIREWALLS: [(&str, &str); 2] = [("nftables", "nft"), ("iptables", "iptables")];

/// The firewall backend that `network.conf` sets. NixOS has libvirt's settings in `/var/lib`.
fn firewall_setting(process: &Process) -> Option<String> {
    let files = ["/etc/libvirt/network.conf", "/var/lib/libvirt/network.conf"];
    let text = files.iter().find_map(|file| process.text(file))?;
    let mut settings = text.lines().filter_map(|line| line.split_once('='));
    let (_, value) = settings.find(|(name, _)| name.trim() == "firewall_backend")?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

/// The names in a folder, sorted. None are in a folder that cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn text(path: &Path) -> Option<String> {
    let bytes = crate::file::read(path, MAX_FILE).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn extension_is(name: &str, extension: &str) -> bool {
    Path::new(name).extension() == Some(OsStr::new(extension))
}
