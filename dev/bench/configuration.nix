# A NixOS configuration with that many domains, in which fields are set by name beside a template.
{
  # nixpkgs' `lib`.
  nixpkgsLib,
  domains,
}: let
  pkgs = (builtins.getFlake "path:${toString ../nixpkgs-stub}").legacyPackages.x86_64-linux;
  lib = import ../../nix-lib {inherit pkgs;};

  domain = number: {
    name = "linux-${toString number}";
    value = {
      definition = lib.domain.templates.linux {
        name = "linux-${toString number}";
        storage_vol = "/disk.qcow2";
      };
      memory = "2 GiB";
      cpu.mode = "host-model";
      devices.disk.vda.driver.cache = "none";
      devices.disk.vdb = {
        source.file = "/data.qcow2";
        target.bus = "virtio";
      };
      devices.interface.lan = {
        type = "network";
        source.network = "lan";
        model.type = "virtio";
      };
      active = true;
    };
  };
  system = import ../../tests/modules {
    inherit nixpkgsLib;
    modules = [
      {
        virtualisation.libvirt = {
          enable = true;
          connections."qemu:///system".domains = builtins.listToAttrs (builtins.genList domain domains);
        };
      }
    ];
  };
  inherit (system) config;
in
  builtins.deepSeq [config.warnings config.assertions] config.environment.etc."nixvirt/manifest.json".source.drvPath
