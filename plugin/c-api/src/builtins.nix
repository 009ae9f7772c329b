# `builtins.nixvirt`, made of the functions of the plugin. Each returns a set with `result`, which Nix then evaluates, and which fails where a
# builtin of Nix would throw.
plugin: let
  inherit (builtins) concatStringsSep hasContext head listToAttrs map pathExists split storeDir stringLength substring;

  # What the C API lacks, as functions for the plugin.
  evaluator = {
    inherit (builtins) fromJSON hasContext throw toJSON toString unsafeGetAttrPos;
    identity = value: value;
    interpolate = value: "${value}";
    contextOf = substring 0 0;
    # Empty text that refers to the store path that a path is in.
    contextOfPath = path: let
      text = toString path;
      start = stringLength storeDir + 1;
      stored = "${storeDir}/${head (split "/" (substring start (-1) text))}";
    in
      if substring 0 start text == "${storeDir}/" && pathExists stored
      then builtins.appendContext "" {${stored}.path = true;}
      else "";
    # A text that refers to all store paths that strings refer to, after a warning unless that is empty.
    withContext = strings: warning: text: let
      all = concatStringsSep "" strings;
      warned =
        if warning == ""
        then text
        else builtins.warn warning text;
    in
      if hasContext all
      then warned + substring 0 0 all
      else warned;
  };

  kind = name: {
    /**
    Convert *spec* to libvirt XML.

    The spec mirrors libvirt's XML: an element is a set, and its attributes and children are attributes of that set under
    their XML names. If the spec has errors, evaluation fails with a list of all of them, each with its code, path, position
    and the expected value. Warnings are printed. The result depends on every store path in the spec.
    */
    toXML = spec: (plugin.check evaluator name "" spec).result;

    /**
    Return the problems of *spec*: a list of sets with the attributes `severity` (`error` or `warning`), `code`, `path`,
    `message`, `suggestion`, `hint`, `reference` and `position`. `reference` is the page and anchor of the field, below
    `reference/fields` in the guide. The list is empty if the spec has no problems.
    */
    validate = spec: (plugin.diagnose evaluator name "" spec).result;

    /**
    Convert *spec* to libvirt XML, as `toXML` does. *libvirt* is the release that the spec is for, such as `"11.3"`: what is
    newer is a warning.
    */
    toXMLFor = libvirt: spec: (plugin.check evaluator name libvirt spec).result;

    /**
    Return the problems of *spec*, as `validate` does. *libvirt* is the release that the spec is for, such as `"11.3"`: what is
    newer is a warning.
    */
    validateFor = libvirt: spec: (plugin.diagnose evaluator name libvirt spec).result;

    /**
    Convert the libvirt XML in the string *xml* to a spec. Unknown elements and attributes are kept under `extra`, so that
    `toXML` of the result is equivalent to *xml*.
    */
    fromXML = xml:
      if hasContext xml
      then throw "${name}: the XML must not refer to a store path"
      else (plugin.fromXML evaluator name xml).result;

    schema = (plugin.schema evaluator name).result;
  };
in
  {inherit (plugin) version kinds;}
  // listToAttrs (map (name: {
      inherit name;
      value = kind name;
    })
    plugin.kinds)
