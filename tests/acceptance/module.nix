# The declaration as a module.
{NixVirt, ...}: let
  machines = import ./machines.nix NixVirt.lib;
  declared = active: kind:
    map (spec: {
      definition = NixVirt.lib.${kind}.writeXML spec;
      inherit active;
    });
in {
  virtualisation.libvirt = {
    enable = true;
    swtpm.enable = true;
    connections."qemu:///system" = {
      domains = declared false "domain" machines.domains;
      networks = declared true "network" machines.networks;
      pools = declared true "pool" machines.pools;
    };
  };
}
