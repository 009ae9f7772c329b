//! `<graphics>`: [Graphical framebuffers](https://libvirt.org/formatdomain.html#graphical-framebuffers).

pub mod spice;

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsolutePath, DnsName, Ip};
use nixvirt_schema_derive::{element, values};
use spice::{
    SpiceChannel, SpiceClipboard, SpiceConnected, SpiceFiletransfer, SpiceImage, SpiceJpeg, SpiceMode, SpiceMouse,
    SpicePlayback, SpiceStreaming, SpiceZlib,
};

/// Graphical display of the guest, such as a VNC server or a window.
#[element("type", rules)]
pub enum Graphics {
    /// SDL window on the host's screen.
    Sdl {
        /// X display to open the window on, for example `:0.0`.
        display: Option<String>,
        /// File with the authorization cookie for the X display.
        xauth: Option<String>,
        /// Whether the window fills the screen. Defaults to `false`.
        fullscreen: Option<YesNo>,
        /// OpenGL rendering of the SDL window.
        gl: Option<SdlGl>,
    },
    /// VNC server.
    Vnc {
        /// TCP port of the VNC server. -1 is the same as `autoport`.
        port: Option<Int<-1, 65535>>,
        /// Whether libvirt picks a free TCP port for the VNC server.
        #[default = "no"]
        autoport: Option<YesNo>,
        /// TCP port for VNC over WebSocket, used by web browsers. -1 picks a free port.
        websocket: Option<Int<-1, 65535>>,
        /// Address or host name the server listens on, in short form. The child element `listen` offers more options.
        listen: Option<Either<Ip, DnsName>>,
        /// Handling of the connected clients when another VNC client connects.
        sharePolicy: Option<VncSharePolicy>,
        /// Whether VNC clients may shut down and reset the guest. Defaults to `false`.
        #[since = "7.1"]
        powerControl: Option<YesNo>,
        /// Unix socket of the VNC server. Replaces all address and port settings.
        socket: Option<AbsolutePath>,
        /// Whether the guest waits for a VNC client before it boots, in bhyve. Defaults to `false`.
        #[since = "11.10"]
        wait: Option<YesNo>,
        /// Password for VNC clients, at most 8 bytes. The password is stored in plain text in the Nix store,
        /// like the rest of the spec.
        #[secret]
        passwd: Option<String>,
        /// Expiry time of the password in UTC, for example `2030-01-31T12:00:00`.
        passwdValidTo: Option<DateTime>,
        /// Handling of connected VNC clients when the password changes.
        connected: Option<VncConnected>,
        /// Keyboard layout. Defaults to the layout of the client.
        keymap: Option<String>,
        /// Address, network or socket the server listens on.
        #[name = "listen"]
        listen_element: Vec<GraphicsListen>,
        /// Audio backend used together with this display.
        audio: Option<GraphicsAudio>,
    },
    /// SPICE server.
    Spice {
        /// TCP port of the SPICE server. -1 is the same as `autoport`.
        port: Option<Int<-1, 65535>>,
        /// TCP port of the SPICE server for TLS connections.
        tlsPort: Option<Int<-1, 65535>>,
        /// Whether libvirt picks free TCP ports for the SPICE server.
        #[default = "no"]
        autoport: Option<YesNo>,
        /// Address or host name the server listens on, in short form. The child element `listen` offers more options.
        listen: Option<Either<Ip, DnsName>>,
        /// Password for SPICE clients. The password is stored in plain text in the Nix store, like the rest of the
        /// spec.
        #[secret]
        passwd: Option<String>,
        /// Expiry time of the password in UTC, for example `2030-01-31T12:00:00`.
        passwdValidTo: Option<DateTime>,
        /// Handling of connected SPICE clients when the password changes.
        connected: Option<SpiceConnected>,
        /// Keyboard layout.
        keymap: Option<String>,
        /// Encryption of the channels that are not listed in `channel`. Defaults to `any`.
        defaultMode: Option<SpiceMode>,
        /// Address, network or socket the server listens on.
        #[name = "listen"]
        listen_element: Vec<GraphicsListen>,
        /// Encryption of one SPICE channel.
        channel: Vec<SpiceChannel>,
        /// Compression of images sent to the client.
        image: Option<SpiceImage>,
        /// JPEG compression of photographic images on slow connections.
        jpeg: Option<SpiceJpeg>,
        /// Additional zlib compression of images on slow connections.
        zlib: Option<SpiceZlib>,
        /// Compression of audio sent to the client.
        playback: Option<SpicePlayback>,
        /// Detection of moving images to send as video streams.
        streaming: Option<SpiceStreaming>,
        /// Clipboard sharing between guest and client.
        clipboard: Option<SpiceClipboard>,
        /// Mouse mode: whether the guest or the client draws the mouse pointer.
        mouse: Option<SpiceMouse>,
        /// File transfer from the client into the guest by drag and drop.
        filetransfer: Option<SpiceFiletransfer>,
        /// OpenGL rendering of the display, for clients on the host itself.
        gl: Option<GraphicsGl>,
    },
    /// RDP server of VirtualBox or Hyper-V, or of QEMU since libvirt 11.1.
    Rdp {
        /// TCP port of the RDP server. -1 is the same as `autoport`.
        port: Option<Int<-1, 65535>>,
        /// Whether libvirt picks a free TCP port for the RDP server.
        #[default = "no"]
        autoport: Option<YesNo>,
        /// Whether a new RDP client replaces the connected one.
        replaceUser: Option<YesNo>,
        /// Whether several RDP clients may be connected at the same time.
        multiUser: Option<YesNo>,
        /// Address or host name the server listens on, in short form. The child element `listen` offers more options.
        listen: Option<Either<Ip, DnsName>>,
        /// User name for RDP clients.
        #[since = "11.1"]
        username: Option<String>,
        /// Password for RDP clients. The password is stored in plain text in the Nix store, like the rest of the spec.
        #[secret]
        passwd: Option<String>,
        /// Address, network or socket the server listens on.
        #[name = "listen"]
        listen_element: Vec<GraphicsListen>,
    },
    /// VirtualBox window on the host's screen.
    Desktop {
        /// X display to open the window on, for example `:0.0`.
        display: Option<String>,
        /// Whether the window fills the screen. Defaults to `false`.
        fullscreen: Option<YesNo>,
    },
    /// Headless OpenGL rendering, without a display of its own. Other graphics, such as VNC, show the rendered screen.
    #[since = "4.6"]
    EglHeadless {
        /// OpenGL rendering of the headless display.
        gl: Option<EglHeadlessGl>,
    },
    /// Display offered over D-Bus to a program on the host.
    #[since = "8.4"]
    Dbus {
        /// Address of the D-Bus to use. libvirt starts a private bus if omitted. Cannot be combined with `p2p`.
        address: Option<DbusAddress>,
        /// Whether a program connects directly through libvirt, without a bus.
        p2p: Option<YesNo>,
        /// OpenGL rendering of the display.
        gl: Option<GraphicsGl>,
        /// Audio backend used together with this display.
        audio: Option<GraphicsAudio>,
    },
}

