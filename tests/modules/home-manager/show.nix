{
  config,
  manifest,
  ...
}: {
  "activation.json" = config.home.activation.NixVirt;
  "manifest.json" = manifest;
}
