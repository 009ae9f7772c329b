# From options to specs: the spec of an object is its `definition`, overridden by the fields that are set next to it.
{
  lib,
  library,
}: let
  inherit (builtins) attrNames attrValues filter groupBy hasAttr isAttrs isList isString length mapAttrs removeAttrs toJSON tryEval;
  inherit (import ./schema-options.nix {inherit lib;}) isSet schemaOf;
  inherit (import ./object-options.nix {inherit lib library;}) policyNames;
  inherit (import ./by-name.nix {inherit lib;}) fieldsOfOne;
  inherit (import ./given.nix {inherit lib;}) asGiven;

  listOf = it:
    if it == null
    then []
    else if isList it
    then it
    else [it];

  # The devices that may repeat, with their parts. Options have them by name, specs in lists.
  inherit (schemaOf library.domain.schema) repeatable;

  # A device with the fields that follow from its name: the target of a disk, the MAC address of a network interface.
  named = domain: kind: name: device:
    if device == null
    then null
    else if kind == "disk"
    then lib.recursiveUpdate {target.dev = name;} device
    else if kind == "graphics" && device.type or null == null
    then {type = name;} // device
    else if kind == "interface" && device.mac or null == null
    then
      device
      // {
        mac.address = (import ../render/identity.nix).mac {
          type = domain.type or "";
          uuid = domain.uuid or null;
          name = domain.name or "";
          card = name;
        };
      }
    else device;

  # The name that a device of a definition has among the options: the target of a disk, the type of graphics, the name of a channel,
  # `default` for the first device of another kind; null if it has none.
  nameIn = kind: place: device:
    if !isAttrs device
    then null
    else
      {
        disk = device.target.dev or null;
        graphics = device.type or null;
        channel = device.target.name or null;
      }
      .${kind}
      or (
        if place == 0
        then "default"
        else null
      );

  # A device with other fields. Another type has another source.
  overrideDevice = device: own:
    if own == null
    then null
    else
      lib.recursiveUpdate (
        if own.type or null != null && own.type != device.type or null
        then removeAttrs device ["source"]
        else device
      )
      own;

  # A list of devices, overridden by the devices of the same name and followed by the others.
  overrideDevices = domain: kind: base: devices: let
    names = lib.imap0 (nameIn kind) base;
    known = lib.genAttrs (filter (name: name != null) names) (_: null);
    change = name: device:
      if name != null && devices ? ${name}
      then overrideDevice device devices.${name}
      else device;
  in
    lib.zipListsWith change names base ++ attrValues (mapAttrs (named domain kind) (removeAttrs devices (attrNames known)));

  isByName = kind: given: hasAttr kind repeatable && isSet given;

  # Names in a set of devices that are fields of a device: then the set is a single device without a name.
  fieldsOfDevice = kind: given: fieldsOfOne repeatable.${kind} (lib.mapAttrsToList lib.nameValuePair given);

  # Null leaves a device out.
  isDevice = device: device == null || isSet device;

  # The places of devices by name in the lists of a spec, which messages have paths of: the path that a user gave, and its steps.
  placesOf = base: own:
    lib.concatLists (lib.mapAttrsToList (kind: given: let
      ofBase = lib.imap0 (nameIn kind) (listOf (base.${kind} or null));
      added = attrNames (removeAttrs (lib.filterAttrs (_: isDevice) given) (filter (name: name != null) ofBase));
      place = index: name: {
        place = "devices.${kind}[${toString index}]";
        path = "devices.${kind}.${lib.strings.escapeNixIdentifier name}";
        steps = ["devices" kind name];
      };
      single = {
        place = "devices.${kind}[${toString (length ofBase)}]";
        path = "devices.${kind}";
        steps = ["devices" kind];
      };
    in
      if fieldsOfDevice kind given != []
      then [single]
      else lib.concatLists (lib.imap0 (index: name: lib.optional (name != null && given ? ${name}) (place index name)) (ofBase ++ added)))
    (lib.filterAttrs isByName own));

  # A name that a device of a kind may have.
  anyName = kind:
    {
      disk = "vda";
      graphics = "vnc";
    }
    .${kind}
    or "first";

  # The problems of devices that are no devices by name.
  mistakesOf = devices:
    lib.concatLists (lib.mapAttrsToList (kind: given: let
      fields = fieldsOfDevice kind given;
      path = "devices.${kind}";
      wrong = path: message: {
        code = "wrong-type";
        inherit path message;
        position = null;
      };
      single =
        wrong path "`${path}` expects devices by name, but has the fields of a single device: ${lib.concatStringsSep ", " fields}"
        // {
          hint = "name the device, as in `${path}.${anyName kind} = { … };`, or give a list of devices";
        };
      noDevice = name: device:
        wrong "${path}.${lib.strings.escapeNixIdentifier name}" "expected a set, e.g. ${example kind device}, found ${found device}";
    in
      if fields != []
      then [single]
      else lib.mapAttrsToList noDevice (lib.filterAttrs (_: device: !isDevice device) given))
    (lib.filterAttrs isByName devices));
  found = device:
    if lib.isStringLike device
    then toJSON (toString device)
    else if isList device || lib.isFunction device
    then (import ../render/scalar.nix).kind device
    else toJSON device;
  example = kind: device:
    if kind == "disk" && lib.isStringLike device
    then "{ source.file = ${toJSON (toString device)}; }"
    else "{ type = …; }";

  # The devices of a spec, in lists. A device that is a mistake is there too, or left out, so that all problems are found at once.
  devicesOf = domain: base: own:
    mapAttrs (
      kind: given: let
        ofBase = listOf (base.${kind} or null);
      in
        if !isByName kind given
        then given
        else if fieldsOfDevice kind given != []
        then ofBase ++ [(named domain kind (anyName kind) given)]
        else overrideDevices domain kind ofBase (lib.filterAttrs (_: isDevice) given)
    )
    own;

  override = kind: base: own: let
    merged = lib.recursiveUpdate base own;
  in
    if kind == "domain" && own ? devices && isSet own.devices
    then
      merged
      // {
        devices = (base.devices or {}) // devicesOf merged (base.devices or {}) own.devices // mergedSingles base own;
      }
    else merged;

  # Devices that do not repeat merge as sets do.
  mergedSingles = base: own:
    mapAttrs (kind: given: lib.recursiveUpdate (base.devices.${kind} or {}) given)
    (lib.filterAttrs (kind: given: !hasAttr kind repeatable && isSet given && isSet (base.devices.${kind} or null)) own.devices);

  # The disks of a domain, each with the format of the declared volume that it names. libvirt takes a disk without a format for
  # a raw image. `formatOf` returns the format of a source, or null.
  withFormats = formatOf: domain: let
    # An image whose format is in `holder`, and the images that back it.
    image = holder: it: let
      format = formatOf (it.source or null);
      held = it.${holder} or null;
      # A template proposes a format.
      isUnknown = format != null && (held.type or null == null || held.type.isProposal or false);
    in
      if !isAttrs it
      then it
      else
        it
        // lib.optionalAttrs isUnknown {${holder} = (lib.defaultTo {} held) // {type = format;};}
        // lib.optionalAttrs (isAttrs (it.backingStore or null)) {backingStore = image "format" it.backingStore;};
    devices = domain.devices or null;
    disks = devices.disk or null;
  in
    if disks == null
    then domain
    else
      domain
      // {
        devices =
          devices
          // {
            disk =
              if isList disks
              then map (image "driver") disks
              else image "driver" disks;
          };
      };

  # The problems of a spec that cannot be written. Without the plugin, they are those of its types.
  problemsOf = kind:
    if import ../has-plugin.nix builtins kind
    then library.${kind}.validate
    else
      import ../render/problems.nix {
        inherit kind;
        inherit (library.${kind}) schema;
      };

  # An object: its policy options, its spec (null if it is in an XML file), its name (null if that is only in an XML file) and
  # the path of its XML (null if the object has only a name).
  object = objectWith (spec: spec);

  # The same, with a change of its spec.
  objectWith = complete: kind: entry: let
    given = entry.definition or null;
    own = removeAttrs entry policyNames.${kind};
    isWritten = isAttrs given && given ? spec && given ? outPath;
    isChanged = own != {} || (isWritten && complete base != base);
    base =
      if given == null
      then {}
      else if isWritten
      then given.spec
      else if isSet given
      then given
      else null;
    # The name or UUID that follows from its name among the options. `listToAttrs` keeps positions in this file out of errors.
    ofKey =
      if entry ? _key && (own.name or base.name or null) == null
      then builtins.listToAttrs [identity]
      else {};
    identity =
      if kind == "secret"
      then lib.nameValuePair "uuid" ((import ../render/identity.nix).uuid kind entry._key)
      else lib.nameValuePair "name" entry._key;
    spec =
      if base == null
      then null
      else complete (override kind (ofKey // base) own);
    # Options of the object that are in its definition, which is the spec alone.
    misplaced = filter (name: base ? ${name}) policyNames.${kind};
    # Snapshots and volumes may have only a name, or a file and its name.
    isNamed = lib.elem kind ["snapshot" "volume"] && removeAttrs own ["name"] == {};
    isName = isNamed && given == null;
    isNamedFile = isNamed && base == null;
    hasDevices = kind == "domain" && isSet (own.devices or null);
    definitions = entry._definitions or [];
    mistakes =
      map (option: {
        code = "unknown-attribute";
        path = option;
        position = null;
        message = "`${option}` is no part of `definition`";
        hint = "write `${option}` beside `definition`";
      })
      misplaced
      ++ lib.optionals hasDevices (mistakesOf own.devices);
    besideFile = {
      code = "wrong-type";
      path = "definition";
      position = null;
      message = "`definition` is an XML file, which other fields cannot override: ${lib.concatStringsSep ", " (attrNames own)}";
      hint = "remove these fields, or give `definition` a spec; `nixvirt import` converts an XML file to a spec";
    };
    places = lib.optionals hasDevices (placesOf (base.devices or {}) own.devices);
    # What is written: without volumes, which libvirt does not know, and without misplaced options.
    rendered =
      removeAttrs (
        if kind == "domain"
        then import ../templates/domain/settle.nix spec
        else spec
      )
      misplaced;
    written = "${library.${kind}.writeXML rendered}";
    files = lib.unique (map (it: toString it.file) definitions);
    context =
      "while rendering ${label}"
      + lib.optionalString (files != []) ", which is declared in ${lib.concatStringsSep " and " files}";
    name = spec.name or own.name or entry._key or null;
    label =
      if isString name
      then "${kind} ${toJSON name}"
      else kind;
    fail = problems: (import ../render/problem.nix).fail label (map (asGiven definitions places) problems);
  in {
    inherit kind name spec;
    policy = removeAttrs (lib.getAttrs (filter (name: entry ? ${name}) policyNames.${kind}) entry) ["definition" "_key" "_definitions"] // lib.optionalAttrs isNamedFile own;
    path =
      if base == null && own != {} && !isNamedFile
      then fail [besideFile]
      else if isName
      then null
      else if mistakes == [] && (base == null || isWritten && !isChanged && !(spec ? volumes))
      then "${given}"
      else
        builtins.addErrorContext context (
          if mistakes == [] && (tryEval written).success
          then written
          else fail (mistakes ++ problemsOf kind rendered)
        );
  };
in {
  inherit listOf object objectWith withFormats;

  # The names that occur more than once.
  duplicatesIn = names: attrNames (lib.filterAttrs (_: same: builtins.length same > 1) (groupBy (name: name) (filter (name: name != null) names)));
}
