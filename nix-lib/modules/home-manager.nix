# The module for Home Manager: the objects of a user's own libvirt, as they are declared.
{
  config,
  lib,
  pkgs,
  ...
}: let
  inherit (import ./common.nix {inherit config lib pkgs;}) cfg declared manifest nixSettings nixvirt tools;
  verbose =
    if cfg.verbose
    then "--verbose"
    else "$VERBOSE_ARG";
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
    home.packages = [nixvirt] ++ map (lib.setPrio 20) tools;
    xdg.configFile."nixvirt/manifest.json".source = manifest;

    # A dry run tells what would happen; an object that cannot be as declared does not stop the rest of the activation. What
    # reads secrets comes after the services that make them.
    #
    # Without the folder of the user's login, which a system service is not told of, libvirt would start a second daemon over
    # the same guests. The daemon that is started here, and the guests that it starts, are to outlive the service that may run
    # this: they are in a scope of their own.
    home.activation.nixvirt = lib.hm.dag.entryAfter ["writeBoundary" "installPackages" "reloadSystemd" "sops-nix"] ''
      (
        export XDG_RUNTIME_DIR="''${XDG_RUNTIME_DIR:-/run/user/$(id -u)}" PATH="${lib.makeBinPath tools}:$PATH"
        if [[ -v DRY_RUN ]]; then verb=plan; else verb=apply; fi
        command=(${nixvirt}/bin/nixvirt "$verb" --manifest ${manifest} ${verbose})
        scope=(${dirOf config.systemd.user.systemctlPath}/systemd-run --user --scope --quiet --collect --)
        if "''${scope[@]}" true 2> /dev/null; then command=("''${scope[@]}" "''${command[@]}"); fi
        "''${command[@]}"
      ) || true
    '';

    nix.settings = nixSettings;
  };
}
