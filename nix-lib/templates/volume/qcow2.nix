# A disk in a qcow2 file, which grows as it is written. See docs/templates.md for its arguments.
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
