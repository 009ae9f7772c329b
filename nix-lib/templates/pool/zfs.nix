/**
A ZFS dataset whose volumes are disks.

# Type

```
zfs :: Arguments -> Spec
```

# Arguments

- `name`: Name of the pool. Required.
- `uuid` (default: `null`): UUID of the pool. If null, derived from the name.
- `dataset` (default: the name): Name of the dataset, such as `tank/vms`.

# Example

```nix
lib.pool.getXML (lib.pool.templates.zfs { name = "tank"; dataset = "tank/vms"; })
```
*/
{
  name,
  uuid ? null,
  dataset ? name,
  ...
}: {
  type = "zfs";
  inherit name uuid;
  source.name = dataset;
}
