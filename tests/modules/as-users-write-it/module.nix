# As a user planned it: the module of the host, the guests, the network and the pool.
{
  imports = [
    ({
      config,
      lib,
      pkgs,
      ...
    }:
      with lib; let
        cfg = config.features.virtualization.nixvirt;
      in {
        options.features.virtualization.nixvirt = {
          enable = mkEnableOption "NixVirt declarative VM management";

          connections = mkOption {
            type = types.attrs;
            default = {};
            description = "Libvirt connection configurations";
          };
        };
        options.mainUser = mkOption {
          type = types.str;
          default = "user";
        };

        config = mkIf cfg.enable {
          virtualisation.libvirt = {
            enable = true;
            swtpm.enable = true; # TPM 2.0 for Windows 11
          };

          # Ensure user in libvirtd group
          users.users.${config.mainUser}.extraGroups = ["libvirtd"];
        };
      })
    {features.virtualization.nixvirt.enable = true;}
    ({NixVirt, ...}: {
      virtualisation.libvirt.connections."qemu:///system".domains = [
        {
          definition = NixVirt.lib.domain.writeXML (import ../../../examples/domain/debian-test.nix NixVirt.lib);
          active = false; # Manual start
        }
      ];
    })
    ({NixVirt, ...}: {
      virtualisation.libvirt.connections."qemu:///system".domains = [
        {
          definition = NixVirt.lib.domain.writeXML (import ../../../examples/domain/windows-dev.nix NixVirt.lib);
          active = false;
        }
      ];
    })
    ({NixVirt, ...}: {
      virtualisation.libvirt.connections."qemu:///system".networks = [
        {
          definition = NixVirt.lib.network.writeXML (import ../../../examples/network/vm-bridge.nix);
          active = true;
        }
      ];
    })
    ({NixVirt, ...}: {
      virtualisation.libvirt.connections."qemu:///system".pools = [
        {
          definition = NixVirt.lib.pool.writeXML (import ../../../examples/pool/vm-storage.nix);
          active = true;
        }
      ];
    })
  ];
}
