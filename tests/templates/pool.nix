# Arguments of the templates of pools, and a part of the XML that each of them brings.
[
  {
    template = "dir";
    arguments.name = "disks";
    xml = "<path>/var/lib/libvirt/disks</path>";
  }
  {
    template = "dir";
    arguments = {
      name = "disks";
      path = "/disks";
      permissions.mode = "0711";
    };
    xml = "<mode>0711</mode>";
  }
  {
    template = "logical";
    arguments.name = "vg";
    xml = "<path>/dev/vg</path>";
  }
  {
    template = "logical";
    arguments = {
      name = "disks";
      group = "vg";
      devices = ["/dev/sdb"];
    };
    xml = "<device path='/dev/sdb'/>";
  }
  {
    template = "zfs";
    arguments.name = "tank";
    xml = "<name>tank</name>";
  }
  {
    template = "zfs";
    arguments = {
      name = "disks";
      dataset = "tank/disks";
    };
    xml = "<name>tank/disks</name>";
  }
  {
    template = "netfs";
    arguments = {
      name = "nas";
      host = "h";
      dir = "/d";
    };
    xml = "<path>/var/lib/libvirt/nas</path>";
  }
  {
    template = "netfs";
    arguments = {
      name = "nas";
      host = "h";
      dir = "/d";
    };
    xml = "<format type='nfs'/>";
  }
  {
    template = "netfs";
    arguments = {
      name = "nas";
      host = "h";
      dir = "/d";
      path = "/mnt";
      format = "cifs";
    };
    xml = "<format type='cifs'/>";
  }
]
