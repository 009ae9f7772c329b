# Leaves out of a spec what a row of the taken parts describes. `isTaken` tells whether an element of the spec has such a part.
# All other attributes keep their positions; `mapAttrs` gives none, so that no error has one in this file.
#
# # Type
# leave-out :: { kind :: String, row :: Row, isTaken :: Element -> Bool, below :: Element -> [String] -> Value } -> Spec -> Spec
{
  kind,
  row,
  isTaken,
  below,
}: let
  inherit (builtins) attrNames concatStringsSep elem elemAt filter genList head intersectAttrs isAttrs isList length map mapAttrs removeAttrs tail toJSON;
  warn = import ../warn.nix;

  # A value with what is at a path changed; each set on the way may be a list of sets.
  change = path: how: value:
    if isList value
    then map (change path how) value
    else if path == []
    then how value
    else if isAttrs value && value.${head path} or null != null
    then value // mapAttrs (_: change (tail path) how) (intersectAttrs {${head path} = null;} value)
    else value;

  leaveOut = name: element: let
    inner = filter (name: !elem name row.read) (attrNames (below element row.part));
    count = length row.part - 1;
    last = elemAt row.part count;
    around = genList (elemAt row.part) count;
    without = names: it:
      if isAttrs it
      then removeAttrs it names
      else it;
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
    if !isTaken element
    then element
    else if row.read == []
    then warned around [last] (change around (without [last]) element)
    else warned row.part inner (change row.part (without inner) element);
in
  spec: change row.at (leaveOut (spec.name or "")) spec
