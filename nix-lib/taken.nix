# Leaves out what libvirt takes although its schema does not, as libvirt leaves it out, with a warning where a user may rely on it. The
# rows are those of the plugin, which does the same itself.
#
# # Type
# taken :: String -> Spec -> Spec
kind: let
  inherit (builtins) all any attrNames concatStringsSep elem elemAt filter foldl' genList head isAttrs isList length map removeAttrs tail toJSON;
  rows = (import ./render/constants.nix).taken.${kind} or [];
  warn = import ./warn.nix;
  only = import ./render/only.nix;

  below = foldl' (value: name:
    if isAttrs value
    then only (value.${name} or null)
    else null);

  # A set with the attribute at a path changed.
  change = path: how: value:
    if value == null
    then null
    else if isList value
    then map (change path how) value
    else if path == []
    then how value
    else value // {${head path} = change (tail path) how value.${head path};};

  # The same for each element at a path, of which each may be a list.
  changeAll = path: how: value:
    if isList value
    then map (changeAll path how) value
    else if path == []
    then how value
    else if isAttrs value && value.${head path} or null != null
    then value // {${head path} = changeAll (tail path) how value.${head path};}
    else value;

  # Whether a row is about an element.
  isTaken = row: element:
    isAttrs element
    && all (condition: below element condition.path == condition.word) row.when
    && (row.unless == null || below element row.unless == null)
    && below element row.part != null;

  # Whether it is about an element at a path, of which each may be a list.
  isTakenAt = path: row: value:
    if isList value
    then any (isTakenAt path row) value
    else if path == []
    then isTaken row value
    else isAttrs value && value ? ${head path} && isTakenAt (tail path) row value.${head path};

  leaveOut = name: row: element: let
    inner = filter (name: !elem name row.read) (attrNames (below element row.part));
    count = length row.part - 1;
    last = elemAt row.part count;
    around = genList (elemAt row.part) count;
    warned = path: names: let
      places = map (name: concatStringsSep "." (row.at ++ path ++ [name])) names;
    in
      if row.warning == null || names == []
      then (it: it)
      else
        warn ''
          ${kind} ${toJSON name}: ${concatStringsSep ", " places}: ${row.warning.message}
          hint: ${row.warning.hint}'';
  in
    if !isTaken row element
    then element
    else if row.read == []
    then warned around [last] (change around (it: removeAttrs it [last]) element)
    else warned row.part inner (change row.part (it: removeAttrs it inner) element);
in
  spec:
    if !isAttrs spec
    then spec
    else
      foldl' (spec: row:
        # What is changed loses its position.
          if isTakenAt row.at row spec
          then changeAll row.at (leaveOut (spec.name or "") row) spec
          else spec)
      spec
      rows
