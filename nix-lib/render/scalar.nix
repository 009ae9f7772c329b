# Scalars: the values of single attributes and texts, as the JSON Schemas describe them.
let
  inherit (builtins) concatMap concatStringsSep elem elemAt filter foldl' genList head isAttrs isBool isFloat isInt isList isString length match replaceStrings split stringLength substring tail toJSON typeOf;
  expression = import ./regex.nix;
  bytesIn = import ./bytes-in.nix;
  constants = import ./constants.nix;
  meant = import ./meant.nix;
  message = import ./message.nix;
  problem = import ./problem.nix;
  value = import ./value.nix;

  types = word:
    if isList word.type or "string"
    then word.type
    else [word.type or "string"];
  isNumber = word: head (types word) == "integer";

  # For each type of scalar, the text of a value in XML; null if the value is not of the type.

  enum = words: value:
    if isBool value && elem value words
    then head (filter (word: elem word constants.switches.${toJSON value}) words)
    else if (isString value || isInt value) && elem (toString value) words
    then toString value
    else null;

  # Compares digits as text, since the number may exceed the integers of Nix.
  isUpTo = most: digits:
    stringLength digits < stringLength most || stringLength digits == stringLength most && digits <= most;

  int = word: let
    least = toString word.minimum;
    most = toString (word.maximum or "18446744073709551615");
    isTaken = digits: isUpTo most digits && (word.minimum <= 0 || isUpTo digits least);
    isTakenBelow = digits: word.minimum < 0 && isUpTo (substring 1 (-1) least) digits;
  in
    value: let
      parts = match "0*([0-9]+)|-([1-9][0-9]*)" (digitsOf toString value);
      digits = head parts;
      below = elemAt parts 1;
    in
      if parts == null
      then null
      else if digits != null && isTaken digits
      then digits
      else if below != null && isTakenBelow below
      then "-${below}"
      else null;

  hex = word: let
    # JSON omits the largest maximum, since Nix could not read it.
    most =
      if word.xmlHex >= 16
      then "ffffffffffffffff"
      else hexadecimal word.maximum;
  in
    value: let
      parts = match "(0x)?0*([0-9a-fA-F]+)" (digitsOf hexadecimal value);
      digits = replaceStrings ["A" "B" "C" "D" "E" "F"] ["a" "b" "c" "d" "e" "f"] (elemAt parts 1);
      zeros = concatStringsSep "" (genList (_: "0") (word.xmlHex - stringLength digits));
    in
      if parts == null || !isUpTo most digits
      then null
      else if stringLength digits < word.xmlHex
      then "0x${zeros}${digits}"
      else "0x${digits}";

  digitsOf = print: value:
    if isInt value
    then print value
    else if isString value
    then value
    else "";

  hexadecimal = number:
    if 0 <= number && number < 16
    then substring number 1 "0123456789abcdef"
    else if number < 0
    then "-"
    else hexadecimal (number / 16) + hexadecimal (builtins.bitAnd number 15);

  # A string, a string of a certain form, or a number that may have a fraction.
  other = word: let
    takes = type: elem type (types word);
    hasForm =
      if word ? posix
      then text: match word.posix text != null || match "[ -~\t\n\r]*" text == null
      else if word ? pattern
      then expression word.pattern
      else _: true;
  in
    value:
      if isString value && hasForm value
      then value
      else if isInt value && (takes "integer" || takes "number") && hasForm (toString value)
      then toString value
      else if isFloat value && takes "number"
      # JSON prints a whole number with the fraction `.0`.
      then head (split "[.]0$" (toJSON value))
      else null;

  # A number of a unit: a size with any unit, in that unit. A size whose unit is in another field is split before.
  sized = word: let
    inherit (word.xmlSize) unit min max;
  in
    value: let
      parts = sizeOf value;
      digits = head (match "0*([0-9]+)" (head parts));
      bytes = builtins.fromJSON digits * bytesIn (elemAt parts 1);
      counted = bytes / bytesIn unit;
    in
      if word ? xmlSize.unitIn || parts == null || !isUpTo (toString (largest / bytesIn (elemAt parts 1))) digits
      then null
      else if counted * bytesIn unit != bytes || counted < min || counted > max
      then null
      else toString counted;
  # The number and unit of a size with a known unit.
  sizeOf = value: let
    parts = match constants.size.regex value;
  in
    if isString value && parts != null && bytesIn (elemAt parts 1) != null
    then parts
    else null;

  # The words that are known, for a suggestion.
  knownWords = word:
    if word ? xmlSwitch
    then [word.xmlSwitch."true" word.xmlSwitch."false"]
    else filter isString (word.enum or [(word.const or null)]);

  # What is expected, as messages say it.
  expectedOne = word: let
    known = knownWords word;
    most = word.maximum or largest;
    digits = word.xmlHex;
  in
    if word ? xmlSize
    then message.size {inherit (constants.size) example;}
    else if word ? xmlSwitch
    then message.switch
    else if known != [] && tail known == []
    then toJSON (head known)
    else if known != []
    then problem.listing known
    else if word ? xmlHex && (digits >= 16 || most == power 16 digits - 1)
    then message.hexadecimal {inherit digits;}
    else if word ? xmlHex
    then
      message.hexadecimalUpTo {
        max = most;
        digits = hexadecimal most;
      }
    else if isNumber word && most == largest && word.minimum < -largest
    then message.wholeNumber
    else if isNumber word && most == largest
    then message.wholeNumberFrom {min = word.minimum;}
    else if isNumber word
    then
      message.wholeNumberBetween {
        min = word.minimum;
        max = most;
      }
    else if word ? pattern && !elem "number" (types word)
    then word.description
    else if head (types word) == "number"
    then message.number
    else message.string;
  largest = 9223372036854775807;
  power = base: exponent:
    if exponent == 0
    then 1
    else base * power base (exponent - 1);

  # The code of the problem with a value that a word does not take.
  refused = value: word: let
    isText = isString value;
    isWord = isText || isInt value;
    code = condition: code:
      if condition
      then code
      else "wrong-type";
  in
    if word ? xmlSize
    then code (!word ? xmlSize.unitIn && sizeOf value != null) "unrepresentable-size"
    else if word ? xmlSwitch
    then code isText "unknown-word"
    else if word ? enum || word ? const
    then code isWord "unknown-word"
    else if word ? xmlHex
    then code (isInt value || isText && match "(0x)?[0-9a-fA-F]+" value != null) "out-of-range"
    else if isNumber word
    then code (isInt value || isText && match "[0-9]+|-[1-9][0-9]*" value != null) "out-of-range"
    else if word ? pattern && !elem "number" (types word)
    then code isWord "bad-form"
    else "wrong-type";
