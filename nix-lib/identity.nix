# The spec of an object of that kind with the ids and hardware addresses that it leaves out, which follow from names as in
# `schema/src/identity.rs`.
kind: hasUuid: spec: let
  inherit (builtins) elemAt genList hashString isAttrs isList isString length substring;
  words = import ./words.nix;
  text = it:
    if isString (words.value it)
    then words.value it
    else "";
  name = text (spec.name or null);
  # What libvirt's own addresses start with.
  prefixes = {
    xen = "00:16:3e";
    vmware = "00:0c:29";
    vbox = "08:00:27";
    hyperv = "00:15:5d";
    bhyve = "58:9c:fc";
    vz = "42:1c:00";
  };

  uuid = let
    digits = hashString "sha256" "nixvirt:${kind}:${name}";
    part = start: count: substring start count digits;
  in "${part 0 8}-${part 8 4}-8${part 13 3}-a${part 17 3}-${part 20 12}";
  mac = place: let
    digits = hashString "sha256" "nixvirt:domain:${name}:interface:${toString place}";
    pair = start: substring start 2 digits;
  in "${prefixes.${text (spec.type or null)} or "52:54:00"}:${pair 0}:${pair 2}:${pair 4}";

  cards = spec.devices.interface or null;
  card = place: it:
    if isAttrs it && it.mac or null == null
    then it // {mac.address = mac place;}
    else it;
  ids =
    if hasUuid && spec.uuid or null == null
    then {inherit uuid;}
    else {};
  addresses.devices =
    spec.devices
    // {
      interface =
        if isList cards
        then genList (place: card place (elemAt cards place)) (length cards)
        else card 0 cards;
    };
in
  if name == ""
  then spec
  else if kind != "domain" || cards == null
  then spec // ids
  else spec // ids // addresses
