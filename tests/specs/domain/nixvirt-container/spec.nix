# What NixVirt knows of containers and of kernels that the host starts.
{
  type = "lxc";
  name = "container";
  memory.count = 524288;
  os = {
    type = "exe";
    arch = "x86_64";
    init = /sbin/init;
    initarg = "--quiet";
  };
  features = {
    privnet = {};
    capabilities = {
      policy = "default";
      audit_control.state = false;
      kill.state = true;
    };
  };
  devices = {
    emulator = "/usr/libexec/libvirt_lxc";
    filesystem = {
      type = "mount";
      source.dir = /srv/container;
      target.dir = "/";
      readonly = {};
    };
    console = {
      type = "pty";
      target = {
        type = "lxc";
        port = 0;
      };
    };
  };
}
