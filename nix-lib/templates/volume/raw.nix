/**
A raw disk: a plain file, or a volume of LVM or ZFS.

# Type

```
raw :: Arguments -> Spec
```

# Arguments

- `name`: Name of the volume, which is its file name in a directory. Required.
- `size`: Capacity: `"20 GiB"`, or `{ count = 20; unit = "GiB"; }`. Required.
- `sparse` (default: `true`): Whether space is allocated as the guest writes, instead of all at once. In a pool of LVM, all
  space is allocated at once.

# Example

```nix
lib.volume.getXML (lib.volume.templates.raw { name = "web.img"; size = "20 GiB"; })
```
*/
{
  name,
  size,
  sparse ? true,
  ...
}: {
  inherit name;
  capacity = size;
  allocation =
    if sparse
    then 0
    else null;
  target.format.type = "raw";
}
