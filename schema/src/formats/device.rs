//! The devices of a domain: [Devices](https://libvirt.org/formatdomain.html#devices).

pub mod address;
pub mod audio;
pub mod backend_domain;
pub mod character;
pub mod controller;
pub mod crypto;
pub mod disk;
pub mod filesystem;
pub mod graphics;
pub mod hostdev;
pub mod hub;
pub mod input;
pub mod interface;
pub mod iommu;
pub mod lease;
pub mod memballoon;
pub mod memory;
pub mod nvram;
pub mod panic;
pub mod pstore;
pub mod reconnect;
pub mod redirdev;
pub mod redirfilter;
pub mod rng;
pub mod shmem;
pub mod smartcard;
pub mod sound;
pub mod tpm;
pub mod video;
pub mod virtio;
pub mod vsock;
pub mod watchdog;

use crate::formats::patterns::AbsolutePath;
use audio::Audio;
use character::{Channel, Console, Parallel, Serial};
use controller::Controller;
use crypto::Crypto;
use disk::Disk;
use filesystem::Filesystem;
use graphics::Graphics;
use hostdev::Hostdev;
use hub::Hub;
use input::Input;
use interface::Interface;
use iommu::Iommu;
use lease::Lease;
use memballoon::Memballoon;
use memory::MemoryDevice;
use nixvirt_schema_derive::element;
use nvram::Nvram;
use panic::Panic;
use pstore::Pstore;
use redirdev::Redirdev;
use redirfilter::Redirfilter;
use rng::Rng;
use shmem::Shmem;
use smartcard::Smartcard;
use sound::Sound;
use tpm::Tpm;
use video::Video;
use vsock::Vsock;
use watchdog::Watchdog;

/// Devices of the guest.
#[element(keyed)]
pub struct Devices {
    /// Path of the emulator binary that runs the guest. A custom path can become outdated when the emulator is updated.
    /// Defaults to libvirt's emulator for the architecture.
    #[child]
    pub emulator: Option<AbsolutePath>,
    /// Disk, CD-ROM or floppy drive.
    pub disk: Vec<Disk>,
    /// Controller that other devices attach to.
    pub controller: Vec<Controller>,
    /// Lease that must be held while the guest runs.
    pub lease: Vec<Lease>,
    /// Directory on the host that the guest can mount.
    pub filesystem: Vec<Filesystem>,
    /// Network interface.
    pub interface: Vec<Interface>,
    /// Smart card reader.
    pub smartcard: Vec<Smartcard>,
    /// Serial port.
    pub serial: Vec<Serial>,
    /// Parallel port.
    pub parallel: Vec<Parallel>,
    /// Text console.
    pub console: Vec<Console>,
    /// Private channel between guest and host.
    pub channel: Vec<Channel>,
    /// Keyboard, mouse or tablet.
    pub input: Vec<Input>,
    /// Trusted Platform Module (TPM).
    pub tpm: Vec<Tpm>,
    /// Graphical access to the guest's screen, such as VNC or SPICE.
    pub graphics: Vec<Graphics>,
    /// Sound device.
    pub sound: Vec<Sound>,
    /// Host audio backend that plays and records the guest's sound.
    #[since = "7.2"]
    pub audio: Vec<Audio>,
    /// Video device.
    pub video: Vec<Video>,
    /// Host device assigned to the guest.
    pub hostdev: Vec<Hostdev>,
    /// USB device redirected over a character device.
    pub redirdev: Vec<Redirdev>,
    /// Filter for the USB devices that may be redirected to the guest.
    pub redirfilter: Option<Redirfilter>,
    /// USB hub that adds ports to a USB bus.
    pub hub: Vec<Hub>,
    /// Watchdog device that acts when the guest hangs.
    pub watchdog: Vec<Watchdog>,
    /// Memory balloon device, which returns guest memory to the host.
    pub memballoon: Option<Memballoon>,
    /// Random number generator.
    pub rng: Vec<Rng>,
    /// NVRAM device that stores the firmware variables of a pSeries guest.
    pub nvram: Option<Nvram>,
    /// Device that notifies the host when the guest panics.
    pub panic: Vec<Panic>,
    /// Memory shared with other guests or with programs on the host.
    #[since = "1.2"]
    pub shmem: Vec<Shmem>,
    /// Memory module.
    pub memory: Vec<MemoryDevice>,
    /// Cryptography device.
    #[since = "9.0"]
    pub crypto: Vec<Crypto>,
    /// IOMMU of the guest.
    #[since = "2.1"]
    #[repeated_since = "11.10"]
    pub iommu: Vec<Iommu>,
    /// Socket (vsock) between guest and host.
    #[since = "4.4"]
    pub vsock: Option<Vsock>,
    /// Persistent store for the guest's log messages, preserved after a crash.
    #[since = "10.6"]
    pub pstore: Option<Pstore>,
}
