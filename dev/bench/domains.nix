# Sums over that many Windows domains, each with a number, so that they share nothing but their template.
{
  domains,
  # "templates": their specs are evaluated. "xml": they are rendered.
  measure,
  # A checkout of the NixVirt in Nix and Python, to measure that one.
  before ? null,
}: let
  inherit (builtins) deepSeq foldl' genList stringLength substring;

  pkgs = (builtins.getFlake "path:${toString ../nixpkgs-stub}").legacyPackages.x86_64-linux;
  lib =
    if before == null
    then import ../../nix-lib {inherit pkgs;}
    else
      import (before + "/lib.nix") {
        packages =
          pkgs
          // {
            OVMFFull.fd = "/ovmf";
            qemu = "/qemu";
          };
      };

  spec = number:
    lib.domain.templates.windows {
      name = "windows-${toString number}";
      uuid = "cc7439ed-36af-4696-a6f2-${substring 1 12 (toString (1000000000000 + number))}";
      nvram_path = "/var/lib/libvirt/qemu/nvram/windows-${toString number}_VARS.fd";
      storage_vol = {
        pool = "default";
        volume = "windows-${toString number}.qcow2";
      };
    };
  cost = {
    templates = spec: deepSeq spec 1;
    xml = spec: stringLength (lib.domain.getXML spec);
  };
in
  foldl' (sum: number: sum + cost.${measure} (spec number)) 0 (genList (number: number) domains)
