/**
A qcow2 image, which grows as the guest writes to it.

# Type

```
qcow2 :: Arguments -> Spec
```

# Arguments

- `name`: Name of the volume, which is its file name in a directory. Required.
- `size`: Capacity: `"20 GiB"`, or `{ count = 20; unit = "GiB"; }`. Required.
- `backing` (default: `null`): Path of a backing image.
- `backing_format` (default: `"qcow2"`): Format of the backing image.

# Example

```nix
lib.volume.getXML (lib.volume.templates.qcow2 { name = "web.qcow2"; size = "20 GiB"; })
```
*/
{
  name,
  size,
  backing ? null,
  backing_format ? "qcow2",
  ...
}: {
  inherit name;
  capacity = size;
  target.format.type = "qcow2";
  backingStore =
    if backing == null
    then null
    else {
      path = backing;
      format.type = backing_format;
    };
}
