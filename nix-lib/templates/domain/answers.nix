# The volume with the answers for the installation of Windows, and the disk with it. Windows looks for the answers on removable disks.
{
  name,
  storage_vol ? null,
  unattended,
  ...
}: let
  raw = import ../volume/raw.nix;
  seed = import ../../seed.nix;
  pool =
    unattended.pool
    or storage_vol.pool
    or (throw ''
      unattended: the pool for the answers is not known
      hint: set storage_vol = { pool = "default"; volume = "${name}.qcow2"; size = "80 GiB"; }, or unattended.pool = "default"'');
  volume = unattended.volume or "${name}-answers.raw";
in {
  volume = {
    inherit pool;
    definition = raw {
      name = volume;
      size = "2 MiB";
    };
    content = seed.windows (removeAttrs unattended ["pool" "volume"]);
  };
  disk = {
    type = "volume";
    device = "disk";
    driver = {
      name = "qemu";
      type = "raw";
    };
    source = {inherit pool volume;};
    target = {
      dev = "sdz";
      bus = "usb";
      removable = true;
    };
    readonly = true;
  };
}
