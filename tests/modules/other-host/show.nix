{
  here,
  lib,
  xml,
  ...
}: let
  domain = lib.head here.domains;
in {
  "volumes.json" =
    map (it: {
      inherit (it) pool;
      xml = xml it;
    })
    domain.volumes;
  "objects.json" = lib.mapAttrs (_: objects: map (it: removeAttrs it ["definition" "volumes"]) objects) (lib.filterAttrs (_: lib.isList) here);
}
