# NixOS' own option counts.
{pkgs, ...}: {
  virtualisation.libvirt = {
    enable = true;
    package = pkgs.alejandra;
  };
  virtualisation.libvirtd.package = pkgs.boost;
}
