# What NixVirt knows of pools, with values of the types that it has there.
{
  type = "netfs";
  name = "share";
  uuid = "650c5bbb-eebd-4cea-8a2f-36e1a75a8683";
  source = {
    host.name = "nas.example.org";
    dir.path = "/export";
    format.type = "nfs";
    protocol.ver = "4.2";
    vendor.name = "Acme";
    product.name = "Anvil";
  };
  target = {
    path = "/mnt/share";
    permissions = {
      mode.octal = "0755";
      owner.uid = 0;
      group.gid = 0;
      label.MAC = "virt_image_t";
    };
  };
}