in rec {
  # Whether the schema is that of a decimal number.
  isDecimal = word: word ? minimum && isNumber word && !word ? xmlHex;

  inherit knownWords value;

  # The text of a value by the first of the schemas that it fits; null if it fits none.
  print = words: let
    each = map (word:
      if !isAttrs word
      then enum words
      else if word ? enum || word ? const
      then enum (word.enum or [word.const])
      else if word ? xmlSize
      then sized word
      else if word ? xmlHex
      then hex word
      else if isNumber word
      then int word
      else other word)
    words;
  in
    it: let
      given = value it;
      next = found: print:
        if found == null
        then print given
        else found;
    in
      foldl' next null each;

  # What is expected of a value that may be any of the words, as messages say it.
  expected = words: foldl' (one: other: message.either {inherit one other;}) (expectedOne (head words)) (map expectedOne (tail words));

  # The problem with a value that fits none of the schemas. The value of a secret is redacted.
  refusal = isSecret: words: value: let
    wanted = expected words;
    codes = filter (code: code != "wrong-type") (map (refused value) words);
    code = elemAt (["wrong-type"] ++ codes) (length codes);
    switch =
      if isString value
      then meant.switch value
      else null;
    isSwitch = switch != null && print words switch != null;
    near =
      if isSwitch
      then null
      else problem.closest (toString value) (concatMap knownWords words);
    written =
      if match ".*[.].*" (toJSON value) != null
      then toJSON value
      else "${toJSON value}.0";
  in
    if !isSecret && (isString value || isInt value && codes != [])
    then
      {
        inherit code;
        message =
          if code == "unrepresentable-size"
          then
            message.invalidSize {
              text = value;
              inherit ((elemAt words 1).xmlSize) unit max;
            }
          else
            message.invalid {
              noun = (head words).title or "value";
              found = toJSON value;
              expected = wanted;
            };
        suggestion = near;
      }
      // (
        if isSwitch
        then {hint = meant.ofSwitch value;}
        else if code == "unknown-word" && near == null
        then {hint = message.newerLibvirt;}
        else {}
      )
    else if !isSecret && isFloat value
    then
      {
        code = "wrong-type";
        message = message.noFraction {expected = wanted;};
      }
      // (
        if print words written != null
        then {hint = message.writeInQuotes {text = written;};}
        else {}
      )
    else problem.wrongType wanted (kind value) value;

  # The type of a value, as messages name it.
  kind = value:
    {
      bool = toJSON value;
      float = message.fraction;
      int = message.number;
      lambda = message.function;
      null = "null";
      inherit (message) list set string;
    }
    .${
      typeOf value
    };

  # The number and the unit of a size such as `8 GiB`; null if there is no unit.
  size = match constants.size.regex;

  # The attributes that a string in a notation gives, such as those of a PCI address for `0000:01:00.0`; null for any other
  # string.
  attributes = notation: text: let
    groups = match notation.regex text;
    attribute = group: let
      found = elemAt groups (group - 1);
    in
      if found == null
      then notation.default
      else found;
  in
    if groups == null
    then null
    else builtins.mapAttrs (_: attribute) notation.attributes;
}
