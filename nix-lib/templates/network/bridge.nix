/**
A network behind NAT on 192.168.N.0/24, with DHCP from .2 to .254. `lib.network.templates.nat` has more options.

# Type

```
bridge :: Arguments -> Spec
```

# Arguments

- `subnet_byte`: Third byte of the subnet, N. Required without `subnet`.
- `subnet`: Subnet in place of 192.168.N.0/24, such as `"10.20.0.0/16"`. The host has its first address.
- `name` (default: `"default"`): Name of the network.
- `uuid` (default: `null`): UUID of the network. If null, derived from the name.
- `bridge_name` (default: `"virbr0"`): Bridge that libvirt creates.
- `dhcp_hosts` (default: `null`): Hosts with a fixed address: `{ mac; ip; name; }`, or a list.

# Example

```nix
lib.network.getXML (lib.network.templates.bridge { subnet_byte = 74; })
```
*/
{
  name ? "default",
  uuid ? null,
  bridge_name ? "virbr0",
  subnet_byte ? null,
  subnet ? null,
  dhcp_hosts ? null,
  ...
}: {
  inherit name uuid;
  forward = {
    mode = "nat";
    nat.port = {
      start = 1024;
      end = 65535;
    };
  };
  bridge.name = bridge_name;
  ip = import ./addresses.nix {inherit subnet_byte subnet;} {
    dhcp = true;
    hosts = dhcp_hosts;
  };
}
