{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  devices.video.model = {
    type = "vga";
    vram = "1500 bytes";
  };
}
