/**
A logical volume of LVM, for `lib.pool.templates.logical`. All of its space is allocated at once.

# Type

```
logical :: Arguments -> Spec
```

# Arguments

- `name`: Name of the logical volume. Required.
- `size`: Capacity: `"20 GiB"`, or `{ count = 20; unit = "GiB"; }`. Required.

# Example

```nix
lib.volume.getXML (lib.volume.templates.logical { name = "web"; size = "20 GiB"; })
```
*/
{
  name,
  size,
  ...
}: {
  inherit name;
  # libvirt makes a snapshot of a volume that is not fully allocated, which is dropped when it is full.
  capacity = size;
}
