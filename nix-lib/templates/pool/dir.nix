/**
A directory of the host whose files are disks.

# Type

```
dir :: Arguments -> Spec
```

# Arguments

- `name`: Name of the pool. Required.
- `uuid` (default: `null`): UUID of the pool. If null, derived from the name.
- `path` (default: `"/var/lib/libvirt/NAME"`): Path of the directory.
- `permissions` (default: `null`): Permissions of the directory: `{ octal; uid; gid; }`. If null, libvirt chooses them.

# Example

```nix
lib.pool.getXML (lib.pool.templates.dir { name = "disks"; })
```
*/
{
  name,
  uuid ? null,
  path ? "/var/lib/libvirt/${name}",
  permissions ? null,
  ...
}: {
  type = "dir";
  inherit name uuid;
  target = {inherit path permissions;};
}
