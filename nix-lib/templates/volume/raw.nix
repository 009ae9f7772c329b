# A disk in a plain file or a volume of LVM or ZFS. See docs/templates.md for its arguments.
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
