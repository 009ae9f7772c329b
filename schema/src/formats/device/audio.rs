//! `<audio>`: [Audio backends](https://libvirt.org/formatdomain.html#audio-backends).

use crate::engine::scalar::{Int, YesNo};
use crate::formats::patterns::{DeviceName, Path};
use nixvirt_schema_derive::{element, values};

/// Host audio backend that plays and records the guest's sound.
#[element]
pub struct Audio {
    /// Number of the audio backend, from 1. Sound devices refer to the backend by this number.
    pub id: Int<1, 255>,
    /// Type of the audio backend.
    #[form]
    pub backend: AudioBackend,
    /// Interval between audio transfers, in microseconds.
    pub timerPeriod: Option<Int<1, { u32::MAX as u64 }>>,
}

/// Type of a host audio backend.
#[element("type")]
pub enum AudioBackend {
    /// No host audio: playback is discarded, and recordings are silent.
    None {
        /// Settings for the sound that the guest records.
        input: Option<AudioStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioStream>,
    },
    /// ALSA, the sound system of Linux.
    Alsa {
        /// Settings for the sound that the guest records.
        input: Option<AudioAlsaStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioAlsaStream>,
    },
    /// Core Audio, the sound system of macOS.
    Coreaudio {
        /// Settings for the sound that the guest records.
        input: Option<AudioBufferedStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioBufferedStream>,
    },
    /// D-Bus audio, for use with graphics of type `dbus`.
    Dbus {
        /// Settings for the sound that the guest records.
        input: Option<AudioStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioStream>,
    },
    /// JACK audio server.
    Jack {
        /// Settings for the sound that the guest records.
        input: Option<AudioJackStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioJackStream>,
    },
    /// OSS, the sound system of BSD.
    Oss {
        /// Whether to access the OSS device through memory mapping if possible.
        tryMMap: Option<YesNo>,
        /// Whether the guest has exclusive access to the OSS device.
        exclusive: Option<YesNo>,
        /// Balance between latency and CPU load of OSS, from 0 (lowest latency) to 10. Defaults to the policy of
        /// the device.
        dspPolicy: Option<i32>,
        /// Settings for the sound that the guest records.
        input: Option<AudioOssStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioOssStream>,
    },
    /// PipeWire audio server.
    #[since = "9.10"]
    Pipewire {
        /// Directory with the sockets of the PipeWire server, such as `/run/user/1000`.
        runtimeDir: Option<Path>,
        /// Settings for the sound that the guest records.
        input: Option<AudioNamedStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioNamedStream>,
    },
    /// PulseAudio server.
    Pulseaudio {
        /// PulseAudio server, such as `unix:/run/user/1000/pulse/native`. Defaults to the user's server.
        serverName: Option<String>,
        /// Settings for the sound that the guest records.
        input: Option<AudioNamedStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioNamedStream>,
    },
    /// SDL, a library with several audio drivers.
    Sdl {
        /// Audio driver of SDL.
        driver: Option<AudioSdlDriver>,
        /// Settings for the sound that the guest records.
        input: Option<AudioBufferedStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioBufferedStream>,
    },
    /// SPICE audio: sound is played and recorded by the clients of the SPICE server.
    Spice {
        /// Settings for the sound that the guest records.
        input: Option<AudioStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioStream>,
    },
    /// WAV file that records the sound that the guest plays.
    File {
        /// Path of the WAV file.
        path: Option<Path>,
        /// Settings for the sound that the guest records.
        input: Option<AudioStream>,
        /// Settings for the sound that the guest plays.
        output: Option<AudioStream>,
    },
}

/// Audio driver of SDL.
#[values]
pub enum AudioSdlDriver {
    /// ESD (Enlightened Sound Daemon).
    Esd,
    /// ALSA.
    Alsa,
    /// aRts (analog real-time synthesizer).
    Arts,
    /// PulseAudio.
    Pulseaudio,
}

/// Audio stream in one direction: playback or recording.
#[element]
pub struct AudioStream {
    /// Whether QEMU mixes and converts the sound of several sound devices. Defaults to `true`.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host always uses `settings`, regardless of the guest's choice. Requires the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// Number of voices of the audio stream. Defaults to 1.
    pub voices: Option<u32>,
    /// Length of the audio buffer, in microseconds.
    pub bufferLength: Option<u32>,
    /// Sample format of the audio stream on the host.
    pub settings: Option<AudioSettings>,
}

