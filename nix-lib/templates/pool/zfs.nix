# A data set of ZFS, whose volumes are disks. See docs/templates.md for its arguments.
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
