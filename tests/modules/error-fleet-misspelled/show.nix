# What hosts and placements do not have is refused, and so are two of one name.
{
  lib,
  pkgs,
  ...
}: {
  "placement.json" =
    ((import ../../../nix-lib {inherit pkgs;}).fleet {
      inherit lib;
      hosts.alpha = {
        memroy = "16 GiB";
        memory = "lots";
      };
      hosts.beta.uri = "qemu+ssh://root@alpha/system";
      guests.db.definition = {
        name = "web";
        memory = "4 GiB";
      };
      guests.web = {
        definition = "/web.xml";
        placement.on = "alpha";
      };
    })
    .placement;
}
