# A volume group of LVM, whose logical volumes are disks. See docs/templates.md for its arguments.
{
  name,
  uuid ? null,
  group ? name,
  devices ? [],
  ...
}: {
  type = "logical";
  inherit name uuid;
  source = {
    # What the group is made of, if libvirt is to make it.
    device = map (path: {inherit path;}) devices;
    name = group;
    format.type = "lvm2";
  };
  target.path = "/dev/${group}";
}
