{
  config,
  manifest,
  ...
}: {
  "manifest.json" = manifest;
  "config.json" = {
    inherit (config) warnings environment;
    assertions = builtins.filter (it: !it.assertion) config.assertions;
    inherit (config.virtualisation) libvirtd;
    inherit (config.systemd.services.nixvirt) path serviceConfig;
  };
}
