//! `<input>`: [Input devices](https://libvirt.org/formatdomain.html#input-devices).

use crate::engine::scalar::OnOff;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// A keyboard, mouse or tablet.
#[element]
pub struct Input {
    /// What it is.
    #[form]
    pub kind: InputKind,
    /// Which kind of virtio device it is.
    pub model: Option<InputModel>,
    /// How a virtio device exchanges data with the host.
    pub driver: Option<VirtioOptions>,
    /// A name for the device, by which it can be told from others.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names the device.
    pub acpi: Option<Acpi>,
    /// Where the device sits in the guest.
    pub address: Option<Address>,
}

/// What an input device is.
#[element("type")]
pub enum InputKind {
    /// A tablet, whose pointer is where the user's is.
    Tablet {
        /// What the device is plugged into. Default: usb.
        bus: Option<InputBus>,
    },
    /// A mouse.
    Mouse {
        /// What the device is plugged into.
        bus: Option<InputBus>,
    },
    /// A keyboard.
    Keyboard {
        /// What the device is plugged into.
        bus: Option<InputBus>,
    },
    /// A device of the host that the guest has for itself.
    Passthrough {
        /// What the device is plugged into.
        bus: InputPassthroughBus,
        /// The device of the host.
        source: InputPassthroughSource,
    },
    /// A device of the host that host and guest take turns with. Since libvirt 7.4.
    Evdev {
        /// The device of the host.
        source: InputEvdevSource,
    },
}

/// What an input device is plugged into.
#[values]
pub enum InputBus {
    /// The PS/2 ports of a PC.
    Ps2,
    /// A USB bus.
    Usb,
    /// That of Xen.
    Xen,
    /// A virtio device, with a driver in the guest.
    Virtio,
}

/// What an input device of the host is plugged into.
#[values]
pub enum InputPassthroughBus {
    /// A virtio device, with a driver in the guest.
    Virtio,
}

/// An input device of the host that a guest has for itself.
#[element]
pub struct InputPassthroughSource {
    /// Its path, as in `/dev/input/event1`.
    pub evdev: AbsolutePath,
}

/// An input device of the host that host and guest take turns with.
#[element]
pub struct InputEvdevSource {
    /// Its path, as in `/dev/input/event1`.
    pub dev: AbsolutePath,
    /// Whether all other such devices change sides together with this one.
    pub grab: Option<InputGrab>,
    /// The keys that change sides. Default: ctrl-ctrl.
    pub grabToggle: Option<InputGrabToggle>,
    /// Whether a key held down repeats.
    pub repeat: Option<OnOff>,
}

/// Which devices change sides together.
#[values]
pub enum InputGrab {
    /// All.
    All,
}

/// Keys that hand input devices from the host to the guest and back.
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
    /// The scroll lock key.
    Scrolllock,
    /// A control key with the scroll lock key.
    CtrlScrolllock,
}

/// A kind of virtio device.
#[values]
pub enum InputModel {
    /// As the machine likes.
    Virtio,
    /// For old and new drivers.
    VirtioTransitional,
    /// For new drivers alone.
    VirtioNonTransitional,
}
