/**
A network behind NAT on 192.168.N.0/24, with DHCP from .2 to .254. `lib.network.templates.nat` has more options.

# Type

```
bridge :: Arguments -> Spec
```

# Arguments

- `subnet_byte`: Third byte of the subnet, N. Required.
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
  subnet_byte,
  dhcp_hosts ? null,
  ...
}: let
  subnet = "192.168.${toString subnet_byte}";
in {
  inherit name uuid;
  forward = {
    mode = "nat";
    nat.port = {
      start = 1024;
      end = 65535;
    };
  };
  bridge.name = bridge_name;
  ip = {
    address = "${subnet}.1";
    netmask = "255.255.255.0";
    dhcp = {
      range = {
        start = "${subnet}.2";
        end = "${subnet}.254";
      };
      host = dhcp_hosts;
    };
  };
}
