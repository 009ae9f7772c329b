# The functions of one kind of object.
{pkgs}: kind: let
  version = import ./version.nix;
  loaded = builtins.nixvirt.version or null;

  # Plugins whose versions differ in the last number alone do the same.
  release = builtins.match "([0-9]+[.][0-9]+)[.].*";
  hasPlugin = loaded != null && release loaded == release version && builtins.nixvirt ? ${kind};

  # What only the plugin can do.
  ofPlugin = name: instead:
    if hasPlugin
    then builtins.nixvirt.${kind}.${name}
    else
      throw ''
        nixvirt: `lib.${kind}.${name}` needs the plugin, version ${version}; this Nix has loaded ${
          if loaded == null
          then "none"
          else "version ${loaded}"
        }. Give Nix the plugin's file:
          nix --plugin-files /path/to/libnixvirt.so …
        or, to keep it, in nix.conf:
          plugin-files = /path/to/libnixvirt.so
        `nix build .#plugin` builds it for the Nix of this flake's nixpkgs. Without it, ${instead}.'';

  # `volumes`, which templates put beside a domain for a disk that is to be created, are the modules': libvirt has no such
  # part.
  ofSpec =
    if kind == "domain"
    then
      function: spec:
        function (
          if spec ? volumes
          then removeAttrs spec ["volumes"]
          else spec
        )
    else function: function;

  # What a string refers to that has to be built before it is there.
  isBuilt = text: builtins.any (reference: reference ? outputs || reference ? allOutputs) (builtins.attrValues (builtins.getContext text));
  # A name as the store takes it: libvirt takes more letters, and longer ones.
  inStore = name: builtins.substring 0 150 (builtins.concatStringsSep "-" (builtins.filter builtins.isString (builtins.split "[^-A-Za-z0-9+._?=]" name)));
in rec {
  # The libvirt XML that a spec stands for. An error lists everything that is wrong with the spec; without the plugin it
  # tells the first thing that is not of the types, and nothing that is against a rule.
  #
  # # Type
  # getXML :: Spec -> String
  getXML = ofSpec (
    if hasPlugin
    then builtins.nixvirt.${kind}.toXML
    else import ./render.nix {inherit kind schema;}
  );

  # A file in the store that holds the XML of a spec, named after the kind and the spec's name, if it has one. It can be used
  # wherever a path can; `spec` is what it was made of.
  #
  # # Type
  # writeXML :: Spec -> StorePath
  writeXML = spec: let
    name = "NixVirt-${kind}-${inStore (spec.name or "unnamed")}";
    xml = getXML spec;
    # A plain store file needs no builder, so that it works whatever the system.
    file =
      if isBuilt xml
      then
        pkgs.writeTextFile {
          inherit name;
          text = xml;
        }
      else builtins.toFile name xml;
  in {
    outPath = "${file}";
    inherit kind name spec;
  };

  # What is wrong with a spec: a list of sets with `severity`, `code`, `path`, `message`, `suggestion` and
  # `position`; empty for a good one. It needs the plugin.
  #
  # # Type
  # validate :: Spec -> [Diagnostic]
  validate = ofSpec (ofPlugin "validate" "`nixvirt check --kind ${kind}` checks a spec in JSON");

  # The spec that libvirt XML stands for. It needs the plugin.
  #
  # # Type
  # fromXML :: String -> Spec
  fromXML = ofPlugin "fromXML" "`nixvirt import` prints the spec of XML, as Nix";

  # The JSON Schema of the kind's specs, as a Nix value.
  schema = builtins.fromJSON (builtins.readFile (../schema/json + "/${kind}.json"));
}
