# The threads of a device serve each of its queues once, or list none.
let
  disk = dev: driver: {
    inherit driver;
    source.file = "/${dev}.img";
    target.dev = dev;
  };
  thread = id: queues: {
    inherit id;
    queue = map (id: {inherit id;}) queues;
  };
in {
  type = "kvm";
  name = "web";
  memory = "64 MiB";
  os = {
    type = "hvm";
    arch = "x86_64";
    machine = "q35";
  };
  iothreads = 4;
  devices.disk = [
    (disk "vda" {
      queues = 2;
      iothreads.iothread = [(thread 1 [0]) (thread 2 [1])];
    })
    (disk "vdb" {iothreads.iothread = thread 1 [0];})
    (disk "vdc" {
      queues = 2;
      iothreads.iothread = [(thread 1 [0]) (thread 2 [0])];
    })
    (disk "vdd" {
      queues = 2;
      iothreads.iothread = [(thread 1 [0 1 2])];
    })
    (disk "vde" {
      queues = 2;
      iothreads.iothread = [(thread 1 [0 1]) (thread 2 [])];
    })
    (disk "vdf" {iothreads.iothread = [(thread 1 []) (thread 1 [])];})
  ];
  devices.controller = [
    {
      type = "scsi";
      model = "virtio-scsi";
      driver.iothreads.iothread = {
        id = 3;
        queue.id = 14;
      };
    }
    {
      type = "pci";
      index = 26;
      model = "pcie-root-port";
      address = {
        type = "ccid";
        controller = 0;
        slot = 29;
      };
    }
  ];
}
