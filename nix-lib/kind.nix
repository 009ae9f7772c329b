# The functions of one kind of object, such as `lib.domain`, for a release of libvirt unless that is null.
{
  libvirt,
  pkgs,
}: kind: let
  version = import ./version.nix;
  loaded = builtins.nixvirt.version or null;
  hasPlugin = import ./has-plugin.nix builtins kind;

  # A function that only the plugin has; `otherwise` is what to do without it.
  ofPlugin = name: otherwise:
    if hasPlugin
    then forRelease name
    else
      throw ''
        `lib.${kind}.${name}` requires the NixVirt plugin ${version}, but this Nix has loaded ${
          if loaded == null
          then "none"
          else "version ${loaded}"
        }
        hint: load the plugin with `nix --plugin-files /path/to/libnixvirt.so …`, or permanently with `plugin-files = /path/to/libnixvirt.so` in nix.conf
        hint: `nix build .#plugin` builds it for the Nix of this flake's nixpkgs
        hint: without the plugin, ${otherwise}'';

  settle =
    if kind == "domain"
    then import ./templates/domain/settle.nix
    else spec: spec;

  # A function of the plugin, for the release of libvirt. A plugin of an earlier maintenance release does not check releases.
  forRelease = name:
    if libvirt != null && builtins.nixvirt.${kind} ? "${name}For"
    then builtins.nixvirt.${kind}."${name}For" libvirt
    else builtins.nixvirt.${kind}.${name};

  # Nobody creates the volumes of a spec that becomes XML.
  warnOfVolumes = spec: xml: let
    path = it: "${it.pool or "?"}/${it.definition.name or "?"}";
  in
    if kind == "domain" && spec.volumes or [] != []
    then
      warn ''
        domain ${builtins.toJSON (spec.name or "")}: the XML of the domain does not create these volumes: ${builtins.concatStringsSep ", " (map path spec.volumes)}
        hint: declare the domain in a module, whose manifest creates the volumes (`lib.manifest` outside of NixOS), or declare the volumes in their pool''
      xml
    else xml;
  warn = import ./warn.nix;

  toXML =
    if hasPlugin
    then forRelease "toXML"
    else
      import ./render {
        inherit kind;
        schema = jsonSchema;
      };
  jsonSchema = builtins.fromJSON (builtins.readFile (../schema/json + "/${kind}.json"));

  # Whether a string refers to a derivation output, which has to be built.
  isBuilt = text: builtins.any (reference: reference ? outputs || reference ? allOutputs) (builtins.attrValues (builtins.getContext text));
  # A name that the store accepts: libvirt allows more characters, and longer names.
  inStore = name: builtins.substring 0 150 (builtins.concatStringsSep "-" (builtins.filter builtins.isString (builtins.split "[^-A-Za-z0-9+._?=]" name)));
in rec {
  /**
  The libvirt XML of a spec.

  An invalid spec is an evaluation error, which lists all problems of the spec, with their positions and the likely fixes. Without
  the plugin, rules are not checked.

  # Type

  ```
  getXML :: Spec -> String
  ```

  # Example

  ```nix
  lib.network.getXML { name = "lan"; forward.mode = "nat"; ip = { address = "192.168.74.1"; prefix = 24; }; }
  ```
  */
  getXML = spec: warnOfVolumes spec (toXML (settle spec));

  /**
  A file in the Nix store with the libvirt XML of a spec, named after the kind and the spec's `name`. The result can be used as a
  path; its attribute `spec` is the spec.

  # Type

  ```
  writeXML :: Spec -> StorePath
  ```

  # Example

  ```nix
  lib.network.writeXML (lib.network.templates.nat { name = "lan"; subnet_byte = 74; })
  ```
  */
  writeXML = spec: let
    name = "NixVirt-${kind}-${inStore (spec.name or "unnamed")}";
    xml = getXML spec;
    # A plain store file needs no builder, and so no system.
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

  /**
  The problems of a spec, as a list of sets with `severity`, `code`, `path`, `message`, `suggestion`, `hint`, `reference` and
  `position`. `reference` is the page and anchor of the field, below `reference/fields` in the guide. The list of a valid spec is
  empty. Requires the plugin.

  # Type

  ```
  validate :: Spec -> [Problem]
  ```

  # Example

  ```nix
  map (problem: problem.path) (lib.network.validate { name = "lan"; forward.mdoe = "nat"; })
  ```
  */
  validate = spec: ofPlugin "validate" "`nixvirt check --kind ${kind}` checks a spec in JSON" (settle spec);

  /**
  The spec of a libvirt XML document. Requires the plugin.

  # Type

  ```
  fromXML :: String -> Spec
  ```

  # Example

  ```nix
  lib.network.fromXML "<network><name>lan</name><forward mode='nat'/></network>"
  ```
  */
  fromXML = ofPlugin "fromXML" "`nixvirt import` prints the spec of an XML file, as Nix";

  /**
  The JSON Schema of the kind's specs, as a Nix value.

  # Type

  ```
  schema :: Set
  ```

  # Example

  ```nix
  builtins.attrNames lib.network.schema.properties
  ```
  */
  schema = jsonSchema;
}
