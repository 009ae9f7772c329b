# The `hostdev` elements of PCI devices; `passthrough.nix` documents the arguments. `who` is what messages name.
#
# # Type
# pci :: String -> Address | Hostdev | [Address | Hostdev] -> [Hostdev]
who: addresses: let
  short = "[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]";
  full = address:
    if builtins.isString address && builtins.match short address != null
    then "0000:${address}"
    else if builtins.isString address && builtins.match "[0-9a-fA-F]{4}:${short}" address != null
    then address
    else
      throw ''
        ${who}: invalid PCI address ${builtins.toJSON address}: expected an address such as "01:00.0"
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
    // {source = given.source or {} // {address = full (given.source.address or null);};};
in
  map device (
    if builtins.isList addresses
    then addresses
    else [addresses]
  )
