/**
A network on 192.168.N.0/24 that the host routes without NAT: others reach the guests if they have a route to the subnet.

# Type

```
route :: Arguments -> Spec
```

# Arguments

Those of `lib.network.templates.nat`.

# Example

```nix
lib.network.getXML (lib.network.templates.route { name = "lan"; subnet_byte = 74; })
```
*/
import ./subnet.nix "route"
