# A configuration of NixOS, or of Home Manager, made of our flake's module and modules of a test.
{
  # nixpkgs' `lib`.
  nixpkgsLib,
  # "nixos" or "home-manager".
  system ? "nixos",
  modules,
}: let
  pkgs = (builtins.getFlake "path:${toString ../../dev/nixpkgs-stub}").legacyPackages.x86_64-linux // {inherit lib;};
  # What Home Manager adds to it.
  lib = (import nixpkgsLib).extend (_: _: {
    hm.dag.entryAfter = after: data: {inherit after data;};
  });
in
  lib.evalModules {
    modules =
      [
        (./. + "/${system}.nix")
        (../../nix-lib/modules + "/${system}.nix")
        {
          _module.args = {inherit pkgs;};
          nix.package = pkgs.nix;
        }
      ]
      ++ modules;
  }
