# A function of a spec: what `make` makes of the table that the attributes of the spec select; `otherwise` if they select none. A tree has
# a `table`, or `forms` by the word of the attribute `tag`, and the `default` word, if any.
#
# # Type
# choose :: Tree -> (Table -> Spec -> Result) -> (Spec -> Result) -> Spec -> Result
let
  inherit (builtins) isString mapAttrs;
  inherit (import ./scalar.nix) value;
  choose = tree: make: otherwise: let
    made = make tree.table;
    inherit (tree) tag;
    forms = mapAttrs (_: form: choose form make otherwise) tree.forms;
    ofWord = word: forms.${word} or otherwise;
    default =
      if tree.default == null
      then otherwise
      else ofWord tree.default;
  in
    if tree ? table
    then made
    else
      spec: let
        given = spec.${tag} or null;
        word = value given;
      in
        if given == null
        then default spec
        else if isString given
        then ofWord given spec
        else if isString word
        then ofWord word spec
        else otherwise spec;
in
  choose
