# The base of the templates `nat`, `route` and `isolated`; `nat.nix` documents the arguments. `forward` is the forward mode, or null.
forward: {
  name,
  uuid ? null,
  subnet_byte ? null,
  subnet ? null,
  bridge_name ?
    if subnet_byte == null
    then null
    else "virbr${toString subnet_byte}",
  dhcp ? true,
  dhcp_hosts ? null,
  domain_name ? null,
  forward_dev ? null,
  ...
}: {
  inherit name uuid;
  forward =
    if forward == null
    then null
    else {
      mode = forward;
      dev = forward_dev;
    };
  bridge =
    if bridge_name == null
    then null
    else {name = bridge_name;};
  # libvirt does not forward queries for names in this domain.
  domain =
    if domain_name == null
    then null
    else {
      name = domain_name;
      localOnly = true;
    };
  ip = import ./addresses.nix {inherit subnet_byte subnet;} {
    inherit dhcp;
    hosts = dhcp_hosts;
  };
}
