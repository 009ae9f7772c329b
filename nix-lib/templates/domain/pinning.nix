# `cputune` with a host CPU for each virtual CPU: in the order of a CPU set such as `"2-7,10-15"`, or by the cores of the host, which
# `nixvirt doctor --json` prints.
{
  pinning,
  count,
  # The threads of a core of the guest.
  threads,
}: let
  inherit (builtins) all concatMap concatStringsSep elem elemAt filter fromJSON genList head isList isString length map match split toJSON;
  given =
    if pinning ? host
    then byCores
    else if pinning ? vcpus
    then pinning
    else {vcpus = pinning;};

  number = text: fromJSON (elemAt (match "0*([0-9]+)" text) 0);
  range = cpus: text: let
    parts = match " *([0-9]+)(-([0-9]+))? *" text;
    first = number (elemAt parts 0);
    last = number (elemAt parts 2);
  in
    if parts == null || elemAt parts 2 != null && last < first
    then
      throw ''
        pinning: expected CPUs of the host such as "2-7,10-15", found ${toJSON cpus}
        hint: `lscpu --extended` lists the CPUs and their cores''
    else if elemAt parts 2 == null
    then [first]
    else genList (at: first + at) (last - first + 1);
  # The numbers in a CPU set.
  set = cpus:
    if isList cpus
    then cpus
    else concatMap (range cpus) (filter isString (split "," cpus));
  cpus = set given.vcpus;
  wanted =
    if isString count
    then number count
    else count;

  # A core of the host for each core of the guest, of one NUMA node if it has enough. Nothing else runs on a core of which the guest
  # uses one thread.
  byCores = let
    processors = import ./findings.nix pinning.host "processor";
    processor =
      if processors == []
      then
        throw ''
          pinning: `host` does not describe the processor
          hint: `nixvirt doctor --json > host.json` on the host writes the description''
      else head processors;
    every = concatMap (core: core.cpus) processor.cores;
    allowed =
      if pinning ? cpus
      then set pinning.cpus
      else if processor.isolated != []
      then processor.isolated
      else filter (cpu: !elem cpu (head processor.cores).cpus) every;
    isUsable = core: length core.cpus >= threads && all (cpu: elem cpu allowed) core.cpus;
    usable = filter isUsable processor.cores;
    needed = (wanted + threads - 1) / threads;
    ofNode = core: filter (other: other.node == core.node) usable;
    large = filter (core: length (ofNode core) >= needed) usable;
    chosen =
      if large == []
      then usable
      else ofNode (head large);
    place = vcpu: let
      core = (elemAt chosen (vcpu / threads)).cpus;
    in
      if threads == 1
      then concatStringsSep "," (map toString core)
      else elemAt core (vcpu - vcpu / threads * threads);
    atLeast =
      if threads == 1
      then ""
      else " with ${toString threads} threads or more";
    others = filter (cpu: !elem cpu allowed) every;
  in
    if length usable < needed
    then
      throw ''
        pinning: expected ${toString needed} cores of the host${atLeast}, found ${toString (length usable)}
        hint: list all CPUs of each core in `cpus`''
    else
      {vcpus = genList place wanted;}
      // (
        if pinning ? emulator
        then {inherit (pinning) emulator;}
        else if others == []
        then {}
        else {emulator = concatStringsSep "," (map toString others);}
      );
in
  if length cpus != wanted
  then
    throw ''
      pinning: expected one CPU of the host for each of the ${toString wanted} virtual CPUs, found ${toString (length cpus)}
      hint: list as many CPUs in `pinning` as `vcpu` or `topology` has''
  else {
    vcpupin =
      genList (vcpu: {
        inherit vcpu;
        cpuset = toString (elemAt cpus vcpu);
      })
      wanted;
    emulatorpin =
      if given ? emulator
      then {cpuset = given.emulator;}
      else null;
  }
