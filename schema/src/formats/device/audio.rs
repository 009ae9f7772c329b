//! `<audio>`: [Audio backends](https://libvirt.org/formatdomain.html#audio-backends).

use crate::engine::scalar::YesNo;
use crate::formats::patterns::{DeviceName, Path};
use nixvirt_schema_derive::{element, values};

/// A way in which the host plays and records the guest's sound. Since libvirt 7.2.
#[element]
pub struct Audio {
    /// The number by which sound cards name it.
    pub id: u8,
    /// What plays and records.
    #[form]
    pub backend: AudioBackend,
    /// How often sound is moved, in microseconds.
    pub timerPeriod: Option<u32>,
}

/// What plays and records a guest's sound on the host.
#[element("type")]
pub enum AudioBackend {
    /// Nothing: sound is dropped, and silence recorded.
    None {
        /// Sound that the guest records.
        input: Option<AudioStream>,
        /// Sound that the guest plays.
        output: Option<AudioStream>,
    },
    /// ALSA, the sound system of Linux.
    Alsa {
        /// Sound that the guest records.
        input: Option<AudioAlsaStream>,
        /// Sound that the guest plays.
        output: Option<AudioAlsaStream>,
    },
    /// Core Audio, the sound system of macOS.
    Coreaudio {
        /// Sound that the guest records.
        input: Option<AudioBufferedStream>,
        /// Sound that the guest plays.
        output: Option<AudioBufferedStream>,
    },
    /// D-Bus, together with graphics of that type.
    Dbus {
        /// Sound that the guest records.
        input: Option<AudioStream>,
        /// Sound that the guest plays.
        output: Option<AudioStream>,
    },
    /// JACK.
    Jack {
        /// Sound that the guest records.
        input: Option<AudioJackStream>,
        /// Sound that the guest plays.
        output: Option<AudioJackStream>,
    },
    /// OSS, the sound system of BSD.
    Oss {
        /// Whether sound is handed over in shared memory where possible.
        tryMMap: Option<YesNo>,
        /// Whether the guest has the device for itself.
        exclusive: Option<YesNo>,
        /// The balance between delay and load, from 0 for the least delay to 10; -1 leaves it as it is.
        dspPolicy: Option<i32>,
        /// Sound that the guest records.
        input: Option<AudioOssStream>,
        /// Sound that the guest plays.
        output: Option<AudioOssStream>,
    },
    /// PipeWire. Since libvirt 9.10.
    Pipewire {
        /// The folder with the sockets of the server, as in `/run/user/1000`.
        runtimeDir: Option<Path>,
        /// Sound that the guest records.
        input: Option<AudioNamedStream>,
        /// Sound that the guest plays.
        output: Option<AudioNamedStream>,
    },
    /// PulseAudio.
    Pulseaudio {
        /// The server, as in `unix:/run/user/1000/pulse/native`; that of the user when absent.
        serverName: Option<String>,
        /// Sound that the guest records.
        input: Option<AudioNamedStream>,
        /// Sound that the guest plays.
        output: Option<AudioNamedStream>,
    },
    /// SDL, which has drivers of its own.
    Sdl {
        /// The driver of SDL.
        driver: Option<AudioSdlDriver>,
        /// Sound that the guest records.
        input: Option<AudioBufferedStream>,
        /// Sound that the guest plays.
        output: Option<AudioBufferedStream>,
    },
    /// The clients of the SPICE server.
    Spice {
        /// Sound that the guest records.
        input: Option<AudioStream>,
        /// Sound that the guest plays.
        output: Option<AudioStream>,
    },
    /// A WAV file with what the guest plays.
    File {
        /// The file.
        path: Option<Path>,
        /// Sound that the guest records.
        input: Option<AudioStream>,
        /// Sound that the guest plays.
        output: Option<AudioStream>,
    },
}

/// A driver of SDL.
#[values]
pub enum AudioSdlDriver {
    /// ESD.
    Esd,
    /// ALSA.
    Alsa,
    /// aRts.
    Arts,
    /// PulseAudio.
    Pulseaudio,
}

/// Sound in one direction.
#[element]
pub struct AudioStream {
    /// Whether QEMU mixes the sounds of several cards itself, and converts them. Default: yes.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host gets the `settings` given here, whatever the guest chooses; with the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// How many voices there are. Default: 1.
    pub voices: Option<u32>,
    /// How much sound is held back, in microseconds.
    pub bufferLength: Option<u32>,
    /// The format of the sound on the host.
    pub settings: Option<AudioSettings>,
}

