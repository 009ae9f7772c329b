lib:
lib.domain.templates.windows {
  name = "windows";
  nvram_path = "/var/lib/libvirt/qemu/nvram/windows_VARS.fd";
  install_vol = /var/lib/libvirt/images/windows.iso;
  storage_vol = "/var/lib/libvirt/images/windows.qcow2";
}
