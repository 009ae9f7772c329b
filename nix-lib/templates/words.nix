# The words that arguments of templates take, by kind. A path may stand in place of a word.
let
  inherit (builtins) fromJSON readFile;
  # The words of a field of a spec.
  ofField = kind: type: (fromJSON (readFile (../../schema/json + "/${kind}.json")))."$defs".${type}.enum;
in {
  domain = {
    boot = ofField "domain" "OsBootDevice";
    display = ["none" "vnc" "spice" "spice-gl"];
    firmware = ["bios" "efi"];
  };
  pool.format = ofField "pool" "PoolFormatNetfsType";
  volume.backing_format = ofField "volume" "StorageFormat";
}
