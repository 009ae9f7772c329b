//! The host's side of a character device:
//! [Host interface](https://libvirt.org/formatdomain.html#host-interface).

use crate::engine::problem::{Report, closest};
use crate::engine::scalar::{OnOff, YesNo};
use crate::engine::table::Element;
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::domain::seclabel::DeviceSeclabel;
use crate::formats::patterns::{AbsolutePath, Path};
use nixvirt_schema_derive::{element, values};

/// Host backend of a character device.
#[values]
pub enum CharacterType {
    /// Device on the host, such as a physical serial port.
    Dev,
    /// File on the host that receives the guest's output.
    File,
    /// Named pipe on the host.
    Pipe,
    /// Unix socket on the host.
    Unix,
    /// TCP connection.
    Tcp,
    /// UDP packets.
    Udp,
    /// Null device: the guest's output is discarded.
    Null,
    /// Standard input and output of the emulator process.
    Stdio,
    /// Virtual console in the guest's graphical window.
    Vc,
    /// Pseudo-terminal that libvirt creates, as used by `virsh console`.
    Pty,
    /// SPICE channel for the SPICE agent, USB redirection or smart cards.
    Spicevmc,
    /// SPICE channel with a custom name.
    #[since = "1.2"]
    Spiceport,
    /// FreeBSD null-modem device: a pair of connected terminals.
    #[since = "1.2"]
    Nmdm,
    /// SPICE agent protocol without SPICE, for a shared clipboard.
    #[since = "8.4"]
    QemuVdagent,
    /// D-Bus channel, for guests with D-Bus graphics.
    #[since = "8.4"]
    Dbus,
}

/// Source and destination on the host of a character device's data.
#[element]
pub struct CharacterSource {
    /// Whether the host connects (`connect`) or listens (`bind`). For `unix`, `tcp` and `udp`.
    pub mode: Option<String>,
    /// Path of the device, file, pipe, terminal or socket. For `dev`, `file`, `pipe`, `pty` and `unix`.
    pub path: Option<Path>,
    /// Host name or IP address. For `tcp` and `udp`.
    pub host: Option<String>,
    /// Port number or service name. For `tcp` and `udp`.
    pub service: Option<String>,
    /// Name of the channel. For `spiceport` and `dbus`.
    pub channel: Option<String>,
    /// Terminal at the guest's end of the null modem. For `nmdm`.
    pub master: Option<Path>,
    /// Terminal at the host's end of the null modem. For `nmdm`.
    pub slave: Option<Path>,
    /// Whether to append to the file when the guest starts, instead of truncating the file. For `file`.
    #[since = "1.3"]
    pub append: Option<OnOff>,
    /// Whether the connection uses TLS. For `tcp`. Defaults to the host's configuration.
    #[since = "2.4"]
    pub tls: Option<YesNo>,
    /// Reconnection behavior after a lost connection. For `unix` and `tcp`.
    #[since = "3.7"]
    pub reconnect: Option<Reconnect>,
    /// Security label that the security driver applies to the source.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Clipboard sharing between guest and host. For `qemu-vdagent`.
    pub clipboard: Option<CharacterClipboard>,
    /// Mouse pointer handling. For `qemu-vdagent`.
    pub mouse: Option<CharacterMouse>,
}

/// Clipboard sharing between guest and host.
#[element]
pub struct CharacterClipboard {
    /// Whether text can be copied and pasted between guest and host.
    pub copypaste: YesNo,
}

/// Mouse pointer handling of the guest.
#[element]
pub struct CharacterMouse {
    /// Mouse mode: whether the guest or the viewer draws the pointer.
    pub mode: CharacterMouseMode,
}

/// Mouse mode: whether the guest or the viewer draws the pointer.
#[values]
pub enum CharacterMouseMode {
    /// Server mode: the guest draws the pointer and receives relative movements.
    Server,
    /// Client mode: the viewer draws the pointer and sends absolute positions to the guest.
    Client,
}

/// Protocol of a TCP connection.
#[element]
pub struct CharacterProtocol {
    /// Name of the protocol. Defaults to `raw`.
    #[default = "raw"]
    pub r#type: Option<CharacterProtocolType>,
}

/// Protocol of a character device's TCP connection.
#[values]
pub enum CharacterProtocolType {
    /// Raw bytes, without a protocol.
    Raw,
    /// Telnet.
    Telnet,
    /// Telnet over TLS. Supported by some hypervisors only.
    Telnets,
    /// TLS. Supported by some hypervisors only.
    Tls,
}

/// Log file on the host for the guest's output.
#[element]
pub struct CharacterLog {
    /// Path of the log file.
    pub file: AbsolutePath,
    /// Whether to append to the log file when the guest starts, instead of truncating the file.
    pub append: Option<OnOff>,
}

impl CharacterType {
    /// Returns the source fields that libvirt reads for this backend, in addition to `seclabel`.
    const fn reads(self) -> &'static [&'static str] {
        use CharacterType as It;
        match self {
            It::Dev | It::Pipe | It::Pty => &["path"],
            It::File => &["path", "append"],
            It::Unix => &["mode", "path", "reconnect"],
            It::Tcp => &["mode", "host", "service", "tls", "reconnect"],
            It::Udp => &["mode", "host", "service"],
            It::Spiceport | It::Dbus => &["channel"],
            It::Nmdm => &["master", "slave"],
            It::QemuVdagent => &["clipboard", "mouse"],
            It::Null | It::Stdio | It::Vc | It::Spicevmc => &[],
        }
    }
}

/// Checks the sources of a character device against the backend type. libvirt's schema allows every field for every
/// type.
pub fn check_sources<'a>(
    of: Option<View<'a, CharacterType>>,
    sources: impl Iterator<Item = View<'a, CharacterSource>>,
    report: &mut Report<'_>,
) {
    let Some(kind) = of.and_then(View::get) else { return };
    let known = kind.reads();
    for (at, source) in sources.enumerate() {
        let most = if kind == CharacterType::Udp { 2 } else { 1 };
        if at == most {
            let message = "only type \"udp\" has two sources, and no type has more: remove this one";
            report.error(source.value(), "source-twice", message);
        }
        let reconnect = source.reconnect().filter(|it| known.contains(&"reconnect") && it.enabled().is_some());
        if let Some(reconnect) = reconnect.filter(|_| source.mode().and_then(Read::text).as_deref() == Some("bind")) {
            report.error(reconnect.value(), "source-reconnect", "`reconnect` requires the mode \"connect\"");
        }
        check_mode(source.mode().filter(|_| known.contains(&"mode")), report);
        for part in source.value().parts() {
            let is_part = CharacterSource::schema().field(part.key()).is_some();
            if is_part && part.key() != "seclabel" && !known.contains(&part.key()) {
                let reads = if known.is_empty() { "nothing of a source".to_owned() } else { known.join(", ") };
                let message = format!("`{}` has no effect with this `type`, which reads {reads}", part.key());
                report.warning(part, "source-part-unread", message);
            }
        }
    }
}

fn check_mode(mode: Option<View<'_, String>>, report: &mut Report<'_>) {
    let Some(mode) = mode else { return };
    let words = ["connect", "bind"];
    match mode.text() {
        Some(word) if !words.contains(&&*word) => {
            let message = format!("invalid mode {word:?}: expected connect or bind");
            report.error(mode.value(), "source-mode", message).suggest(closest(&word, words));
        }
        _ => {}
    }
}
