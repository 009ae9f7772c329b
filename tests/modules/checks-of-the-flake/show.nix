# The checks of the flake evaluate the flake templates with the real module system.
{nixpkgsLib, ...}: let
  pkgs = (builtins.getFlake "path:${toString ../../../dev/nixpkgs-stub}").legacyPackages.x86_64-linux // {lib = import nixpkgsLib;};
  checks = import ../../../nix-lib/checks.nix {inherit pkgs;};
in {
  "names.json" = builtins.attrNames checks;
  "built.json" = map (name: builtins.readFile checks.${name}) ["modules-home-manager" "modules-nixos"];
}
