# A number is a name like its digits, and two numbers are two names.
{
  type = "kvm";
  name = "web";
  memory = "64 MiB";
  os.type = "hvm";
  seclabel = [
    {model = 0;}
    {model = 1;}
    {model = "0";}
  ];
  devices.graphics = {
    type = "vnc";
    listen = [
      5
      {
        type = "address";
        address = "192.0.2.1";
      }
    ];
  };
  devices.disk = {
    source = {
      file = "/vm.img";
      seclabel = [
        {
          model = 0;
          relabel = false;
        }
        {
          model = "0";
          relabel = false;
        }
      ];
    };
    target.dev = "vda";
  };
}
