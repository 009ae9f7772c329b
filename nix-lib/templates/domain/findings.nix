# What `nixvirt doctor --json` found about a part of a host. The report is a file, or its content.
host: check: let
  inherit (builtins) filter fromJSON isAttrs map readFile;
  report =
    if isAttrs host
    then host
    else fromJSON (readFile host);
in
  map (it: it.finding) (filter (it: it.check == check) report.findings)
