# `getXML` gives the XML of a kind and a spec.
{getXML}:
/**
A domain as a virtual machine of KubeVirt, with what belongs to it.

The result is a set: `documents`, a list with the `VirtualMachine` and with its `NetworkAttachmentDefinition`s and Secrets; `json` and
`yaml`, the documents as a text for `kubectl apply`; and `problems`, a list of what KubeVirt lacks and what has to be in the cluster,
in the form of `validate`. Warnings are printed when the documents are used. An error fails the evaluation.

# Type

```
toKubeVirt :: { definition :: Spec, active :: Bool ? null, namespace :: String ? null } -> Set
```

# Arguments

- `definition`: Spec of the domain. A disk with a `size` becomes a DataVolume, and a seed of cloud-init a Secret. Required.
- `active` (default: `null`): Whether the guest runs, as in the modules: the run strategy is `RerunOnFailure` or `Halted`. With `null`,
  it is `Manual`.
- `namespace` (default: `null`): Namespace of the documents. With `null`, it is that of `kubectl`.

# Example

```nix
(lib.domain.toKubeVirt {
  definition = lib.domain.templates.linux {
    name = "web";
    storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; };
  };
  active = true;
}).yaml
```
*/
let
  inherit (builtins) any concatMap concatStringsSep filter head isAttrs isList listToAttrs map toJSON;
  read = import ./read.nix;
  convert = import ./convert.nix;
  yaml = import ./yaml.nix;
  warn = import ../warn.nix;

  listOf = it:
    if isList it
    then it
    else [it];
  element = name: text: {
    inherit name text;
    attributes = {};
    order = [];
    children = [];
  };

  # The volumes that a spec declares, by pool and name.
  volumesOf = spec:
    listToAttrs (map (it: {
      name = "${it.pool}/${it.definition.name}";
      value =
        filter (child: child.name == "capacity") (read (getXML "volume" it.definition)).children
        ++ (
          if it.content or null == null
          then []
          else [(element "content" "${it.content}")]
        );
    }) (spec.volumes or []));

  # The disks whose image is a seed of `lib.guest-install.nocloud`, which knows its content.
  seedsOf = spec: let
    isSeed = disk: isAttrs disk && isAttrs (disk.source.file or null) && disk.source.file ? userData;
  in
    listToAttrs (map (disk: {
      name = disk.target.dev;
      value = disk.source.file;
    }) (filter isSeed (listOf (spec.devices.disk or []))));

  # What the XML of a disk does not tell.
  complete = volumes: seeds: disk: let
    child = name: let
      found = filter (it: it.name == name) disk.children;
    in
      if found == []
      then element name ""
      else head found;
    inherit (child "source") attributes;
    volume = volumes."${attributes.pool or ""}/${attributes.volume or ""}" or [];
    seed =
      if seeds ? ${(child "target").attributes.dev or ""}
      then [(element "cloud-init" "")]
      else [];
  in
    if disk.name == "disk"
    then disk // {children = volume ++ seed ++ disk.children;}
    else disk;

  secret = machine: seed: {
    apiVersion = "v1";
    kind = "Secret";
    metadata.name = "${machine.metadata.name}-cloud-init";
    stringData =
      {userdata = seed.userData;}
      // (
        if seed.networkConfig == ""
        then {}
        else {networkdata = seed.networkConfig;}
      );
  };
in
  {
    definition,
    active ? null,
    namespace ? null,
  }: let
    volumes = volumesOf definition;
    seeds = seedsOf definition;
    domain = read (getXML "domain" (removeAttrs definition ["volumes"]));
    whole =
      domain
      // {
        attributes =
          domain.attributes
          // {
            active =
              if active == null
              then "unknown"
              else if active
              then "yes"
              else "no";
          };
        order = domain.order ++ ["active"];
        children = map (child:
          if child.name == "devices"
          then child // {children = map (complete volumes seeds) child.children;}
          else child)
        domain.children;
      };
    converted = convert whole;
    machine = builtins.elemAt converted.documents (builtins.length converted.documents - 1);
    secrets = map (secret machine) (builtins.attrValues seeds);
    placed = document:
      if namespace == null
      then document
      else document // {metadata = document.metadata // {inherit namespace;};};

    line = problem: "${problem.severity}[${problem.code}]: ${
      if problem.path == ""
      then ""
      else "${problem.path}: "
    }${problem.message}";
    summary = "domain ${toJSON definition.name} for KubeVirt:\n  ${concatStringsSep "\n  " (map line converted.problems)}";
    checked = documents:
      if any (problem: problem.severity == "error") converted.problems
      then throw summary
      else if converted.problems != []
      then warn summary documents
      else documents;
  in rec {
    inherit (converted) problems;
    documents = checked (map placed (secrets ++ converted.documents));
    json = toJSON {
      apiVersion = "v1";
      kind = "List";
      items = documents;
    };
    yaml = import ./yaml.nix documents;
  }
