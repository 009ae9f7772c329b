//! The host's side of a character device:
//! [Host interface](https://libvirt.org/formatdomain.html#host-interface).

use crate::engine::problem::{Report, closest};
use crate::engine::scalar::{OnOff, YesNo};
use crate::engine::table::Element;
use crate::engine::value::Data;
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::domain::seclabel::DeviceSeclabel;
use crate::formats::patterns::{AbsolutePath, Path};
use nixvirt_schema_derive::{element, values};

/// What a character device is on the host.
#[values]
pub enum CharacterType {
    /// A device of the host, such as a real serial port.
    Dev,
    /// A file that takes what the guest writes.
    File,
    /// A named pipe.
    Pipe,
    /// A Unix socket.
    Unix,
    /// A TCP connection.
    Tcp,
    /// UDP packets.
    Udp,
    /// Nothing: what the guest writes is lost.
    Null,
    /// The standard input and output of the program that runs the guest.
    Stdio,
    /// A page of the guest's graphical window.
    Vc,
    /// A terminal that libvirt creates, as `virsh console` uses.
    Pty,
    /// The SPICE agent's channel, or one for USB or smart cards over SPICE.
    Spicevmc,
    /// A channel of SPICE with a name of its own. Since libvirt 1.2.2.
    Spiceport,
    /// A pair of connected terminals, as FreeBSD has them. Since libvirt 1.2.4.
    Nmdm,
    /// The SPICE agent's protocol without SPICE, for a shared clipboard. Since libvirt 8.4.0.
    QemuVdagent,
    /// A channel over D-Bus, for a guest whose graphics are on D-Bus. Since libvirt 8.4.0.
    Dbus,
}

/// Where on the host a character device's data comes from and goes to.
#[element]
pub struct CharacterSource {
    /// Whether the host connects or waits: `connect` or `bind`. For `unix`, `tcp` and `udp`.
    pub mode: Option<String>,
    /// The device, file, pipe, terminal or socket. For `dev`, `file`, `pipe`, `pty` and `unix`.
    pub path: Option<Path>,
    /// A host's name or address. For `tcp` and `udp`.
    pub host: Option<String>,
    /// A port's number or name. For `tcp` and `udp`.
    pub service: Option<String>,
    /// The name of the channel. For `spiceport` and `dbus`.
    pub channel: Option<String>,
    /// The terminal that the guest has. For `nmdm`.
    pub master: Option<Path>,
    /// The terminal that the host has. For `nmdm`.
    pub slave: Option<Path>,
    /// Whether the file is kept and added to when the guest starts. For `file`. Since libvirt 1.3.1.
    pub append: Option<OnOff>,
    /// Whether the connection is encrypted. For `tcp`; the host's own default where absent. Since libvirt 2.4.0.
    pub tls: Option<YesNo>,
    /// How a lost connection comes back. For `unix` and `tcp`. Since libvirt 3.7.0.
    pub reconnect: Option<Reconnect>,
    /// How the security driver labels the source.
    pub seclabel: Vec<DeviceSeclabel>,
    /// Whether the clipboard is shared. For `qemu-vdagent`.
    pub clipboard: Option<CharacterClipboard>,
    /// Who draws the mouse pointer. For `qemu-vdagent`.
    pub mouse: Option<CharacterMouse>,
}

/// The clipboard that guest and host share.
#[element]
pub struct CharacterClipboard {
    /// Whether text can be copied from one to the other.
    pub copypaste: YesNo,
}

/// The mouse pointer of the guest.
#[element]
pub struct CharacterMouse {
    /// Who draws it.
    pub mode: CharacterMouseMode,
}

/// Who draws the mouse pointer.
#[values]
pub enum CharacterMouseMode {
    /// The guest, which is told of movements.
    Server,
    /// The viewer, which tells the guest where the pointer is.
    Client,
}

/// What is spoken over a TCP connection.
#[element]
pub struct CharacterProtocol {
    /// The protocol; bytes as they are where absent.
    pub r#type: Option<CharacterProtocolType>,
}

/// A protocol for a character device.
#[values]
pub enum CharacterProtocolType {
    /// Bytes as they are.
    Raw,
    /// Telnet.
    Telnet,
    /// Telnet over TLS, which some hypervisors know.
    Telnets,
    /// TLS, which some hypervisors know.
    Tls,
}

/// A file that records what the guest writes. Since libvirt 1.3.3.
#[element]
pub struct CharacterLog {
    /// The file.
    pub file: AbsolutePath,
    /// Whether the file is kept and added to when the guest starts.
    pub append: Option<OnOff>,
}

impl CharacterType {
    /// The parts of a source that libvirt reads for it, beside `seclabel`.
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

/// Checks the sources of a device of that type, for which libvirt's schema allows every part.
pub fn check_sources<'a>(
    of: Option<View<'a, CharacterType>>,
    sources: impl Iterator<Item = View<'a, CharacterSource>>,
    report: &mut Report<'_>,
) {
    let Some(known) = of.and_then(View::get).map(CharacterType::reads) else { return };
    for source in sources {
        check_mode(source.mode().filter(|_| known.contains(&"mode")), report);
        for part in source.value().children().filter(|part| *part.data() != Data::Null) {
            let is_part = CharacterSource::schema().field(part.key()).is_some();
            if is_part && part.key() != "seclabel" && !known.contains(&part.key()) {
                let reads = if known.is_empty() { "no part of a source".to_owned() } else { known.join(", ") };
                report.warning(
                    part,
                    "source-part-unread",
                    format!("has no effect with this `type`, which reads {reads}"),
                );
            }
        }
    }
}

fn check_mode(mode: Option<View<'_, String>>, report: &mut Report<'_>) {
    let Some(mode) = mode else { return };
    let words = ["connect", "bind"];
    match mode.text() {
        Some(word) if !words.contains(&&*word) => {
            let near = closest(&word, words).map(str::to_owned);
            report.error_with(mode.value(), "source-mode", format!("{word:?} is not one of connect, bind"), near);
        }
        _ => {}
    }
}
