lib:
lib.network.templates.route {
  name = "route";
  uuid = "3c5c4e0e-4b55-4a6c-9f0e-0d8b6b0b2a11";
  subnet_byte = 77;
  bridge_name = "routed0";
}
