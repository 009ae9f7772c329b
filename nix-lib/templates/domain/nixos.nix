# A guest that runs a NixOS configuration: its kernel is started directly, and it reads the host's store. See
# docs/templates.md for its arguments.
#
# Nothing is built but the system itself: no image to make, to copy and to keep apart from what it was made of. A rebuild of
# the host changes the kernel's path and command line, and the guest starts the new system at its next boot, with its disk as
# it was.
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
      removeAttrs spec.os ["boot" "firmware"]
      // {
        kernel = "${system}/kernel";
        initrd = "${system}/initrd";
        cmdline = builtins.concatStringsSep " " (["init=${system}/init"] ++ config.boot.kernelParams);
      };
    devices =
      spec.devices
      // {
        # There is nothing to install.
        disk = builtins.filter (disk: disk.device != "cdrom") spec.devices.disk;
        filesystem = {
          type = "mount";
          accessmode = "passthrough";
          source.dir = "/nix/store";
          target.dir = "store";
          readonly = true;
        };
        console = {
          type = "pty";
          target.type = "serial";
        };
      };
  }
