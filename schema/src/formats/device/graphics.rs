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

/// A way to see and use the guest's screen from outside.
#[element("type", rules)]
pub enum Graphics {
    /// A window on the host's own screen.
    Sdl {
        /// The X display, as in `:0.0`.
        display: Option<String>,
        /// The file with the key to the X display.
        xauth: Option<String>,
        /// Whether the window fills the screen. Default: no.
        fullscreen: Option<YesNo>,
        /// Whether the screen is drawn by OpenGL.
        gl: Option<SdlGl>,
    },
    /// A VNC server.
    Vnc {
        /// The TCP port; -1 is the same as `autoport`.
        port: Option<Int<-1, 65535>>,
        /// Whether libvirt picks a free port.
        autoport: Option<YesNo>,
        /// The TCP port for web browsers; -1 picks a free one.
        websocket: Option<Int<-1, 65535>>,
        /// The address or host name to listen on, in short; a child of this name says more.
        listen: Option<Either<Ip, DnsName>>,
        /// What happens to others when one more client connects.
        sharePolicy: Option<VncSharePolicy>,
        /// Whether clients may shut down and reset the guest. Default: no. Since libvirt 7.1.
        powerControl: Option<YesNo>,
        /// The Unix socket to listen on, in place of all the above.
        socket: Option<AbsolutePath>,
        /// The password, at most eight characters. It is no secret: it goes to the Nix store as all of the spec.
        #[secret]
        passwd: Option<String>,
        /// When the password ends to be good, in UTC: `2030-01-31T12:00:00`.
        passwdValidTo: Option<DateTime>,
        /// What happens to clients that are there when the password changes.
        connected: Option<VncConnected>,
        /// The keyboard layout; that of the client when absent.
        keymap: Option<String>,
        /// Where to listen.
        #[name = "listen"]
        listen_element: Vec<GraphicsListen>,
        /// The sound that goes with the screen.
        audio: Option<GraphicsAudio>,
    },
    /// A SPICE server.
    Spice {
        /// The TCP port; -1 is the same as `autoport`.
        port: Option<Int<-1, 65535>>,
        /// The TCP port for encrypted connections.
        tlsPort: Option<Int<-1, 65535>>,
        /// Whether libvirt picks free ports.
        autoport: Option<YesNo>,
        /// The address or host name to listen on, in short; a child of this name says more.
        listen: Option<Either<Ip, DnsName>>,
        /// The password. It is no secret: it goes to the Nix store as all of the spec.
        #[secret]
        passwd: Option<String>,
        /// When the password ends to be good, in UTC: `2030-01-31T12:00:00`.
        passwdValidTo: Option<DateTime>,
        /// What happens to clients that are there when the password changes.
        connected: Option<SpiceConnected>,
        /// The keyboard layout.
        keymap: Option<String>,
        /// Whether channels that are not listed are encrypted. Default: any.
        defaultMode: Option<SpiceMode>,
        /// Where to listen.
        #[name = "listen"]
        listen_element: Vec<GraphicsListen>,
        /// Whether one of the channels is encrypted.
        channel: Vec<SpiceChannel>,
        /// How pictures are packed.
        image: Option<SpiceImage>,
        /// How photographs are packed on slow connections.
        jpeg: Option<SpiceJpeg>,
        /// How pictures are packed further on slow connections.
        zlib: Option<SpiceZlib>,
        /// How sound is packed.
        playback: Option<SpicePlayback>,
        /// Which moving pictures are sent as video.
        streaming: Option<SpiceStreaming>,
        /// What guest and client share by copy and paste.
        clipboard: Option<SpiceClipboard>,
        /// Who draws the mouse pointer.
        mouse: Option<SpiceMouse>,
        /// How files can be dropped into the guest.
        filetransfer: Option<SpiceFiletransfer>,
        /// How the screen is drawn by OpenGL, for clients on the host itself.
        gl: Option<GraphicsGl>,
    },
    /// A remote desktop server of VirtualBox or Hyper-V or, with libvirt 11.1, of QEMU.
    Rdp {
        /// The TCP port; -1 is the same as `autoport`.
        port: Option<Int<-1, 65535>>,
        /// Whether libvirt picks a free port.
        autoport: Option<YesNo>,
        /// Whether a new client takes the place of the one that is there.
        replaceUser: Option<YesNo>,
        /// Whether several clients may be there at a time.
        multiUser: Option<YesNo>,
        /// The address or host name to listen on, in short; a child of this name says more.
        listen: Option<Either<Ip, DnsName>>,
        /// The name that a client logs in with.
        username: Option<String>,
        /// The password. It is no secret: it goes to the Nix store as all of the spec.
        #[secret]
        passwd: Option<String>,
        /// Where to listen.
        #[name = "listen"]
        listen_element: Vec<GraphicsListen>,
    },
    /// A window on the host's own screen, of VirtualBox.
    Desktop {
        /// The X display, as in `:0.0`.
        display: Option<String>,
        /// Whether the window fills the screen. Default: no.
        fullscreen: Option<YesNo>,
    },
    /// None: lets other kinds of graphics, such as VNC, show what the guest draws by OpenGL. Since libvirt 4.6.
    EglHeadless {
        /// How it is drawn by OpenGL.
        gl: Option<EglHeadlessGl>,
    },
    /// D-Bus, for a program on the host. Since libvirt 8.4.
    Dbus {
        /// The bus; libvirt starts one when absent. Not together with `p2p`.
        address: Option<DbusAddress>,
        /// Whether there is no bus and the program asks libvirt for a connection.
        p2p: Option<YesNo>,
        /// How the screen is drawn by OpenGL.
        gl: Option<GraphicsGl>,
        /// The sound that goes with the screen.
        audio: Option<GraphicsAudio>,
    },
}

