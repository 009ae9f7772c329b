# Whether a text has the form that is named after its pattern. Nix compiles each pattern that it uses, so these tests know common texts
# alone, and none that XML would escape.
let
  inherit (builtins) elem replaceStrings stringLength substring;
  replaced = characters: by: replaceStrings characters (map (_: by) characters);
  lacks = characters: it: replaced characters "" it == it;
  Text = lacks ["&" "<" ">" "'" "\t" "\n" "\r"];
  # Hexadecimal digits as `0`.
  shape = replaced ["1" "2" "3" "4" "5" "6" "7" "8" "9" "a" "b" "c" "d" "e" "f"] "0";
in {
  inherit Text;
  AbsolutePath = it: stringLength it > 1 && substring 0 1 it == "/" && Text it;
  DiskTargetName = it: stringLength it == 3 && elem (substring 0 2 it) ["fd" "hd" "sd" "vd"] && "a" <= substring 2 1 it && substring 2 1 it <= "z";
  HypervVendorText = it: stringLength it <= 12 && lacks [","] it && Text it;
  Line = it: it != "" && Text it;
  Name = it: it != "" && lacks ["/"] it && Text it;
  UnicastMac = it: shape it == "00:00:00:00:00:00" && elem (substring 1 1 it) ["0" "2" "4" "6" "8" "a" "c" "e"];
  Uuid = it: shape it == "00000000-0000-0000-0000-000000000000";
  VolumeName = it: lacks ["/"] it && replaced ["." " "] "" it != "" && Text it;
}
