# What libvirt takes although its schema does not, in the form in which libvirt keeps it, with a warning for what libvirt ignores.
# Configurations that were written for other tools have such parts.
#
# # Type
# taken :: String -> Spec -> Spec
let
  inherit (builtins) any attrNames isAttrs isList map removeAttrs toJSON;
  warn = import ./warn.nix;
  warnOf = spec: message: warn "domain ${toJSON (spec.name or "")}: ${message}";

  # libvirt reads no enlightenments beside this mode.
  hyperv = spec: let
    given = spec.features.hyperv;
    ignored = attrNames (removeAttrs given ["mode" "extra"]);
  in
    if (given.mode or null) != "passthrough" || ignored == []
    then spec
    else
      warnOf spec ''
        features.hyperv: mode "passthrough" enables what the host has, and libvirt ignores ${toJSON ignored}
        hint: remove them, or set mode = "custom"''
      (spec // {features = spec.features // {hyperv = removeAttrs given ignored;};});

  # Changes the devices of a kind for which a condition holds.
  devices = kind: condition: change: spec: let
    given = spec.devices.${kind} or [];
    all =
      if isList given
      then given
      else [given];
    isMeant = it: isAttrs it && condition it;
    changed = it:
      if isMeant it
      then change it
      else it;
  in
    if any isMeant all
    then spec // {devices = spec.devices // {${kind} = map changed all;};}
    else spec;

  # libvirt does not read the source of an interface of type `user`, unless it is the device that passt uses.
  isSourceIgnored = it: it.type or null == "user" && isAttrs (it.source or null) && !(it.source ? dev);
  interfaces = spec:
    devices "interface" isSourceIgnored (it:
      warnOf spec ''
        devices.interface: an interface of type "user" has no network or bridge, and libvirt ignores `source`
        hint: remove `source`, or set type = "bridge" or type = "network"''
      (removeAttrs it ["source"]))
    spec;

  # The address of the host's own device has no type.
  hasType = it: it.type or null == "pci" && it.source.address.type or null == "pci";
  hostdevs = devices "hostdev" hasType (it: it // {source = it.source // {address = removeAttrs it.source.address ["type"];};});

  kinds = {
    domain = spec:
      hostdevs (interfaces (
        if isAttrs (spec.features.hyperv or null)
        then hyperv spec
        else spec
      ));

    # A network that is not forwarded.
    network = spec:
      if spec.forward.mode or null == "none"
      then removeAttrs spec ["forward"]
      else spec;
  };
in
  kind: kinds.${kind} or (spec: spec)
