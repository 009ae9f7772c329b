//! `<sound>`: [Sound devices](https://libvirt.org/formatdomain.html#sound-devices).

use crate::engine::scalar::YesNo;
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// A sound card.
#[element]
pub struct Sound {
    /// The kind of card that the guest sees.
    pub model: SoundModel,
    /// Whether a USB card has more than two channels.
    pub multichannel: Option<YesNo>,
    /// How many streams a virtio card has.
    pub streams: Option<u32>,
    /// What is plugged into an ich6 or ich9 card.
    pub codec: Vec<SoundCodec>,
    /// Where the sound goes on the host.
    pub audio: Option<SoundAudio>,
    /// How a virtio card exchanges data with the host.
    pub driver: Option<VirtioOptions>,
    /// A name for the device, by which it can be told from others.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names the card.
    pub acpi: Option<Acpi>,
    /// Where the card sits in the guest.
    pub address: Option<Address>,
}

/// A kind of sound card.
#[values]
pub enum SoundModel {
    /// A Sound Blaster 16.
    Sb16,
    /// An Ensoniq AudioPCI.
    Es1370,
    /// The beeper of a PC.
    Pcspk,
    /// An AC97 card.
    Ac97,
    /// An HD Audio card of the ICH6 chipset.
    Ich6,
    /// An HD Audio card of the ICH7 chipset.
    Ich7,
    /// An HD Audio card of the ICH9 chipset, at home on q35 machines.
    Ich9,
    /// A USB card.
    Usb,
    /// A virtio card, with a driver in the guest.
    Virtio,
}

/// What is plugged into an HD Audio card.
#[element]
pub struct SoundCodec {
    /// What it can do.
    pub r#type: SoundCodecType,
}

/// What a codec can do.
#[values]
pub enum SoundCodecType {
    /// Line out and line in.
    Duplex,
    /// Speaker and microphone.
    Micro,
    /// Line out alone.
    Output,
}

/// Where the sound of a card goes on the host.
#[element]
pub struct SoundAudio {
    /// The `id` of the guest's `audio`; its first one where there is no `audio` here.
    pub id: u8,
}
