# A loader laid over the firmware that the template proposes, as with NixVirt 0.6.
lib: let
  base = lib.domain.templates.windows {
    name = "office";
    nvram_path = "/var/lib/libvirt/qemu/nvram/office_VARS.fd";
  };
in
  base
  // {
    os =
      base.os
      // {
        loader =
          base.os.loader
          // {
            path = "/run/libvirt/nix-ovmf/OVMF_CODE.fd";
            secure = true;
          };
      };
  }
