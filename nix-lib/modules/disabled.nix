# The warning on a host that does not enable the module, if the host declares objects.
{
  config,
  lib,
  ...
}: let
  cfg = config.virtualisation.libvirt;
in {
  warnings = lib.optional (!cfg.enable && cfg.connections != {}) ''
    virtualisation.libvirt.connections declares objects, but virtualisation.libvirt.enable is not set: nothing is applied
    hint: set virtualisation.libvirt.enable = true'';
}
