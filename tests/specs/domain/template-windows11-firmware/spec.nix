lib:
lib.domain.templates.windows11 {
  name = "windows11";
  firmware = "/etc/nixvirt/firmware/OVMF_CODE.ms.fd";
  nvram_template = "/etc/nixvirt/firmware/OVMF_VARS.ms.fd";
}
