# Whether a text has the form that is named after its pattern. Nix compiles each pattern that it uses, so these tests know common texts
# alone, and none that XML would escape.
let
  inherit (builtins) elem replaceStrings stringLength substring;
  without = characters: replaceStrings characters (map (_: "") characters);
  lacks = characters: it: without characters it == it;
  Text = lacks ["&" "<" ">" "'" "\t" "\n" "\r"];
  # Hexadecimal digits as `0`.
  shape = replaceStrings ["1" "2" "3" "4" "5" "6" "7" "8" "9" "a" "b" "c" "d" "e" "f"] ["0" "0" "0" "0" "0" "0" "0" "0" "0" "0" "0" "0" "0" "0" "0"];
  isOneOf = words: it: elem it words;
in {
  inherit Text;
  AbsolutePath = it: stringLength it > 1 && substring 0 1 it == "/" && Text it;
  BridgeName = isOneOf ["virbr0" "br0"];
  DiskTargetName = it: stringLength it == 3 && elem (substring 0 2 it) ["fd" "hd" "sd" "vd"] && "a" <= substring 2 1 it && substring 2 1 it <= "z";
  DnsName = isOneOf ["127.0.0.1" "0.0.0.0"];
  HypervVendorText = it: stringLength it <= 12 && lacks [","] it && Text it;
  InterfaceModelType = isOneOf ["virtio" "e1000e"];
  Line = it: it != "" && Text it;
  MachineName = isOneOf ["q35" "pc" "virt"];
  Name = it: it != "" && lacks ["/"] it && Text it;
  Token = isOneOf ["qemu"];
  UnicastMac = it: shape it == "00:00:00:00:00:00" && elem (substring 1 1 it) ["0" "2" "4" "6" "8" "a" "c" "e"];
  Uuid = it: shape it == "00000000-0000-0000-0000-000000000000";
  VolumeName = it: lacks ["/"] it && without ["." " "] it != "" && Text it;
}
