//! `<video>`: [Video devices](https://libvirt.org/formatdomain.html#video-devices).

use crate::engine::problem::Report;
use crate::engine::scalar::{InUnit, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::patterns::AbsolutePath;
use crate::formats::size::Plausible;
use nixvirt_schema_derive::{element, values};

/// Video device of the guest.
#[element]
pub struct Video {
    /// Driver options of the video device.
    pub driver: Option<VideoDriver>,
    /// Video device model presented to the guest.
    pub model: Option<VideoModel>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Driver options of a video device.
#[element]
pub struct VideoDriver {
    /// Backend of the video device. Defaults to `qemu`.
    pub name: Option<VideoDriverName>,
    /// VGA support of a `gop` video device in bhyve.
    pub vgaconf: Option<VideoDriverVgaconf>,
    /// Whether the device uses the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether the device may cache translated addresses (ATS).
    pub ats: Option<OnOff>,
    /// Whether the virtqueues use the packed layout of virtio 1.1.
    pub packed: Option<OnOff>,
    /// Whether each virtqueue has its own notification page.
    pub page_per_vq: Option<OnOff>,
}

/// Backend of a video device.
#[values]
pub enum VideoDriverName {
    /// QEMU process.
    Qemu,
    /// Separate vhost-user program.
    Vhostuser,
}

/// VGA support of a `gop` video device in bhyve.
#[values]
pub enum VideoDriverVgaconf {
    /// VGA registers only.
    Io,
    /// Full VGA support.
    On,
    /// No VGA support.
    Off,
}

/// Video device model.
#[element(rules)]
pub struct VideoModel {
    /// Type of the video device.
    #[form]
    pub card: VideoCard,
    /// Video memory of the device, in KiB.
    pub vram: Option<Kibibytes>,
    /// Number of screens of the video device. Defaults to 1.
    pub heads: Option<u32>,
    /// Whether the device is the primary one of a guest with several video devices.
    #[default = "no"]
    pub primary: Option<YesNo>,
    /// Whether guest and host share images of a virtio video device without copying.
    #[since = "9.2"]
    pub blob: Option<OnOff>,
    /// Whether the guest sees a description of the screen (EDID). For `vga`, `bochs` and `virtio`.
    #[since = "11.7"]
    pub edid: Option<OnOff>,
    /// Hardware acceleration by the host GPU.
    pub acceleration: Option<VideoAcceleration>,
    /// Initial screen resolution.
    pub resolution: Option<VideoResolution>,
}

/// Size of a memory area, in KiB.
type Kibibytes = InUnit<u32, 1024>;

/// Type of a video device.
#[element("type")]
pub enum VideoCard {
    /// Standard VGA, supported by all guest operating systems.
    Vga {},
    /// Cirrus VGA, for old guest operating systems.
    Cirrus {},
    /// VMware video device.
    Vmvga {},
    /// Xen video device.
    Xen {},
    /// VirtualBox video device.
    Vbox {},
    /// Fast virtio video device. Requires a driver in the guest.
    Virtio {
        /// QEMU device that implements the video device. libvirt chooses one if omitted.
        #[since = "12.5"]
        device: Option<VideoVirtioDevice>,
    },
    /// Video device of bhyve (GOP framebuffer).
    Gop {},
    /// No video device. libvirt adds one if the domain has no `video` element.
    None {},
    /// Simple video device without legacy VGA support.
    Bochs {},
    /// Framebuffer in the guest's memory, set up by the firmware.
    Ramfb {},
    /// QXL video device for SPICE, with a driver in the guest.
    Qxl {
        /// Size of the primary memory area of the QXL device, in KiB.
        ram: Option<Kibibytes>,
        /// Size of the memory for VGA modes, in KiB. The size limits the screen resolution.
        vgamem: Option<Kibibytes>,
        /// Size of the secondary memory area for 64-bit guests, in KiB.
        vram64: Option<Kibibytes>,
    },
}

/// QEMU device that implements a virtio video device.
#[values]
pub enum VideoVirtioDevice {
    /// Virtio GPU with VGA support.
    VirtioVga,
    /// Virtio GPU with VGA support and OpenGL acceleration.
    VirtioVgaGl,
    /// Virtio GPU without VGA support.
    VirtioGpu,
    /// Virtio GPU without VGA support, with OpenGL acceleration.
    VirtioGpuGl,
    /// Separate vhost-user program, with VGA support.
    VhostUserVga,
    /// Separate vhost-user program, without VGA support.
    VhostUserGpu,
}

/// Hardware acceleration of a video device by the host GPU.
#[element]
pub struct VideoAcceleration {
    /// Whether 3D acceleration is enabled.
    pub accel3d: Option<YesNo>,
    /// Whether 2D acceleration is enabled.
    pub accel2d: Option<YesNo>,
    /// Render node of the host GPU, for example `/dev/dri/renderD128`. For the driver `vhostuser`.
    pub rendernode: Option<AbsolutePath>,
}

/// Screen resolution.
#[element]
pub struct VideoResolution {
    /// Screen width in pixels.
    pub x: u32,
    /// Screen height in pixels.
    pub y: u32,
}

impl View<'_, VideoModel> {
    fn rules(self, report: &mut Report<'_>) {
        let card = self.card();
        for area in [self.vram(), card.ram(), card.vgamem(), card.vram64()].into_iter().flatten() {
            Plausible::VIDEO.check(area.value(), report);
        }
    }
}
