# The options of NixOS that the module sets, with their types.
{
  lib,
  pkgs,
  ...
}: let
  inherit (lib) mkOption types;
  option = type: mkOption {inherit type;};
  list = type:
    mkOption {
      type = types.listOf type;
      default = [];
    };
  set = type:
    mkOption {
      type = types.attrsOf type;
      default = {};
    };
  scripts = set types.path;
in {
  options = {
    assertions = list types.unspecified;
    warnings = list types.str;
    environment.systemPackages = list types.package;
    environment.etc = set (types.submodule {options.source = option types.path;});
    networking.firewall.backend = mkOption {
      type = types.str;
      default = "iptables";
    };
    networking.firewall.interfaces = set (types.submodule {
      options = {
        allowedTCPPorts = list types.port;
        allowedUDPPorts = list types.port;
      };
    });
    nix.package = option types.package;
    nix.settings = mkOption {
      default = {};
      type = types.submodule {
        freeformType = types.attrsOf types.anything;
        options.plugin-files = list types.path;
      };
    };
    system.preSwitchChecks = set types.str;
    systemd.tmpfiles.rules = list types.str;
    systemd.services = set (types.submodule {
      options = {
        after = list types.str;
        before = list types.str;
        description = option types.str;
        path = list types.package;
        serviceConfig = set types.unspecified;
        unitConfig = set types.unspecified;
        wantedBy = list types.str;
        wants = list types.str;
      };
    });
    users.users = set (types.submodule {
      freeformType = types.attrsOf types.anything;
      options.extraGroups = list types.str;
    });
    virtualisation.libvirtd = {
      enable = mkOption {
        type = types.bool;
        default = false;
      };
      package = option types.package;
      qemu.package = mkOption {
        type = types.package;
        default = pkgs.qemu;
      };
      qemu.swtpm = {
        enable = mkOption {
          type = types.bool;
          default = false;
        };
        package = option types.package;
      };
      hooks = {
        qemu = scripts;
        lxc = scripts;
        libxl = scripts;
      };
    };
  };
}
