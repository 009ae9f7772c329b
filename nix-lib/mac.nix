# The MAC address of a network interface, derived from the name of the domain and the position or name of the interface.
#
# # Type
# mac :: { type :: String, domain :: String, card :: Int | String } -> String
{
  type,
  domain,
  card,
}: let
  # The prefixes that libvirt itself uses for generated addresses.
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
