# The spec of an element with its fields in the form in which each is written; null if it says something twice.
#
# # Type
# prepare :: Table -> Spec -> Null | Spec
{
  # The fields that are written without a value, too.
  empties,
  # The numbers whose text may have their unit.
  sized,
  # The children with the name of an attribute.
  twins,
  ...
}: let
  inherit (builtins) elemAt filter foldl' head isAttrs isList isString length listToAttrs map partition;
  scalar = import ./scalar.nix;
  inherit (scalar) size value;
  empty = listToAttrs (map (field: {
      name = field.key;
      value = null;
    })
    empties);

  # Splits the text of a number that has its unit, too.
  withUnit = spec: number: let
    it = value (spec.${number.name} or null);
    parts = size it;
  in
    if spec == null
    then null
    else if !isString it || parts == null
    then spec
    else if spec.${number.unitIn} or null != null
    then null
    else
      spec
      // {
        ${number.name} = head parts;
        ${number.unitIn} = elemAt parts 1;
      };

  # An attribute and a child of the same name: a set is the child, any other value the attribute; a list may hold both.
  apart = name: it: let
    sorted = partition (item: isAttrs (value item)) (filter (item: item != null) it);
    alone = items:
      if length items > 1
      then items
      else head (items ++ [null]);
    both = attribute: child: {
      ${name} = attribute;
      "${name} child" = child;
    };
  in
    if isList it
    then both (alone sorted.wrong) (alone sorted.right)
    else if isAttrs (value it)
    then both null it
    else both it null;
in
  given: let
    withSizes = foldl' withUnit (empty // given) sized;
  in
    if withSizes == null
    then null
    else foldl' (spec: twin: spec // apart twin.name (spec.${twin.name} or null)) withSizes twins
