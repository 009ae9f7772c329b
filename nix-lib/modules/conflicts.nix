# Conflicts between the objects of a connection, each a message: `refused` is what libvirt refuses, `warned` what cannot run at
# the same time.
{
  lib,
  listOf,
}: let
  inherit (builtins) attrValues concatMap concatStringsSep filter groupBy isAttrs length toJSON;

  ownModes = ["nat" "route" "open"];

  # Whether libvirt makes the network's bridge and gives it addresses.
  isOwn = network: network.spec.forward or null == null || lib.elem (network.spec.forward.mode or "nat") ownModes;

  # The items that have the same key as another, in groups. The key null is none.
  shared = keyOf: items: filter (group: length group > 1) (attrValues (groupBy keyOf (filter (it: keyOf it != null) items)));

  namesOf = objects: concatStringsSep " and " (map (it: toJSON it.name) objects);

  # The first 24 bits of an IPv4 network of that size, as text; null for other sizes.
  subnetOf = ip: let
    parts = builtins.match "([0-9]+\\.[0-9]+\\.[0-9]+)\\.[0-9]+" (ip.address or "");
  in
    if parts != null && (toString (ip.prefix or "") == "24" || ip.netmask or "" == "255.255.255.0")
    then builtins.head parts
    else null;

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
in
  at: objects: let
    known = plural: filter (it: it.spec != null && it.name != null) (listOf objects.${plural});
    networks = filter isOwn (known "networks");
    domains = known "domains";

    bridges = map (group: ''
      ${at}: networks ${namesOf group} have the same bridge ${toJSON (builtins.head group).spec.bridge.name}
      hint: give each network a bridge of its own, or omit `bridge.name`'')
    (shared (it: it.spec.bridge.name or null) networks);

    subnets =
      map (group: ''
        ${at}: networks ${namesOf group} have the same subnet ${toJSON "${(builtins.head group).subnet}.0/24"}, and cannot run at the same time
        hint: give each network a subnet of its own'')
      (shared (it: it.subnet) (concatMap (network:
        map (subnet: {
          inherit (network) name;
          inherit subnet;
        }) (lib.unique (filter (it: it != null) (map subnetOf (filter isAttrs (listOf (network.spec.ip or null)))))))
      networks));

    images = map (group: ''
      ${at}: domains ${namesOf group} write to the same disk ${toJSON (builtins.head group).image}
      hint: give each domain a disk of its own, or set `readonly` or `shareable` on both'')
    (shared (it: it.image) (concatMap imagesOf domains));

    # Networks that are declared, and that nothing starts.
    stopped = lib.genAttrs (map (it: it.name) (filter (it: it.policy.active or null != true && it.policy.autostart or null != true) (known "networks"))) (_: true);
    networksOf = domain: lib.unique (filter (name: stopped ? ${toString name}) (map (it: it.source.network or null) (filter isAttrs (listOf (domain.spec.devices.interface or null)))));
    unstarted = concatMap (domain:
      map (name: ''
        ${at}: domain ${toJSON domain.name} is active and uses network ${toJSON name}, which nothing starts
        hint: set `networks.${lib.strings.escapeNixIdentifier name}.active = true`'') (networksOf domain))
    (filter (it: it.policy.active or null == true) domains);
  in {
    refused = bridges;
    warned = subnets ++ images ++ unstarted;
  }
