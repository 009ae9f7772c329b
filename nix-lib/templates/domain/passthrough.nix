# Devices of the host's PCI bus, given to a guest: `devices.hostdev = passthrough ["01:00.0" "01:00.1"]`. An address is what
# `lspci` prints, with or without the domain; a set is a `hostdev` in which `source.address` is such an address, for what
# else it should have (`rom`, `boot`).
#
# # Type
# passthrough :: Address | [Address] -> [Hostdev]
addresses: let
  full = address:
    if builtins.match "[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]" address != null
    then "0000:${address}"
    else if builtins.match "[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]" address != null
    then address
    else throw "passthrough: ${builtins.toJSON address} is not an address of the PCI bus such as \"01:00.0\"; `lspci -D` lists them";
  device = it: let
    given =
      if builtins.isAttrs it
      then it
      else {source.address = it;};
  in
    {
      mode = "subsystem";
      type = "pci";
      # libvirt takes the device from the host's driver when the guest starts, and gives it back.
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
