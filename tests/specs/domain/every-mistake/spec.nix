# One of each kind of mistake.
let
  itself = {again = itself;};
in {
  type = "kwm";
  nmae = "a name";
  memory = {
    count = 8;
    unit = "GiBs";
  };
  currentMemory = "lots";
  vcpu = 0;
  iothreads = 4294967296;
  title = {text = "a set";};
  description = "an escape \u0000 that Nix does not know, and a control character: ${builtins.fromJSON ''"\u0007"''}";
  os = {
    type = "hvm";
    boot = [{dev = "hdd";}];
    bootmenu = true;
  };
  features = {
    acpi = "yes";
    hyperv.relaxed.state = "maybe";
  };
  cpu.topology = {
    sockets = 1;
    cores = -1;
  };
  metadata = "<a><b></a>";
  devices = {
    emulator = x: x;
    disk = [
      {
        device = "disk";
        source.file = ["a list"];
        target.bus = "virtoi";
        driver = {
          cahce = "none";
          queues = 1.5;
        };
        readonly = {really = true;};
        address = "01:00:0";
      }
      7
    ];
    interface = {
      type = "bridge";
      source.bridge = itself;
      mac.address = "52:54:00:12:34";
      extra.xml = "<unclosed>";
    };
    graphics = {
      type = "vnc";
      passwd = {secret = "never shown";};
    };
  };
}
