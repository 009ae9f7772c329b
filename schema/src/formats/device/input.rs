//! `<input>`: [Input devices](https://libvirt.org/formatdomain.html#input-devices).

use crate::engine::scalar::OnOff;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// Input device: keyboard, mouse, tablet or host input device.
#[element]
pub struct Input {
    /// Type of the input device.
    #[form]
    pub kind: InputKind,
    /// Virtio generation of the input device, for devices on the virtio bus.
    pub model: Option<InputModel>,
    /// Virtio options of the device, such as IOMMU use and queue layout.
    pub driver: Option<VirtioOptions>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Type of an input device.
#[element("type")]
pub enum InputKind {
    /// Tablet, with absolute pointer positions that follow the user's pointer.
    Tablet {
        /// Bus of the input device. Defaults to `usb`.
        bus: Option<InputBus>,
    },
    /// Mouse, with relative pointer movement.
    Mouse {
        /// Bus of the input device.
        bus: Option<InputBus>,
    },
    /// Keyboard.
    Keyboard {
        /// Bus of the input device.
        bus: Option<InputBus>,
    },
    /// Host input device reserved for the guest.
    Passthrough {
        /// Bus of the input device.
        bus: InputPassthroughBus,
        /// Input device of the host.
        source: InputPassthroughSource,
    },
    /// Host input device shared by host and guest, one at a time.
    #[since = "7.4"]
    Evdev {
        /// Input device of the host and its switching options.
        source: InputEvdevSource,
    },
}

/// Bus of an input device.
#[values]
pub enum InputBus {
    /// PS/2 port of a PC.
    Ps2,
    /// USB bus.
    Usb,
    /// Xen bus.
    Xen,
    /// Virtio device. Requires a driver in the guest.
    Virtio,
}

/// Bus of a host input device reserved for the guest.
#[values]
pub enum InputPassthroughBus {
    /// Virtio device. Requires a driver in the guest.
    Virtio,
}

/// Host input device reserved for a guest.
#[element]
pub struct InputPassthroughSource {
    /// Path of the input device on the host, for example `/dev/input/event1`.
    pub evdev: AbsolutePath,
}

/// Host input device shared by host and guest.
#[element]
pub struct InputEvdevSource {
    /// Path of the input device on the host, for example `/dev/input/event1`.
    pub dev: AbsolutePath,
    /// Whether all other shared input devices switch between host and guest together with this device.
    pub grab: Option<InputGrab>,
    /// Key combination that switches the device between host and guest. Defaults to `ctrl-ctrl`.
    pub grabToggle: Option<InputGrabToggle>,
    /// Whether a key held down repeats.
    pub repeat: Option<OnOff>,
}

/// Shared input devices that switch between host and guest together.
#[values]
pub enum InputGrab {
    /// All shared input devices.
    All,
}

/// Key combination that switches input devices between host and guest.
#[values]
pub enum InputGrabToggle {
    /// Both control keys.
    CtrlCtrl,
    /// Both alt keys.
    AltAlt,
    /// Both shift keys.
    ShiftShift,
    /// Both meta keys.
    MetaMeta,
    /// Scroll lock key.
    Scrolllock,
    /// A control key together with the scroll lock key.
    CtrlScrolllock,
}

/// Virtio generation of an input device.
#[values]
pub enum InputModel {
    /// Virtio device. The machine type decides which driver generations are supported.
    Virtio,
    /// Transitional virtio device, for legacy and modern drivers.
    VirtioTransitional,
    /// Non-transitional virtio device, for modern drivers only.
    VirtioNonTransitional,
}
