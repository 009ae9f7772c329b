# The Home Manager module: applies the declared objects of a user's own libvirt at activation.
{
  config,
  lib,
  pkgs,
  ...
}: let
  inherit (import ./common.nix {inherit config lib pkgs;}) cfg declared manifest nixSettings nixvirt plugin pluginAssertions tools;
  verbose =
    if cfg.verbose
    then "--verbose"
    else "$VERBOSE_ARG";
in {
  imports = [./options.nix ./disabled.nix];

  config = lib.mkIf cfg.enable {
    virtualisation.libvirt = {inherit plugin;};
    warnings =
      declared.warnings
      ++ lib.optional cfg.secureBoot.enable ''
        virtualisation.libvirt.secureBoot.enable has no effect in Home Manager: the firmware is installed in /etc
        hint: set the option in the NixOS configuration of the host'';
    assertions =
      declared.assertions
      ++ pluginAssertions
      ++ [
        {
          assertion = declared.hooks == [];
          message = ''
            virtualisation.libvirt: Home Manager cannot install `hooks`, which libvirt reads from /etc
            hint: declare the domain in the NixOS configuration of the host'';
        }
        {
          assertion = cfg.plugin.enable -> config.nix.package != null;
          message = ''
            virtualisation.libvirt.plugin.enable requires `nix.package`, which the plugin is built for
            hint: set `nix.package` to the Nix that evaluates your configuration, such as `pkgs.nix`'';
        }
      ];

    # Home Manager refuses two packages with one file: QEMU packages of the user take precedence.
    home.packages = [nixvirt] ++ map (lib.setPrio 20) tools;
    xdg.configFile."nixvirt/manifest.json".source = manifest;

    # A dry run prints the plan. An object that cannot be applied does not stop the rest of the activation. Secrets are read
    # after the services that create them.
    #
    # A system service lacks the XDG_RUNTIME_DIR of the user's login; without it, libvirt would start a second daemon over the
    # same guests. The scope lets the daemon that starts here, and its guests, outlive the service that runs the activation.
    # The name is part of the interface: other entries are ordered around it with `lib.hm.dag.entryBefore [ "NixVirt" ]`.
    home.activation.NixVirt = lib.hm.dag.entryAfter ["writeBoundary" "installPackages" "reloadSystemd" "sops-nix"] ''
      (
        export XDG_RUNTIME_DIR="''${XDG_RUNTIME_DIR:-/run/user/$(id -u)}" PATH="${lib.makeBinPath (tools ++ [pkgs.openssh pkgs.curl])}:$PATH"
        if [[ -v DRY_RUN ]]; then verb=plan; else verb=apply; fi
        command=(${nixvirt}/bin/nixvirt "$verb" --manifest ${manifest} --state "''${XDG_STATE_HOME:-$HOME/.local/state}/nixvirt" --timeout ${toString cfg.timeout} ${verbose})
        scope=(${dirOf config.systemd.user.systemctlPath}/systemd-run --user --scope --quiet --collect --)
        if "''${scope[@]}" true 2> /dev/null; then command=("''${scope[@]}" "''${command[@]}"); fi
        "''${command[@]}"
      ) || true
    '';

    nix.settings = nixSettings;
  };
}
