//! `<sound>`: [Sound devices](https://libvirt.org/formatdomain.html#sound-devices).

use crate::engine::scalar::YesNo;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// Sound device of the guest.
#[element]
pub struct Sound {
    /// Sound device model presented to the guest.
    pub model: SoundModel,
    /// Whether a USB sound device has more than two channels.
    #[since = "9.4"]
    pub multichannel: Option<YesNo>,
    /// Number of streams of a virtio sound device.
    #[since = "10.4"]
    pub streams: Option<u32>,
    /// Audio codec of an `ich6` or `ich9` sound device.
    pub codec: Vec<SoundCodec>,
    /// Audio backend on the host that the sound device uses.
    pub audio: Option<SoundAudio>,
    /// Virtio options of the device, such as IOMMU use and queue layout.
    #[since = "10.4"]
    pub driver: Option<VirtioOptions>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Sound device model.
#[values]
pub enum SoundModel {
    /// Sound Blaster 16.
    Sb16,
    /// Ensoniq AudioPCI.
    Es1370,
    /// PC speaker.
    Pcspk,
    /// AC97 audio device.
    Ac97,
    /// HD Audio device of the ICH6 chipset.
    Ich6,
    /// HD Audio device of the ICH7 chipset.
    Ich7,
    /// HD Audio device of the ICH9 chipset, native to q35 machines.
    Ich9,
    /// USB audio device.
    Usb,
    /// Virtio sound device. Requires a driver in the guest.
    #[since = "10.4"]
    Virtio,
}

/// Audio codec of an HD Audio device.
#[element]
pub struct SoundCodec {
    /// Inputs and outputs of the audio codec.
    pub r#type: SoundCodecType,
}

/// Inputs and outputs of an audio codec.
#[values]
pub enum SoundCodecType {
    /// Line output and line input.
    Duplex,
    /// Speaker and microphone.
    Micro,
    /// Line output only.
    Output,
}

/// Audio backend on the host that a sound device uses.
#[element]
pub struct SoundAudio {
    /// The `id` of the domain's `audio` element. The first one is used if the sound device has no `audio`.
    pub id: u8,
}
