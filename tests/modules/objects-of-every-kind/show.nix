{
  config,
  manifest,
  ...
}: {
  "manifest.json" = manifest;
  "config.json" = {
    inherit (config) warnings assertions environment;
    inherit (config.virtualisation) libvirtd;
    inherit (config.systemd.services.nixvirt) path serviceConfig;
  };
}
