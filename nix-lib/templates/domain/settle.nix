# Settles what a template leaves open until its spec is rendered, since other values may be laid over it: `volumes`, which the modules
# read and libvirt does not know, and the proposal of a firmware, beside which libvirt would refuse the path of another one.
spec: let
  inherit (builtins) head isList removeAttrs;
  os = spec.os or null;
  firmware = os.firmware or null;
  isProposed =
    firmware.isProposal or (isList firmware && firmware != [] && (head firmware).isProposal or false);
  # libvirt knows the format of its own template.
  withoutFormat =
    if os.nvram.templateFormat or null != null && os.nvram.template or null == null
    then {nvram = removeAttrs os.nvram ["templateFormat"];}
    else {};
  settled =
    (
      if os.loader.path or null != null
      then removeAttrs os ["firmware"]
      else os
    )
    // withoutFormat;
  changed =
    if isProposed && (os.loader.path or null != null || withoutFormat != {})
    then spec // {os = settled;}
    else spec;
in
  if spec ? volumes
  then removeAttrs changed ["volumes"]
  else changed
