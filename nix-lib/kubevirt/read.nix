# Reads XML that the library has written: elements, attributes and their order, and text.
#
# Free XML in a spec may have comments, which are left out, and quotes of both kinds, of which only the single ones are read.
#
# # Type
# read :: String -> {
#   name :: String, attributes :: { String }, order :: [String], children :: [Element], text :: String
# }
let
  inherit (builtins) elemAt filter foldl' head isList isString listToAttrs match replaceStrings split tail;
  plain = replaceStrings ["&lt;" "&gt;" "&apos;" "&quot;" "&#9;" "&#10;" "&#13;" "&amp;"] ["<" ">" "'" "\"" "\t" "\n" "\r" "&"];
  trimmed = text: head (match "[ \t\r\n]*(.*[^ \t\r\n])?[ \t\r\n]*" text);
  attribute = parts: {
    name = elemAt parts 0;
    value = plain (elemAt parts 1);
  };
  element = tag: let
    attributes = map attribute (filter isList (split "[ \n]([^ =\n]+)='([^']*)'" tag));
  in {
    name = head (match "([^ /\n]+).*" tag);
    attributes = listToAttrs attributes;
    order = map (it: it.name) attributes;
    children = [];
    text = "";
  };

  # `open` is the list of open elements, the innermost first.
  into = child: open: [(head open // {children = (head open).children ++ [child];})] ++ tail open;
  tag = open: text:
    if match "[!?].*" text != null
    then open
    else if match "/.*" text != null
    then into (head open) (tail open)
    else if match ".*/" text != null
    then into (element text) open
    else [(element text)] ++ open;
  text = open: found: let
    known = trimmed found;
  in
    if known == null
    then open
    else [(head open // {text = plain known;})] ++ tail open;
  document = {children = [];};
in
  xml:
    head
    (head (foldl' (open: token:
      if isString token
      then text open token
      else tag open (head token)) [document] (split "<([^>]*)>" xml)))
    .children