/// OpenGL rendering of an SDL window.
#[element]
pub struct SdlGl {
    /// Whether the window is rendered with OpenGL.
    pub enable: YesNo,
}

/// Handling of the connected clients when another VNC client connects.
#[values]
pub enum VncSharePolicy {
    /// Exclusive access on request: a new client may ask to disconnect the others.
    AllowExclusive,
    /// Shared access: all clients stay connected. Requests for exclusive access are refused.
    ForceShared,
    /// QEMU decides: requests of clients for shared or exclusive access are ignored.
    Ignore,
}

/// Handling of connected VNC clients when the password changes.
#[values]
pub enum VncConnected {
    /// Keep the connected clients.
    Keep,
}

/// Address, network or socket a display server listens on.
#[element("type")]
pub enum GraphicsListen {
    /// Listen on an address.
    Address {
        /// Address or host name to listen on. Defaults to the one in libvirt's configuration, normally `127.0.0.1`.
        address: Option<Either<Ip, DnsName>>,
    },
    /// Listen on the host's address in a libvirt network.
    Network {
        /// Name of the libvirt network whose host address is used.
        network: String,
        /// Output only: the address the server listens on.
        address: Option<Either<Ip, DnsName>>,
    },
    /// Listen on a Unix socket.
    Socket {
        /// Path of the Unix socket. libvirt generates one if omitted.
        socket: Option<AbsolutePath>,
    },
    /// No listener: clients get a connection from libvirt.
    None {},
}

