# `cputune` with a host CPU for each virtual CPU, in the order of a CPU set such as `"2-7,10-15"`.
{
  pinning,
  count,
}: let
  inherit (builtins) concatLists elemAt filter fromJSON genList isList isString length match split toJSON;
  given =
    if pinning ? vcpus
    then pinning
    else {vcpus = pinning;};

  number = text: fromJSON (elemAt (match "0*([0-9]+)" text) 0);
  range = text: let
    parts = match " *([0-9]+)(-([0-9]+))? *" text;
    first = number (elemAt parts 0);
    last = number (elemAt parts 2);
  in
    if parts == null || elemAt parts 2 != null && last < first
    then
      throw ''
        pinning: expected CPUs of the host such as "2-7,10-15", found ${toJSON given.vcpus}
        hint: `lscpu --extended` lists the CPUs and their cores''
    else if elemAt parts 2 == null
    then [first]
    else genList (at: first + at) (last - first + 1);
  cpus =
    if isList given.vcpus
    then given.vcpus
    else concatLists (map range (filter isString (split "," given.vcpus)));
  wanted =
    if isString count
    then number count
    else count;
in
  if length cpus != wanted
  then
    throw ''
      pinning: expected one CPU of the host for each of the ${toString wanted} virtual CPUs, found ${toString (length cpus)}
      hint: `pinning` and `vcpu` or `topology` must have the same count''
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
