# Disks of the templates. A disk is given as a path, a string, a volume `{ pool; volume; }`, or the `source` element.
rec {
  isFile = disk: builtins.isString disk || builtins.isPath disk || disk ? outPath;

  # `size` and `content` describe the volume that `nixvirt apply` creates; the domain has no such fields.
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

  # The format of an image that has a name of another format; qcow2 for any other.
  format = disk: let
    name = toString (
      if disk == null || isFile disk
      then disk
      else disk.volume or disk.file or ""
    );
    extension = builtins.match ".*[.](raw|iso|qcow|qed|vdi|vmdk)" name;
  in
    if extension == null
    then "qcow2"
    else if extension == ["iso"]
    then "raw"
    else builtins.head extension;

  # A backing image is given as a disk is, or as the `backingStore` element.
  backing = disk:
    if disk == null || (!isFile disk && (disk == {} || disk ? source || disk ? format || disk ? type))
    then disk
    else {
      type = type disk;
      format.type = format disk;
      source = source disk;
      backingStore = {};
    };

  # The volumes that a domain declares: that of a disk with a `size`. The library and the modules read `volumes`; libvirt has no
  # such field.
  volumes = {
    storage_vol,
    backing_vol,
  }:
    if storage_vol == null || isFile storage_vol || !storage_vol ? size
    then []
    else if !(storage_vol ? pool && storage_vol ? volume)
    then
      throw ''
        storage_vol: `size` requires a volume of a pool
        hint: storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }''
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
      type = format storage_vol;
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
