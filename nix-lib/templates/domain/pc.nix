/**
A PC with IDE and PCI: the QEMU machine type `pc`.

# Type

```
pc :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.q35`.

# Example

```nix
lib.domain.getXML (lib.domain.templates.pc { name = "old"; storage_vol = "/var/lib/libvirt/images/old.qcow2"; })
```
*/
arguments:
import ./base.nix {
  machine = "pc";
  isExpress = false;
  cdromTarget = {
    dev = "hdc";
    bus = "ide";
  };
}
arguments
