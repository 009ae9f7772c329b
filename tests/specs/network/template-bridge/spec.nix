lib:
lib.network.templates.bridge {
  uuid = "5a2d1f0e-8a53-4a3a-9d36-3f6ce3f8e2a7";
  subnet_byte = 74;
  dhcp_hosts = [
    {
      name = "printer";
      mac = "52:54:00:74:10:01";
      ip = "192.168.74.11";
    }
    {
      name = "by-name";
      ip = "192.168.74.12";
    }
  ];
}
