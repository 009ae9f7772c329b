{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  qemu-commandline."new one" = 1;
}
