# Guests get hosts by their own choice, by labels, apart from each other, and by what fits. A new host takes guests for itself alone.
{
  lib,
  pkgs,
  ...
}: let
  library = import ../../../nix-lib {inherit pkgs;};
  spec = name: {memory ? "4 GiB"}: library.domain.templates.linux {inherit name memory;};
  guest = name: arguments: {definition = spec name arguments;};
  hosts = {
    alpha = {
      memory = "96 GiB";
      vcpus = 64;
      labels.gpu = true;
      connection.networks.lan.definition = library.network.templates.nat {
        name = "lan";
        subnet_byte = 74;
      };
    };
    beta = {
      memory = "64 GiB";
      uri = "qemu+tls://beta.example.org/system";
    };
    # Without limits.
    gamma = {};
  };
  guests =
    lib.genAttrs (map (number: "web-${toString number}") (lib.range 1 9)) (name: guest name {} // {active = true;})
    // lib.genAttrs ["etcd-1" "etcd-2" "etcd-3"] (name: guest name {} // {placement.apart = "etcd";})
    // {
      database = guest "database" {memory = "48 GiB";} // {placement.host = "beta";};
      render = guest "render" {} // {placement.labels.gpu = true;};
      # Its memory is in a file.
      old = {
        definition = "/old.xml";
        placement.memory = "8 GiB";
      };
    };
  fleet = library.fleet {inherit hosts guests lib;};
  grown = library.fleet {
    inherit guests lib;
    hosts = hosts // {delta.memory = "64 GiB";};
  };
  moved = lib.filter (name: grown.placement.${name} != fleet.placement.${name}) (lib.attrNames guests);
in {
  "placement.json" = fleet.placement;
  "moved-to-a-new-host.json" = lib.genAttrs moved (name: grown.placement.${name});
  "free.json" = lib.mapAttrs (_: host: host.free) fleet.hosts;
  "manifest.json" = lib.mapAttrs (_: connection: lib.mapAttrs (_: lib.length) (lib.filterAttrs (_: lib.isList) connection)) fleet.manifest.manifest.connections;
  "module-of-beta.json" = lib.mapAttrs (_: connection: lib.attrNames connection.domains) fleet.hosts.beta.module.virtualisation.libvirt.connections;
}
