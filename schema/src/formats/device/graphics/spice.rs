//! What SPICE alone has: [Graphical framebuffers](https://libvirt.org/formatdomain.html#graphical-framebuffers).

use crate::engine::scalar::{OnOff, YesNo};
use nixvirt_schema_derive::{element, values};

/// What happens to SPICE clients that are there when the password changes.
#[values]
pub enum SpiceConnected {
    /// They stay, and the change is refused.
    Fail,
    /// They are thrown out.
    Disconnect,
    /// They stay.
    Keep,
}

/// Whether a channel is encrypted.
#[values]
pub enum SpiceMode {
    /// As the client likes.
    Any,
    /// Always.
    Secure,
    /// Never.
    Insecure,
}

/// Whether one of the channels is encrypted.
#[element]
pub struct SpiceChannel {
    /// Which channel.
    pub name: SpiceChannelName,
    /// Whether it is.
    pub mode: SpiceMode,
}

/// A channel of SPICE.
#[values]
pub enum SpiceChannelName {
    /// The one that sets up the others.
    Main,
    /// The screen.
    Display,
    /// Keyboard and mouse.
    Inputs,
    /// The mouse pointer.
    Cursor,
    /// Sound from the guest.
    Playback,
    /// Sound to the guest.
    Record,
    /// Smart cards of the client.
    Smartcard,
    /// USB devices of the client.
    Usbredir,
}

/// How pictures are packed.
#[element]
pub struct SpiceImage {
    /// The way; `false` is not at all.
    pub compression: SpiceImageCompression,
}

/// A way to pack pictures.
#[values]
pub enum SpiceImageCompression {
    /// GLZ or QUIC, whichever fits the picture.
    #[xml = "auto_glz"]
    AutoGlz,
    /// LZ or QUIC, whichever fits the picture.
    #[xml = "auto_lz"]
    AutoLz,
    /// QUIC, good for photographs.
    Quic,
    /// GLZ, which remembers earlier pictures.
    Glz,
    /// LZ.
    Lz,
    /// Not at all.
    Off,
}

/// How photographs are packed on slow connections.
#[element]
pub struct SpiceJpeg {
    /// Whether they are packed as JPEG, which loses detail.
    pub compression: SpiceCompression,
}

/// How pictures are packed further on slow connections.
#[element]
pub struct SpiceZlib {
    /// Whether they are.
    pub compression: SpiceCompression,
}

/// Whether something is packed.
#[values]
pub enum SpiceCompression {
    /// When the connection is slow.
    Auto,
    /// Never.
    Never,
    /// Always.
    Always,
}

/// How sound is packed.
#[element]
pub struct SpicePlayback {
    /// Whether it is.
    pub compression: OnOff,
}

/// Which moving pictures are sent as video.
#[element]
pub struct SpiceStreaming {
    /// Which ones.
    pub mode: SpiceStreamingMode,
}

/// Which moving pictures are sent as video.
#[values]
pub enum SpiceStreamingMode {
    /// Those that look like video.
    Filter,
    /// All.
    All,
    /// None.
    Off,
}

/// What guest and client share by copy and paste.
#[element]
pub struct SpiceClipboard {
    /// Whether they do.
    pub copypaste: YesNo,
}

/// Who draws the mouse pointer.
#[element]
pub struct SpiceMouse {
    /// Who does.
    pub mode: SpiceMouseMode,
}

/// Who draws the mouse pointer.
#[values]
pub enum SpiceMouseMode {
    /// The guest.
    Server,
    /// The client.
    Client,
}

/// How files can be dropped into the guest.
#[element]
pub struct SpiceFiletransfer {
    /// Whether they can. Default: yes.
    pub enable: YesNo,
}
