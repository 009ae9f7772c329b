# Checks the arguments of a template. NixVirt 0.6 ignored unknown ones, so that they are warnings here: a misspelled argument would
# have no effect, unsaid.
#
# # Type
# arguments :: { template :: String, known :: { name :: Any }, types :: { name :: [String] } } -> (Arguments -> Spec) -> Arguments -> Spec
{
  template,
  known,
  types,
}: let
  inherit (builtins) attrNames elem filter foldl' intersectAttrs mapAttrs removeAttrs toJSON typeOf;
  names = attrNames known;

  likely = import ./likely.nix;
  # What belongs to the object, beside its definition.
  settings = ["active" "autostart" "onChange" "restart" "shutdown"];

  warn = builtins.warn or (message: builtins.trace "warning: ${message}");
  advice = name: let
    near = likely.${name} or ((import ../render/problem.nix).closest name names);
  in
    if elem name settings
    then "set it beside `definition`"
    else if near != null && known ? ${near}
    then "did you mean ${toJSON near}?"
    else "change the spec instead, as in `${template} { … } // { … }`";
  # An argument, whose type is looked at when the template uses it.
  checked = name: value:
    if elem (typeOf value) types.${name}
    then value
    else throw "${template}: invalid argument `${name}`: expected ${listing types.${name}}, found ${called.${typeOf value} or "a function"}";
  listing = wanted: (import ../render/problem.nix).listing (map (type: called.${type}) (filter (type: type != "null") wanted));
  called = {
    bool = "true or false";
    float = "a number";
    int = "a number";
    list = "a list";
    null = "null";
    path = "a path";
    set = "a set";
    string = "a string";
  };
  warning = spec: name: warn "${template}: the argument ${toJSON name} has no effect; ${advice name}" spec;
in
  make: arguments: let
    unknown = removeAttrs arguments names;
    given = arguments // mapAttrs checked (intersectAttrs types arguments);
    missing = filter (name: !known.${name} && !arguments ? ${name}) names;
  in
    if missing != []
    then
      throw "${template}: missing argument${
        if builtins.tail missing == []
        then ""
        else "s"
      } ${builtins.concatStringsSep ", " (map (name: "`${name}`") missing)}"
    else if unknown == {}
    then make given
    else foldl' warning (make given) (attrNames unknown)
