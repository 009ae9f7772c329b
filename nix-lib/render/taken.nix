# Leaves out what libvirt takes although its schema does not, as libvirt leaves it out, with a warning where a user may rely on it. The
# rows are those of the plugin, which does the same itself. A spec without such parts stays the same, and so do the positions in it.
#
# # Type
# taken :: String -> Spec -> Spec
kind: let
  inherit (builtins) all any concatMap foldl' fromJSON head isAttrs isList readFile tail;
  rows = (fromJSON (readFile ../../schema/json/taken.json)).${kind} or [];
  only = import ./only.nix;

  below = foldl' (value: name:
    if isAttrs value
    then only (value.${name} or null)
    else null);

  # The elements at a path, of which each may be a list.
  elementsAt = path: value:
    if isList value
    then concatMap (elementsAt path) value
    else if path == []
    then [value]
    else if isAttrs value && value ? ${head path}
    then elementsAt (tail path) value.${head path}
    else [];

  isTaken = row: element:
    isAttrs element
    && all (condition: below element condition.path == condition.word) row.when
    && (row.unless == null || below element row.unless == null)
    && below element row.part != null;
in
  spec:
    foldl' (spec: row:
      if any (isTaken row) (elementsAt row.at spec)
      then
        import ./leave-out.nix {
          inherit kind row below;
          isTaken = isTaken row;
        }
        spec
      else spec)
    spec
    rows
