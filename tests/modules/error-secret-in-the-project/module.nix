{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    secrets.disk = {
      uuid = "5c1f7f5a-4b51-4f0c-8c12-0a7f7e1f7a11";
      usage = {
        type = "volume";
        volume = "/disk";
      };
      valueFile = ./secret.txt;
    };
  };
}