/// Whether a screen is drawn by OpenGL.
#[element]
pub struct SdlGl {
    /// Whether it is.
    pub enable: YesNo,
}

/// What happens to other VNC clients when one more connects.
#[values]
pub enum VncSharePolicy {
    /// The new one may ask to be alone.
    AllowExclusive,
    /// All stay, whatever the new one asks for.
    ForceShared,
    /// All stay or go, as QEMU thinks best.
    Ignore,
}

/// What happens to VNC clients that are there when the password changes.
#[values]
pub enum VncConnected {
    /// They stay.
    Keep,
}

/// Where a server listens.
#[element("type")]
pub enum GraphicsListen {
    /// On an address.
    Address {
        /// The address or host name; the one in libvirt's settings when absent, which is 127.0.0.1 by default.
        address: Option<Either<Ip, DnsName>>,
    },
    /// On the host's address in a network of libvirt.
    Network {
        /// The name of the network.
        network: String,
        /// The address that it has; libvirt tells it and does not read it.
        address: Option<Either<Ip, DnsName>>,
    },
    /// On a Unix socket.
    Socket {
        /// Its path; libvirt makes one up when absent.
        socket: Option<AbsolutePath>,
    },
    /// Nowhere: clients are handed a connection by libvirt.
    None {},
}

/// The sound that goes with a screen.
#[element]
pub struct GraphicsAudio {
    /// The `id` of the guest's `audio`.
    pub id: u8,
}

/// How a screen is drawn by OpenGL.
#[element]
pub struct GraphicsGl {
    /// Whether it is.
    pub enable: YesNo,
    /// The graphics card of the host that draws it, as in `/dev/dri/renderD128`.
    pub rendernode: Option<AbsolutePath>,
}

/// How a screen without a window is drawn by OpenGL.
#[element]
pub struct EglHeadlessGl {
    /// The graphics card of the host that draws it, as in `/dev/dri/renderD128`.
    pub rendernode: Option<AbsolutePath>,
}

patterns! {
    /// Where a D-Bus listens.
    DbusAddress = "the address of a D-Bus such as unix:path=/run/bus", r"[^\n\r]+";
    /// A date with the time of day.
    DateTime = "a time such as 2030-01-31T12:00:00", r"(?:(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+\-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+\-]14:00)?";
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
                        "is there beside `address`: leave out one of them",
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
        ];
        for part in others.into_iter().flatten() {
            report.error(
                part,
                "vnc-socket",
                "is not possible beside `socket`: write listen = { type = \"socket\"; socket = …; } in its place",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{json, render};
    use crate::kind::Kind;
    use expect_test::{Expect, expect};

    fn check(graphics: &str, expected: Expect) {
        let spec = format!(r#"{{ "type": "kvm", "name": "vm", "devices": {{ "graphics": {graphics} }} }}"#);
        let spec = json::parse(&spec).unwrap();
        let rendered = render::render(Kind::Domain, &spec);
        let problems = rendered.report.findings().locate(|_| None);
        let lines: Vec<_> = problems.iter().map(|it| format!("{it}\n")).collect();
        let xml = rendered.xml.lines().filter(|line| line.starts_with("    ")).map(|line| format!("{}\n", &line[4..]));
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
            devices.graphics.passwd: expected a string, found a list
            devices.graphics.port: is not possible beside `socket`: write listen = { type = "socket"; socket = …; } in its place
        "#]],
        );
    }
}
