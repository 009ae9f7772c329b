# A guest without a template.
{
  type = "kvm";
  name = "hand-written";
  memory = "2 GiB";
  vcpu = 2;
  os = {
    type = "hvm";
    machine = "q35";
    boot = {dev = "hd";};
  };
  features.acpi = true;
  cpu.mode = "host-passthrough";
  devices = {
    disk = {
      source.file = "/var/lib/libvirt/images/hand-written.qcow2";
      driver = {
        name = "qemu";
        type = "qcow2";
        discard = "unmap";
      };
      target = {
        dev = "vda";
        bus = "virtio";
      };
    };
    interface = {
      type = "network";
      source.network = "default";
      model.type = "virtio";
    };
    hostdev = {
      mode = "subsystem";
      type = "pci";
      managed = true;
      source.address = "0000:01:00.0";
    };
    console.type = "pty";
  };
}
