# What templates take as a disk: a path, a string, a volume of a pool `{ pool; volume; }`, or the `source`
# element itself.
rec {
  isFile = disk: builtins.isString disk || builtins.isPath disk || disk ? outPath;

  # `size` and `content` are for whoever creates the volume; they are no part of the domain.
  source = disk:
    if disk == null
    then null
    else if isFile disk
    then {file = disk;}
    else removeAttrs disk ["size" "content"];

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

  # The volumes that a domain declares beside itself: that of a disk with a `size`. The library's functions and the
  # modules know `volumes`; libvirt does not.
  volumes = {
    storage_vol,
    backing_vol,
  }:
    if storage_vol == null || isFile storage_vol || !storage_vol ? size
    then []
    else if !(storage_vol ? pool && storage_vol ? volume)
    then throw "storage_vol: `size` is for a volume of a pool: { pool = \"default\"; volume = \"name.qcow2\"; size = \"20 GiB\"; }"
    else [
      {
        inherit (storage_vol) pool;
        definition = import ../volume/qcow2.nix {
          name = storage_vol.volume;
          inherit (storage_vol) size;
          backing =
            if backing_vol != null && isFile backing_vol
            then backing_vol
            else null;
        };
        content = storage_vol.content or null;
      }
    ];

  disk = {
    storage_vol,
    backing_vol,
    virtio_drive,
    diskBus ? "sata",
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
        bus = diskBus;
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