/// Audio backend used together with a display.
#[element]
pub struct GraphicsAudio {
    /// The `id` of the domain's `audio` element.
    pub id: u8,
}

/// OpenGL rendering of a display.
#[element]
pub struct GraphicsGl {
    /// Whether the display is rendered with OpenGL.
    pub enable: YesNo,
    /// Render node of the host GPU used for OpenGL, for example `/dev/dri/renderD128`.
    pub rendernode: Option<AbsolutePath>,
}

/// OpenGL rendering of a headless display.
#[element]
pub struct EglHeadlessGl {
    /// Render node of the host GPU used for OpenGL, for example `/dev/dri/renderD128`.
    pub rendernode: Option<AbsolutePath>,
}

patterns! {
    /// D-Bus address, for example `unix:path=/run/bus`.
    DbusAddress = "D-Bus address", "a D-Bus address, e.g. unix:path=/run/bus", r"[^\n\r]+";
    /// Date and time, for example `2030-01-31T12:00:00`.
    DateTime = "time", "a date and time, e.g. 2030-01-31T12:00:00", r"(?:(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+\-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+\-]14:00)?";
}

impl View<'_, Graphics> {
    fn rules(self, report: &mut Report<'_>) {
        match self.value().attribute("type").and_then(|it| it.text()) {
            Some("vnc") => self.vnc_rules(report),
            Some("dbus") => {
                if let (Some(_), Some(p2p)) = (self.address(), self.p2p()) {
                    report.error(
                        p2p.value(),
                        "dbus-address-and-p2p",
                        "`p2p` conflicts with `address`: remove one of them",
                    );
                }
            }
            _ => {}
        }
    }

    fn vnc_rules(self, report: &mut Report<'_>) {
        if self.socket().is_none() {
            return;
        }
        let others = [
            self.port().map(Read::value),
            self.autoport().map(Read::value),
            self.websocket().map(Read::value),
            self.listen().map(Read::value),
            self.sharePolicy().map(Read::value),
            self.powerControl().map(Read::value),
            self.wait().map(Read::value),
        ];
        for part in others.into_iter().flatten() {
            let message = format!("`{}` conflicts with `socket`", part.key());
            let hint = "instead of `socket`, set listen = { type = \"socket\"; socket = …; }";
            report.error(part, "vnc-socket", message).hint(hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::{Expect, expect};

    fn check(graphics: &str, expected: Expect) {
        let spec = format!(
            r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": {{ "type": "hvm" }}, "devices": {{ "graphics": {graphics} }} }}"#
        );
        let spec = json::parse(&spec).unwrap();
        let rendered = render::render(Kind::Domain, &spec);
        let problems = rendered.report.findings().locate(|_| None);
        let lines: Vec<_> = problems.iter().map(|it| format!("{it}\n")).collect();
        let devices = rendered.xml.lines().skip_while(|line| *line != "  <devices>");
        let xml = devices.filter(|line| line.starts_with("    ")).map(|line| format!("{}\n", &line[4..]));
        expected.assert_eq(&if lines.is_empty() { xml.collect() } else { lines.concat() });
    }

    #[test]
    fn listen_is_an_attribute_or_a_child() {
        check(
            r#"{ "type": "vnc", "listen": "::1" }"#,
            expect![[r#"
                <graphics type='vnc' listen='::1'/>
            "#]],
        );
        check(
            r#"{ "type": "spice", "listen": { "type": "none" }, "image": { "compression": false } }"#,
            expect![[r#"
                <graphics type='spice'>
                  <listen type='none'/>
                  <image compression='off'/>
                </graphics>
            "#]],
        );
    }

    #[test]
    fn problems() {
        check(
            r#"{ "type": "vnc", "socket": "/run/vm", "port": 5900, "passwd": ["secret"] }"#,
            expect![[r#"
                error[wrong-type]: devices.graphics.passwd: expected a string, found a list
                error[vnc-socket]: devices.graphics.port: `port` conflicts with `socket`
                  hint: instead of `socket`, set listen = { type = "socket"; socket = …; }
            "#]],
        );
    }
}
