# The guests of several hosts: which host each one gets, and what each host declares. `fleet/place.nix` decides.
{pkgs}: {
  hosts,
  guests,
  lib ? pkgs.lib,
}: let
  inherit (builtins) attrNames filter listToAttrs map mapAttrs removeAttrs;
  placed = import ./fleet/place.nix {inherit hosts guests uri;};

  # What is said of a guest or a host, apart from its place.
  settings = guest: removeAttrs guest ["placement"];
  guestsOf = host: filter (guest: placed.placement.${guest} == host) (attrNames guests);
  connection = name:
    lib.recursiveUpdate (hosts.${name}.connection or {}) {
      domains = listToAttrs (map (guest: {
        name = guest;
        value = settings guests.${guest};
      }) (guestsOf name));
    };
  uri = name: hosts.${name}.uri or "qemu+ssh://root@${name}/system";
  declare = uri: name: {virtualisation.libvirt.connections.${uri} = connection name;};
  modules = map (name: declare (uri name) name) (attrNames hosts);
in {
  inherit (placed) placement;
  inherit modules;

  hosts =
    mapAttrs (name: free: {
      inherit free;
      guests = guestsOf name;
      module = declare "qemu:///system" name;
    })
    placed.free;

  manifest = import ./manifest.nix {inherit pkgs;} {inherit lib modules;};
}
