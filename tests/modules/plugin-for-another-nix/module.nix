# A new nix.conf that makes Nix print a warning stops the rebuild.
{
  pkgs,
  lib,
  ...
}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.plugin.enable = true;
  nix.package = lib.mkForce (pkgs.nix
    // {
      name = "lix-2.93.3";
      pname = "lix";
      version = "2.93.3";
    });
}
