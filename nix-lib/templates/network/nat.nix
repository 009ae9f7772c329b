/**
A network behind NAT on 192.168.N.0/24: guests reach what the host reaches, and are not reachable from outside.

# Type

```
nat :: Arguments -> Spec
```

# Arguments

- `name`: Name of the network. Required.
- `subnet_byte`: Third byte of the subnet, N. Required without `subnet`.
- `subnet`: Subnet in place of 192.168.N.0/24, such as `"10.20.0.0/16"`. The host has its first address.
- `uuid` (default: `null`): UUID of the network. If null, derived from the name.
- `bridge_name` (default: `"virbrN"`): Bridge that libvirt creates. With `subnet`, libvirt chooses the name.
- `dhcp` (default: `true`): Whether libvirt assigns addresses by DHCP. A guest can get any address of the subnet except the host's.
- `dhcp_hosts` (default: `null`): Hosts with a fixed address: `{ mac; ip; name; }`, or a list.
- `domain_name` (default: `null`): DNS domain of the guests, which only this network resolves.
- `forward_dev` (default: `null`): Interface of the host through which the traffic leaves. If null, any.

# Example

```nix
lib.network.getXML (lib.network.templates.nat { name = "lan"; subnet_byte = 74; })
```
*/
import ./subnet.nix "nat"
