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
addresses: let
  full = address:
    if builtins.match "[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]" address != null
    then "0000:${address}"
    else if builtins.match "[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]" address != null
    then address
    else
      throw ''
        passthrough: invalid PCI address ${builtins.toJSON address}: expected an address such as "01:00.0"
        hint: `lspci -D` lists the PCI devices of the host'';
  device = it: let
    given =
      if builtins.isAttrs it
      then it
      else {source.address = it;};
  in
    {
      mode = "subsystem";
      type = "pci";
      # libvirt detaches the device from the host's driver when the guest starts, and reattaches it afterwards.
      managed = true;
    }
    // given
    // {source = given.source // {address = full given.source.address;};};
in
  map device (
    if builtins.isList addresses
    then addresses
    else [addresses]
  )
