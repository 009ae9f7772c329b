{
  config,
  here,
  ...
}: {
  "definition.txt" = (builtins.head here.domains).definition;
  "hook.sh" = builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu));
}
