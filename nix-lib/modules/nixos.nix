# The NixOS module: the libvirt daemon, and a service that applies the declared objects.
{
  config,
  lib,
  pkgs,
  ...
}: let
  inherit (builtins) attrNames elemAt groupBy hashString head match substring tail toJSON;
  inherit (import ./common.nix {inherit config lib pkgs;}) cfg declared manifest nixSettings nixvirt plugin pluginAssertions tools;
  flags = lib.optionalString cfg.verbose " --verbose" + " --timeout ${toString cfg.timeout}";

  # The firmware that QEMU brings has no Secure Boot keys. A path in /etc stays the same across updates, so that no definition
  # changes.
  firmware = file: {
    name = "nixvirt/firmware/${file}";
    value.source = "${pkgs.OVMFFull.fd}/FV/${file}";
  };

  # libvirtd's name for the driver that runs the hooks of a connection; null if this host runs none for it: only the system
  # daemon of this host reads them.
  driver = uri: let
    parts = match "(qemu|lxc|xen)([+]unix)?:///(system)?([?].*)?" uri;
  in
    if parts == null
    then null
    else
      {
        qemu =
          if elemAt parts 2 == "system"
          then "qemu"
          else null;
        lxc = "lxc";
        xen = "libxl";
      }
      .${head parts};

  # libvirt calls every script for each domain and operation, as `script NAME OPERATION …`. Scripts of one domain and operation
  # run one after the other, until one fails.
  hook = name: scripts: let
    arm = operation: scripts: let
      run = it:
        if tail scripts == []
        then it.script
        else "(\n${it.script}\n) || exit";
    in ''
      ${operation})
      ${lib.concatMapStringsSep "\n" run scripts}
      ;;
    '';
  in
    pkgs.writeShellScript "nixvirt-hook" ''
      [ "$1" = ${lib.escapeShellArg name} ] || exit 0
      case "$2" in
      ${lib.concatStrings (lib.mapAttrsToList arm (groupBy (it: it.operation) scripts))}esac
    '';
  hooksOf = scripts:
    lib.mapAttrs' (name: scripts: {
      name = "nixvirt-${substring 0 12 (hashString "sha256" name)}";
      value = hook name scripts;
    }) (groupBy (it: it.name) scripts);
  hooks = lib.filter (it: driver it.uri != null) declared.hooks;
  misplaced = lib.unique (map (it: {inherit (it) uri name;}) (lib.filter (it: driver it.uri == null) declared.hooks));

  # Whether all daemons are those of this host's system, which are reached through their sockets. A daemon of a session is
  # started by the service and outlives it, with all restrictions of the service; a remote one needs the network and SSH.
  areLocal = lib.all (uri: match "[a-z]+([+]unix)?:///(system|default)?([?].*)?" uri != null) (attrNames cfg.connections);
  sandbox = {
    CapabilityBoundingSet = ["CAP_DAC_READ_SEARCH"];
    LockPersonality = true;
    MemoryDenyWriteExecute = true;
    NoNewPrivileges = true;
    PrivateDevices = true;
    ProtectClock = true;
    ProtectControlGroups = true;
    ProtectHome = "read-only";
    ProtectKernelLogs = true;
    ProtectKernelModules = true;
    ProtectKernelTunables = true;
    ProtectSystem = "strict";
    RestrictAddressFamilies = ["AF_UNIX"];
    RestrictNamespaces = true;
    RestrictRealtime = true;
    RestrictSUIDSGID = true;
    SystemCallArchitectures = "native";
    SystemCallFilter = ["@system-service"];
  };
