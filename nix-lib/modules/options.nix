# The options that the NixOS module and the Home Manager module share.
{
  lib,
  pkgs,
  ...
}: let
  inherit (lib) mkEnableOption mkOption types;
  library = import ../. {inherit pkgs;};
  objectOptions = import ./object-options.nix {inherit lib library;};
in {
  options.virtualisation.libvirt = {
    enable = mkEnableOption "declarative libvirt objects";
    package = mkOption {
      type = types.package;
      default = pkgs.libvirt;
      defaultText = lib.literalExpression "pkgs.libvirt";
      description = ''
        The libvirt package. The command `nixvirt` is built with it; on NixOS it is also the default of
        `virtualisation.libvirtd.package`.'';
    };
    verbose = mkEnableOption "verbose output: unchanged objects, and each step as it runs";
    timeout = mkOption {
      type = types.ints.positive;
      default = 60;
      description = ''
        Seconds to wait for the libvirt daemon to answer a request. If a request gets no answer, an error is reported for its object.
        Starting a guest and taking a snapshot may take ten times as long. Copying the content of a volume has no limit.'';
    };
    swtpm.enable = mkEnableOption "the software TPM (swtpm), which Windows 11 guests require";
    secureBoot.enable = mkEnableOption ''
      UEFI firmware with Secure Boot and Microsoft's keys for x86_64 guests: `/etc/nixvirt/firmware/OVMF_CODE.ms.fd` and, as
      the template of a guest's variables, `/etc/nixvirt/firmware/OVMF_VARS.ms.fd`. NixOS only'';
    plugin.enable = mkOption {
      type = types.bool;
      default = false;
      defaultText = lib.literalMD "whether the plugin was tried with `nix.package`: Nix 2.26 to 2.35 of nixpkgs";
      description = ''
        Whether to enable the NixVirt plugin in `nix.settings.plugin-files`. With the plugin, an evaluation error lists all
        problems of a spec, each with its position and the likely fix. The plugin is built for `nix.package`; any other Nix
        prints a warning and evaluates without it.'';
    };
    connections = mkOption {
      type = types.attrsOf objectOptions.connection;
      default = {};
      example = lib.literalExpression ''
        {
          "qemu:///system".domains.web = {
            definition = NixVirt.lib.domain.templates.linux { name = "web"; };
            devices.disk.vda = {
              source.file = "/var/lib/libvirt/images/web.qcow2";
              driver = { name = "qemu"; type = "qcow2"; };
              target.bus = "virtio";
            };
            active = true;
          };
        }'';
      description = "Declared objects of each libvirt connection, by connection URI such as `qemu:///system`.";
    };
  };

  # `NixVirt.lib` as a module argument, with the host's packages. A flake that passes `NixVirt` in `specialArgs` overrides it.
  config._module.args.NixVirt = lib.mkDefault {lib = library;};
}
