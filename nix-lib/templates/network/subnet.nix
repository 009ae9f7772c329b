# The base of the templates `nat`, `route` and `isolated`; `nat.nix` documents the arguments. `forward` is the forward mode, or null.
forward: {
  name,
  uuid ? null,
  subnet_byte,
  bridge_name ? "virbr${toString subnet_byte}",
  dhcp ? true,
  dhcp_hosts ? null,
  domain_name ? null,
  forward_dev ? null,
  ...
}: let
  subnet = "192.168.${toString subnet_byte}";
in {
  inherit name uuid;
  forward =
    if forward == null
    then null
    else {
      mode = forward;
      dev = forward_dev;
    };
  bridge.name = bridge_name;
  # libvirt does not forward queries for names in this domain.
  domain =
    if domain_name == null
    then null
    else {
      name = domain_name;
      localOnly = true;
    };
  ip = {
    address = "${subnet}.1";
    netmask = "255.255.255.0";
    dhcp =
      if dhcp
      then {
        range = {
          start = "${subnet}.2";
          end = "${subnet}.254";
        };
        host = dhcp_hosts;
      }
      else null;
  };
}
