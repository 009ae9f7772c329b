# What templates take as a disk: a path, a string, a volume of a pool `{ pool; volume; }`, or the `source`
# element itself.
rec {
  isFile = disk: builtins.isString disk || builtins.isPath disk || disk ? outPath;

  # `size` is for whoever creates the volume; it is no part of the domain.
  source = disk:
    if disk == null
    then null
    else if isFile disk
    then {file = disk;}
    else removeAttrs disk ["size"];

  type = disk:
    if disk != null && !isFile disk && disk ? volume
    then "volume"
    else "file";

  # Beside the forms of a disk, the `backingStore` element itself.
  backing = disk:
    if disk == null || (!isFile disk && (disk == {} || disk ? source || disk ? format || disk ? type))
    then disk
    else {
      type = type disk;
      format.type = "qcow2";
      source = source disk;
      backingStore = {};
    };

  disk = {
    storage_vol,
    backing_vol,
    virtio_drive,
  }: {
    type = type storage_vol;
    device = "disk";
    driver = {
      name = "qemu";
      type = "qcow2";
      cache = "none";
      discard = "unmap";
    };
    source = source storage_vol;
    backingStore = backing backing_vol;
    target =
      if virtio_drive
      then {
        dev = "vda";
        bus = "virtio";
      }
      else {
        dev = "sda";
        bus = "sata";
      };
  };

  cdrom = {
    disc,
    target,
  }: {
    type = type disc;
    device = "cdrom";
    driver = {
      name = "qemu";
      type = "raw";
    };
    source = source disc;
    inherit target;
    readonly = true;
  };
}
