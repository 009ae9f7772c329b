{
  type = "kvm";
  name = "secretive";
  os.type = "hvm";
  devices.graphics = {
    type = "vnc";
    passwd = builtins.fromJSON ''"tell no one \u0001"'';
  };
  memory = "64 MiB";
}
