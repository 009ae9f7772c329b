# The declaration as a manifest, which takes the library alone.
lib: let
  machines = import ./machines.nix lib;
  declared = active: kind: spec: {
    definition = "${lib.${kind}.writeXML spec}";
    inherit active;
  };
  volume = it: {
    inherit (it) pool;
    definition = "${lib.volume.writeXML it.definition}";
  };
in {
  version = 1;
  connections."qemu:///system" = {
    domains = map (spec: declared false "domain" spec // {volumes = map volume spec.volumes;}) machines.domains;
    networks = map (declared true "network") machines.networks;
    pools = map (declared true "pool") machines.pools;
  };
}
