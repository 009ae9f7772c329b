# Adds the UUID and MAC addresses that a spec omits, which are derived from names as in `schema/src/engine/identity.rs`.
kind: hasUuid: let
  inherit (builtins) elemAt genList isAttrs isList isString length;
  scalar = import ./scalar.nix;
  uuidOf = import ./uuid.nix kind;
  macOf = import ./mac.nix;
  only = import ./only.nix;
in
  spec: let
    text = it: let
      inner = scalar.value (only it);
    in
      if isString inner
      then inner
      else "";
    name = text (spec.name or null);

    uuid = uuidOf name;
    mac = card:
      macOf {
        type = text (spec.type or null);
        uuid = scalar.value (only (spec.uuid or null));
        inherit name card;
      };

    devices = only (spec.devices or null);
    cards = devices.interface or null;
    card = place: it:
      if isAttrs it && only (it.mac or null) == null
      then it // {mac.address = mac place;}
      else it;
    ids =
      if hasUuid && only (spec.uuid or null) == null
      then {inherit uuid;}
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
    if name == ""
    then spec
    else if kind != "domain" || cards == null
    then spec // ids
    else spec // ids // addresses
