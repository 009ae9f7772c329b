# The devices of a template that depend on its display, and its channels.
{
  display,
  listen,
  virtio_video,
  guest_agent,
}: let
  words = (import ../words.nix).domain.display;
  kind =
    if display != null
    then display
    else if virtio_video == true
    then "spice-gl"
    else "spice";
  # SPICE with OpenGL requires a graphics card, and works on the local host only.
  isGl = kind == "spice-gl";
  isSpice = isGl || kind == "spice";
  hasAgent = channel: {
    type = channel;
    target = {
      type = "virtio";
      name =
        if channel == "unix"
        then "org.qemu.guest_agent.0"
        else "com.redhat.spice.0";
    };
  };
  address = {
    type = "address";
    address = listen;
  };
  graphics =
    if isSpice
    then {
      type = "spice";
      autoport = true;
      listen =
        if isGl
        then {type = "none";}
        else address;
      image.compression = false;
      gl =
        if display == null && virtio_video == null
        then null
        else {enable = isGl;};
    }
    else {
      type = "vnc";
      autoport = true;
      listen = address;
    };
  agents =
    (
      if isSpice
      then [(hasAgent "spicevmc")]
      else []
    )
    ++ (
      if guest_agent
      then [(hasAgent "unix")]
      else []
    );
in
  if !builtins.elem kind words
  then
    throw ''
      display: expected ${(import ../../render/problem.nix).listing (map builtins.toJSON words)}, found ${builtins.toJSON kind}
      hint: `listen` is the address that the display listens on''
  else if kind == "none"
  then {channel = agents;}
  else
    {
      channel = agents;
      inherit graphics;
      sound.model = "ich9";
      audio = {
        id = 1;
        type =
          if isSpice
          then "spice"
          else "none";
      };
      video.model =
        if virtio_video == false
        then {
          type = "qxl";
          ram = 65536;
          vram = 65536;
          vgamem = 16384;
          heads = 1;
          primary = true;
        }
        else {
          type = "virtio";
          heads = 1;
          primary = true;
          acceleration =
            if isGl
            then {accel3d = true;}
            else null;
        };
    }
    // (
      if isSpice
      then {
        redirdev =
          builtins.genList (_: {
            bus = "usb";
            type = "spicevmc";
          })
          4;
      }
      else {}
    )
