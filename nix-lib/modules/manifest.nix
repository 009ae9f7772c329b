# The manifest that `nixvirt apply` reads, of what is declared at all connections; and what is to be said of it.
{
  lib,
  library,
}: let
  inherit (builtins) concatLists concatMap elem filter groupBy isAttrs mapAttrs toJSON;
  inherit (import ./specs.nix {inherit lib library;}) listOf object twice;

  kinds = {
    secrets = "secret";
    nwfilters = "nwfilter";
    networks = "network";
    pools = "pool";
    domains = "domain";
  };

  # What is known of the objects of a connection: null for a kind that is left alone. Pools and domains have their `volumes`;
  # one that a domain wants for a disk and that its pool declares is as the pool says.
  known = connection: let
    objects = mapAttrs (plural: kind:
      if connection.${plural} == null
      then null
      else map (object kind) connection.${plural})
    kinds;
    withVolumes = volumesOf: lib.mapNullable (map (it: it // {volumes = volumesOf it;}));
    pools = withVolumes (pool: map (it: volumeOf pool.name (object "volume" it)) pool.policy.volumes) objects.pools;
    ofPools = concatMap (it: it.volumes) (listOf pools);
    names = map (it: it.name) ofPools;
    domains = withVolumes (domain: filter (it: !elem it.name names) (map (wantedBy domain) (listOf (domain.spec.volumes or null)))) objects.domains;
  in
    objects
    // {
      inherit pools domains;
      volumes = ofPools ++ concatMap (it: it.volumes) (listOf domains);
    };

  # A volume, which is named together with its pool. One of either may have a name that nobody has read here.
  volumeOf = pool: volume: {
    inherit pool volume;
    name =
      if pool == null || volume.name == null
      then null
      else "${pool}/${volume.name}";
  };

  wantedBy = domain: it:
    if !(it ? pool && it ? definition)
    then throw "domain ${toJSON domain.name}: volumes: each has a `pool`, which is a name, and a `definition`"
    else
      volumeOf it.pool (object "volume" {
        inherit (it) definition;
        content = it.content or null;
      });

  # An object, as the manifest has it.
  entry = it:
    it.policy
    // (
      if it.path == null
      then {inherit (it) name;}
      else {definition = it.path;}
    );

  contentOf = content:
    if content == null
    then null
    else if !isAttrs content || content ? outPath
    then {file = "${content}";}
    else
      lib.filterAttrs (_: it: it != null) (mapAttrs (name: it:
        if name == "file" && it != null
        then "${it}"
        else it)
      content);

  volumeEntry = it: let
    made = entry it;
  in
    made // {content = contentOf (made.content or null);};

  entries = {
    secrets = entry;
    nwfilters = entry;
    networks = it: removeAttrs (entry it) ["openFirewall"];
    pools = it: entry it // {volumes = map (one: volumeEntry one.volume) it.volumes;};
    domains = it:
      removeAttrs (entry it) ["hooks"]
      // {
        volumes = map (one: volumeEntry one.volume // {inherit (one) pool;}) it.volumes;
        snapshots =
          if it.policy.snapshots == null
          then null
          else map (snapshot: entry (object "snapshot" snapshot)) it.policy.snapshots;
      };
  };

  # Names of networks, pools and volumes that a domain refers to.
  refersTo = domain: let
    devices = domain.spec.devices or {};
    sources = kind: map (it: it.source or {}) (filter isAttrs (listOf (devices.${kind} or null)));
    disks = filter (it: isAttrs it && it ? pool && it ? volume) (sources "disk");
  in {
    networks = map (it: it.network) (filter (it: isAttrs it && it.network or null != null) (sources "interface"));
    pools = map (it: it.pool) disks ++ map (it: it.pool) (listOf (domain.spec.volumes or null));
    volumes = map (it: it // {name = "${it.pool}/${it.volume}";}) disks;
  };

  # What a domain names and its connection does not declare. Nothing is said of a kind that is left alone, or of which some
  # object is in a file that nobody has read here.
  missing = uri: objects: let
    namesOf = plural: map (it: it.name) (listOf objects.${plural});
    knows = plural: objects.${plural} != null && !elem null (namesOf plural);
    say = domain: what: name: "virtualisation.libvirt: ${uri}: domain ${toJSON domain.name} names the ${what} ${toJSON name}, which is not declared";
    undeclared = domain: plural: what:
      if knows plural
      then map (say domain what) (lib.unique (filter (name: !elem name (namesOf plural)) (refersTo domain).${plural}))
      else [];
    volumesIn = mapAttrs (_: map (it: it.name)) (groupBy (it: toString it.pool) objects.volumes);
    isMissing = disk: let
      declared = volumesIn.${disk.pool} or [];
    in
      knows "pools" && elem disk.pool (namesOf "pools") && declared != [] && !elem null declared && !elem disk.name declared;
    volumes = domain: map (disk: say domain "volume" disk.name) (filter isMissing (refersTo domain).volumes);
    shown = domain: let
      cards = filter isAttrs (listOf (domain.spec.devices.graphics or null));
    in
      lib.optional (lib.any (it: it.passwd or null != null) cards) ''
        virtualisation.libvirt: ${uri}: domain ${toJSON domain.name}: devices.graphics.passwd is in the Nix store, where everyone on this machine reads it'';
  in
    concatMap (domain:
      undeclared domain "networks" "network"
      ++ undeclared domain "pools" "pool"
      ++ volumes domain
      ++ shown domain)
    (filter (it: it.spec != null) (listOf objects.domains));

  doubles = uri: objects: let
    of = what: objects: map (name: "virtualisation.libvirt: ${uri}: there are two ${what} of the name ${toJSON name}") (twice (map (it: it.name) objects));
  in
    concatLists (lib.mapAttrsToList (plural: _: of plural (listOf objects.${plural})) kinds)
    ++ of "volumes" objects.volumes;
in
  connections: let
    objects = mapAttrs (_: known) connections;
    each = make: concatLists (lib.mapAttrsToList make objects);
  in {
    manifest = {
      version = 1;
      connections = mapAttrs (uri: connection:
        {inherit (connection) prune onChange shutdown;}
        // mapAttrs (plural: _:
          if objects.${uri}.${plural} == null
          then null
          else map entries.${plural} objects.${uri}.${plural})
        kinds)
      connections;
    };

    warnings = each missing;

    assertions = map (message: {
      assertion = false;
      inherit message;
    }) (each doubles);

    # What hosts need to know of networks: the bridges on which guests ask for addresses and names.
    bridges = let
      open = filter (it: it.policy.openFirewall && it.spec.bridge.name or null != null && it.spec.ip or null != null) (each (_: it: listOf it.networks));
    in
      lib.unique (map (it: it.spec.bridge.name) open);

    # The scripts of domains: { uri, name, operation, script }.
    hooks = each (uri: objects:
      concatMap (domain:
        lib.mapAttrsToList (operation: script: {
          inherit uri operation script;
          name =
            if domain.name == null
            then throw "virtualisation.libvirt: ${uri}: hooks are of a domain by its name, which is in its file: declare it as `domains.NAME`"
            else domain.name;
        }) (lib.filterAttrs (_: script: script != "") domain.policy.hooks))
      (listOf objects.domains));
  }