/// Sound in one direction, by ALSA.
#[element]
pub struct AudioAlsaStream {
    /// Whether QEMU mixes the sounds of several cards itself, and converts them. Default: yes.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host gets the `settings` given here, whatever the guest chooses; with the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// How many voices there are. Default: 1.
    pub voices: Option<u32>,
    /// How much sound is held back, in microseconds.
    pub bufferLength: Option<u32>,
    /// The device, as in `default`.
    pub dev: Option<Path>,
    /// The format of the sound on the host.
    pub settings: Option<AudioSettings>,
}

/// Sound in one direction, by Core Audio or SDL.
#[element]
pub struct AudioBufferedStream {
    /// Whether QEMU mixes the sounds of several cards itself, and converts them. Default: yes.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host gets the `settings` given here, whatever the guest chooses; with the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// How many voices there are. Default: 1.
    pub voices: Option<u32>,
    /// How much sound is held back, in microseconds.
    pub bufferLength: Option<u32>,
    /// How many buffers there are.
    pub bufferCount: Option<u32>,
    /// The format of the sound on the host.
    pub settings: Option<AudioSettings>,
}

/// Sound in one direction, by JACK.
#[element]
pub struct AudioJackStream {
    /// Whether QEMU mixes the sounds of several cards itself, and converts them. Default: yes.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host gets the `settings` given here, whatever the guest chooses; with the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// How many voices there are. Default: 1.
    pub voices: Option<u32>,
    /// How much sound is held back, in microseconds.
    pub bufferLength: Option<u32>,
    /// The server; the default one when absent.
    pub serverName: Option<String>,
    /// The name that the guest has there.
    pub clientName: Option<String>,
    /// A regular expression for the ports to connect to.
    pub connectPorts: Option<String>,
    /// Whether it is an error when the name is taken.
    pub exactName: Option<YesNo>,
    /// The format of the sound on the host.
    pub settings: Option<AudioSettings>,
}

/// Sound in one direction, by OSS.
#[element]
pub struct AudioOssStream {
    /// Whether QEMU mixes the sounds of several cards itself, and converts them. Default: yes.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host gets the `settings` given here, whatever the guest chooses; with the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// How many voices there are. Default: 1.
    pub voices: Option<u32>,
    /// How much sound is held back, in microseconds.
    pub bufferLength: Option<u32>,
    /// The device, as in `/dev/dsp`.
    pub dev: Option<DeviceName>,
    /// How many buffers there are.
    pub bufferCount: Option<u32>,
    /// Whether to ask the device when it can take more, where possible.
    pub tryPoll: Option<YesNo>,
    /// The format of the sound on the host.
    pub settings: Option<AudioSettings>,
}

/// Sound in one direction, by PipeWire or PulseAudio.
#[element]
pub struct AudioNamedStream {
    /// Whether QEMU mixes the sounds of several cards itself, and converts them. Default: yes.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host gets the `settings` given here, whatever the guest chooses; with the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// How many voices there are. Default: 1.
    pub voices: Option<u32>,
    /// How much sound is held back, in microseconds.
    pub bufferLength: Option<u32>,
    /// The device of the server that is used; its default one when absent.
    pub name: Option<String>,
    /// The name under which the server shows the guest.
    pub streamName: Option<String>,
    /// How late the sound may be, in microseconds.
    pub latency: Option<u32>,
    /// The format of the sound on the host.
    pub settings: Option<AudioSettings>,
}

/// The format of a guest's sound on the host.
#[element]
pub struct AudioSettings {
    /// How many samples there are in a second, in Hz.
    pub frequency: Option<u32>,
    /// How many channels there are.
    pub channels: Option<u32>,
    /// The format of a sample.
    pub format: Option<AudioFormat>,
}

/// A format of samples.
#[values]
pub enum AudioFormat {
    /// 8 bits with a sign.
    S8,
    /// 8 bits.
    U8,
    /// 16 bits with a sign.
    S16,
    /// 16 bits.
    U16,
    /// 32 bits with a sign.
    S32,
    /// 32 bits.
    U32,
    /// A number with a fraction, in 32 bits.
    F32,
}
