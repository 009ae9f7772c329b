# Whether a set holds items by name, or is one item whose name is missing: the name of an item may be that of a field of an item.
#
# # Type
# fieldsOfOne :: { field :: { fits :: Value -> Bool, parts :: Parts } } -> [{ name :: String, value :: Value }] -> [String]
{lib}: let
  inherit (builtins) any attrNames elem filter isFunction length lessThan sort;
  inherit (import ./schema-options.nix {inherit lib;}) isSet;

  # The number of attributes of a set that are parts of this element, with a value that fits.
  fitting = parts: set: length (filter (name: parts ? ${name} && parts.${name}.fits set.${name}) (attrNames set));

  # How an attribute reads: as an item of that name, as a field, or as either.
  read = parts: {
    name,
    value,
    ...
  }: let
    asItem = fitting parts value;
    asField = fitting parts.${name}.parts value;
  in
    if !(parts ? ${name}) || isFunction value
    then "item"
    else if value == null
    then "nothing"
    else if !isSet value || asField > asItem
    then "field"
    else if asItem > asField
    then "item"
    else "either";
in {
  # The names in a set that are fields of an item; none if the set holds items by name. Beside an item, what reads as either is an item.
  fieldsOfOne = parts: attributes: let
    readings = map (it: it // {reading = read parts it;}) attributes;
    hasItem = any (it: it.reading == "item") readings;
    isField = it: it.reading == "field" || it.reading == "either" && !hasItem;
  in
    sort lessThan (lib.unique (map (it: it.name) (filter isField readings)));
}
