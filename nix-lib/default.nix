# The library, `NixVirt.lib`. `pkgs` is used only to build: disc images, and store files that refer to other packages.
{pkgs}: let
  kind = import ./kind.nix {inherit pkgs;};
  guest-install = import ./guest-install.nix {inherit pkgs;};
in {
  inherit guest-install;

  /**
  The library for other packages: those of another system, or with your overlays.

  The library builds disc images with packages of nixpkgs. `NixVirt.lib` of the flake uses the packages of the system that
  evaluates, or those of `x86_64-linux` in a pure evaluation, which does not know its system. The modules pass a library with
  the packages of the host to your modules.

  # Type

  ```
  for :: Packages -> Library
  ```

  # Example

  ```nix
  (lib.for pkgs).domain.templates.cloud { name = "web"; }
  ```
  */
  for = pkgs: import ./default.nix {inherit pkgs;};

  /**
  The manifest of modules, as a file for `nixvirt apply`: for hosts without NixOS and Home Manager, and for CI.

  The modules are those of NixOS and Home Manager: they set `virtualisation.libvirt.connections`. What NixOS does beside the
  manifest, such as hooks and the firewall, is left to you. A failed check is an evaluation error, and a warning is printed.
  The result is a derivation. Its attribute `manifest` is the manifest as a set, and `config` is the configuration.

  `lib` is the library of nixpkgs; it defaults to that of the packages of this library.

  # Type

  ```
  manifest :: { modules :: [Module], lib :: Set ? pkgs.lib, specialArgs :: Set ? { } } -> Derivation
  ```

  # Example

  ```nix,fragment
  lib.manifest { modules = [ ./guests.nix ]; }
  ```
  */
  manifest = import ./manifest.nix {inherit pkgs;};

  xml = import ./xml.nix;

  domain =
    kind "domain"
    // {
      templates = {
        pc = import ./templates/domain/pc.nix;
        q35 = import ./templates/domain/q35.nix;
        linux = import ./templates/domain/linux.nix;
        windows = import ./templates/domain/windows.nix {inherit guest-install;};
        windows11 = import ./templates/domain/windows11.nix {inherit guest-install;};
        aarch64 = import ./templates/domain/aarch64.nix;
        cloud = import ./templates/domain/cloud.nix {inherit guest-install;};
        nixos = import ./templates/domain/nixos.nix;
      };
      passthrough = import ./templates/domain/passthrough.nix;
    };

  network =
    kind "network"
    // {
      templates = {
        bridge = import ./templates/network/bridge.nix;
        nat = import ./templates/network/nat.nix;
        isolated = import ./templates/network/isolated.nix;
        route = import ./templates/network/route.nix;
      };
    };

  pool =
    kind "pool"
    // {
      templates = {
        dir = import ./templates/pool/dir.nix;
        logical = import ./templates/pool/logical.nix;
        zfs = import ./templates/pool/zfs.nix;
        netfs = import ./templates/pool/netfs.nix;
      };
    };

  volume =
    kind "volume"
    // {
      templates = {
        qcow2 = import ./templates/volume/qcow2.nix;
        raw = import ./templates/volume/raw.nix;
      };
    };

  secret = kind "secret";

  nwfilter = kind "nwfilter";

  nodedev = kind "nodedev";

  interface = kind "interface";

  snapshot = kind "snapshot";

  checkpoint = kind "checkpoint";
}
