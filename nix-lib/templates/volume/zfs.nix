/**
A volume of ZFS, for `lib.pool.templates.zfs`.

# Type

```
zfs :: Arguments -> Spec
```

# Arguments

- `name`: Name of the volume. Required.
- `size`: Capacity: `"20 GiB"`, or `{ count = 20; unit = "GiB"; }`. Required.
- `sparse` (default: `false`): Whether space is allocated as the guest writes, instead of all at once.

# Example

```nix
lib.volume.getXML (lib.volume.templates.zfs { name = "web"; size = "20 GiB"; })
```
*/
{
  name,
  size,
  sparse ? false,
  ...
}: {
  inherit name;
  capacity = size;
  allocation =
    if sparse
    then 0
    else null;
}
