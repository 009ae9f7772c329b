# Windows 11, with Secure Boot and a TPM.
lib:
lib.domain.templates.windows11 {
  name = "windows-dev";
  uuid = "550e8400-e29b-41d4-a716-446655440002";
  memory = {
    count = 16;
    unit = "GiB";
  };
  vcpu = {count = 8;};

  firmware = "/run/libvirt/nix-ovmf/OVMF_CODE.secboot.fd";
  nvram_path = "/var/lib/libvirt/qemu/nvram/windows-dev_VARS.fd";

  storage_vol = {
    pool = "default";
    volume = "windows-dev.qcow2";
    size = {
      count = 100;
      unit = "GiB";
    };
  };

  install_vol = "/var/lib/libvirt/images/Win11_23H2_English_x64v2.iso";

  features.hyperv = {
    relaxed = true;
    vapic = true;
    spinlocks = true;
  };
}
