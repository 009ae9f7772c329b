lib:
lib.network.templates.isolated {
  name = "isolated";
  subnet_byte = 76;
  dhcp = false;
}
