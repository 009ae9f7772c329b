# The URI that was probably meant, if a connection's URI is empty, or slashes are missing or too many; null for any other URI.
# `reconciler/src/uri.rs` has the same rule, and says why.
uri: let
  inherit (builtins) elem elemAt match;
  parts = match "([a-z]+)([+][a-z0-9]+)?(:/*|/+)(([^/?]+)/+)?(system|session)/*([?].*)?" uri;
  part = index: let
    found = elemAt parts index;
  in
    if found == null
    then ""
    else found;
  form = host: "${part 0}${part 1}://${host}/${part 5}${part 6}";
  right = form (part 4);
in
  if uri == ""
  then "qemu:///system"
  else if parts == null || uri == right || !elem (part 0) ["bhyve" "ch" "lxc" "openvz" "qemu" "vbox" "vz" "xen"]
  then null
  else if part 1 != "" && part 4 == ""
  then form "HOST"
  else right
