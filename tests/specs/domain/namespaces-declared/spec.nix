{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  "xmlns:qemu" = "http://libvirt.org/schemas/domain/qemu/1.0";
  qemu-commandline.arg.value = "-s";
}
