{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  memoryBacking.hugepages.page = {
    size = "2 MiB";
    unit = "KiB";
  };
}
