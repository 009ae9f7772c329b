# A value of a spec: a derivation, a path, and any other set that converts to a string, as that string.
let
  inherit (builtins) head isAttrs isPath match pathExists replaceStrings;
  # A path. What is in the store, as the files of a flake are, becomes part of the context, so that it stays there.
  stored = path: let
    inStore = match "(${replaceStrings ["." "+"] ["[.]" "[+]"] builtins.storeDir}/[0-9a-z]{32}-[^/]*)(/.*)?" path;
  in
    if inStore == null || !pathExists (head inStore)
    then path
    else builtins.appendContext path {${head inStore}.path = true;};
in
  it:
    if isPath it
    then stored (toString it)
    else if isAttrs it && (it ? outPath || it ? __toString)
    then toString it
    else it
