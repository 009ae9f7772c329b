# Nothing but NixOS installs hooks.
{
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    definition = "/web.xml";
    hooks.started = "echo started";
  };
}
