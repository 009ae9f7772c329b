{here, ...}: let
  volume = builtins.head (builtins.head here.pools).volumes;
  inherit (volume.content) seed;
in {
  "Autounattend.xml" = seed.files."Autounattend.xml".text;
  "secret-files.json" = seed.secretFiles;
}
