# Disks of the templates. A disk is given as a path, a URL, a volume `{ pool; volume; }`, or the `source` element, with `format`
# beside it if the name of the image does not tell.
let
  proposal = import ../proposal.nix;
  warn = import ../../warn.nix;
  qcow2 = import ../volume/qcow2.nix;
  raw = import ../volume/raw.nix;
in rec {
  isFile = disk: builtins.isString disk || builtins.isPath disk || disk ? outPath;
  isDevice = file: builtins.substring 0 5 (toString file) == "/dev/";

  # The source element of a URL that QEMU reads; null for a path.
  url = file: let
    parts = builtins.match "(https?|ftps?)://([^/:@]+)(:([0-9]+))?/([^?]+)([?](.+))?" (toString file);
    part = builtins.elemAt parts;
  in
    if parts == null
    then null
    else {
      protocol = part 0;
      name = part 4;
      query = part 6;
      host = {
        name = part 1;
        port = part 3;
      };
    };

  # `format`, `size` and `content` are not part of the source: the latter describe the volume that `nixvirt apply` creates.
  source = disk:
    if disk == null
    then null
    else if isFile disk && url disk != null
    then url disk
    else if isFile disk && isDevice disk
    then {dev = disk;}
    else if isFile disk
    then {file = disk;}
    else let
      misplaced = builtins.filter (name: disk ? ${name}) (builtins.attrNames elsewhere);
      warning = source: name: warn "a disk of a template: ${builtins.toJSON name} has no effect; change the spec instead, where it is `devices.disk.${elsewhere.${name}}`" source;
    in
      builtins.foldl' warning (removeAttrs disk (["format" "size" "content"] ++ misplaced)) misplaced;

  # Parts of a disk that are not parts of its source, with their places. NixVirt 0.6 ignored them.
  elsewhere = {
    bus = "target.bus";
    cache = "driver.cache";
    discard = "driver.discard";
    io = "driver.io";
    iothread = "driver.iothread";
  };

  type = disk:
    if disk == null
    then "file"
    else if isFile disk
    then
      if url disk != null
      then "network"
      else if isDevice disk
      then "block"
      else "file"
    else if disk ? volume
    then "volume"
    else if disk ? dev
    then "block"
    else if disk ? protocol
    then "network"
    else "file";

  # The format of an image: the given one, that of a block device, or that of the file name. A volume may be declared with another
  # one, which then counts.
  format = disk: let
    isSet = disk != null && !isFile disk;
    name = toString (
      if isSet
      then disk.volume or disk.file or disk.name or ""
      else disk
    );
    extension = builtins.match ".*[.](raw|iso|qcow|qed|vdi|vmdk)" name;
    byName =
      if extension == null
      then "qcow2"
      else if extension == ["iso"]
      then "raw"
      else builtins.head extension;
  in
    if isSet && disk ? format
    then disk.format
    else if type disk == "block"
    then "raw"
    else if isSet && disk ? volume
    then proposal byName
    else byName;

  # A backing image is given as a disk is, or as the `backingStore` element.
  backing = disk:
    if disk == null || (!isFile disk && (disk == {} || disk ? source || builtins.isAttrs (disk.format or null) || disk ? type))
    then disk
    else {
      type = type disk;
      format.type = format disk;
      source = source disk;
      backingStore = {};
    };

  # The volumes that a domain declares: those of disks with a `size`. The library and the modules read `volumes`; libvirt has no
  # such field.
  volumes = {
    storage_vol,
    backing_vol,
    extra_disks,
  }: let
    declared = builtins.filter (disk: disk != null && !isFile disk && disk ? size);
    backed =
      if backing_vol != null && isFile backing_vol
      then backing_vol
      else null;
  in
    map (volume backed) (declared [storage_vol]) ++ map (volume null) (declared extra_disks);

  volume = backing: disk:
    if !(disk ? pool && disk ? volume)
    then
      throw ''
        storage_vol: `size` requires a volume of a pool
        hint: set storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }''
    else {
      inherit (disk) pool;
      definition =
        {
          qcow2 = qcow2 {
            name = disk.volume;
            inherit (disk) size;
            inherit backing;
          };
          raw = raw {
            name = disk.volume;
            inherit (disk) size;
          };
        }
        .${
          toString (format disk)
        }
        or (throw "storage_vol: a volume of the format ${builtins.toJSON (toString (format disk))} cannot be created: expected qcow2 or raw");
      content = disk.content or null;
    };

  disks = {
    storage_vol,
    backing_vol,
    extra_disks,
    virtio_drive,
    diskBus,
  }: let
    target = letter:
      if virtio_drive
      then {
        dev = "vd${letter}";
        bus = "virtio";
      }
      else {
        dev = "sd${letter}";
        bus = diskBus;
      };
    # CD drives have the letters from b to d.
    letterOf = place:
      builtins.substring (place
        + (
          if virtio_drive
          then 1
          else 4
        ))
      1 "abcdefghijklmnopqrstuvwxyz";
    extra = place:
      disk {
        storage_vol = builtins.elemAt extra_disks place;
        backing_vol = null;
        target = target (letterOf place);
      };
  in
    (
      if storage_vol == null
      then []
      else [
        (disk {
          inherit storage_vol backing_vol;
          target = target "a";
        })
      ]
    )
    ++ builtins.genList extra (builtins.length extra_disks);

  disk = {
    storage_vol,
    backing_vol,
    target,
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
    inherit target;
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
