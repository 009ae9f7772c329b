# A share for cameras is a USB device. A channel of Xen is a conventional PCI device. The address of a balloon of model "none" is not read. A
# burst of bandwidth and the target of a SCSI device have limits of their own.
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
    memballoon = {
      model = "none";
      address = "2d:13.0";
    };
    hostdev = {
      type = "scsi";
      source = {
        adapter.name = "scsi_host0";
        address = {
          bus = 0;
          target = 9999999999;
          unit = 0;
        };
      };
    };
    interface = {
      type = "user";
      bandwidth.inbound = {
        average = 1;
        burst = "3 TB";
      };
    };
  };
}
