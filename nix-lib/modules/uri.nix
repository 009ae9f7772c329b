# The URI that was probably meant, if a connection's URI is empty, if its driver or daemon is misspelled, or if slashes are missing
# or too many; null for any other URI.
# `reconciler/src/uri.rs` has the same rule, and says why.
uri: let
  inherit (builtins) elemAt match;
  inherit (import ../render/problem.nix) closest;
  parts = match "([^:/+?]+)([+][^:/?]*)?(:+/*|/+)(([^/?]+)/+)?([^/?]+)/*([?].*)?" uri;
  part = index: let
    found = elemAt parts index;
  in
    if found == null
    then ""
    else found;
  driver = closest (part 0) ["bhyve" "ch" "lxc" "openvz" "qemu" "vbox" "vz" "xen"];
  daemon = closest (part 5) ["system" "session"];
  form = host: "${driver}${part 1}://${host}/${daemon}${part 6}";
  right = form (part 4);
in
  if uri == ""
  then "qemu:///system"
  else if parts == null || driver == null || daemon == null || uri == right
  then null
  else if part 1 != "" && part 4 == ""
  then form "HOST"
  else right
