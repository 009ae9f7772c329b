# What is declared on a host that is not enabled is not applied, and a warning says so.
{virtualisation.libvirt.connections."qemu:///system".networks.lan.definition.bridge.name = "virbr7";}
