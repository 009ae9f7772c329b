# What users gave for an option, before the module system merged it.
{lib}: let
  inherit (builtins) concatMap elemAt filter foldl' fromJSON head isAttrs isInt isList isString length map mapAttrs match replaceStrings split tail unsafeGetAttrPos;

  # The values that count in a definition, without `mkIf`, `mkForce` and the like.
  contents = it: (
    {
      "if" = lib.optionals it.condition (contents it.content);
      merge = concatMap contents it.contents;
      order = contents it.content;
      override = contents it.content;
    }
    .${it._type or ""}
    or [it]
  );

  # The steps of a path such as `devices.disk[0].source`.
  stepsOf = path: let
    step = text:
      if match "[0-9]+" text != null
      then fromJSON text
      else text;
  in
    map (it: step (head it)) (filter isList (split "([^].[]+)" path));

  # Positions in the library are none of the user's.
  isGiven = position: position != null && !lib.hasPrefix "${toString ../.}/" position.file;

  # The position of the deepest value along these steps, with its depth, in definitions that merge: each has a value and its position.
  # An item of a list is where the list is.
  along = known: steps: definitions: let
    step = head steps;
    withValue = it: value: it // {inherit value;};
    values = concatMap (it: map (withValue it) (contents it.value)) definitions;
    items = concatMap (it: map (withValue it) it.value) (filter (it: isList it.value) values);
    inner =
      if isInt step
      then lib.optional (step < length items) (elemAt items step)
      else
        map (it: {
          value = it.value.${step};
          position = unsafeGetAttrPos step it.value;
        }) (filter (it: isAttrs it.value && it.value ? ${step}) values);
    found = lib.findFirst isGiven known.position (map (it: it.position) inner);
  in
    if steps == [] || inner == []
    then known
    else
      along {
        depth = known.depth + 1;
        position = found;
      } (tail steps)
      inner;

  # The position of the deepest value along one of these paths that the definitions of an object give; null if they give none.
  positionOf = definitions: paths: let
    start = {
      depth = 0;
      position = lib.findFirst isGiven null (map (it: it.position) definitions);
    };
    deeper = known: steps: let
      found = along start steps definitions;
    in
      if found.depth > known.depth
      then found
      else known;
  in
    (foldl' deeper start paths).position;
in {
  inherit contents;

  # A problem of a spec with the path that the user gave, and the position there: a merged spec has none. `places` are those of devices by
  # name in the lists of the spec.
  asGiven = definitions: places: problem: let
    place = lib.findFirst (it: problem.path == it.place || lib.hasPrefix "${it.place}." problem.path) null places;
    steps = stepsOf problem.path;
    own =
      if place == null
      then steps
      else place.steps ++ stepsOf (lib.removePrefix place.place problem.path);
    inWords = it:
      if isString it
      then replaceStrings (map (it: it.place) places) (map (it: it.path) places) it
      else it;
  in
    mapAttrs (_: inWords) problem
    // {
      position =
        if isGiven problem.position
        then problem.position
        else positionOf definitions [own (["definition"] ++ steps)];
    };
}
