{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  "xmlns:qemu" = "http://libvirt.org/schemas/domain/qemu/2.0";
  "xmlns:lxc" = 1;
  "xmlns:qmeu" = "http://libvirt.org/schemas/domain/qemu/1.0";
}
