# What writes a common element given by a single value.
{
  kind,
  # The name of the element.
  name,
  # What writes other values.
  another,
  # What writes the element from a set.
  write,
}: let
  inherit (builtins) elem elemAt fromJSON head isBool isInt isString match readFile;
  table = (fromJSON (readFile (../../schema/json/tables/common + "/${kind}.json"))).${name} or ["none"];
  short = head table;
  key = elemAt table 1;
  isKey = it:
    if short == "switch"
    then isBool it
    else isInt it && elem short ["size" "text"] || isString it && short == "text";
  ofSize = tag: newline: it: parts:
    if parts == null
    then another tag newline it
    else
      write tag newline {
        ${key} = fromJSON (head parts);
        ${elemAt table 2} = elemAt parts 1;
      };
in
  tag: newline: it:
    if isKey it
    then write tag newline {${key} = it;}
    else if it == true && short == "presence"
    then write tag newline {}
    else if isString it && short == "size"
    then ofSize tag newline it (match "([1-9][0-9]{0,17}) *([A-Za-z]+)" it)
    else another tag newline it
