# A PC that starts from a cloud image and sets itself up from a NoCloud seed, as cloud-init reads it. See
# docs/templates.md for its arguments.
{guest-install}: arguments @ {
  name,
  user_data ? {},
  meta_data ? {},
  network_config ? null,
  seed ? guest-install.nocloud {inherit name user_data meta_data network_config;},
  image ? null,
  storage_vol ? null,
  ...
}: let
  # An image fills the disk when it is created, and never again.
  disk =
    if image == null
    then storage_vol
    else if storage_vol ? size
    then {content = image;} // storage_vol
    else throw "cloud: `image` fills the volume of a disk with a `size`: storage_vol = { pool = \"default\"; volume = \"${name}.qcow2\"; size = \"20 GiB\"; }";
  linux = import ./linux.nix (arguments
    // {
      storage_vol = disk;
      install_vol = seed;
    });
in
  linux // {os = linux.os // {boot = {dev = "hd";};};}
