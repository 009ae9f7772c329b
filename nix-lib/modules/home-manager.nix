# The module for Home Manager: the objects of a user's own libvirt, as they are declared.
{
  config,
  lib,
  pkgs,
  ...
}: let
  cfg = config.virtualisation.libvirt;
  library = import ../. {inherit pkgs;};
  declared = import ./manifest.nix {inherit lib library;} cfg.connections;
  ours = import ../packages.nix {inherit pkgs;};
  manifest = pkgs.writeText "nixvirt-manifest.json" (builtins.toJSON declared.manifest);
  flags = "--manifest ${manifest}${lib.optionalString cfg.verbose " --verbose"}";
  tools = [pkgs.qemu-utils] ++ lib.optional cfg.swtpm.enable pkgs.swtpm;
in {
  imports = [./options.nix];

  config = lib.mkIf cfg.enable {
    inherit (declared) warnings;
    assertions =
      declared.assertions
      ++ [
        {
          assertion = declared.hooks == [];
          message = "virtualisation.libvirt: hooks are run for the system's libvirt alone: declare the domain in NixOS";
        }
      ];

    home.packages = [ours.nixvirt] ++ tools;
    xdg.configFile."nixvirt/manifest.json".source = manifest;

    # A dry run tells what would happen; an object that cannot be as declared does not stop the rest of the activation.
    home.activation.nixvirt = lib.hm.dag.entryAfter ["writeBoundary" "installPackages"] ''
      if [[ -v DRY_RUN ]]; then
        ${ours.nixvirt}/bin/nixvirt plan ${flags} || true
      else
        PATH="${lib.makeBinPath tools}:$PATH" ${ours.nixvirt}/bin/nixvirt apply ${flags} || true
      fi
    '';

    nix.settings = lib.mkIf cfg.plugin.enable {
      plugin-files = ["${import ../plugin.nix {inherit pkgs;} config.nix.package}/lib/libnixvirt.so"];
    };
  };
}
