# Adds the UUID and MAC addresses that a spec omits.
#
# # Type
# identity :: String -> Spec -> Spec
kind: let
  inherit (builtins) elemAt genList isAttrs isList isString length;
  derived = import ./derived.nix;
  # What a value means: the only item of a list, and what converts to a string as that string.
  meant = it:
    if it == null || isString it
    then it
    else import ./value.nix (only it);
  only = it:
    if isList it
    then import ./only.nix it
    else it;
  text = it: let
    inner = meant it;
  in
    if isString inner
    then inner
    else "";
in
  spec: let
    name = text (spec.name or null);
    card = place: it:
      if isAttrs it && only (it.mac or null) == null
      then
        it
        // {
          mac.address = derived.mac {
            type = text (spec.type or null);
            uuid = meant (spec.uuid or null);
            inherit name;
            card = place;
          };
        }
      else it;
    devices = only (spec.devices or null);
    cards = devices.interface or null;
    ids =
      if only (spec.uuid or null) == null && derived.hasUuid kind
      then {uuid = derived.uuid kind name;}
      else {};
    addresses.devices =
      devices
      // {
        interface =
          if isList cards
          then genList (place: card place (elemAt cards place)) (length cards)
          else card 0 cards;
      };
  in
    if !isAttrs spec || name == ""
    then spec
    else if kind != "domain" || cards == null
    then spec // ids
    else spec // ids // addresses
