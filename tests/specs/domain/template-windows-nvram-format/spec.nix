# NixVirt 0.6 sets a template, which has a format. Here, libvirt knows that of its own template.
lib: let
  base = lib.domain.templates.windows {
    name = "office";
    nvram_path = "/var/lib/libvirt/qemu/nvram/office_VARS.fd";
  };
in
  base // {os = base.os // {nvram = base.os.nvram // {templateFormat = "raw";};};}
