{
  type = "kvm";
  name = "namespace";
  memory = "64 MiB";
  os.type = "hvm";
  qemu-commandline = {
    arg = [{value = "-fw_cfg";} {value = "name=opt/x,string='a & b'";}];
    env = {
      name = "QEMU_AUDIO_DRV";
      value = "none";
    };
  };
  qemu-override.device = {
    alias = "net0";
    frontend.property = {
      name = "mq";
      type = "bool";
      value = "true";
    };
  };
}
