# Problems of a spec as `schema/src/engine/problem.rs` shows them, and what `schema/src/engine/unknown.rs` says of an
# attribute that an element does not have.
let
  message = import ./message.nix;
  inherit (import ./constants.nix) moduleFunctions;
  inherit (builtins) any attrNames concatMap concatStringsSep elem elemAt filter foldl' genList head isAttrs isString length match replaceStrings split stringLength substring tail toJSON typeOf;

  unique = foldl' (known: it:
    if elem it known
    then known
    else known ++ [it]) [];
  least = one: other:
    if one < other
    then one
    else other;
  most = foldl' (one: other:
    if one > other
    then one
    else other)
  0;
  lower = let
    letters = text: genList (at: substring at 1 text) (stringLength text);
  in
    replaceStrings (letters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (letters "abcdefghijklmnopqrstuvwxyz");

  # The number of edits that make one text of another: a letter added, removed or replaced, or two swapped.
  distance = one: other: let
    from = at: text: substring at 1 text;
    row = {
      last,
      before,
    }: at: let
      cell = done: to: let
        isSame = from at one == from to other;
        isSwapped = at > 0 && to > 0 && from at one == from (to - 1) other && from (at - 1) one == from to other;
        edited = least (least (elemAt last (to + 1) + 1) (elemAt done to + 1)) (elemAt last to
          + (
            if isSame
            then 0
            else 1
          ));
      in
        done
        ++ [
          (
            if isSwapped
            then least edited (elemAt before (to - 1) + 1)
            else edited
          )
        ];
    in {
      last = foldl' cell [(at + 1)] (genList (to: to) (stringLength other));
      before = last;
    };
    rows = foldl' row {
      last = genList (at: at) (stringLength other + 1);
      before = [];
    } (genList (at: at) (stringLength one));
  in
    elemAt rows.last (stringLength other);

  # Whether an element has an attribute or child of that name in any of its forms.
  has = name: element: elem name element.names;
