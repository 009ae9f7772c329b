# Conflicts between the objects of a connection, each a message: `refused` is what libvirt refuses, `warned` what cannot run at
# the same time.
{
  lib,
  listOf,
}: let
  inherit (builtins) attrValues concatMap concatStringsSep elemAt filter groupBy head isAttrs length match toJSON;
  inherit (lib) concatMapStrings;

  ownModes = ["nat" "route" "open"];

  # Whether libvirt makes the network's bridge and gives it addresses.
  isOwn = network: network.spec.forward or null == null || lib.elem (network.spec.forward.mode or "nat") ownModes;

  # The items that have the same key as another, in groups. The key null is none.
  shared = keyOf: items: filter (group: length group > 1) (attrValues (groupBy keyOf (filter (it: keyOf it != null) items)));

  namesOf = objects: concatStringsSep " and " (map (it: toJSON it.name) objects);

  # A number as binary digits.
  binary = digits: number:
    if digits == 0
    then ""
    else binary (digits - 1) (number / 2) + toString (lib.mod number 2);

  # The binary digits of an IP address; null for any other text.
  digitsOf = address: let
    isText = builtins.isString address;
    hexadecimal = text: (builtins.fromTOML "number = 0x${text}").number;
    groupsOf = text: filter (group: group != "") (lib.splitString ":" text);
    # The groups on both sides of `::`.
    sides = map groupsOf (lib.splitString "::" address);
    zeros = lib.genList (_: "0") (lib.max 0 (8 - length (lib.concatLists sides)));
  in
    if isText && match "[0-9]+(\\.[0-9]+){3}" address != null
    then concatMapStrings (part: binary 8 (lib.toIntBase10 part)) (lib.splitString "." address)
    else if isText && match "[0-9a-fA-F]*(:[0-9a-fA-F]*)+" address != null
    then concatMapStrings (group: binary 16 (hexadecimal group)) (head sides ++ zeros ++ lib.concatLists (builtins.tail sides))
    else null;

  # The subnet of an `ip`: as text, and as binary digits behind its family. A subnet is within another one if its digits start with those
  # of the other. Null if it is not known.
  subnetOf = ip: let
    digits = digitsOf (ip.address or null);
    ones = digits: lib.stringLength (lib.replaceStrings ["0"] [""] digits);
    mask = digitsOf (ip.netmask or null);
    prefix =
      if match "[0-9]+" (toString (ip.prefix or "")) != null
      then lib.toIntBase10 (toString ip.prefix)
      else ones mask;
    isIPv4 = lib.stringLength digits == 32;
  in
    if digits == null || ip.prefix or null == null && mask == null
    then null
    else {
      inherit isIPv4;
      text = "${ip.address}/${toString prefix}";
      digits = toString (length (lib.stringToCharacters digits)) + lib.substring 0 prefix digits;
    };

  # The pairs of subnets of different networks of which one is within the other.
  overlaps = subnets: let
    sorted = lib.sort (one: other: one.digits < other.digits) subnets;
    add = {
      outer,
      pairs,
    }: it:
      if outer != null && lib.hasPrefix outer.digits it.digits
      then {
        inherit outer;
        pairs = pairs ++ lib.optional (outer.name != it.name) [outer it];
      }
      else {
        outer = it;
        inherit pairs;
      };
  in
    (lib.foldl' add {
        outer = null;
        pairs = [];
      }
      sorted)
    .pairs;

  # The images that a guest writes, each with what identifies it. Guests may share what is read-only or shareable.
  imagesOf = domain: let
    disks = filter isAttrs (listOf (domain.spec.devices.disk or null));
    isWritten = disk: !(disk.readonly or false != false || disk.shareable or false != false || lib.elem (disk.device or "disk") ["cdrom" "floppy"]);
    image = disk: let
      source = disk.source or null;
    in
      if !isAttrs source
      then null
      else if source ? pool && source ? volume
      then "${source.pool}/${source.volume}"
      else source.file or source.dev or null;
  in
    map (image: {
      inherit (domain) name;
      image = builtins.unsafeDiscardStringContext (toString image);
    }) (lib.unique (filter (it: it != null) (map image (filter isWritten disks))));

  # The devices of a domain with that name.
  devicesOf = kind: domain: filter isAttrs (listOf (domain.spec.devices.${kind} or null));

  # The MAC addresses of a domain.
  macsOf = domain:
    map (mac: {
      inherit (domain) name;
      inherit mac;
    }) (lib.unique (map lib.toLower (filter builtins.isString (map (it: it.mac.address or null) (filter (it: isAttrs (it.mac or null)) (devicesOf "interface" domain))))));

  # What only one guest of a host can have while it runs.
  claimsOf = domain: let
    isFixed = display: !lib.elem (display.autoport or false) [true "yes"];
    ports = concatMap (display: map (name: display.${name} or null) (["websocket"] ++ lib.optionals (isFixed display) ["port" "tlsPort"])) (devicesOf "graphics" domain);
    addressOf = device: let
      address = device.source.address or null;
    in
      if isAttrs address
      then concatStringsSep ":" (map (name: toString address.${name}) (builtins.attrNames address))
      else address;
    hostDevices = map addressOf (filter (it: isAttrs (it.source or null) && lib.elem (it.type or null) ["pci" "usb"]) (devicesOf "hostdev" domain));
    taps = map (it: it.target.dev or null) (filter (it: isAttrs (it.target or null)) (devicesOf "interface" domain));
    contexts = map (it: it.cid.address or null) (filter (it: isAttrs (it.cid or null)) (devicesOf "vsock" domain));
    claims = what: values: map (value: "${what} ${toJSON value}") (filter (it: it != null && it != (-1)) values);
  in
    map (claim: {
      inherit (domain) name;
      inherit claim;
    }) (lib.unique (claims "TCP port" ports ++ claims "host device" hostDevices ++ claims "tap device" taps ++ claims "vsock address" contexts));
