/**
An LVM volume group whose logical volumes are disks.

# Type

```
logical :: Arguments -> Spec
```

# Arguments

- `name`: Name of the pool. Required.
- `uuid` (default: `null`): UUID of the pool. If null, derived from the name.
- `group` (default: the name): Name of the volume group.
- `devices` (default: `[ ]`): Block devices that libvirt builds the volume group from. If empty, the volume group must exist.

# Example

```nix
lib.pool.getXML (lib.pool.templates.logical { name = "fast"; group = "vg0"; })
```
*/
{
  name,
  uuid ? null,
  group ? name,
  devices ? [],
  ...
}: {
  type = "logical";
  inherit name uuid;
  source = {
    # The block devices that libvirt builds the volume group from.
    device = map (path: {inherit path;}) devices;
    name = group;
    format.type = "lvm2";
  };
  target.path = "/dev/${group}";
}
