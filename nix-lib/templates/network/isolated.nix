/**
A network on 192.168.N.0/24 without a connection to the outside: guests reach each other and the host.

# Type

```
isolated :: Arguments -> Spec
```

# Arguments

Those of `lib.network.templates.nat`, except `forward_dev`.

# Example

```nix
lib.network.getXML (lib.network.templates.isolated { name = "lan"; subnet_byte = 74; })
```
*/
import ./subnet.nix null
