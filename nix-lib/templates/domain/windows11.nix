{guest-install}:
/**
A PC that meets the requirements of Windows 11: `lib.domain.templates.windows` with four virtual CPUs and 8 GiB of memory.

# Type

```
windows11 :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.windows`, and:

- `features` (default: `{ }`): Features that are merged into those of the template. `true` or `false` in place of a set switches
  the feature and keeps its other fields.

Other defaults:

- `vcpu` (default: `{ count = 4; }`): Virtual CPUs.
- `memory` (default: `{ count = 8; unit = "GiB"; }`): Memory.
- `nvram_path` (default: `"/var/lib/libvirt/qemu/nvram/NAME_VARS.fd"`): File for the firmware's variables of this guest.

# Example

```nix
lib.domain.getXML (lib.domain.templates.windows11 {
  name = "windows";
  storage_vol = { pool = "default"; volume = "windows.qcow2"; size = "80 GiB"; };
  install_vol = "/var/lib/libvirt/images/Win11.iso";
  install_virtio = true;
  features.hyperv.evmcs = true;
})
```
*/
let
  make = import ./windows.nix {
    inherit guest-install;
    vcpus = 4;
    memorySize = 8;
  };
  # Merges sets; `true` or `false` in place of a set with a `state` changes the state alone.
  merge = base: own:
    if builtins.isAttrs base && builtins.isAttrs own
    then
      base
      // builtins.mapAttrs (name: value:
        if base ? ${name}
        then merge base.${name} value
        else value)
      own
    else if builtins.isAttrs base && builtins.isBool own && base ? state
    then base // {state = own;}
    else own;
in
  arguments @ {features ? {}, ...}: let
    windows = make ({nvram_path = "/var/lib/libvirt/qemu/nvram/${arguments.name}_VARS.fd";} // removeAttrs arguments ["features"]);
  in
    windows // {features = merge windows.features features;}