in
  at: objects: let
    known = plural: filter (it: it.spec != null && it.name != null) (listOf objects.${plural});
    isStarted = it: it.policy.active or null == true || it.policy.autostart or null == true;
    networks = filter isOwn (known "networks");
    domains = known "domains";

    bridges = map (group: ''
      ${at}: networks ${namesOf group} have the same bridge ${toJSON (head group).spec.bridge.name}
      hint: give each network a bridge of its own, or omit `bridge.name`'')
    (shared (it: it.spec.bridge.name or null) networks);

    uuids = concatMap (plural:
      map (group: ''
        ${at}: ${plural} ${namesOf group} have the same UUID ${toJSON (head group).spec.uuid}
        hint: give each a UUID of its own, or omit `uuid`: it follows from the name'')
      (shared (it: it.spec.uuid or null) (known plural))) ["domains" "networks" "pools"];

    folders = map (group: ''
      ${at}: pools ${namesOf group} have the same folder ${toJSON (toString (head group).spec.target.path)}
      hint: give each pool a folder of its own'')
    (shared (it: lib.mapNullable toString (it.spec.target.path or null)) (filter (it: it.spec.type or null == "dir") (known "pools")));

    usages = map (group: ''
      ${at}: secrets ${namesOf group} have the same usage
      hint: give each secret a usage of its own'')
    (shared (it: lib.mapNullable toJSON (it.spec.usage or null)) (known "secrets"));

    subnets = map (pair: let
      one = head pair;
      other = elemAt pair 1;
      shown = "${toJSON one.text} and ${toJSON other.text}";
    in ''
      ${at}: networks ${namesOf pair} have ${
        if one.isIPv4 && one.digits == other.digits
        then "the same subnet (${shown}), and cannot run at the same time"
        else "overlapping subnets (${shown}): the host reaches some guests of only one of them"
      }
      hint: give each network a subnet of its own'')
    (overlaps (concatMap (network: map (subnet: subnet // {inherit (network) name;}) (filter (it: it != null) (map subnetOf (filter isAttrs (listOf (network.spec.ip or null)))))) networks));

    macs = map (group: ''
      ${at}: domains ${namesOf group} have the same MAC address ${toJSON (head group).mac}
      hint: give each interface a MAC address of its own, or omit `mac`'')
    (shared (it: it.mac) (concatMap macsOf domains));

    claims = map (group: ''
      ${at}: domains ${namesOf group} have the same ${(head group).claim}, and cannot run at the same time
      hint: change one of the domains, or start only one of them'')
    (shared (it: it.claim) (concatMap claimsOf (filter isStarted domains)));

    images = map (group: ''
      ${at}: domains ${namesOf group} write to the same disk ${toJSON (head group).image}
      hint: give each domain a disk of its own, or set `readonly` or `shareable` on both'')
    (shared (it: it.image) (concatMap imagesOf domains));

    # Networks that are declared, and that nothing starts.
    stopped = lib.genAttrs (map (it: it.name) (filter (it: !isStarted it) (known "networks"))) (_: true);
    networksOf = domain: lib.unique (filter (name: stopped ? ${toString name}) (map (it: it.source.network or null) (filter isAttrs (listOf (domain.spec.devices.interface or null)))));
    unstarted = concatMap (domain:
      map (name: ''
        ${at}: domain ${toJSON domain.name} is active and uses network ${toJSON name}, which nothing starts
        hint: set `networks.${lib.strings.escapeNixIdentifier name}.active = true`'') (networksOf domain))
    (filter (it: it.policy.active or null == true) domains);
  in {
    refused = bridges ++ uuids ++ folders ++ usages;
    warned = subnets ++ images ++ macs ++ claims ++ unstarted;
  }
