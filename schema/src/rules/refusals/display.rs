//! What libvirt refuses of video and sound devices, and of displays.

use super::super::refusal::Test::{Above, Any, AnyOf, Below, Given, Has, Is, Lacks, Not, That, Whole};
use super::super::refusal::{Refusal, Test, refuse};
use super::{by_text, has_graphics, number, one_at_most, parts, size, spelled, text};
use crate::engine::value::{Data, Value};

/// Bytes of a MiB.
const MIB: u128 = 1 << 20;

/// The rows on each video device.
pub(super) const VIDEO: &[Refusal] = &[
    refuse(
        "video-none-beside",
        &[Is("model.type", &["none"]), That(|_, domain| parts(domain, &["devices", "video"]).len() > 1)],
        "a video device of type \"none\" must be the only video device",
        [r#""model": { "type": "none" } }, { "model": { "type": "virtio" }"#, r#""model": { "type": "virtio" }"#],
    )
    .listed(),
    refuse(
        "video-secondary",
        &[
            Any(&[
                Is("model.type", &["vga", "cirrus", "vmvga", "bochs", "ramfb"]),
                That(|video, domain| super::is_x86(domain) && text(video, "model.type").is_none()),
            ]),
            That(is_secondary),
        ],
        "a secondary video device must have type \"qxl\" or \"virtio\"",
        [
            r#""model": { "type": "virtio", "primary": true } }, { "model": { "type": "vga" }"#,
            r#""model": { "type": "vga", "primary": true } }, { "model": { "type": "virtio" }"#,
        ],
    )
    .listed(),
    refuse(
        "video-primary-twice",
        &[Is("model.primary", &["yes"])],
        "another video device is already the primary one",
        [
            r#""model": { "type": "virtio", "primary": true } }, { "model": { "type": "virtio", "primary": true }"#,
            r#""model": { "type": "virtio", "primary": true } }, { "model": { "type": "virtio" }"#,
        ],
    )
    .once(one_at_most)
    .listed(),
    refuse(
        "video-heads",
        &[
            Any(&[Above("model.heads", 1), Below("model.heads", 1)]),
            Is("model.type", &["vga", "cirrus", "vmvga", "bochs", "ramfb"]),
        ],
        "a video device of this type must have one screen: for more, use type \"qxl\" or \"virtio\"",
        [r#""model": { "type": "vga", "heads": 2 }"#, r#""model": { "type": "virtio", "heads": 2 }"#],
    ),
    refuse(
        "video-of-another-hypervisor",
        &[Is("model.type", &["xen", "vbox", "gop"])],
        "QEMU has no video device of this type",
        [r#""model": { "type": "vbox" }"#, r#""model": { "type": "virtio" }"#],
    ),
    refuse(
        "video-acceleration",
        &[
            Is("model.acceleration.accel3d", &["yes"]),
            Not("model.type", &["virtio", "none"]),
            Not("driver.name", &["vhostuser"]),
        ],
        "3D acceleration requires a video device of type \"virtio\"",
        [
            r#""model": { "type": "qxl", "acceleration": { "accel3d": true } }"#,
            r#""model": { "type": "virtio", "acceleration": { "accel3d": true } }"#,
        ],
    )
    .until(11, 3),
    refuse(
        "video-acceleration-empty",
        &[
            Has("model.acceleration"),
            Not("model.acceleration.accel3d", &["yes", "no"]),
            Not("model.acceleration.accel2d", &["yes", "no"]),
            Lacks("model.acceleration.rendernode"),
        ],
        "`acceleration` needs `accel3d`",
        [
            r#""model": { "type": "virtio", "acceleration": {} }"#,
            r#""model": { "type": "virtio", "acceleration": { "accel3d": true } }"#,
        ],
    ),
    refuse(
        "video-acceleration-2d",
        &[Is("model.acceleration.accel2d", &["yes"]), Not("model.type", &["none"])],
        "QEMU has no 2D acceleration",
        [
            r#""model": { "type": "virtio", "acceleration": { "accel2d": true } }"#,
            r#""model": { "type": "virtio", "acceleration": { "accel3d": true } }"#,
        ],
    ),
    refuse(
        "video-edid",
        &[Given("model.edid"), Is("model.type", &["cirrus", "vmvga", "qxl", "ramfb", "parallels"])],
        "`edid` requires a video device of type \"vga\", \"bochs\" or \"virtio\"",
        [r#""model": { "type": "qxl", "edid": true }"#, r#""model": { "type": "vga", "edid": true }"#],
    )
    .since(11, 7),
    refuse(
        "video-device-acceleration",
        &[Is("model.device", &["virtio-vga-gl", "virtio-gpu-gl"]), Not("model.acceleration.accel3d", &["yes"])],
        "this QEMU device requires 3D acceleration: set model.acceleration.accel3d = true",
        [
            r#""model": { "type": "virtio", "device": "virtio-gpu-gl" }"#,
            r#""model": { "type": "virtio", "device": "virtio-gpu" }"#,
        ],
    )
    .since(12, 5),
    refuse(
        "video-device-vhostuser",
        &[Is("model.device", &["vhost-user-vga", "vhost-user-gpu"]), Not("driver.name", &["vhostuser"])],
        "this QEMU device requires the driver \"vhostuser\"",
        [
            r#""model": { "type": "virtio", "device": "vhost-user-gpu" }"#,
            r#""driver": { "name": "vhostuser" }, "model": { "type": "virtio", "device": "vhost-user-gpu" }"#,
        ],
    )
    .beside(r#""memoryBacking": { "access": { "mode": "shared" } }"#)
    .since(12, 5),
    refuse(
        "video-device-qemu",
        &[
            Is("driver.name", &["vhostuser"]),
            Is("model.device", &["virtio-vga", "virtio-vga-gl", "virtio-gpu", "virtio-gpu-gl"]),
        ],
        "the driver \"vhostuser\" requires the device \"vhost-user-vga\" or \"vhost-user-gpu\"",
        [
            r#""driver": { "name": "vhostuser" }, "model": { "type": "virtio", "device": "virtio-gpu" }"#,
            r#""driver": { "name": "vhostuser" }, "model": { "type": "virtio", "device": "vhost-user-gpu" }"#,
        ],
    )
    .beside(r#""memoryBacking": { "access": { "mode": "shared" } }"#)
    .since(12, 5),
    refuse(
        "video-device-secondary",
        &[Is("model.device", &["virtio-vga", "virtio-vga-gl", "vhost-user-vga"]), That(is_secondary)],
        "this QEMU device is for the primary video device: use one whose name ends in \"gpu\"",
        [
            r#""model": { "type": "qxl" } }, { "model": { "type": "virtio", "device": "virtio-vga" }"#,
            r#""model": { "type": "qxl" } }, { "model": { "type": "virtio", "device": "virtio-gpu" }"#,
        ],
    )
    .listed()
    .since(12, 5),
    refuse(
        "video-rendernode",
        &[Has("model.acceleration.rendernode"), Not("driver.name", &["vhostuser"])],
        "`rendernode` requires the driver \"vhostuser\": set graphics.gl.rendernode instead",
        [
            r#""model": { "type": "virtio", "acceleration": { "rendernode": "/dev/dri/renderD128" } }"#,
            r#""driver": { "name": "vhostuser" }, "model": { "type": "virtio", "acceleration": { "rendernode": "/dev/dri/renderD128" } }"#,
        ],
    ),
    refuse(
        "video-vhostuser",
        &[Is("driver.name", &["vhostuser"]), Not("model.type", &["virtio"])],
        "the driver \"vhostuser\" requires a video device of type \"virtio\"",
        [
            r#""driver": { "name": "vhostuser" }, "model": { "type": "vga" }"#,
            r#""driver": { "name": "vhostuser" }, "model": { "type": "virtio" }"#,
        ],
    ),
    refuse(
        "video-virtio-part",
        &[
            Any(&[
                Given("driver.iommu"),
                Given("driver.ats"),
                Given("driver.packed"),
                Given("driver.page_per_vq"),
                Given("model.blob"),
            ]),
            Not("model.type", &["virtio"]),
        ],
        "this setting requires a video device of type \"virtio\"",
        [
            r#""driver": { "packed": true }, "model": { "type": "vga" }"#,
            r#""driver": { "packed": true }, "model": { "type": "virtio" }"#,
        ],
    ),
    refuse(
        "video-blob-memory",
        &[Is("model.blob", &["on"]), Whole(&Not("memoryBacking.source.type", &["memfd"]))],
        "`blob` requires memory of the type \"memfd\": set memoryBacking.source.type = \"memfd\"",
        [r#""model": { "type": "virtio", "blob": true }"#, r#""model": { "type": "virtio" }"#],
    ),
    refuse(
        "video-resolution",
        &[Has("model.resolution"), Is("model.type", &["cirrus", "vmvga", "ramfb", "xen"])],
        "a video device of this type cannot have an initial resolution",
        [
            r#""model": { "type": "cirrus", "resolution": { "x": 800, "y": 600 } }"#,
            r#""model": { "type": "vga", "resolution": { "x": 800, "y": 600 } }"#,
        ],
    ),
    refuse(
        "video-resolution-zero",
        &[Any(&[Below("model.resolution.x", 1), Below("model.resolution.y", 1)])],
        "a resolution must be greater than zero",
        [
            r#""model": { "type": "vga", "resolution": { "x": 800, "y": 0 } }"#,
            r#""model": { "type": "vga", "resolution": { "x": 800, "y": 600 } }"#,
        ],
    ),
    refuse(
        "video-vgamem",
        &[
            Has("model.vgamem"),
            That(|video, _| size(video, "model.vgamem").is_some_and(|size| size < MIB || !size.is_power_of_two())),
        ],
        "`vgamem` must be a power of two, at least 1 MiB",
        [r#""model": { "type": "qxl", "vgamem": 1000 }"#, r#""model": { "type": "qxl", "vgamem": "16 MiB" }"#],
    ),
    refuse(
        "video-qxl-memory",
        &[
            Any(&[Has("model.ram"), Has("model.vram")]),
            Is("model.type", &["qxl"]),
            That(|video, _| ["model.ram", "model.vram"].iter().any(|part| size(video, part) > Some(2048 * MIB))),
        ],
        "a device of type \"qxl\" can have at most 2 GiB of memory",
        [r#""model": { "type": "qxl", "vram": "3 GiB" }"#, r#""model": { "type": "qxl", "vram": "2 GiB" }"#],
    ),
    refuse(
        "video-vram-small",
        &[
            Has("model.vram"),
            That(|video, _| size(video, "model.vram").is_some_and(|size| (1..MIB).contains(&size))),
            Is("model.type", &["vga", "vmvga"]),
        ],
        "a video device of this type must have at least 1 MiB of memory",
        [r#""model": { "type": "vga", "vram": "512 KiB" }"#, r#""model": { "type": "vga", "vram": "16 MiB" }"#],
    ),
    refuse(
        "video-ramfb-address",
        &[Has("address"), Is("model.type", &["ramfb"])],
        "a video device of type \"ramfb\" cannot have an address",
        [r#""model": { "type": "ramfb" }, "address": "00:05.0""#, r#""model": { "type": "ramfb" }"#],
    ),
];

/// The rules on each display of any hypervisor.
pub(super) const GRAPHICS_OF_ALL: &[Refusal] = &[refuse(
    "graphics-desktop-fullscreen",
    &[Given("fullscreen"), Is("type", &["desktop"])],
    "a display of type \"desktop\" cannot have `fullscreen`",
    [r#""type": "desktop", "fullscreen": true"#, r#""type": "desktop""#],
)
.beside(r#""type": "vbox""#)
.accepted_before(12, 8)];

/// The rules on each display of QEMU.
pub(super) const GRAPHICS: &[Refusal] = &[
    refuse(
        "graphics-password-time",
        &[Has("passwdValidTo"), Has("passwd"), That(|graphics, _| has_odd_time(graphics))],
        "the time must have the form \"2030-01-31T12:00:00\": it is in UTC, and has no fraction",
        [
            r#""type": "vnc", "passwd": "secret", "passwdValidTo": "2030-01-31T12:00:00.5""#,
            r#""type": "vnc", "passwd": "secret", "passwdValidTo": "2030-01-31T12:00:00""#,
        ],
    ),
    refuse(
        "graphics-twice",
        &[Has("type")],
        "the guest has another display of this type already, and QEMU supports one of each type",
        [r#""type": "vnc" }, { "type": "vnc", "port": 5999"#, r#""type": "vnc" }, { "type": "spice""#],
    )
    .once(|graphics| by_text(graphics, "type"))
    .listed(),
    refuse(
        "graphics-password-length",
        &[Has("passwd"), Is("type", &["vnc"]), That(|graphics, _| spelled(graphics, "passwd").is_some_and(|it| it.len() > 8))],
        "the password of a VNC server must have at most 8 bytes",
        [r#""type": "vnc", "passwd": "very secret""#, r#""type": "vnc""#],
    ),
    refuse(
        "graphics-of-another-hypervisor",
        &[Is("type", &["desktop"])],
        "QEMU has no display of this type",
        [r#""type": "desktop""#, r#""type": "vnc""#],
    ),
    refuse(
        "graphics-egl-headless-beside",
        &[
            Is("type", &["egl-headless"]),
            That(|_, domain| {
                parts(domain, &["devices", "graphics"])
                    .iter()
                    .any(|it| !matches!(text(*it, "type"), Some("egl-headless" | "vnc" | "spice")))
            }),
        ],
        "a display of type \"egl-headless\" requires another one of type \"vnc\" or \"spice\", which shows it",
        [r#""type": "egl-headless" }, { "type": "dbus""#, r#""type": "egl-headless" }, { "type": "vnc""#],
    )
    .listed(),
    refuse(
        "graphics-two-with-opengl",
        &[
            Is("type", &["egl-headless"]),
            That(|_, domain| parts(domain, &["devices", "graphics"]).iter().any(has_spice_gl)),
        ],
        "QEMU renders only one display with OpenGL: remove `gl` of the SPICE server",
        [
            r#""type": "egl-headless" }, { "type": "spice", "listen": { "type": "none" }, "gl": { "enable": true }"#,
            r#""type": "egl-headless" }, { "type": "spice", "listen": { "type": "none" }"#,
        ],
    )
    .listed(),
    refuse(
        "graphics-listeners",
        &[Has("listen"), Is("type", &["vnc", "spice"]), That(|graphics, _| has_two_listeners(graphics))],
        "a VNC or SPICE server can have only one listener",
        [r#""type": "vnc", "listen": [{ "type": "address", "address": "127.0.0.1" }, { "type": "network", "network": "default" }]"#, r#""type": "vnc", "listen": "127.0.0.1""#],
    )
    .accepted_before(12, 8),
    refuse(
        "graphics-port-taken",
        &[Any(&[
            AnyOf("port", &[That(is_taken_port)]),
            AnyOf("websocket", &[That(is_taken_port)]),
            AnyOf("tlsPort", &[That(is_taken_port)]),
        ])],
        "the displays of the guest use this TCP port already",
        [
            r#""type": "vnc", "port": 5999 }, { "type": "spice", "port": 5999"#,
            r#""type": "vnc", "port": 5999 }, { "type": "spice", "port": 5998"#,
        ],
    )
    .listed(),
    refuse(
        "graphics-listen-type",
        &[Is("listen.type", &["socket", "none"]), Not("type", &["vnc", "spice"])],
        "listen types \"socket\" and \"none\" require a VNC or SPICE server",
        [r#""type": "rdp", "listen": { "type": "socket" }"#, r#""type": "vnc", "listen": { "type": "socket" }"#],
    ),
    refuse(
        "graphics-listen-network",
        &[Is("listen.network", &[""])],
        "the name of the network must not be empty",
        [
            r#""type": "vnc", "listen": { "type": "network", "network": "" }"#,
            r#""type": "vnc", "listen": { "type": "network", "network": "default" }"#,
        ],
    ),
    refuse(
        "graphics-address-twice",
        &[Has("listen.address"), That(|graphics, _| has_another_address(graphics))],
        "the address in short form must be that of the first listener: omit one of them",
        [
            r#""type": "vnc", "listen": ["127.0.0.1", { "type": "address", "address": "127.0.0.2" }]"#,
            r#""type": "vnc", "listen": { "type": "address", "address": "127.0.0.2" }"#,
        ],
    ),
    refuse(
        "graphics-socket-twice",
        &[Has("socket"), Has("listen.socket"), That(|graphics, _| has_another_socket(graphics))],
        "`socket` must be that of the first `listen`: omit one of them",
        [
            r#""type": "vnc", "socket": "/run/a", "listen": { "type": "socket", "socket": "/run/b" }"#,
            r#""type": "vnc", "listen": { "type": "socket", "socket": "/run/b" }"#,
        ],
    ),
    refuse(
        "graphics-rdp-users",
        &[Any(&[Given("replaceUser"), Given("multiUser")]), Is("type", &["rdp"])],
        "the RDP server of QEMU does not support `replaceUser` and `multiUser`",
        [r#""type": "rdp", "replaceUser": true"#, r#""type": "vnc""#],
    ),
    refuse(
        "graphics-audio-unknown",
        &[Has("audio.id"), That(lacks_audio)],
        "no `audio` has this number",
        [r#""type": "vnc", "audio": { "id": 2 }"#, r#""type": "vnc", "audio": { "id": 1 }"#],
    )
    .within(r#""audio": { "id": 1, "type": "none" }"#),
    refuse(
        "graphics-dbus-audio",
        &[Has("audio.id"), Is("type", &["dbus"]), That(has_other_audio)],
        "a display of type \"dbus\" requires `audio` of type \"dbus\"",
        [r#""type": "dbus", "audio": { "id": 2 }"#, r#""type": "dbus", "audio": { "id": 1 }"#],
    )
    .within(r#""audio": [{ "id": 1, "type": "dbus" }, { "id": 2, "type": "none" }]"#),
];

/// The rows on each sound device.
pub(super) const SOUND: &[Refusal] = &[
    refuse(
        "sound-audio-unknown",
        &[Has("audio.id"), That(lacks_audio)],
        "no `audio` has this number",
        [r#""model": "ich9", "audio": { "id": 2 }"#, r#""model": "ich9", "audio": { "id": 1 }"#],
    )
    .within(r#""audio": { "id": 1, "type": "none" }"#),
    refuse(
        "sound-model",
        &[Is("model", &["ich7"])],
        "QEMU has no sound device of this model",
        [r#""model": "ich7""#, r#""model": "ich9""#],
    ),
    refuse(
        "sound-streams",
        &[Below("streams", 1)],
        "a sound device needs at least one stream: omit `streams`",
        [r#""model": "virtio", "streams": 0"#, r#""model": "virtio", "streams": 1"#],
    ),
];

/// Settings of a stream with which it has no sound.
const NO_SOUND: &[Test] =
    &[Below("voices", 1), Below("bufferLength", 1), Below("settings.frequency", 1), Below("settings.channels", 1)];

/// The rows on each audio backend.
pub(super) const AUDIO: &[Refusal] = &[
    refuse(
        "audio-id-taken",
        &[Has("id")],
        "another `audio` has this number already",
        [
            r#""id": 1, "type": "none" }, { "id": 1, "type": "alsa""#,
            r#""id": 1, "type": "none" }, { "id": 2, "type": "alsa""#,
        ],
    )
    .once(|audio| Some(("".into(), number(audio, "id")?)))
    .listed(),
    refuse(
        "audio-spice",
        &[Is("type", &["spice"]), That(|_, domain| !has_graphics(domain, &["spice"]))],
        "audio of type \"spice\" requires a SPICE server in `graphics`",
        [r#""id": 1, "type": "spice""#, r#""id": 1, "type": "none""#],
    ),
    refuse(
        "audio-fixed-mixing",
        &[Any(&[
            That(|audio, _| is_fixed_unmixed(audio, "input")),
            That(|audio, _| is_fixed_unmixed(audio, "output")),
        ])],
        "`fixedSettings` requires the mixing engine: set mixingEngine = true",
        [
            r#""id": 1, "type": "none", "input": { "fixedSettings": true }"#,
            r#""id": 1, "type": "none", "input": { "mixingEngine": true, "fixedSettings": true }"#,
        ],
    ),
    refuse(
        "audio-zero",
        &[Any(&[AnyOf("input", NO_SOUND), AnyOf("output", NO_SOUND)])],
        "`voices`, `bufferLength`, `frequency` and `channels` must be at least 1",
        [
            r#""id": 1, "type": "none", "input": { "voices": 0 }"#,
            r#""id": 1, "type": "none", "input": { "voices": 1 }"#,
        ],
    ),
    refuse(
        "audio-dsp-policy",
        &[Has("dspPolicy"), That(|audio, _| is_negative(audio, "dspPolicy"))],
        "`dspPolicy` must not be negative: omit it to keep the policy of the device",
        [r#""id": 1, "type": "oss", "dspPolicy": -1"#, r#""id": 1, "type": "oss", "dspPolicy": 0"#],
    ),
    refuse(
        "audio-settings-unfixed",
        &[Any(&[
            That(|audio, _| has_loose_settings(audio, "input")),
            That(|audio, _| has_loose_settings(audio, "output")),
        ])],
        "`settings` require `fixedSettings`: set fixedSettings = true",
        [
            r#""id": 1, "type": "none", "input": { "mixingEngine": true, "settings": { "channels": 2 } }"#,
            r#""id": 1, "type": "none", "input": { "mixingEngine": true, "fixedSettings": true, "settings": { "channels": 2 } }"#,
        ],
    ),
];

fn is_primary(video: Value<'_>) -> bool {
    super::is_switched(video, "model.primary", true)
}

/// Returns whether a video device is not the primary one: the one that says so, or the first.
fn is_secondary(video: Value<'_>, domain: Value<'_>) -> bool {
    let is_first = super::is_first(video, domain, "devices.video");
    !is_primary(video) && (!is_first || parts(domain, &["devices", "video"]).iter().any(|it| is_primary(*it)))
}

/// Returns the TCP ports that the displays of a domain listen on, unless libvirt chooses them.
fn ports(domain: Value<'_>) -> Vec<Value<'_>> {
    let displays = parts(domain, &["devices", "graphics"]).into_iter().filter(|display| {
        let listens = text(*display, "listen.type").is_none_or(|it| matches!(it, "address" | "network"));
        listens && display.attribute("socket").is_none()
    });
    let ports = displays.flat_map(|display| {
        let is_chosen = super::is_switched(display, "autoport", true);
        let names: &[_] = if is_chosen { &["websocket"] } else { &["port", "websocket", "tlsPort"] };
        names.iter().filter_map(move |name| display.attribute(name))
    });
    ports.collect()
}

/// Returns whether a port is that of an earlier one. 0 and -1 are any free port.
fn is_taken_port(port: Value<'_>, domain: Value<'_>) -> bool {
    let number = |port: Value<'_>| port.number::<u16>(10).filter(|number| *number > 0);
    let all = ports(domain);
    let at = all.iter().position(|it| it.index() == port.index());
    at.is_some_and(|at| number(port).is_some() && all[..at].iter().any(|it| number(*it) == number(port)))
}

fn has_spice_gl(graphics: &Value<'_>) -> bool {
    text(*graphics, "type") == Some("spice") && super::is_switched(*graphics, "gl.enable", true)
}

/// Returns whether a server has several listeners. The address in short form is that of the first.
fn has_two_listeners(graphics: Value<'_>) -> bool {
    parts(graphics, &["listen"]).iter().filter(|listener| matches!(listener.data(), Data::Set(_))).count() > 1
}

/// Returns whether the first listener has another address than the server has in short form.
fn has_another_address(graphics: Value<'_>) -> bool {
    let listeners = parts(graphics, &["listen"]);
    let short = listeners.iter().find_map(|it| it.xml_text());
    let listener = listeners.iter().find(|it| it.attribute("type").is_some());
    let address = listener.filter(|it| text(**it, "type") == Some("address")).and_then(|it| text(*it, "address"));
    short.is_some() && address.is_some() && short.as_deref() != address
}

/// Returns whether the first listener, if it has a socket, has another one than the server.
fn has_another_socket(graphics: Value<'_>) -> bool {
    let listener = parts(graphics, &["listen"]).into_iter().find(|it| it.attribute("type").is_some());
    let socket = listener.and_then(|listener| text(listener, "socket"));
    socket.is_some() && socket != text(graphics, "socket")
}

fn lacks_audio(device: Value<'_>, domain: Value<'_>) -> bool {
    let id = number(device, "audio.id");
    !parts(domain, &["devices", "audio"]).iter().any(|audio| number(*audio, "id") == id)
}

/// Returns whether the audio backend of a display is of another type than D-Bus.
fn has_other_audio(display: Value<'_>, domain: Value<'_>) -> bool {
    let id = number(display, "audio.id");
    let audio = parts(domain, &["devices", "audio"]).into_iter().find(|audio| number(*audio, "id") == id);
    audio.and_then(|audio| text(audio, "type")).is_some_and(|found| found != "dbus")
}

fn is_fixed_unmixed(audio: Value<'_>, direction: &str) -> bool {
    let stream = audio.attribute(direction);
    stream.is_some_and(|it| {
        super::is_switched(it, "fixedSettings", true) && !super::is_switched(it, "mixingEngine", true)
    })
}

/// Returns whether the part at a path is a number below 0.
fn is_negative(value: Value<'_>, path: &str) -> bool {
    spelled(value, path).is_some_and(|number| number.starts_with('-'))
}

fn has_loose_settings(audio: Value<'_>, direction: &str) -> bool {
    let stream = audio.attribute(direction);
    stream.is_some_and(|it| it.attribute("settings").is_some() && !super::is_switched(it, "fixedSettings", true))
}

/// Returns whether a time has a fraction or a time zone.
fn has_odd_time(graphics: Value<'_>) -> bool {
    text(graphics, "passwdValidTo").is_some_and(|time| time.len() > "2030-01-31T12:00:00".len())
}
