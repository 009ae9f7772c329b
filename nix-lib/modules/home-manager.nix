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
  ours = import ../packages.nix {pkgs = pkgs // {libvirt = cfg.package;};};
  manifest = pkgs.writeText "nixvirt-manifest.json" (builtins.toJSON declared.manifest);
  verbose =
    if cfg.verbose
    then "--verbose"
    else "$VERBOSE_ARG";
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

    # What else a user has of QEMU goes before, for Home Manager stops where two packages have one file.
    home.packages = [ours.nixvirt] ++ map (lib.setPrio 20) tools;
    xdg.configFile."nixvirt/manifest.json".source = manifest;

    # A dry run tells what would happen; an object that cannot be as declared does not stop the rest of the activation. What
    # reads secrets comes after the services that make them. Without the folder of the user's login, which a system service
    # is not told of, libvirt would start a second daemon over the same guests.
    home.activation.nixvirt = lib.hm.dag.entryAfter ["writeBoundary" "installPackages" "reloadSystemd" "sops-nix"] ''
      if [[ -v DRY_RUN ]]; then nixvirtVerb=plan; else nixvirtVerb=apply; fi
      PATH="${lib.makeBinPath tools}:$PATH" XDG_RUNTIME_DIR="''${XDG_RUNTIME_DIR:-/run/user/$(id -u)}" \
        ${ours.nixvirt}/bin/nixvirt "$nixvirtVerb" --manifest ${manifest} ${verbose} || true
      unset nixvirtVerb
    '';

    nix.settings = lib.mkIf cfg.plugin.enable {
      plugin-files = ["${import ../plugin.nix {inherit pkgs;} config.nix.package}/lib/libnixvirt.so"];
    };
  };
}
