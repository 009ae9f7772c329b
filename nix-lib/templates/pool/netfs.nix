# A folder of disks on a file server, which libvirt mounts. See docs/templates.md for its arguments.
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
