# The options that the modules for NixOS and for Home Manager share.
{
  lib,
  pkgs,
  ...
}: let
  inherit (lib) mkOption types;
  library = import ../. {inherit pkgs;};
  objects = import ./object-options.nix {inherit lib library;};
in {
  options.virtualisation.libvirt = {
    enable = mkOption {
      type = types.bool;
      default = false;
      description = "Whether objects of libvirt are as declared here.";
    };
    package = mkOption {
      type = types.package;
      default = pkgs.libvirt;
      defaultText = lib.literalExpression "pkgs.libvirt";
      description = "The libvirt to use: the command `nixvirt` is built with it, and on NixOS it is the daemon.";
    };
    verbose = mkOption {
      type = types.bool;
      default = false;
      description = "Whether more is said of each object and each step when they are made as declared.";
    };
    swtpm.enable = mkOption {
      type = types.bool;
      default = false;
      description = "Whether libvirt has the software TPM, which Windows 11 asks for.";
    };
    secureBoot.enable = mkOption {
      type = types.bool;
      default = false;
      description = ''
        Whether the host has a UEFI firmware with Secure Boot and Microsoft's keys, for guests of the architecture x86_64:
        `/etc/nixvirt/firmware/OVMF_CODE.ms.fd`, and for their variables `/etc/nixvirt/firmware/OVMF_VARS.ms.fd`. NixOS
        only.'';
    };
    plugin.enable = mkOption {
      type = types.bool;
      default = false;
      description = ''
        Whether Nix loads the plugin, so that a mistake in a spec is told with all others, its line, and the likely fix. It
        is built for `nix.package`; a Nix for which it is not does without it.'';
    };
    connections = mkOption {
      type = types.attrsOf objects.connection;
      default = {};
      example = lib.literalExpression ''
        {
          "qemu:///system".domains.web = {
            definition = NixVirt.lib.domain.templates.linux { name = "web"; };
            devices.disk.vda.driver.cache = "none";
            active = true;
          };
        }'';
      description = "What is declared at each connection, by its URI.";
    };
  };
}
