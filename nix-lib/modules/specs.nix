# From what is declared in options to specs: an object's spec is what its definition says, with the options beside it laid over.
{
  lib,
  library,
}: let
  inherit (builtins) attrNames attrValues filter groupBy hasAttr isAttrs isList mapAttrs removeAttrs;
  inherit (import ./typed.nix {inherit lib;}) isSet schemaOf;
  inherit (import ./objects.nix {inherit lib library;}) policyNames;

  listOf = it:
    if it == null
    then []
    else if isList it
    then it
    else [it];

  # The devices that there may be several of, which options have by name and specs in lists, each with the names of its parts.
  inherit (schemaOf library.domain.schema) several;

  # What the name of a device says of it.
  named = domain: kind: name: device:
    if kind == "disk"
    then lib.recursiveUpdate {target.dev = name;} device
    else if kind == "interface" && device.mac or null == null
    then
      device
      // {
        mac.address = import ../mac.nix {
          type = domain.type or "";
          domain = domain.name or "";
          card = name;
        };
      }
    else device;

  # The name that a device in a list would have among options.
  nameIn = kind: device:
    if kind == "disk" && isAttrs device
    then device.target.dev or null
    else null;

  # Devices by name, laid over those in a list.
  overList = domain: kind: base: devices: let
    known = lib.genAttrs (filter (name: name != null) (map (nameIn kind) base)) (_: null);
    change = device: let
      name = nameIn kind device;
    in
      if name != null && devices ? ${name}
      then lib.recursiveUpdate device devices.${name}
      else device;
  in
    map change base ++ attrValues (mapAttrs (named domain kind) (removeAttrs devices (attrNames known)));

  devicesOf = domain: base: own:
    mapAttrs (
      kind: given:
        if hasAttr kind several && isSet given
        then
          lib.throwIf (builtins.any (part: given ? ${part}) several.${kind}) ''
            domain ${builtins.toJSON (domain.name or "")}: devices.${kind} is a set of devices by name here, and what is in this one are parts of one device; write `devices.${kind}.${
              if kind == "disk"
              then "vda"
              else "first"
            } = { … }`, or a list''
          (overList domain kind (listOf (base.${kind} or null)) given)
        else given
    )
    own;

  over = kind: base: own: let
    merged = lib.recursiveUpdate base own;
  in
    if kind == "domain" && own ? devices && isSet own.devices
    then
      merged
      // {
        devices = (base.devices or {}) // devicesOf merged (base.devices or {}) own.devices // mergedSingles base own;
      }
    else merged;

  # Devices of which there is one are laid over as sets are.
  mergedSingles = base: own:
    mapAttrs (kind: given: lib.recursiveUpdate (base.devices.${kind} or {}) given)
    (lib.filterAttrs (kind: given: !hasAttr kind several && isSet given && isSet (base.devices.${kind} or null)) own.devices);

  # What is known of an object: its policy, its spec where it is known, its name where it is known, and the path of its XML, or
  # null where it has a name alone.
  object = kind: entry: let
    given = entry.definition or null;
    own = removeAttrs entry policyNames.${kind};
    isWritten = isAttrs given && given ? spec && given ? outPath;
    base =
      if given == null
      then {}
      else if isWritten
      then given.spec
      else if isSet given
      then given
      else null;
    # What its name among the options says of it, if it has not said so itself. Errors are to show no place in this file.
    ofKey =
      if entry ? _key && (own.name or base.name or null) == null
      then builtins.listToAttrs [identity]
      else {};
    identity =
      if kind == "secret"
      then lib.nameValuePair "uuid" (import ../uuid.nix kind entry._key)
      else lib.nameValuePair "name" entry._key;
    spec =
      if base == null
      then null
      else over kind (ofKey // base) own;
    # Of some kinds there may be a name alone, or beside a file, whose own name is to be the same.
    isNamed = lib.elem kind ["snapshot" "volume"] && removeAttrs own ["name"] == {};
    isName = isNamed && given == null;
    isNamedFile = isNamed && base == null;
  in {
    inherit kind spec;
    policy = removeAttrs (lib.getAttrs (filter (name: entry ? ${name}) policyNames.${kind}) entry) ["definition" "_key"] // lib.optionalAttrs isNamedFile own;
    name = spec.name or own.name or entry._key or null;
    path =
      if base == null && own != {} && !isNamedFile
      then
        throw ''
          ${kind} ${builtins.toJSON (entry._key or "")}: `definition` is a file, over which nothing can be laid; ${lib.concatStringsSep ", " (attrNames own)} ${
            if builtins.length (attrNames own) == 1
            then "is"
            else "are"
          } given beside it''
      else if isName
      then null
      else if base == null || isWritten && own == {}
      then "${given}"
      else "${library.${kind}.writeXML spec}";
  };
in {
  inherit listOf object;

  # Names that are there more than once.
  twice = names: attrNames (lib.filterAttrs (_: same: builtins.length same > 1) (groupBy (name: name) (filter (name: name != null) names)));
}
