//! What SPICE alone has: [Graphical framebuffers](https://libvirt.org/formatdomain.html#graphical-framebuffers).

use crate::engine::scalar::{OnOff, YesNo};
use nixvirt_schema_derive::{element, values};

/// Handling of connected SPICE clients when the password changes.
#[values]
pub enum SpiceConnected {
    /// Keep the connected clients and refuse the password change.
    Fail,
    /// Disconnect the clients.
    Disconnect,
    /// Keep the connected clients.
    Keep,
}

/// Encryption of a SPICE channel.
#[values]
pub enum SpiceMode {
    /// Encryption chosen by the client.
    Any,
    /// Encrypted connections only.
    Secure,
    /// Unencrypted connections only.
    Insecure,
}

/// Encryption of one SPICE channel.
#[element]
pub struct SpiceChannel {
    /// Name of the SPICE channel.
    pub name: SpiceChannelName,
    /// Whether the SPICE channel is encrypted.
    pub mode: SpiceMode,
}

/// SPICE channel.
#[values]
pub enum SpiceChannelName {
    /// Main channel, which sets up the other channels.
    Main,
    /// Screen of the guest.
    Display,
    /// Keyboard and mouse input.
    Inputs,
    /// Mouse pointer.
    Cursor,
    /// Audio output from the guest.
    Playback,
    /// Audio input to the guest.
    Record,
    /// Smart cards of the client.
    Smartcard,
    /// USB devices of the client.
    Usbredir,
}

/// Compression of images sent to the SPICE client.
#[element]
pub struct SpiceImage {
    /// Compression algorithm for images. `false` disables compression.
    pub compression: SpiceImageCompression,
}

/// Compression algorithm for images.
#[values]
pub enum SpiceImageCompression {
    /// GLZ or QUIC, chosen for each image.
    #[xml = "auto_glz"]
    AutoGlz,
    /// LZ or QUIC, chosen for each image.
    #[xml = "auto_lz"]
    AutoLz,
    /// QUIC, suited to photographic images.
    Quic,
    /// GLZ, which uses a dictionary of earlier images.
    Glz,
    /// LZ.
    Lz,
    /// No compression.
    Off,
}

/// JPEG compression of photographic images on slow connections.
#[element]
pub struct SpiceJpeg {
    /// Whether photographic images are compressed as JPEG, which loses detail.
    pub compression: SpiceCompression,
}

/// Additional zlib compression of images on slow connections.
#[element]
pub struct SpiceZlib {
    /// Whether images are additionally compressed with zlib.
    pub compression: SpiceCompression,
}

/// Condition for compressing images.
#[values]
pub enum SpiceCompression {
    /// Compress on slow connections only.
    Auto,
    /// Never compress.
    Never,
    /// Always compress.
    Always,
}

/// Compression of audio sent to the SPICE client.
#[element]
pub struct SpicePlayback {
    /// Whether audio sent to the client is compressed.
    pub compression: OnOff,
}

/// Detection of moving images to send as video streams.
#[element]
pub struct SpiceStreaming {
    /// Moving images that are sent as video streams.
    pub mode: SpiceStreamingMode,
}

/// Moving images that are sent as video streams.
#[values]
pub enum SpiceStreamingMode {
    /// Send moving images that look like video as streams.
    Filter,
    /// Send all moving images as video streams.
    All,
    /// Send no video streams.
    Off,
}

/// Clipboard sharing between guest and SPICE client.
#[element]
pub struct SpiceClipboard {
    /// Whether guest and client share the clipboard.
    pub copypaste: YesNo,
}

/// Mouse mode of the SPICE server.
#[element]
pub struct SpiceMouse {
    /// Whether the guest or the client draws the mouse pointer.
    pub mode: SpiceMouseMode,
}

/// Mouse mode of a SPICE server.
#[values]
pub enum SpiceMouseMode {
    /// Server mode: the guest draws the mouse pointer.
    Server,
    /// Client mode: the client draws the mouse pointer.
    Client,
}

/// File transfer from the SPICE client into the guest by drag and drop.
#[element]
pub struct SpiceFiletransfer {
    /// Whether files can be dropped into the guest. Defaults to `true`.
    pub enable: YesNo,
}
