# A share for cameras is a USB device, a channel of Xen a conventional PCI device, and a burst of bandwidth has a limit of its own.
{
  type = "kvm";
  name = "web";
  memory = "64 MiB";
  os = {
    type = "hvm";
    arch = "x86_64";
    machine = "q35";
  };
  devices = {
    channel = {
      type = "qemu-vdagent";
      target.type = "xen";
      address = "95:0.6";
    };
    filesystem = [
      {
        driver.type = "mtp";
        source.dir = "/srv";
        target.dir = "camera";
        acpi.index = 16;
      }
      {
        driver.type = "handle";
        source.socket = "/run/share";
        target.dir = "share";
      }
    ];
    interface = {
      type = "user";
      bandwidth.inbound = {
        average = 1;
        burst = "3 TB";
      };
    };
  };
}
