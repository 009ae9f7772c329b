# What a list means where an element occurs once: its only item, and null without items. Any other value means itself.
let
  inherit (builtins) filter head isList length;
  inItems = list: items:
    if items == []
    then null
    else if length items == 1
    then head items
    else list;
in
  it:
    if isList it
    then inItems it (filter (item: item != null) it)
    else it
