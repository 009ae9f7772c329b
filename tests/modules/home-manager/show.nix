{
  config,
  manifest,
  ...
}: {
  "activation.json" = config.home.activation.nixvirt;
  "manifest.json" = manifest;
}
