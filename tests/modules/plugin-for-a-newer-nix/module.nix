# The plugin was not tried with this Nix, and may not compile: it is off, so that the rebuild succeeds.
{
  pkgs,
  lib,
  ...
}: {
  virtualisation.libvirt.enable = true;
  nix.package = lib.mkForce (pkgs.nix // {version = "2.36.0";});
}
