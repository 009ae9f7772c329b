{
  config,
  manifest,
  xml,
  ...
}: let
  at = manifest.connections."qemu:///session";
  volumes = (builtins.head at.domains).volumes;
in {
  "is-sound.json" =
    map xml at.domains
    != []
    && builtins.length volumes == 1
    && xml (builtins.head volumes) != ""
    && config.warnings == []
    && builtins.all (it: it.assertion) config.assertions;
}
