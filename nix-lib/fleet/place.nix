# The placement of guests on hosts.
#
# Each guest prefers the hosts in an order of its own, which is made of its name and theirs, and gets the first one that takes it. So
# a new host takes some guests from each other, and one that goes gives its own away: the others stay where they are, as long as
# there is room. Large guests choose first, because small ones fit into what is left.
{
  hosts,
  guests,
  # The URI of a host, by its name.
  uri,
}: let
  inherit (builtins) any attrNames attrValues concatMap concatStringsSep elem filter foldl' genList groupBy hashString head isAttrs length map mapAttrs sort substring toJSON;
  inherit (import ../render/problem.nix) closest;
  inherit (import ./size.nix) kib show;

  hostNames = attrNames hosts;
  placementOf = name: guests.${name}.placement or {};

  # What a guest needs: what its placement says, or else its spec, of which fields may be set next to `definition`.
  field = name: key: let
    guest = guests.${name};
    own = guest.${key} or null;
  in
    if own == null && isAttrs (guest.definition or null)
    then guest.definition.${key} or null
    else own;
  needs =
    mapAttrs (name: _: let
      placement = placementOf name;
      vcpu = field name "vcpu";
      count = vcpu.count or vcpu;
    in {
      memory = kib (placement.memory or (field name "memory"));
      vcpus =
        if placement ? vcpus
        then placement.vcpus
        else if count == null
        then 1
        # Numbers may be strings, and are read alike.
        else kib count;
    })
    guests;

  # What a host has; null is no limit.
  capacity = name: {
    memory = kib (hosts.${name}.memory or null);
    vcpus = hosts.${name}.vcpus or null;
  };
  empty = mapAttrs (name: _: capacity name) hosts;

  # A host draws once for each 16 GiB, up to 16 times, and the best draw counts: so it gets guests by its size, and what others have
  # does not matter.
  draws = name: let
    memory = empty.${name}.memory;
    share = memory / (16 * 1024 * 1024);
  in
    if memory == null || share > 16
    then 16
    else if share < 1
    then 1
    else share;
  rank = guest: host: let
    drawn = hashString "sha512" "${guest}\n${host}";
  in
    foldl' (best: at: let
      next = substring (at * 8) 8 drawn;
    in
      if next > best
      then next
      else best) ""
    (genList (at: at) (draws host));
  preferred = guest: let
    ranked =
      map (host: {
        inherit host;
        rank = rank guest host;
      })
      hostNames;
  in
    map (it: it.host) (sort (one: other: one.rank > other.rank) ranked);

  # Why a host does not take a guest, as the end of "HOST …"; null if it does.
  refusal = state: guest: host: let
    placement = placementOf guest;
    need = needs.${guest};
    free = state.free.${host};
    labels = hosts.${host}.labels or {};
    lacking = filter (label: labels.${label} or null != placement.labels.${label}) (attrNames (placement.labels or {}));
    label = head lacking;
    neighbors = filter (other: (placementOf other).apart or null == placement.apart) (state.guests.${host} or []);
  in
    if lacking != [] && placement.host or null == null
    then "lacks the label ${label} = ${toJSON placement.labels.${label}}"
    else if placement.apart or null != null && neighbors != []
    then "already has ${toJSON (head neighbors)} with the same `apart = ${toJSON placement.apart}`"
    else if free.memory != null && need.memory > free.memory
    then "has ${show free.memory} of memory left"
    else if free.vcpus != null && need.vcpus > free.vcpus
    then "has ${vcpus free.vcpus} left"
    else null;

  vcpus = count: "${toString count} ${
    if count == 1
    then "vCPU"
    else "vCPUs"
  }";
  needed = guest: "${
    if needs.${guest}.memory == null
    then ""
    else "${show needs.${guest}.memory} and "
  }${vcpus needs.${guest}.vcpus}";
  isLimited = any (host: empty.${host}.memory != null) hostNames;

  put = state: guest: host:
    state
    // {
      placement = state.placement // {${guest} = host;};
      guests = state.guests // {${host} = (state.guests.${host} or []) ++ [guest];};
      free =
        state.free
        // {
          ${host} = let
            free = state.free.${host};
            less = key:
              if free.${key} == null || needs.${guest}.${key} == null
              then free.${key}
              else free.${key} - needs.${guest}.${key};
          in {
            memory = less "memory";
            vcpus = less "vcpus";
          };
        };
    };
  fail = state: problem: state // {problems = state.problems ++ [problem];};

  place = state: guest: let
    own = (placementOf guest).host or null;
    near = closest own hostNames;
    tried =
      map (host: {
        inherit host;
        why = refusal state guest host;
      }) (
        if own == null
        then preferred guest
        else [own]
      );
    taking = filter (it: it.why == null) tried;
    reasons = concatStringsSep ", " (map (it: "${toJSON it.host} ${it.why}") (sort (one: other: one.host < other.host) tried));
  in
    if own != null && !(elem own hostNames)
    then
      fail state ''
        guest ${toJSON guest}: unknown host ${toJSON own}: ${
          if near == null
          then "expected ${concatStringsSep ", " (map toJSON hostNames)}"
          else "did you mean ${toJSON near}?"
        }''
    else if needs.${guest}.memory == null && isLimited
    then
      fail state ''
        guest ${toJSON guest}: the memory of the guest is unknown
            hint: set placement.memory, such as "8 GiB"''
    else if taking == []
    then
      fail state "guest ${toJSON guest}: ${
        if own == null
        then "no host fits"
        else "the declared host does not fit"
      } (${needed guest}): ${reasons}"
    else put state guest (head taking).host;

  # Those that have few hosts to choose from first, and of those the largest.
  choices = guest: let
    placement = placementOf guest;
  in
    if placement.host or null != null
    then 0
    else if placement.labels or {} != {}
    then 1
    else if placement.apart or null != null
    then 2
    else 3;
  amount = guest:
    if needs.${guest}.memory == null
    then 0
    else needs.${guest}.memory;
  order = sort (one: other: let
    few = choices one - choices other;
    large = amount other - amount one;
  in
    few < 0 || few == 0 && (large < 0 || large == 0 && one < other)) (attrNames guests);

  # Attributes that do not exist, and sizes that are none.
  unknown = what: known: found:
    concatMap (name: let
      near = closest name known;
    in
      if elem name known
      then []
      else [
        "${what}: unknown attribute ${toJSON name}: ${
          if near == null
          then "expected ${concatStringsSep ", " known}"
          else "did you mean ${toJSON near}?"
        }"
      ]) (attrNames found);
  sized = what: value:
    if value == null || kib value != null
    then []
    else ["${what}: expected a size, e.g. \"8 GiB\", found ${toJSON value}"];
  # Names that have the same value, in groups.
  alike = valueOf: names: filter (group: length group > 1) (attrValues (groupBy valueOf names));
  shown = names: concatStringsSep " and " (map toJSON names);
  nameOf = name: let
    own = field name "name";
  in
    if own == null
    then name
    else own;
  mistakes =
    (
      if hosts == {} && guests != {}
      then ["guests are declared, but no hosts"]
      else []
    )
    ++ map (names: "hosts ${shown names} have the same URI ${toJSON (uri (head names))}") (alike uri hostNames)
    ++ map (names: "guests ${shown names} have the same name ${toJSON (nameOf (head names))}") (alike nameOf (attrNames guests))
    ++ concatMap (name:
      unknown "host ${toJSON name}" ["connection" "labels" "memory" "uri" "vcpus"] hosts.${name}
      ++ sized "host ${toJSON name}: memory" (hosts.${name}.memory or null))
    hostNames
    ++ concatMap (name:
      unknown "guest ${toJSON name}: placement" ["apart" "host" "labels" "memory" "vcpus"] (placementOf name)
      ++ sized "guest ${toJSON name}: placement.memory" ((placementOf name).memory or null))
    (attrNames guests);

  result =
    if mistakes == []
    then
      foldl' place {
        placement = {};
        guests = {};
        free = empty;
        problems = [];
      }
      order
    else {problems = mistakes;};
  count = length result.problems;
in
  if count == 0
  then {inherit (result) placement free;}
  else
    throw ''
      fleet: ${toString count} ${
        if count == 1
        then "error"
        else "errors"
      }
      ${concatStringsSep "\n" (map (it: "  ${it}") result.problems)}''
