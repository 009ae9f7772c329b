{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections = let
    web = script: {
      domains.web = {
        type = "kvm";
        memory = "1 GiB";
        os.type = "hvm";
        hooks.prepare = script;
      };
    };
  in {
    "qemu:///system" = web "echo one";
    "qemu+unix:///system" = web "echo two";
  };
}
