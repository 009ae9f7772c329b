# What writes a common element given by a single value.
{
  # What writes other values.
  another,
  table,
  # What writes the element from a set.
  write,
}: let
  inherit (builtins) elem elemAt fromJSON head isBool isInt isString match;
  inherit (table) short;
  key = head table.shortFor;
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
        ${elemAt table.shortFor 1} = elemAt parts 1;
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
