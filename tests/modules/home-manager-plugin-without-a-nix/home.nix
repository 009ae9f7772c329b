{lib, ...}: {
  virtualisation.libvirt = {
    enable = true;
    plugin.enable = true;
  };
  nix.package = lib.mkForce null;
}