in rec {
  inherit lower;

  # Words as a choice: `a, b or c`.
  listing = words: let
    known = unique words;
    first = count: concatStringsSep ", " (genList (elemAt known) count);
    last = length known - 1;
  in
    if length known > 10
    then message.many {first = first 10;}
    else if length known > 1
    then
      message.choice {
        first = first last;
        last = elemAt known last;
      }
    else concatStringsSep "" known;

  # The known word that is closest to the one found, or null if none is close.
  closest = found: known: let
    near = map (word: {
      inherit word;
      distance = distance (lower found) (lower word);
    }) (filter (word: stringLength found < 2 * stringLength word) known);
    best =
      foldl' (one: other:
        if one == null || other.distance < one.distance
        then other
        else one)
      null
      near;
    isClose = best.distance <= most [1 (stringLength found / 3)] && best.distance < stringLength best.word;
  in
    if best != null && isClose
    then best.word
    else null;

  # Throws the problems of an object, each with its path and position. Problems in one file come in its order.
  fail = object: problems: let
    file = (head problems).position.file or null;
    isOfOneFile = file != null && builtins.all (it: it.position.file or null == file) problems;
    comesFirst = one: other: one.line < other.line || one.line == other.line && one.column < other.column;
    sorted =
      if isOfOneFile
      then builtins.sort (one: other: comesFirst one.position other.position) problems
      else problems;
    # The command that explains the code of all problems.
    code = (head problems).code;
    explained =
      if builtins.all (it: it.code == code) problems
      then code
      else "CODE";
    counted = severity: let
      number = length (filter (it: it.severity or "error" == severity) problems);
    in
      if number == 0
      then []
      else if number == 1
      then ["1 ${severity}"]
      else ["${toString number} ${severity}s"];
    count = concatStringsSep ", " (concatMap counted ["error" "warning"]);
  in
    throw "${object}: ${count}${concatStringsSep "" (map (it: "\n  ${replaceStrings ["\n"] ["\n  "] (shown it)}") sorted)}\n${message.hint {advice = message.explained {code = explained;};}}";

  shown = {
    code,
    message,
    path,
    position,
    severity ? "error",
    suggestion ? null,
    hint ? null,
    ...
  }: let
    when = condition: text:
      if condition
      then text
      else "";
    texts = import ./message.nix;
  in
    texts.headline {inherit code severity;}
    + when (path != "") "${path}: "
    + message
    + when (suggestion != null) (texts.suggestion {meant = suggestion;})
    + when (position != null) "\n  at ${position.file}:${toString position.line}:${toString position.column}"
    + when (hint != null) "\n  ${texts.hint {advice = hint;}}";

  # The problem of an attribute that declares a namespace.
  namespace = known: name: uri: let
    prefix = substring 6 (-1) name;
  in
    if known ? ${prefix} && !isString uri
    then wrongType (toJSON known.${prefix}) ((import ./scalar.nix).kind uri) uri
    else if known ? ${prefix}
    then {
      code = "bad-form";
      message = message.invalid {
        noun = "namespace";
        found = toJSON uri;
        expected = toJSON known.${prefix};
      };
    }
    else {
      code = "unknown-attribute";
      message = message.unexpectedAttribute {
        inherit name;
        reason = message.expected {what = listing (map (it: "xmlns:${it}") (attrNames known));};
      };
    };

  # The problem that a value has another type, given what is expected and how messages call what was found.
  wrongType = wanted: found: value: let
    made = moduleFunctions.${value._type};
  in
    if isModuleFunction value
    then {
      code = "wrong-type";
      message = message.moduleFunction {inherit (made) function;};
      hint = message.insteadOfFunction {inherit (made) instead;};
    }
    else {
      code = "wrong-type";
      message = message.wrongType {
        expected = wanted;
        inherit found;
      };
    };

  # Whether a function of nixpkgs' module system made the value.
  isModuleFunction = value: isAttrs value && isString (value._type or null) && moduleFunctions ? ${value._type};

  # A set as messages show it, given its deciding attribute if that is required, and the names of its parts.
  setOf = names: message.setOf {parts = concatStringsSep "" (map (name: message.partOfSet {inherit name;}) names);};

  # The problem that an attribute is missing. `reason` says what is expected.
  missing = name: reason: {
    code = "missing";
    message = message.missing {inherit name reason;};
  };

  # The form that a set without a deciding attribute probably has: the only one with the most of its attributes.
  likely = forms: spec: let
    partsIn = form: name: filter (part: part.name == name) form.parts;
    below = name: part: concatMap (element: [(length (filter (inner: has inner element) (attrNames spec.${name})))]) part.elements;
    points = form: let
      ofName = name: let
        parts = partsIn form name;
      in
        if parts == []
        then 0
        else
          1
          + (
            if isAttrs spec.${name}
            then most (concatMap (below name) parts)
            else 0
          );
    in
      foldl' (sum: name: sum + ofName name) 0 (attrNames spec);
    scores =
      map (form: {
        inherit (form) word;
        points = points form;
      })
      forms;
    best = filter (it: it.points == most (map (it: it.points) scores)) scores;
  in
    if length best == 1 && (head best).points > 0
    then (head best).word
    else null;

  # The problem of an attribute that an element does not have. `table` has the element's parts and the forms that it
  # has been chosen, `from` the field that holds it and the forms of the element above; it is null for the whole object.
  unknown = aliases: from: table: name: let
    code = "unknown-attribute";
    say = message: {inherit code message;};
    suggest = suggestion: say (message.unknownAttribute {inherit name;}) // {inherit suggestion;};
    expect = reason: say (message.unexpectedAttribute {inherit name reason;}) // {hint = message.newerLibvirt;};
    belongsUnder = parts:
      say (message.belongsUnder {
        inherit name;
        parts = listing (map (path: message.path {inherit path;}) parts);
      });
    # The other form of an element whose parts fit.
    otherForm = choices: fits: let
      words = choice: map (form: toJSON form.word) (filter fits choice.forms);
      others = filter (choice: words choice != [] && !fits choice.chosen) choices;
      choice = head others;
    in
      if others == []
      then null
      else
        message.otherForm {
          inherit (choice) tag;
          words = listing (words choice);
          chosen = choice.chosen.word;
        };
    own = otherForm table.choices (form: elem name form.names);
    isField = part: part.name == from.name && any (has name) part.elements;
    above = otherForm from.choices (form: any isField form.parts);
    inner = concatMap (part:
      map (element: {
        inherit (part) name;
        inherit element;
      })
      part.elements)
    table.parts;
    direct = unique (map (part: part.name) (filter (part: has name part.element) inner));
    inherit (table) known;
    near = closest name known;
    nested = concatMap (part: map (below: below // {path = "${part.name}.${below.name}";}) part.element.parts) inner;
    deeper = unique (map (part: part.path) (filter (part: any (has name) part.elements) nested));
    nearNested = closest name (map (part: part.name) nested);
  in
    if from == null && aliases ? ${name}
    then suggest aliases.${name}
    else if own != null
    then
      say (message.belongsTo {
        inherit name;
        form = own;
      })
    else if from != null && above != null
    then
      say (message.partBelongsTo {
        field = from.name;
        inherit name;
        form = above;
      })
    else if direct != [] && length direct <= 3
    then belongsUnder direct
    else if near != null
    then suggest near
    else if length deeper == 1
    then belongsUnder deeper
    else if nearNested != null
    then suggest (head (filter (part: part.name == nearNested) nested)).path
    else if known == []
    then expect message.noAttributes
    else expect (message.expected {what = listing known;});
}
