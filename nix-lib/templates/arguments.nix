# Checks the arguments of a template. NixVirt 0.6 ignored unknown ones, so that they are warnings here: a misspelled argument would
# have no effect, unsaid.
#
# # Type
# arguments :: { template :: String, known :: { name :: Any } } -> (Arguments -> Spec) -> Arguments -> Spec
{
  template,
  known,
}: let
  inherit (builtins) attrNames filter foldl' removeAttrs toJSON;
  names = attrNames known;

  likely = import ./likely.nix;
  # What belongs to the object, beside its definition.
  settings = ["active" "autostart" "onChange" "restart" "shutdown"];

  warn = builtins.warn or (message: builtins.trace "warning: ${message}");
  advice = name: let
    near = likely.${name} or ((import ../render/problem.nix).closest name names);
  in
    if builtins.elem name settings
    then "set it beside `definition`"
    else if near != null && known ? ${near}
    then "did you mean ${toJSON near}?"
    else "change the spec instead, as in `${template} { … } // { … }`";
  warning = spec: name: warn "${template}: the argument ${toJSON name} has no effect; ${advice name}" spec;
in
  make: arguments: let
    unknown = removeAttrs arguments names;
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
    then make arguments
    else foldl' warning (make arguments) (attrNames unknown)
