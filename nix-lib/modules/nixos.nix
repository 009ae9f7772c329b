# The NixOS module: libvirt's daemon, and a service that makes its objects as they are declared.
{
  config,
  lib,
  pkgs,
  ...
}: let
  inherit (builtins) groupBy hashString head match substring;
  inherit (import ./common.nix {inherit config lib pkgs;}) cfg declared manifest nixSettings nixvirt tools;
  flags = lib.optionalString cfg.verbose " --verbose";

  # QEMU's own firmware knows no keys. At this place, an update changes the file and no definition.
  firmware = file: {
    name = "nixvirt/firmware/${file}";
    value.source = "${pkgs.OVMFFull.fd}/FV/${file}";
  };

  # The drivers that run hooks, by the start of a URI.
  driver = uri:
    {
      qemu = "qemu";
      lxc = "lxc";
      xen = "libxl";
    }
    .${head (match "([a-z]*).*" uri)}
    or null;

  # libvirt calls each script for every domain and operation.
  hook = name: scripts:
    pkgs.writeShellScript "nixvirt-hook" ''
      [ "$1" = ${lib.escapeShellArg name} ] || exit 0
      case "$2" in
      ${lib.concatMapStrings (it: ''
          ${it.operation})
          ${it.script}
          ;;
        '')
        scripts}esac
    '';
  hooksOf = scripts:
    lib.mapAttrs' (name: scripts: {
      name = "nixvirt-${substring 0 12 (hashString "sha256" name)}";
      value = hook name scripts;
    }) (groupBy (it: it.name) scripts);
  hooks = lib.filter (it: driver it.uri != null) declared.hooks;
in {
  imports = [./options.nix];

  config = lib.mkIf cfg.enable {
    inherit (declared) assertions warnings;

    environment.systemPackages = [nixvirt] ++ tools;
    environment.etc =
      {"nixvirt/manifest.json".source = manifest;}
      // lib.optionalAttrs cfg.secureBoot.enable (lib.listToAttrs (map firmware ["OVMF_CODE.ms.fd" "OVMF_VARS.ms.fd"]));

    virtualisation.libvirtd = {
      enable = lib.mkDefault true;
      package = lib.mkDefault cfg.package;
      qemu.swtpm = lib.mkIf cfg.swtpm.enable {
        enable = true;
        package = lib.mkDefault pkgs.swtpm;
      };
      hooks = lib.mapAttrs (_: hooksOf) (groupBy (it: driver it.uri) hooks);
    };

    systemd.services.nixvirt = let
      apply = "${nixvirt}/bin/nixvirt apply --manifest /etc/nixvirt/manifest.json --wait 60${flags}";
    in {
      description = "libvirt's objects as they are declared";
      wantedBy = ["multi-user.target"];
      wants = ["libvirtd.service"];
      # One daemon, or one for each driver.
      after = ["libvirtd.service" "libvirtd.socket"] ++ map (name: "virt${name}d.socket") ["qemu" "lxc" "xen" "network" "storage" "secret" "nwfilter"];
      path = tools;
      # It is never stopped for a new configuration, which is applied by the reload.
      reloadIfChanged = true;
      reloadTriggers = [manifest];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = apply;
        ExecReload = apply;
        # An object that cannot be as declared is in the journal, and in `nixvirt status`. It is no reason to take the whole
        # new system for broken, which tools that deploy would roll back.
        SuccessExitStatus = [1];
        # The libvirt of a session is started by whoever asks for it first, and its guests with it: they live on without this.
        KillMode = "process";
      };
    };

    # `nixos-rebuild dry-activate` tells what would happen.
    system.activationScripts.nixvirt = {
      supportsDryActivation = true;
      text = ''
        if [ "''${NIXOS_ACTION:-}" = dry-activate ]; then
          ${nixvirt}/bin/nixvirt plan --manifest ${manifest} --wait 0${flags} || true
        fi
      '';
    };

    # Guests ask the host for addresses and names.
    networking.firewall.interfaces = lib.genAttrs declared.bridges (_: {
      allowedTCPPorts = [53];
      allowedUDPPorts = [53 67 547];
    });

    nix.settings = nixSettings;
  };
}
