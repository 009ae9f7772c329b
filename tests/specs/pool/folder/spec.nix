{
  name = "folder";
  type = "dir";
  target = {
    path = "/var/lib/libvirt/images";
    permissions = {
      mode.octal = "0711";
      owner.uid = 0;
      group.gid = 0;
    };
  };
}
