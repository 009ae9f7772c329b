# The options of Home Manager that the module sets, with their types.
{
  lib,
  pkgs,
  ...
}: let
  inherit (lib) mkOption types;
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
in {
  options = {
    assertions = list types.unspecified;
    warnings = list types.str;
    home.packages = list types.package;
    home.activation = set types.unspecified;
    systemd.user.systemctlPath = mkOption {
      type = types.str;
      default = "${pkgs.systemd}/bin/systemctl";
    };
    xdg.configFile = set (types.submodule {options.source = mkOption {type = types.path;};});
    nix.package = mkOption {
      type = types.nullOr types.package;
      default = null;
    };
    nix.settings = set types.anything;
  };
}
