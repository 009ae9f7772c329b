# The functions of one kind of object.
{pkgs}: kind: let
  plugin =
    builtins.nixvirt
    or (throw ''
      nixvirt: this Nix has not loaded the plugin that makes libvirt XML. Give Nix the plugin's file:
        nix --plugin-files /path/to/libnixvirt.so …
      or, to keep it, in nix.conf:
        plugin-files = /path/to/libnixvirt.so
      `nix build .#plugin` builds it for the Nix of this flake's nixpkgs.'');
  inherit (plugin.${kind}) toXML;

  # What a string refers to that has to be built before it is there.
  isBuilt = text: builtins.any (reference: reference ? outputs || reference ? allOutputs) (builtins.attrValues (builtins.getContext text));
in rec {
  # The libvirt XML that a spec stands for. An error lists everything that is wrong with the spec.
  #
  # # Type
  # getXML :: Spec -> String
  getXML = toXML;

  # A file in the store that holds the XML of a spec, named after the kind and the spec's name, if it has one.
  #
  # # Type
  # writeXML :: Spec -> StorePath
  writeXML = spec: let
    name = "NixVirt-${kind}-${builtins.replaceStrings ["/" " "] ["-" "-"] (spec.name or "unnamed")}";
    xml = getXML spec;
  in
    # A plain store file needs no builder, so that it works whatever the system.
    if isBuilt xml
    then
      pkgs.writeTextFile {
        inherit name;
        text = xml;
      }
    else builtins.toFile name xml;

  # What is wrong with a spec: a list of sets with `severity`, `code`, `path`, `message`, `suggestion` and
  # `position`; empty for a good one.
  #
  # # Type
  # validate :: Spec -> [Diagnostic]
  inherit (plugin.${kind}) validate;

  # The spec that libvirt XML stands for.
  #
  # # Type
  # fromXML :: String -> Spec
  inherit (plugin.${kind}) fromXML;

  # The JSON Schema of the kind's specs, as a Nix value.
  inherit (plugin.${kind}) schema;
}
