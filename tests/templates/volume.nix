# Arguments of the templates of volumes, and a part of the XML that each of them brings.
[
  {
    template = "qcow2";
    arguments = {
      name = "a";
      size = "1 GiB";
      backing = "/b";
    };
    xml = "<format type='qcow2'/>";
  }
  {
    template = "qcow2";
    arguments = {
      name = "a";
      size = "1 GiB";
      backing = "/b";
      backing_format = "raw";
    };
    xml = "<format type='raw'/>";
  }
  {
    template = "raw";
    arguments = {
      name = "a";
      size = "1 GiB";
    };
    xml = "<allocation>0</allocation>";
  }
  {
    template = "raw";
    arguments = {
      name = "a";
      size = {
        count = 1;
        unit = "GiB";
      };
      sparse = false;
    };
    xml = "<capacity unit='GiB'>1</capacity>\n  <target>";
  }
  {
    template = "logical";
    arguments = {
      name = "a";
      size = "1 GiB";
    };
    xml = "<capacity unit='GiB'>1</capacity>\n  <target/>";
  }
  {
    template = "zfs";
    arguments = {
      name = "a";
      size = "1 GiB";
    };
    xml = "<capacity unit='GiB'>1</capacity>\n  <target/>";
  }
  {
    template = "zfs";
    arguments = {
      name = "a";
      size = "1 GiB";
      sparse = true;
    };
    xml = "<allocation>0</allocation>";
  }
]
