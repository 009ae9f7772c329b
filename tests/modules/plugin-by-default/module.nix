# The plugin is built for the Nix of the host, and switched on.
{virtualisation.libvirt.enable = true;}
