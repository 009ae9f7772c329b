# What a text probably means where something else is expected: a switch, a part of a set, or an address without its prefix.
# `schema/src/engine/meant.rs` has the same rules.
let
  inherit (builtins) any concatMap concatStringsSep elem elemAt filter fromJSON head length match toJSON;
  constants = import ./constants.nix;
  message = import ./message.nix;
  problem = import ./problem.nix;
  scalar = import ./scalar.nix;

  # The IP address that a text is, and the length of its prefix, which is null if there is none; null for any other text.
  split = text: let
    groups = match "([0-9]+([.][0-9]+){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)(/(0|[1-9][0-9]{0,2}))?" text;
  in
    if groups == null
    then null
    else {
      address = head groups;
      prefix = elemAt groups 3;
    };

  assign = name: value: message.assignment {inherit name value;};
  assignPrefix = name: digits: assign name (fromJSON digits);
  set = assigned: message.setPart {assigned = concatStringsSep " and " assigned;};

  isShown = field: field.type == "scalar" && !field.isSecret;
  # Whether a text is a value of the part with that name.
  takes = fields: name: text: let
    found = filter (field: field.name == name) fields;
  in
    found != [] && isShown (head found) && (head found).print text != null;
in rec {
  # The value of a switch that a text names, in the words of libvirt or of Nix; null if it names none.
  switch = text: let
    names = value: elem (problem.lower text) constants.switches.${value};
  in
    if names "true"
    then true
    else if names "false"
    then false
    else null;

  # Advice on a text that names the value of a switch; null for any other text.
  ofSwitch = text: let
    meant = switch text;
  in
    if meant == null
    then null
    else message.writeSwitch {word = toJSON meant;};

  # Advice on a text in place of an element's set: the parts that the text is probably the value of; null if none is likely.
  # `name` is the field of the element, and `shown` has the names of the parts that messages show of the set.
  parts = {
    element,
    isItem,
    name,
    shown,
  }: text: let
    inherit (element) forms;
    inherit (element.outermost) fields;
    path = part:
      if isItem
      then part
      else "${name}.${part}";
    isWord = field: isShown field && elem text (concatMap scalar.knownWords field.known);
    words =
      map (field: field.name) (filter isWord fields)
      ++ (
        if forms != null && any (form: form.word == text) forms.variants
        then [forms.tag]
        else []
      );
    found = split text;
    isAddress =
      found
      != null
      && takes fields "address" found.address
      && (found.prefix == null || takes fields "prefix" found.prefix);
    assigned =
      if length words == 1
      then [(assign (path (head words)) text)]
      else if words != []
      then []
      else if isAddress
      then
        [(assign (path "address") found.address)]
        ++ (
          if found.prefix == null
          then []
          else [(assignPrefix (path "prefix") found.prefix)]
        )
      # An address is more often the value of another part than of the first.
      else if found == null && length shown == 1 && takes fields (head shown) text
      then [(assign (path (head shown)) text)]
      else [];
  in
    if assigned == []
    then null
    else if isItem
    then message.writeSet {assigned = concatStringsSep "; " assigned;}
    else set assigned;

  # Advice on the text of a scalar that is an address with a prefix, given the fields of the element; null for any other text.
  withoutPrefix = fields: field: text: let
    found = split text;
  in
    if found == null || found.prefix == null || field.print found.address == null
    then null
    else if takes fields "prefix" found.prefix
    then set [(assign field.name found.address) (assignPrefix "prefix" found.prefix)]
    else message.writeWithoutPrefix {inherit (found) address;};
}
