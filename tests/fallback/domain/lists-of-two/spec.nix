{
  type = "kvm";
  name = "web";
  memory = ["2 GiB" "4 GiB"];
  vcpu = [[2]];
  os = [
    {
      type = "hvm";
      nvarm = [];
    }
  ];
  clock = [];
  title = [];
  memoryBacking = [
    null
    {locked = [false true {}];}
    {nosharepages = true;}
  ];
  cpu = [{mode = ["custom"];}];
  devices = {
    disk = {
      type = "file";
      target = [];
      source = [{file = ["/images/web.qcow2"];}];
    };
    memballoon = [
      {
        model = "virtoi";
      }
    ];
  };
}
