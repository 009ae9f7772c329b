# A folder of disks. See docs/templates.md for its arguments.
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
