# Each template with the least arguments, by kind and name.
lib: {
  domain = {
    pc = lib.domain.templates.pc {name = "pc";};
    q35 = lib.domain.templates.q35 {name = "q35";};
    linux = lib.domain.templates.linux {name = "linux";};
    windows = lib.domain.templates.windows {
      name = "windows";
      nvram_path = "/var/lib/libvirt/qemu/nvram/windows_VARS.fd";
    };
    windows11 = lib.domain.templates.windows11 {name = "windows11";};
  };
  network.bridge = lib.network.templates.bridge {subnet_byte = 74;};
}
