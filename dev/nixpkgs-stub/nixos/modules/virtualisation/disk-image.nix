# The image of a configuration, which is there for its name alone.
{
  lib,
  pkgs,
  ...
}: {
  options.image.filePath = lib.mkOption {
    type = lib.types.str;
    default = "nixos.qcow2";
  };
  config.system.build.image = pkgs.runCommand "nixos-image" {} "mkdir $out";
}