/// ALSA audio stream in one direction: playback or recording.
#[element]
pub struct AudioAlsaStream {
    /// Whether QEMU mixes and converts the sound of several sound devices. Defaults to `true`.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host always uses `settings`, regardless of the guest's choice. Requires the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// Number of voices of the audio stream. Defaults to 1.
    pub voices: Option<u32>,
    /// Length of the audio buffer, in microseconds.
    pub bufferLength: Option<u32>,
    /// ALSA device on the host, such as `default`.
    pub dev: Option<Path>,
    /// Sample format of the audio stream on the host.
    pub settings: Option<AudioSettings>,
}

/// Core Audio or SDL audio stream in one direction: playback or recording.
#[element]
pub struct AudioBufferedStream {
    /// Whether QEMU mixes and converts the sound of several sound devices. Defaults to `true`.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host always uses `settings`, regardless of the guest's choice. Requires the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// Number of voices of the audio stream. Defaults to 1.
    pub voices: Option<u32>,
    /// Length of the audio buffer, in microseconds.
    pub bufferLength: Option<u32>,
    /// Number of audio buffers.
    pub bufferCount: Option<u32>,
    /// Sample format of the audio stream on the host.
    pub settings: Option<AudioSettings>,
}

/// JACK audio stream in one direction: playback or recording.
#[element]
pub struct AudioJackStream {
    /// Whether QEMU mixes and converts the sound of several sound devices. Defaults to `true`.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host always uses `settings`, regardless of the guest's choice. Requires the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// Number of voices of the audio stream. Defaults to 1.
    pub voices: Option<u32>,
    /// Length of the audio buffer, in microseconds.
    pub bufferLength: Option<u32>,
    /// Name of the JACK server. Defaults to the default server.
    pub serverName: Option<String>,
    /// Client name of the guest on the JACK server.
    pub clientName: Option<String>,
    /// Regular expression that selects the JACK ports to connect to.
    pub connectPorts: Option<String>,
    /// Whether to fail if the client name is already taken on the JACK server.
    pub exactName: Option<YesNo>,
    /// Sample format of the audio stream on the host.
    pub settings: Option<AudioSettings>,
}

/// OSS audio stream in one direction: playback or recording.
#[element]
pub struct AudioOssStream {
    /// Whether QEMU mixes and converts the sound of several sound devices. Defaults to `true`.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host always uses `settings`, regardless of the guest's choice. Requires the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// Number of voices of the audio stream. Defaults to 1.
    pub voices: Option<u32>,
    /// Length of the audio buffer, in microseconds.
    pub bufferLength: Option<u32>,
    /// OSS device on the host, such as `/dev/dsp`.
    pub dev: Option<DeviceName>,
    /// Number of audio buffers.
    pub bufferCount: Option<u32>,
    /// Whether to poll the OSS device for readiness if possible.
    pub tryPoll: Option<YesNo>,
    /// Sample format of the audio stream on the host.
    pub settings: Option<AudioSettings>,
}

/// PipeWire or PulseAudio stream in one direction: playback or recording.
#[element]
pub struct AudioNamedStream {
    /// Whether QEMU mixes and converts the sound of several sound devices. Defaults to `true`.
    pub mixingEngine: Option<YesNo>,
    /// Whether the host always uses `settings`, regardless of the guest's choice. Requires the mixing engine.
    pub fixedSettings: Option<YesNo>,
    /// Number of voices of the audio stream. Defaults to 1.
    pub voices: Option<u32>,
    /// Length of the audio buffer, in microseconds.
    pub bufferLength: Option<u32>,
    /// Device of the audio server to use. Defaults to the server's default device.
    pub name: Option<String>,
    /// Name of the guest's stream, as shown by the audio server.
    pub streamName: Option<String>,
    /// Maximum latency of the audio stream, in microseconds.
    pub latency: Option<Int<1, { u32::MAX as u64 }>>,
    /// Sample format of the audio stream on the host.
    pub settings: Option<AudioSettings>,
}

/// Sample format of an audio stream on the host.
#[element]
pub struct AudioSettings {
    /// Sample rate, in Hz.
    pub frequency: Option<u32>,
    /// Number of audio channels.
    pub channels: Option<u32>,
    /// Data type of an audio sample.
    pub format: Option<AudioFormat>,
}

/// Data type of an audio sample.
#[values]
pub enum AudioFormat {
    /// Signed 8-bit integer.
    S8,
    /// Unsigned 8-bit integer.
    U8,
    /// Signed 16-bit integer.
    S16,
    /// Unsigned 16-bit integer.
    U16,
    /// Signed 32-bit integer.
    S32,
    /// Unsigned 32-bit integer.
    U32,
    /// 32-bit floating-point number.
    F32,
}
