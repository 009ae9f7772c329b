{
  nixpkgsLib,
  options,
  ...
}: let
  list = (import nixpkgsLib).optionAttrSetToDocList {inherit (options) virtualisation;};
  disk = "virtualisation.libvirt.connections.<name>.domains.<name>.devices.disk.<name>.driver.cache";
in {
  # The list ends, though elements of libvirt hold themselves.
  "more-than-5000.json" = builtins.length list > 5000;
  "disk-driver-cache.json" = builtins.head (builtins.filter (it: it.name == disk) list);
}
