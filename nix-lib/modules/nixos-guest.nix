# The module that `lib.domain.templates.nixos` adds to a guest's configuration: the host provides the kernel and the Nix store,
# and the first disk, if any, holds the root file system. A blank disk is formatted at the first boot.
{
  hasDisk,
  console,
}: {lib, ...}: {
  # libvirt starts the kernel directly.
  boot.loader.grub.enable = lib.mkForce false;
  boot.initrd.availableKernelModules = ["9p" "9pnet_virtio" "virtio_blk" "virtio_pci" "virtio_rng" "virtio_scsi"];
  # The last console on the command line becomes /dev/console.
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

  # The guest agent lets the host shut the guest down and read its addresses.
  services.qemuGuest.enable = lib.mkDefault true;
}
