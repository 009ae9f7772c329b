# Tests of the NixOS module in virtual machines: what a host promises to its guests. `nix flake check` runs them, and
# `nix build .#checks.x86_64-linux.vm-boot` runs one. They need a nixpkgs and a host with KVM.
{pkgs}: let
  inherit (builtins) listToAttrs map;
  test = name: {
    name = "vm-${name}";
    value = pkgs.testers.runNixOSTest ({name = "nixvirt-${name}";} // import (./. + "/${name}.nix") {inherit pkgs;});
  };
  firewall = backend: {
    name = "vm-firewall-${backend}";
    value = pkgs.testers.runNixOSTest (import ./firewall.nix {inherit backend pkgs;});
  };
  plugin = name: {
    name = "vm-plugin-${name}";
    value = pkgs.testers.runNixOSTest (import ./plugin.nix {inherit name pkgs;});
  };
in
  # The guests of the tests are those of a PC.
  if !pkgs.stdenv.hostPlatform.isx86_64
  then {}
  else
    listToAttrs (
      map test ["boot" "switch" "default-network" "restart-of-the-daemon" "remote" "removal" "home-manager"]
      ++ map firewall ["iptables" "nftables" "firewalld"]
      ++ map plugin (import ../../nix-lib/supported-nix.nix {inherit pkgs;})
    )
