{
  config,
  lib,
  nixpkgsLib,
  ...
}: let
  arm = import ../. {
    inherit nixpkgsLib;
    platform = "aarch64-linux";
    modules = [./module.nix];
  };
in {
  "etc.json" = builtins.mapAttrs (_: it: it.source) (removeAttrs config.environment.etc ["nixvirt/manifest.json"]);
  "refused-on-arm.txt" = lib.concatMapStrings (it: it.message) (lib.filter (it: !it.assertion) arm.config.assertions);
}
