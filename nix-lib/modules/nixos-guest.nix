# What a NixOS guest of `lib.domain.templates.nixos` needs to start: its kernel comes from the host, its store is the host's,
# and its first disk, if it has one, keeps the rest. A disk that is blank is formatted at the first boot.
{
  hasDisk,
  console,
}: {lib, ...}: {
  # The host starts the kernel.
  boot.loader.grub.enable = lib.mkForce false;
  boot.initrd.availableKernelModules = ["9p" "9pnet_virtio" "virtio_blk" "virtio_pci" "virtio_rng" "virtio_scsi"];
  # The last console is the one that /dev/console is.
  boot.kernelParams = ["console=${console}"];

  fileSystems."/" = lib.mkForce (
    if hasDisk
    then {
      device = "/dev/vda";
      fsType = "ext4";
      autoFormat = true;
    }
    else {
      device = "none";
      fsType = "tmpfs";
      options = ["mode=755"];
    }
  );
  fileSystems."/nix/store" = lib.mkForce {
    device = "store";
    fsType = "9p";
    options = ["ro" "trans=virtio" "version=9p2000.L" "msize=1048576" "cache=loose"];
    neededForBoot = true;
  };

  # How the host shuts it down, and learns its addresses.
  services.qemuGuest.enable = lib.mkDefault true;
}
