/**
The `hostdev` elements that assign PCI devices of the host to a guest.

# Type

```
passthrough :: Address | Hostdev | [Address | Hostdev] -> [Hostdev]
```

# Arguments

A PCI address as `lspci` prints it, with or without the PCI domain. To set further fields such as `rom` or `boot`, pass a
`hostdev` element whose `source.address` is such an address. For several devices, pass a list of addresses and elements.

# Example

```nix
{
  devices.hostdev = lib.domain.passthrough [
    "01:00.0"
    { source.address = "01:00.1"; rom.file = "/var/lib/vbios.rom"; }
  ];
}
```
*/
import ./pci.nix "passthrough"
