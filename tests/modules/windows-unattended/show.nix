{
  here,
  lib,
  xml,
  ...
}: let
  domain = lib.head here.domains;
  answers = lib.last domain.volumes;
in {
  "volumes.json" =
    map (it: {
      inherit (it) pool;
      xml = xml it;
    })
    domain.volumes;
  "secret-files.json" = answers.content.seed.secretFiles;
  "domain.xml" = xml domain;
}
