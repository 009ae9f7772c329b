# The NixOS module: the libvirt daemon, and a service that applies the declared objects.
{
  config,
  lib,
  pkgs,
  ...
}: let
  inherit (builtins) groupBy hashString head match substring;
  inherit (import ./common.nix {inherit config lib pkgs;}) cfg declared manifest nixSettings nixvirt tools;
  flags = lib.optionalString cfg.verbose " --verbose";

  # The firmware that QEMU brings has no Secure Boot keys. A path in /etc stays the same across updates, so that no definition
  # changes.
  firmware = file: {
    name = "nixvirt/firmware/${file}";
    value.source = "${pkgs.OVMFFull.fd}/FV/${file}";
  };

  # libvirtd's name for the driver that runs the hooks of a connection; null if the driver has no hooks.
  driver = uri:
    {
      qemu = "qemu";
      lxc = "lxc";
      xen = "libxl";
    }
    .${head (match "([a-z]*).*" uri)}
    or null;

  # libvirt calls every script for each domain and operation, as `script NAME OPERATION …`.
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
      description = "Apply declared libvirt objects";
      wantedBy = ["multi-user.target"];
      wants = ["libvirtd.service"];
      # The monolithic daemon, or the modular ones.
      after = ["libvirtd.service" "libvirtd.socket"] ++ map (name: "virt${name}d.socket") ["qemu" "lxc" "xen" "network" "storage" "secret" "nwfilter"];
      path = tools;
      # A new manifest is applied by a reload; the service is never stopped for it.
      reloadIfChanged = true;
      reloadTriggers = [manifest];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = apply;
        ExecReload = apply;
        # An object that cannot be applied is reported in the journal and by `nixvirt status`. It must not fail the rebuild:
        # deployment tools would roll the whole system back.
        SuccessExitStatus = [1];
        # The first client starts the daemon of a session connection. That daemon and its guests outlive this service.
        KillMode = "process";
      };
    };

    # `nixos-rebuild dry-activate` prints the plan.
    system.activationScripts.nixvirt = {
      supportsDryActivation = true;
      text = ''
        if [ "''${NIXOS_ACTION:-}" = dry-activate ]; then
          ${nixvirt}/bin/nixvirt plan --manifest ${manifest} --wait 0${flags} || true
        fi
      '';
    };

    # DNS, DHCP and DHCPv6 requests of guests.
    networking.firewall.interfaces = lib.genAttrs declared.bridges (_: {
      allowedTCPPorts = [53];
      allowedUDPPorts = [53 67 547];
    });

    nix.settings = nixSettings;
  };
}
