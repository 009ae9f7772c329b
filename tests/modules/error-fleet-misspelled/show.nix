# What hosts and placements do not have is refused.
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
      guests.web = {
        definition = "/web.xml";
        placement.on = "alpha";
      };
    })
    .placement;
}
