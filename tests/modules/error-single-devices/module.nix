{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    type = "kvm";
    memory = "1 GiB";
    os.type = "hvm";
    devices = {
      sound.model = "ich99";
      interface.model.type = "virtio";
      graphics = {
        listen.address = "127.0.0.1";
        autoport = "yess";
      };
      video.model.type = "qxl";
      watchdog = null;
      input.mouse = "mouse";
    };
  };
}
