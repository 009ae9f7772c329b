# Amounts of memory: of a size such as `"8 GiB"`, a number of KiB, or `{ count; unit; }`, the number of KiB; and the way back.
let
  inherit (builtins) elemAt fromJSON isAttrs isInt isString match toString;
  inherit (import ../render/constants.nix) size;

  bytesIn = import ../render/bytes-in.nix;

  of = number: unit: let
    bytes = bytesIn unit;
  in
    if bytes == null
    then null
    else number * bytes / 1024;
  ofText = text: let
    parts = match size.regex text;
    digits = match "0*([0-9]+)" text;
  in
    if parts != null
    then of (ofText (elemAt parts 0)) (elemAt parts 1)
    else if digits != null
    then fromJSON (elemAt digits 0)
    else null;
in rec {
  /*
  The number of KiB; null for anything else.
  */
  kib = value:
    if isInt value
    then value
    else if isString value
    then ofText value
    else if isAttrs value && value ? count
    then let
      unit = value.unit or null;
    in
      if isInt value.count && unit != null
      then of value.count unit
      else if isString value.count && unit != null
      then ofText "${value.count} ${unit}"
      else kib value.count
    else null;

  show = kib:
    if kib >= 1048576
    then "${toString (kib / 1048576)} GiB"
    else if kib >= 1024
    then "${toString (kib / 1024)} MiB"
    else "${toString kib} KiB";
}
