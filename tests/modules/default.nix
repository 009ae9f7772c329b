# A configuration of NixOS or Home Manager: the module of the flake, and the modules of a test.
{
  # nixpkgs' `lib`.
  nixpkgsLib,
  # "nixos" or "home-manager".
  system ? "nixos",
  # The platform of the host.
  platform ? "x86_64-linux",
  modules,
}: let
  pkgs = (builtins.getFlake "path:${toString ../../dev/nixpkgs-stub}").legacyPackages.${platform} // {inherit lib;};
  # nixpkgs' `lib` with the part that Home Manager adds.
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
          nix.package = lib.mkDefault pkgs.nix;
        }
      ]
      ++ modules;
  }
