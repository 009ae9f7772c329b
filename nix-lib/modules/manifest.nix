# The manifest that `nixvirt apply` reads, made of the declared objects of all connections, with the checks across objects and
# the settings that the host needs for them.
{
  lib,
  library,
}: let
  inherit (builtins) concatLists concatMap elem filter groupBy isAttrs mapAttrs toJSON;
  inherit (import ./specs.nix {inherit lib library;}) listOf object objectWith withFormats duplicatesIn;

  kinds = {
    secrets = "secret";
    nwfilters = "nwfilter";
    networks = "network";
    pools = "pool";
    domains = "domain";
  };

  # The objects of a connection by kind; null for a kind that is not managed. Pools and domains carry their `volumes`. If both
  # a domain and its pool declare a volume, the pool's declaration counts.
  known = connection: let
    objects = mapAttrs (plural: kind:
      if connection.${plural} == null
      then null
      else map ((makers.${kind} or object) kind) connection.${plural})
    kinds;
    makers.domain = objectWith (withFormats formatOf);
    formatOf = formatsOf (listOf pools);
    withVolumes = volumesOf: lib.mapNullable (map (it: it // {volumes = volumesOf it;}));
    pools = withVolumes (pool: map (it: volumeOf pool.name (volumeIn pool it)) pool.policy.volumes) objects.pools;
    ofPools = concatMap (it: it.volumes) (listOf pools);
    names = setOf (map (it: it.name) ofPools);
    domains = withVolumes (domain: filter (it: !isIn names it.name) (map (wantedBy poolOf domain) (listOf (domain.spec.volumes or null)))) objects.domains;
    byName = keyedByName (listOf pools);
    poolOf = name: byName.${name} or {spec = null;};
  in
    objects
    // {
      inherit pools domains;
      volumes = ofPools ++ concatMap (it: it.volumes) (listOf domains);
    };

  keyedByName = objects: builtins.listToAttrs (map (it: lib.nameValuePair it.name it) (filter (it: it.name != null) objects));

  # Whether the volumes of a pool are block devices or objects of a server, which have no format.
  isRaw = pool: elem (pool.spec.type or null) ["disk" "iscsi" "iscsi-direct" "logical" "mpath" "rbd" "scsi" "sheepdog" "zfs"];

  # Names as a set, in which each is found at once, and whether a name is in it. null is in none.
  setOf = names: lib.genAttrs (filter (name: name != null) names) (_: true);
  isIn = set: name: name != null && set ? ${name};

  # The formats of the volumes of these pools: a function of the source of a disk, which names the pool and the volume, or the
  # path. Null if the source is no declared volume.
  formatsOf = pools: let
    each = make: builtins.listToAttrs (concatMap (pool: map (make pool) (filter (it: it.name != null && it.volume.spec != null) pool.volumes)) pools);
    format = it: it.volume.spec.target.format.type or "raw";
    byName = each (_: it: lib.nameValuePair it.name (format it));
    rawPools = setOf (map (it: it.name) (filter isRaw pools));
    byPath = each (pool: it: lib.nameValuePair "${pool.spec.target.path or "/"}/${it.volume.name}" (format it));
  in
    source:
      if !isAttrs source
      then null
      else if isIn rawPools (source.pool or null)
      then "raw"
      else if source ? pool && source ? volume
      then byName."${source.pool}/${source.volume}" or null
      else byPath.${builtins.unsafeDiscardStringContext (toString (source.file or source.dev or ""))} or null;

  # A volume of a pool. A logical volume is allocated as a whole: libvirt would make a snapshot of another one.
  volumeIn = pool:
    objectWith (spec:
      if pool.spec.type or null == "logical"
      then removeAttrs spec ["allocation"]
      else spec) "volume";

  # The volume of a template's disk, whose format is that of a file.
  volumeOfDiskIn = pool:
    objectWith (spec:
      if isRaw pool
      then removeAttrs spec ["allocation" "backingStore"] // {target = removeAttrs (spec.target or {}) ["format"];}
      else spec) "volume";

  # A volume, with the name POOL/VOLUME. The name is null if that of the pool or the volume is only in an XML file.
  volumeOf = pool: volume: {
    inherit pool volume;
    name =
      if pool == null || volume.name == null
      then null
      else "${pool}/${volume.name}";
  };

  wantedBy = poolOf: domain: it:
    if !(it ? pool && it ? definition)
    then
      throw ''
        domain ${toJSON domain.name}: an entry of `volumes` lacks `pool` or `definition`
        hint: write the entry as { pool = "default"; definition = { name = "web.qcow2"; capacity = "20 GiB"; }; }''
    else
      volumeOf it.pool (volumeOfDiskIn (poolOf it.pool) {
        inherit (it) definition;
        content = it.content or null;
      });

  # The manifest's entry for an object.
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

  # What a manifest need not say of a domain.
  defaults = {
    move = "never";
    rollbackSnapshots = 0;
    storage = "shared";
    transport = "plain";
  };

  entries = {
    secrets = entry;
    nwfilters = entry;
    networks = it: removeAttrs (entry it) ["openFirewall"];
    pools = it: entry it // {volumes = map (one: volumeEntry one.volume) it.volumes;};
    domains = it:
      removeAttrs (entry it) (["hooks"]
        ++ filter (name: elem (it.policy.${name} or null) [null {}]) ["graphicsPasswordFile" "secretFiles"]
        ++ filter (name: it.policy.${name} or defaults.${name} == defaults.${name}) (builtins.attrNames defaults))
      // {
        volumes = map (one: volumeEntry one.volume // {inherit (one) pool;}) it.volumes;
        snapshots =
          if it.policy.snapshots == null
          then null
          else map (snapshot: entry (object "snapshot" snapshot)) it.policy.snapshots;
      };
  };

  # The networks, pools and volumes that a domain uses.
  usedBy = domain: let
    devices = domain.spec.devices or {};
    sources = kind: map (it: it.source or {}) (filter isAttrs (listOf (devices.${kind} or null)));
    disks = filter (it: isAttrs it && it ? pool && it ? volume) (sources "disk");
  in {
    networks = map (it: it.network) (filter (it: isAttrs it && it.network or null != null) (sources "interface"));
    pools = map (it: it.pool) disks ++ map (it: it.pool) (listOf (domain.spec.volumes or null));
    volumes = map (it: it // {name = "${it.pool}/${it.volume}";}) disks;
  };

  # Warnings about objects that a domain uses and its connection does not declare. There are none for a kind that is not
  # managed, or if the name of some object of that kind is only in an XML file.
  missing = uri: objects: let
    namesOf = plural: map (it: it.name) (listOf objects.${plural});
    knows = plural: objects.${plural} != null && !elem null (namesOf plural);
    sets = mapAttrs (plural: _: setOf (namesOf plural)) kinds;
    warning = domain: what: name: hint: ''
      ${at uri}: domain ${toJSON domain.name} uses ${what} ${toJSON name}, which is not declared
      hint: ${hint}'';
    undeclared = domain: plural: what:
      if knows plural
      then
        map (name:
          warning domain what name "declare it as `${plural}.${lib.strings.escapeNixIdentifier name}`, or make sure that it exists on the host")
        (lib.unique (filter (name: !isIn sets.${plural} name) (usedBy domain).${plural}))
      else [];
    # Per pool, the names of its volumes, and whether all are known.
    volumesIn = mapAttrs (_: volumes: {
      names = setOf (map (it: it.name) volumes);
      isKnown = builtins.all (it: it.name != null) volumes;
    }) (groupBy (it: toString it.pool) objects.volumes);
    isMissing = disk: let
      declared = volumesIn.${disk.pool} or {isKnown = false;};
    in
      knows "pools" && isIn sets.pools disk.pool && declared.isKnown && !isIn declared.names disk.name;
    volumes = domain:
      map (disk: warning domain "volume" disk.name "declare it in `volumes` of pool ${toJSON disk.pool}")
      (filter isMissing (usedBy domain).volumes);
    passwords = domain: let
      displays = filter isAttrs (listOf (domain.spec.devices.graphics or null));
    in
      lib.optional (lib.any (it: it.passwd or null != null) displays) ''
        ${at uri}: domain ${toJSON domain.name}: the password in `devices.graphics.passwd` is in the Nix store, where every user of the host can read it
        hint: remove it, and name a file with the password in `graphicsPasswordFile` of the domain'';
  in
    concatMap (domain:
      undeclared domain "networks" "network"
      ++ undeclared domain "pools" "pool"
      ++ volumes domain
      ++ passwords domain)
    (filter (it: it.spec != null) (listOf objects.domains));

  duplicates = uri: objects: let
    duplicatesOf = plural: objects:
      map (name: ''
        ${at uri}: two ${plural} are named ${toJSON name}
        hint: rename one of them, or remove it'')
      (duplicatesIn (map (it: it.name) objects));
  in
    concatLists (lib.mapAttrsToList (plural: _: duplicatesOf plural (listOf objects.${plural})) kinds)
    ++ duplicatesOf "volumes" objects.volumes;

  mistakes = uri: let
    meant = import ./uri.nix uri;
  in
    lib.optional (meant != null) ''
      ${at uri}: invalid connection URI; did you mean ${toJSON meant}?'';

  conflicts = uri: objects: import ./conflicts.nix {inherit lib listOf;} (at uri) objects;

  # How messages begin: with the option of the connection.
  at = uri: "virtualisation.libvirt.connections.${toJSON uri}";
in
  connections: let
    objects = mapAttrs (_: known) connections;
    each = make: concatLists (lib.mapAttrsToList make objects);
    ofThisHost = lib.filterAttrs (uri: _: builtins.match "[a-z]*:///system.*" uri != null) objects;
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

    warnings = each missing ++ each (uri: objects: (conflicts uri objects).warned);

    assertions = map (message: {
      assertion = false;
      inherit message;
    }) (concatMap mistakes (builtins.attrNames objects) ++ each duplicates ++ each (uri: objects: (conflicts uri objects).refused));

    # The bridges whose DHCP and DNS requests the host's firewall accepts.
    bridges = let
      open = filter (it: it.policy.openFirewall && it.spec.bridge.name or null != null && it.spec.ip or null != null) (each (_: it: listOf it.networks));
    in
      lib.unique (map (it: it.spec.bridge.name) open);

    # Whether objects are declared for the system daemon of this host.
    usesOwnDaemon = ofThisHost != {};

    # The folders of the host's own pools, and the files of its secrets.
    paths = let
      ofConnection = it:
        map (pool: pool.spec.target.path or null) (filter (pool: pool.spec.type or null == "dir") (filter (pool: pool.spec != null) (listOf it.pools)))
        ++ map (secret: secret.policy.valueFile or null) (listOf it.secrets)
        ++ concatMap (domain: concatMap (name: lib.attrValues (orEmpty (domain.policy.${name} or null))) ["graphicsPasswordFile" "secretFiles"]) (listOf it.domains);
      orEmpty = it:
        if it == null
        then {}
        else it;
    in
      lib.unique (map toString (filter (it: it != null) (concatMap ofConnection (lib.attrValues ofThisHost))));

    # The hooks of all domains: { uri, name, operation, script }.
    hooks = each (uri: objects:
      concatMap (domain:
        lib.mapAttrsToList (operation: script: {
          inherit uri operation script;
          name =
            if domain.name == null
            then
              throw ''
                ${at uri}: `hooks` need the name of the domain, which is only in its XML file
                hint: declare the domain by name, as `domains.NAME`''
            else domain.name;
        }) (lib.filterAttrs (_: script: script != "") (lib.defaultTo {} domain.policy.hooks)))
      (listOf objects.domains));
  }
