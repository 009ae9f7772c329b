/**
A guest that runs a NixOS configuration. libvirt starts its kernel directly, and the guest reads the host's Nix store, shared
read-only: no image is built. After a rebuild of the host, the guest starts the new system at its next boot.

The disk of `storage_vol` is formatted at the first boot, and holds the root file system. Without `storage_vol`, the guest keeps no
data. The template adds to the configuration the file systems `/` and `/nix/store`, their drivers, a serial console and the QEMU guest
agent. The guest can read the whole Nix store of the host, as every user of the host can.

# Type

```
nixos :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.linux`, or of `lib.domain.templates.aarch64` for an Arm configuration, except `install_vol`, and:

- `nixosConfiguration`: NixOS configuration of the guest, as `nixosSystem` returns it. Required.
- `name` (default: the `networking.hostName` of the configuration): Name of the domain.

# Example

```nix,fragment
lib.domain.getXML (lib.domain.templates.nixos {
  nixosConfiguration = self.nixosConfigurations.web;
  storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; };
})
```
*/
arguments @ {
  nixosConfiguration,
  name ? nixosConfiguration.config.networking.hostName,
  ...
}: let
  isArm = (nixosConfiguration.pkgs.stdenv.hostPlatform.system or "x86_64-linux") == "aarch64-linux";
  guest = nixosConfiguration.extendModules {
    modules = [
      (import ../../modules/nixos-guest.nix {
        hasDisk = arguments.storage_vol or null != null;
        console =
          if isArm
          then "ttyAMA0"
          else "ttyS0";
      })
    ];
  };
  inherit (guest) config;
  system = config.system.build.toplevel;
  template =
    if isArm
    then import ./aarch64.nix
    else import ./linux.nix;
  spec = template (arguments // {inherit name;});
in
  spec
  // {
    os =
      removeAttrs spec.os ["boot" "firmware" "loader" "nvram"]
      // {
        kernel = "${system}/kernel";
        initrd = "${system}/initrd";
        cmdline = builtins.concatStringsSep " " (["init=${system}/init"] ++ config.boot.kernelParams);
      };
    devices =
      spec.devices
      // {
        # No CD drive: there is nothing to install.
        disk = builtins.filter (disk: disk.device != "cdrom") spec.devices.disk;
        filesystem =
          [
            {
              type = "mount";
              accessmode = "passthrough";
              source.dir = "/nix/store";
              target.dir = "store";
              readonly = true;
            }
          ]
          ++ spec.devices.filesystem or [];
      };
  }
