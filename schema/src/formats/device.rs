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

/// The devices of the guest.
#[element]
pub struct Devices {
    /// The program that runs the guest. libvirt knows one for each architecture; a path of one's own ages
    /// with every update.
    #[child]
    pub emulator: Option<AbsolutePath>,
    /// A disk, CD or floppy drive.
    pub disk: Vec<Disk>,
    /// A controller to which other devices are attached.
    pub controller: Vec<Controller>,
    /// A lease that must be held while the guest runs.
    pub lease: Vec<Lease>,
    /// A folder of the host that the guest can mount.
    pub filesystem: Vec<Filesystem>,
    /// A network card.
    pub interface: Vec<Interface>,
    /// A smart card reader.
    pub smartcard: Vec<Smartcard>,
    /// A serial port.
    pub serial: Vec<Serial>,
    /// A parallel port.
    pub parallel: Vec<Parallel>,
    /// A text console.
    pub console: Vec<Console>,
    /// A private channel between guest and host.
    pub channel: Vec<Channel>,
    /// A keyboard, mouse or tablet.
    pub input: Vec<Input>,
    /// A trusted platform module.
    pub tpm: Vec<Tpm>,
    /// A way to see and use the guest's screen from outside.
    pub graphics: Vec<Graphics>,
    /// A sound card.
    pub sound: Vec<Sound>,
    /// A way in which the host plays and records the guest's sound.
    pub audio: Vec<Audio>,
    /// A graphics card.
    pub video: Vec<Video>,
    /// A device of the host that is handed to the guest.
    pub hostdev: Vec<Hostdev>,
    /// A USB device redirected over a character device.
    pub redirdev: Vec<Redirdev>,
    /// Which USB devices may be redirected.
    pub redirfilter: Option<Redirfilter>,
    /// A hub that gives more ports to a USB bus.
    pub hub: Vec<Hub>,
    /// A device that acts when the guest hangs.
    pub watchdog: Vec<Watchdog>,
    /// The device through which the guest gives memory back to the host.
    pub memballoon: Option<Memballoon>,
    /// A source of random numbers.
    pub rng: Vec<Rng>,
    /// The memory in which a pSeries guest keeps its firmware variables.
    pub nvram: Option<Nvram>,
    /// A device that tells the host when the guest panics.
    pub panic: Vec<Panic>,
    /// Memory shared with other guests or programs of the host.
    pub shmem: Vec<Shmem>,
    /// A memory module.
    pub memory: Vec<MemoryDevice>,
    /// A device that does cryptography for the guest.
    pub crypto: Vec<Crypto>,
    /// An IOMMU for the guest.
    pub iommu: Option<Iommu>,
    /// A socket between guest and host.
    pub vsock: Option<Vsock>,
    /// A store in which a guest keeps what it logged before it died.
    pub pstore: Option<Pstore>,
}
