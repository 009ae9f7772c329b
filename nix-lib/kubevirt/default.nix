# `getXML` gives the XML of a kind and a spec.
{getXML}:
/**
A domain as a virtual machine of KubeVirt, with the networks and secrets that the machine needs.

The result is a set: `documents`, a list with the `VirtualMachine` and with its `NetworkAttachmentDefinition`s and Secrets; `json` and
`yaml`, the documents as one text for `kubectl apply`; and `problems`, a list of what KubeVirt lacks and what has to be in the cluster,
in the form of `validate`. Warnings are printed when the documents are used. An error fails the evaluation.

# Type

```
toKubeVirt :: Arguments -> Set
```

# Arguments

- `definition`: Spec of the domain. A disk with a `size` becomes a DataVolume, and a seed of cloud-init, Ignition or Windows a Secret. A
  seed with a script for Combustion stays a disk, whose content has to be in the cluster. Files with secrets are not read: their
  placeholders stay in the Secret, and a warning names them. Required.
- `active` (default: `null`): Whether the guest runs, as in the modules: the run strategy is `RerunOnFailure` or `Halted`. With `null`,
  it is `Manual`.
- `namespace` (default: `null`): Namespace of the documents. With `null`, `kubectl` chooses the namespace.
- `podNetworks` (default: `[ "default" ]`): Names of networks with NAT. The first interface on one of these networks is connected to the
  network of the pod, behind the address of the node.
- `gpus` (default: `{ }`): Names of graphics cards in the cluster, by their addresses on the host. The address of a PCI device has
  the form `0000:01:00.0`. The address of a mediated device is its UUID.
- `hostDevices` (default: `{ }`): Names of other devices in the cluster. The address of a USB device is its ID, as in `046d:c52b`.

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
  inherit (builtins) any attrNames concatMap concatStringsSep elem filter head isAttrs isList listToAttrs map mapAttrs toJSON;
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

  # What a volume contains when it is created.
  contentOf = content:
    if content == null
    then []
    else if !isAttrs content || content ? outPath
    then [(element "content" "${content}")]
    else if content.download or null != null
    then [(element "download" content.download.url)]
    else if content.volume or null != null
    then [(element "content" content.volume.name)]
    else contentOf (content.file or null);

  # The volumes that a spec declares, by pool and name.
  volumesOf = spec:
    listToAttrs (map (it: {
      name = "${it.pool}/${it.definition.name}";
      value =
        if isAttrs (it.content or null) && it.content.seed or null != null
        then []
        else filter (child: child.name == "capacity") (read (getXML "volume" it.definition)).children ++ contentOf (it.content or null);
    }) (spec.volumes or []));

  # The seed in a volume, as a Secret of this kind; null if KubeVirt passes no such seed to a guest.
  seedOf = {
    files,
    secretFiles ? {},
    ...
  }: let
    secret = kind: stringData: {inherit kind stringData secretFiles;};
    text = name: files.${name}.text;
    isAnswer = name: elem name ["Autounattend.xml" "autounattend.xml" "Unattend.xml" "unattend.xml"];
  in
    if files ? user-data
    then
      secret "cloud-init" ({userdata = text "user-data";}
        // (
          if files ? network-config
          then {networkdata = text "network-config";}
          else {}
        ))
    # KubeVirt has no counterpart of a script for Combustion.
    else if attrNames files == ["ignition/config.ign"]
    then secret "ignition" {userdata = text "ignition/config.ign";}
    else if any isAnswer (attrNames files)
    then secret "sysprep" (mapAttrs (name: _: text name) files)
    else null;

  # The seeds of a spec, by the targets of their disks: those of `lib.guest-install.nocloud`, which know their content, and those of
  # declared volumes.
  seedsOf = spec: let
    declared = listToAttrs (map (it: {
      name = "${it.pool}/${it.definition.name}";
      value = seedOf it.content.seed;
    }) (filter (it: isAttrs (it.content or null) && it.content.seed or null != null) (spec.volumes or [])));
    found = disk: let
      source = disk.source or {};
      file = source.file or null;
    in
      if isAttrs file && file ? userData
      then
        seedOf {
          files =
            {user-data.text = file.userData;}
            // (
              if file.networkConfig == ""
              then {}
              else {network-config.text = file.networkConfig;}
            );
        }
      else declared."${source.pool or ""}/${source.volume or ""}" or null;
    disks = filter isAttrs (listOf (spec.devices.disk or []));
  in
    listToAttrs (map (disk: {
      name = disk.target.dev;
      value = found disk;
    }) (filter (disk: found disk != null) disks));

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
    seed = seeds.${(child "target").attributes.dev or ""} or null;
  in
    if disk.name != "disk"
    then disk
    else
      disk
      // {
        children =
          (
            if seed == null
            then volume
            else markers seed
          )
          ++ disk.children;
      };

  # What a seed adds to its disk.
  markers = {
    kind,
    stringData,
    secretFiles,
  }: let
    network =
      if stringData ? networkdata
      then [(element "network" "")]
      else [];
    files = map (name: "the content of ${secretFiles.${name}} in place of @${name}@") (attrNames secretFiles);
  in
    [(element kind "" // {children = network;})]
    ++ (
      if files == []
      then []
      else [(element "secret-files" (concatStringsSep ", " files))]
    );

  secret = machine: {
    kind,
    stringData,
    ...
  }: {
    apiVersion = "v1";
    kind = "Secret";
    metadata.name = "${machine.metadata.name}-${kind}";
    inherit stringData;
  };
in
  {
    definition,
    active ? null,
    namespace ? null,
    podNetworks ? ["default"],
    gpus ? {},
    hostDevices ? {},
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
    converted = convert {inherit podNetworks gpus hostDevices;} whole;
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
