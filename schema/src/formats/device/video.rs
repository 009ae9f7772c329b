//! `<video>`: [Video devices](https://libvirt.org/formatdomain.html#video-devices).

use crate::engine::scalar::{OnOff, YesNo};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// A graphics card.
#[element]
pub struct Video {
    /// How the card is served.
    pub driver: Option<VideoDriver>,
    /// The kind of card.
    pub model: Option<VideoModel>,
    /// A name for the device, by which it can be told from others.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names the card.
    pub acpi: Option<Acpi>,
    /// Where the card sits in the guest.
    pub address: Option<Address>,
}

/// How a graphics card is served.
#[element]
pub struct VideoDriver {
    /// What serves it. Default: qemu.
    pub name: Option<VideoDriverName>,
    /// How bhyve serves the VGA part of a `gop` card.
    pub vgaconf: Option<VideoDriverVgaconf>,
    /// Whether the device goes by the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether the device asks the IOMMU for translations ahead of time.
    pub ats: Option<OnOff>,
    /// Whether the queues have the packed layout of virtio 1.1.
    pub packed: Option<OnOff>,
    /// Whether each queue has a page of its own by which it is notified.
    pub page_per_vq: Option<OnOff>,
}

/// What serves a graphics card.
#[values]
pub enum VideoDriverName {
    /// QEMU itself.
    Qemu,
    /// A program of its own.
    Vhostuser,
}

/// How bhyve serves the VGA part of a graphics card.
#[values]
pub enum VideoDriverVgaconf {
    /// The registers alone.
    Io,
    /// All of it.
    On,
    /// Nothing.
    Off,
}

/// The kind of a graphics card.
#[element]
pub struct VideoModel {
    /// The kind.
    #[form]
    pub card: VideoCard,
    /// The memory of the card, in KiB.
    pub vram: Option<u32>,
    /// How many screens the card has. Default: 1.
    pub heads: Option<u32>,
    /// Whether the guest starts on this card, where it has several.
    pub primary: Option<YesNo>,
    /// Whether guest and host share pictures without copying them; of a virtio card. Since libvirt 9.2.
    pub blob: Option<OnOff>,
    /// What the host's graphics card does for this one.
    pub acceleration: Option<VideoAcceleration>,
    /// The size of the screen at the start.
    pub resolution: Option<VideoResolution>,
}

/// A kind of graphics card.
#[element("type")]
pub enum VideoCard {
    /// The standard card that every system knows.
    Vga {},
    /// An old card that every old system knows.
    Cirrus {},
    /// That of VMware.
    Vmvga {},
    /// That of Xen.
    Xen {},
    /// That of VirtualBox.
    Vbox {},
    /// The fast one, with a driver in the guest.
    Virtio {},
    /// That of bhyve.
    Gop {},
    /// No card. libvirt adds one itself where there is no `video` at all.
    None {},
    /// A simple card without the old VGA part.
    Bochs {},
    /// The screen that the firmware shows, in the guest's memory.
    Ramfb {},
    /// The card for SPICE, with a driver in the guest.
    Qxl {
        /// The first part of the memory, in KiB.
        ram: Option<u32>,
        /// The memory for VGA modes, in KiB; it limits the size of the screen.
        vgamem: Option<u32>,
        /// The second part of the memory as 64 bit guests see it, in KiB.
        vram64: Option<u32>,
    },
}

/// What the host's graphics card does for the guest's.
#[element]
pub struct VideoAcceleration {
    /// Whether it draws in three dimensions.
    pub accel3d: Option<YesNo>,
    /// Whether it draws in two dimensions.
    pub accel2d: Option<YesNo>,
    /// The host's graphics card, as in `/dev/dri/renderD128`, with the driver `vhostuser`.
    pub rendernode: Option<AbsolutePath>,
}

/// The size of a screen.
#[element]
pub struct VideoResolution {
    /// The width in pixels.
    pub x: u32,
    /// The height in pixels.
    pub y: u32,
}
