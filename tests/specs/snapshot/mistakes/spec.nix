{
  state = "sleeping";
  memory.snapshot = "external";
  disks.disk = [
    {
      name = "web.qcow2";
      snapshot = "internal";
      driver.type = "qcow2";
    }
    {
      name = "vda";
      driver.type = "raw";
      source.file = "relative";
    }
  ];
  domain = {
    uuid = "9d37b878-a7cc-9f9a-b78f-49b3abad25a8";
    name = "web";
  };
  inactiveDomain.uuid = "9d37b878-a7cc-9f9a-b78f-49b3abad25a8";
}
