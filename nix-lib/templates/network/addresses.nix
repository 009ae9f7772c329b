# The `ip` of a network's host, with a DHCP server for all other addresses. The subnet is 192.168.N.0/24, or one such as
# `10.20.0.0/16`.
#
# # Type
# addresses :: { subnet_byte :: Int | Null, subnet :: String | Null } -> { dhcp :: Bool, hosts :: Hosts } -> Ip
let
  inherit (builtins) bitAnd elemAt foldl' fromJSON genList match toJSON;

  power = exponent: foldl' (power: _: power * 2) 1 (genList (it: it) exponent);
  byte = "(0|[1-9][0-9]{0,2})";
  form = "${byte}[.]${byte}[.]${byte}[.]${byte}/([1-9][0-9]?)";
  text = address: "${toString (address / 16777216)}.${toString (bitAnd (address / 65536) 255)}.${toString (bitAnd (address / 256) 255)}.${toString (bitAnd address 255)}";
in
  {
    subnet_byte,
    subnet,
  }: let
    bytes = match form (toString subnet);
    numbers = map fromJSON bytes;
    isValid = bytes != null && builtins.all (byte: byte < 256) numbers && elemAt numbers 4 < 31;
    prefix = elemAt numbers 4;
    size = power (32 - prefix);
    address = foldl' (address: at: address * 256 + elemAt numbers at) 0 [0 1 2 3];
    first = address - bitAnd address (size - 1);
    # libvirt takes ranges of 65536 addresses at most.
    last =
      if size > 65538
      then first + 65537
      else first + size - 2;

    isByte = let
      digits = match byte (toString subnet_byte);
    in
      digits != null && fromJSON (elemAt digits 0) < 256;
    three = "192.168.${toString subnet_byte}";
    range =
      if subnet_byte != null && subnet != null
      then throw "subnet_byte and subnet both tell the subnet: remove one of them"
      else if subnet_byte != null && !isByte
      then throw "invalid subnet_byte ${toJSON subnet_byte}: expected a whole number from 0 to 255"
      else if subnet_byte != null
      then {
        address = "${three}.1";
        mask.netmask = "255.255.255.0";
        start = "${three}.2";
        end = "${three}.254";
      }
      else if subnet == null
      then
        throw ''
          the subnet is missing
          hint: set subnet_byte, such as 74, or subnet, such as "10.20.0.0/16"''
      else if !isValid
      then
        throw ''
          invalid subnet ${toJSON subnet}: expected an IPv4 address and a prefix of 1 to 30
          hint: write it as in subnet = "10.20.0.0/16"''
      else {
        address = text (first + 1);
        mask = {inherit prefix;};
        start = text (first + 2);
        end = text last;
      };
  in
    {
      dhcp,
      hosts,
    }:
      {
        inherit (range) address;
        dhcp =
          if dhcp
          then {
            range = {inherit (range) start end;};
            host = hosts;
          }
          else null;
      }
      // range.mask
