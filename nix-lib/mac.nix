# The hardware address of a network card of a domain, which follows from the domain's name and what the card is known by: its
# place in the list, or its name.
#
# # Type
# mac :: { type :: String, domain :: String, card :: Int | String } -> String
{
  type,
  domain,
  card,
}: let
  # What libvirt's own addresses start with.
  prefixes = {
    xen = "00:16:3e";
    vmware = "00:0c:29";
    vbox = "08:00:27";
    hyperv = "00:15:5d";
    bhyve = "58:9c:fc";
    vz = "42:1c:00";
  };
  digits = builtins.hashString "sha256" "nixvirt:domain:${domain}:interface:${toString card}";
  pair = start: builtins.substring start 2 digits;
in "${prefixes.${type} or "52:54:00"}:${pair 0}:${pair 2}:${pair 4}"
