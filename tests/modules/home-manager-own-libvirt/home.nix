{pkgs, ...}: {
  virtualisation.libvirt = {
    enable = true;
    package = pkgs.alejandra;
  };
}
