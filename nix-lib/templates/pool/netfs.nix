/**
A directory of a file server, which libvirt mounts.

# Type

```
netfs :: Arguments -> Spec
```

# Arguments

- `name`: Name of the pool. Required.
- `uuid` (default: `null`): UUID of the pool. If null, derived from the name.
- `host`: Host name or address of the file server. Required.
- `dir`: Path of the directory on the file server. Required.
- `path` (default: `"/var/lib/libvirt/NAME"`): Mount point on the host.
- `format` (default: `"nfs"`): Type of the file system, such as `nfs` or `cifs`.

# Example

```nix
lib.pool.getXML (lib.pool.templates.netfs { name = "nas"; host = "nas.example.org"; dir = "/export/vms"; })
```
*/
{
  name,
  uuid ? null,
  host,
  dir,
  path ? "/var/lib/libvirt/${name}",
  format ? "nfs",
  ...
}: {
  type = "netfs";
  inherit name uuid;
  source = {
    host.name = host;
    dir.path = dir;
    format.type = format;
  };
  target = {inherit path;};
}
