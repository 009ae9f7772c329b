# What nixd finds, which goes into options through `submodule` and `attrsOf` of one by their names, and through sets.
{options, ...}: let
  inherit (builtins) all attrNames attrValues concatStringsSep head isInt tail;

  go = value: path: let
    inside =
      if value.type.name or "" == "submodule"
      then value.type.getSubOptions []
      else value;
    element = inside.type.nestedTypes.elemType;
  in
    if path == []
    then inside
    else if inside._type or "" == "option" && inside.type.name == "attrsOf" && element.name == "submodule"
    then go (element.getSubOptions []) (tail path)
    else go inside.${head path} (tail path);
  at = path: go options (["virtualisation" "libvirt" "connections" "qemu:///system"] ++ path);

  names = path: let
    found = at path;
    # nixd fails on an option without a file.
    isPlaced = all (place: isInt place.line);
  in
    assert all (it: isPlaced (it.declarationPositions or [])) (attrValues found);
      concatStringsSep " " (attrNames found);
  explained = path: let
    it = at (["domains" "web" "devices"] ++ path);
  in
    it.type.description + "\n" + it.description;
in {
  "connection.txt" = names [];
  "disk-driver.txt" = names ["domains" "web" "devices" "disk" "vda" "driver"];
  "interface-source.txt" = names ["domains" "web" "devices" "interface" "lan" "source"];
  "hooks.txt" = names ["domains" "web" "hooks"];
  "shutdown.txt" = names ["domains" "web" "shutdown"];
  "snapshot-disks.txt" = names ["domains" "web" "snapshots" "first" "disks"];
  "dhcp.txt" = names ["networks" "lan" "ip" "dhcp"];
  "secret.txt" = names ["secrets" "disk"];
  "volume.txt" = names ["pools" "disks" "volumes" "web.qcow2"];
  "disk-driver-cache.txt" = explained ["disk" "vda" "driver" "cache"];
  # Each form says what it is for.
  "smartcard-mode.txt" = explained ["smartcard" "reader" "mode"];
}