in {
  imports = [./options.nix ./disabled.nix];

  config = lib.mkIf cfg.enable {
    virtualisation.libvirt = {inherit plugin;};
    inherit (declared) warnings;
    assertions =
      declared.assertions
      ++ map (it: {
        assertion = false;
        message = ''
          virtualisation.libvirt.connections.${toJSON it.uri}: the `hooks` of domain ${toJSON it.name} cannot be installed: only the system daemon of this host, such as "qemu:///system", runs them
          hint: declare the hooks in the NixOS configuration of the host that runs the domain'';
      })
      misplaced
      ++ pluginAssertions
      ++ [
        {
          assertion = declared.usesOwnDaemon -> config.virtualisation.libvirtd.enable;
          message = ''
            virtualisation.libvirt.connections declares objects of the libvirt daemon on this host, which virtualisation.libvirtd.enable = false disables
            hint: remove that setting, or declare the objects on the URI of another host'';
        }
        {
          assertion = cfg.secureBoot.enable -> pkgs.stdenv.hostPlatform.isx86_64;
          message = ''
            virtualisation.libvirt.secureBoot.enable requires an x86_64 host: nixpkgs has no firmware with Microsoft's keys for ${pkgs.stdenv.hostPlatform.system}
            hint: remove the setting, and declare `os.firmware = "efi"`'';
        }
      ];

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

    systemd.services.nixvirt = {
      description = "Apply declared libvirt objects";
      wantedBy = ["multi-user.target"];
      # `libvirtd-config` links the hooks and the emulators of the new configuration.
      wants = ["libvirtd-config.service"];
      # The monolithic daemon, or the modular ones. None is in `wants`: the host decides which it starts, and each stops the others.
      after =
        ["local-fs.target" "remote-fs.target" "network-online.target" "libvirtd-config.service" "libvirtd.service" "libvirtd.socket"]
        ++ map (name: "virt${name}d.socket") ["qemu" "lxc" "xen" "network" "storage" "secret" "nwfilter"];
      # A guest that was suspended when the host stopped is resumed by the plan's start, and not by both at once.
      before = ["libvirt-guests.service"];
      # A pool's folder must not be made below the mount point of a file system that is not mounted yet.
      unitConfig.RequiresMountsFor = declared.paths;
      # `ssh` is for connections such as qemu+ssh://host/system.
      path = tools ++ [pkgs.openssh pkgs.curl];
      # The service is inactive once it has applied the manifest, so that each boot and each rebuild starts it again: after all
      # mounts, networks and secrets of the new configuration are there. Without a change, it changes nothing.
      serviceConfig =
        {
          Type = "oneshot";
          ExecStart = "${nixvirt}/bin/nixvirt apply --manifest /etc/nixvirt/manifest.json --wait 60${flags}";
          # An object that cannot be applied is reported in the journal and by `nixvirt status`. It must not fail the rebuild:
          # deployment tools would roll the whole system back. A daemon that cannot be reached, or a manifest that cannot be read,
          # has another exit code, and is a failure.
          SuccessExitStatus = [1];
          # The first client starts the daemon of a session connection. That daemon and its guests outlive this service.
          KillMode = "process";
          StateDirectory = "nixvirt";
          StateDirectoryMode = "0700";
          # A run that hangs, and the runs that wait for it, end. The next run resumes there.
          TimeoutStartSec = lib.mkDefault "2h";
        }
        // lib.optionalAttrs areLocal sandbox;
    };

    # `nixos-rebuild dry-activate` prints the plan. The check never stops a rebuild.
    system.preSwitchChecks.nixvirt = ''
      if [ "''${2-}" = dry-activate ]; then
        ${nixvirt}/bin/nixvirt plan --manifest ${manifest} --wait 0${flags} || true
      fi
    '';

    # QEMU's firmware descriptors, which `os.firmware` chooses from. Older versions of nixpkgs do not link them.
    systemd.tmpfiles.rules = ["L /var/lib/qemu/firmware - - - - ${config.virtualisation.libvirtd.qemu.package}/share/qemu/firmware"];

    # DNS, DHCP and DHCPv6 requests of guests. firewalld has a zone for libvirt's bridges, which accepts them; NixOS refuses settings of
    # interfaces beside it.
    networking.firewall.interfaces = lib.mkIf (config.networking.firewall.backend or null != "firewalld") (lib.genAttrs declared.bridges (_: {
      allowedTCPPorts = [53];
      allowedUDPPorts = [53 67 547];
    }));

    nix.settings = nixSettings;
  };
}
