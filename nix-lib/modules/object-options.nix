# The options of a connection: objects of each kind, as a list or as a set by name.
{
  lib,
  library,
}: let
  inherit (builtins) attrNames attrValues concatMap filter head isAttrs isList isPath isString mapAttrs match substring unsafeGetAttrPos;
  inherit (lib) mkOption types;
  schemaOptions = import ./schema-options.nix {inherit lib;};
  inherit (import ./by-name.nix {inherit lib;}) fieldsOfOne;
  inherit (import ./given.nix {inherit lib;}) contents;
  optionOf = type: description:
    mkOption {
      inherit type description;
      default = null;
    };
  nullOption = type: optionOf (types.nullOr type);

  # A submodule with these options, without the `_module` option that every submodule has: editors need not show it.
  submodule = options: let
    type = types.submodule {inherit options;};
  in
    type
    // {
      getSubModules = null;
      getSubOptions = prefix: removeAttrs (type.getSubOptions prefix) ["_module"];
    };

  # A type, or null. Unlike `nullOr`, it keeps the name of the type, by which editors find the options below it.
  orNull = type:
    type
    // {
      description = "null or ${type.description}";
      getSubModules = null;
      check = it: it == null || type.check it;
      merge = loc: definitions:
        if lib.all (it: it.value == null) definitions
        then null
        else if lib.any (it: it.value == null) definitions
        then
          throw ''
            The option `${lib.showOption loc}' is null in one definition and has a value in another:${lib.options.showDefs definitions}
            hint: remove one of the definitions, or choose one with `lib.mkForce`''
        else type.merge loc definitions;
    };

  isXml = it: isString it && match "[[:space:]]*<.*" (substring 0 100 it) != null;

  definition = lib.mkOptionType {
    name = "definition";
    description = "absolute path of a libvirt XML file, or a spec";
    descriptionClass = "noun";
    check = it: isAttrs it || isPath it || isString it && match "/.*" (toString it) != null || isXml it;
    merge = loc: definitions:
      if lib.any (it: isXml it.value) definitions
      then
        throw ''
          A definition for option `${lib.showOption loc}' is not of type `${definition.description}', but XML as text:${lib.options.showDefs definitions}
          hint: write the text to a file with `pkgs.writeText`, or declare the spec itself, without `getXML`''
      else if lib.all (it: schemaOptions.isSet it.value) definitions
      then schemaOptions.value.merge loc definitions
      else lib.options.mergeEqualOption loc definitions;
  };

  # The path of a secret that is read at activation. A path in the store is refused, for everyone can read the store.
  secretFile = lib.mkOptionType {
    name = "secretFile";
    description = "string with an absolute path outside the Nix store";
    descriptionClass = "noun";
    check = it: isString it && match "/.*" it != null && !lib.hasPrefix builtins.storeDir it && !builtins.hasContext it;
    merge = lib.options.mergeEqualOption;
  };

  onChange = types.enum ["live" "stage" "restart" "never"];
  onChangeOf = object: more: ''
    Policy for a changed definition of a running ${object}.${more}

    - `"live"`: apply what libvirt can change while the ${object} runs; the rest takes effect at the next start.
    - `"stage"`: change the definition only; all of it takes effect at the next start.
    - `"restart"`: stop the ${object} and start it again.
    - `"never"`: leave the definition unchanged while the ${object} runs.
  '';

  shutdown = submodule {
    timeout = mkOption {
      type = types.ints.unsigned;
      default = 120;
      example = 30;
      description = "Time that a guest has to shut down, in seconds.";
    };
    force = mkOption {
      type = types.bool;
      default = false;
      description = "Whether to force off a guest that exceeds the timeout. If false, the guest keeps running and an error is reported.";
    };
  };

  # The options of an object that are no fields of its spec.
  definitionOf = kind:
    nullOption definition ''
      Definition of the ${kind}: the path of a libvirt XML file, as `writeXML` returns it, or a spec, as a template returns it.
      Fields of the spec that are set next to `definition` override it.'';
  lifecycle = kind: {
    active = nullOption types.bool "Whether the ${kind} runs: true starts it, false stops it. If null, it is neither started nor stopped.";
    autostart = nullOption types.bool "Whether libvirt starts the ${kind} at boot. If null, the setting is left unchanged.";
    restart = nullOption types.bool "Whether to restart the ${kind}: true at every activation, false never. If null, `onChange` decides.";
    onChange = nullOption onChange (onChangeOf kind " If null, the `onChange` of the connection applies.");
    shutdown = optionOf (orNull shutdown) (
      if kind == "domain"
      then "Settings for shutting down the guest. If null, the `shutdown` of the connection applies."
      else "Without effect: a ${kind} stops immediately."
    );
  };
  present = kind: {
    present = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the ${kind} exists. If false, the ${kind} is deleted, with all its data.";
    };
  };

  hook = when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands that libvirt runs ${when}. NixOS only.";
    };

  policies = {
    secret = {
      valueFile = nullOption secretFile ''
        File with the value of the secret, as agenix and sops-nix create it. The file is read at activation; its content never
        enters the Nix store. If null, the value is left unchanged.'';
      base64 = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the content of `valueFile` is base64. If false, the bytes of the file are the value.";
      };
    };
    nwfilter = {};
    network =
      lifecycle "network"
      // {
        openFirewall = mkOption {
          type = types.bool;
          default = true;
          description = ''
            Whether to open the host's firewall for DHCP and DNS requests of guests, on the bridge of a network that has an IP
            address. NixOS only.'';
        };
      };
    pool =
      lifecycle "pool"
      // {
        volumes = mkOption {
          type = objects "volume";
          default = [];
          description = "Volumes of the pool. A missing volume is created. The content of an existing volume is never overwritten, unless it is a seed. A volume that is no longer declared is kept.";
        };
      };
    volume =
      present "volume"
      // {
        content = optionOf (orNull content) "Initial content of the volume, written once, when the volume is created.";
      };
    domain =
      lifecycle "domain"
      // {
        purge = mkOption {
          type = types.listOf (types.enum ["nvram" "tpm" "managedSave" "snapshots"]);
          default = [];
          example = ["nvram" "tpm"];
          description = "State to delete when the domain is undefined; everything else is kept.";
        };
        graphicsPasswordFile =
          optionOf (orNull (submodule {
            vnc = nullOption secretFile "File with the password of the VNC console, at most 8 bytes.";
            spice = nullOption secretFile "File with the password of the SPICE console, at most 60 bytes.";
            rdp = nullOption secretFile "File with the password of the RDP console.";
          })) ''
            Files with the passwords of the domain's graphics consoles, as agenix and sops-nix create them. The files are read at
            activation; their content never enters the Nix store. A line break at the end of a file is ignored. If null, no
            password is read from a file.'';
        secretFiles = mkOption {
          type = types.attrsOf secretFile;
          default = {};
          example.token = "/run/secrets/token";
          description = ''
            Files with secrets of the definition, by the names of their placeholders: `@token@` means the content of the file
            in `secretFiles.token`, a single line. Placeholders can be in OEM strings, in values of `fwcfg`, and in arguments and environment
            variables of QEMU. The files are read at activation; their content never enters the Nix store.'';
        };
        move = mkOption {
          type = types.enum ["never" "offline" "live"];
          default = "never";
          description = ''
            Handling of a domain that is declared here, and managed on another connection of the manifest:

            - `"never"`: once the guest is off on the other connection, remove the domain there and create it here. The disks are not
              moved.
            - `"offline"`: move the domain while it is off. A running guest is shut down for the move if `onChange` is `"restart"`
              or `active` is `false`.
            - `"live"`: move a running guest without a stop. A domain that is off moves as with `"offline"`.
          '';
        };
        storage = mkOption {
          type = types.enum ["shared" "copy"];
          default = "shared";
          description = ''
            Storage of the disks of a domain that moves between connections:

            - `"shared"`: both hosts reach the disks, under the same paths or in pools of the same storage.
            - `"copy"`: the disks are copied, and the disks on the old host are kept.
          '';
        };
        transport = mkOption {
          type = types.enum ["plain" "tls" "tunnel"];
          default = "plain";
          description = ''
            Connection over which the memory and the disks of a running guest are sent when its domain moves:

            - `"plain"`: a connection between the two QEMUs, without encryption.
            - `"tls"`: a connection between the two QEMUs with TLS. Both hosts need certificates for it.
            - `"tunnel"`: the connection between the two daemons, which is encrypted if their URI says so. It carries no disks.
          '';
        };
        rollbackSnapshots = mkOption {
          type = types.ints.u16;
          default = 0;
          example = 3;
          description = ''
            Number of snapshots to keep for `nixvirt rollback`. Before each change of the definition, NixVirt takes a snapshot of the
            disks and, while the guest runs, of the memory. If libvirt cannot take the snapshot, the guest is not changed. If 0, NixVirt takes no snapshot.'';
        };
        snapshots = optionOf (orNull (objects "snapshot")) "Snapshots of the domain. A snapshot that is no longer declared is kept. If null, snapshots are not managed.";
        # Written out one by one, since nixd needs the position of each option in a file.
        hooks = optionOf (orNull (submodule {
          prepare = hook "before it prepares the guest's resources. A failure cancels the start";
          start = hook "before the guest starts. A failure cancels the start";
          started = hook "after the guest has started. A failure stops the guest";
          stopped = hook "after the guest has stopped, before its resources are released";
          release = hook "after the guest's resources have been released";
          migrate = hook "before the guest migrates to this host. A failure cancels the migration";
          restore = hook "before the guest is restored from a saved state. A failure cancels the start";
          reconnect = hook "when the libvirt daemon restarts while the guest runs";
          attach = hook "when it attaches to a guest that was started without libvirt";
        })) "Shell commands that libvirt runs when the guest starts, stops or migrates. If null, there are none. NixOS only.";
      };
    snapshot = present "snapshot";
  };

  content = submodule {
    file = nullOption types.path "Image that is copied into the volume. An image that is compressed with gzip, xz or Zstandard is unpacked.";
    download = optionOf (orNull (submodule {
      url = mkOption {
        type = types.str;
        description = "URL of the image.";
      };
      hash = mkOption {
        type = types.str;
        description = "SHA-256 or SHA-512 of the downloaded file, such as `sha256-BASE64` or `sha256:HEX`.";
      };
    })) "Image that is downloaded when the volume is created, and never enters the Nix store. A compressed image is unpacked, as with `file`.";
    volume = optionOf (orNull (submodule {
      pool = nullOption types.str "Pool of the source volume. If null, the pool of the new volume.";
      name = mkOption {
        type = types.str;
        description = "Name of the source volume.";
      };
    })) "Volume that is copied into the new volume.";
    seed =
      optionOf (orNull (submodule {
        label = mkOption {
          type = types.str;
          default = "CIDATA";
          description = "Label of the file system, at most 11 characters. The default is the label that cloud-init looks for.";
        };
        files = mkOption {
          type = types.attrsOf (submodule {
            text = mkOption {
              type = types.str;
              description = "Text of the file, in which placeholders stand for secrets.";
            };
            escape = mkOption {
              type = types.enum ["none" "json" "xml"];
              default = "none";
              description = ''
                Escaping of secrets in the text: `"none"` for no escaping, `"json"` for a string in JSON or a double-quoted string in
                YAML, `"xml"` for text in XML.'';
            };
          });
          description = "Files by their paths in the file system, such as `user-data`.";
        };
        secretFiles = mkOption {
          type = types.attrsOf secretFile;
          default = {};
          example.password = "/run/secrets/password";
          description = ''
            Files with secrets, by the names of their placeholders: `@password@` in a text means the content of the file in
            `secretFiles.password`. The files are read at activation; their content never enters the Nix store.'';
        };
      })) ''
        Small FAT file system of files, with which a guest sets itself up. The volume is raw. Unlike other content, the file system is
        made again when a file or a secret changes and no guest with the volume runs.'';
  };

  # One object of a kind: its policy options and the fields of its spec.
  object = kind: let
    entry = types.submodule {
      options = {definition = definitionOf kind;} // policies.${kind};
      freeformType = schemaOptions.value;
    };
  in
    entry
    // {
      description = "${kind}";
      getSubModules = null;
      getSubOptions = prefix: (schemaOptions.schemaOf library.${kind}.schema).options prefix // removeAttrs (entry.getSubOptions prefix) ["_freeformOptions" "_module"];
    };

  # The parts of an object, for `fieldsOfOne`: its policy options and the fields of its spec.
  partsOf = kind: let
    inherit (schemaOptions.schemaOf library.${kind}.schema) parts;
    optionParts = mapAttrs (_: {type, ...}: {
      fits = type.check;
      # Objects may have any name.
      parts = lib.optionalAttrs (type.name != "attrsOf") (optionParts (type.getSubOptions []));
    });
  in
    parts
    // optionParts policies.${kind}
    // {
      definition = {
        fits = definition.check;
        inherit parts;
      };
    };

  # Objects of a kind, as a list or as a set by name. Both merge to a list; `_key` holds the name in the set, `_definitions` what
  # declares the object: each the file, the value, and the position of the name, which is null in a list.
  objects = kind: let
    element = object kind;
    keyed = types.attrsOf element;
    list = types.listOf element;
    # These names cannot clash with a field of a spec: libvirt has no such names.
    withKeys = definitions:
      mapAttrs (key: it:
        it
        // {
          _key = key;
          # The module system merges the definitions of a submodule in reverse.
          _definitions = lib.reverseList (map (definition: {
            inherit (definition) file;
            value = definition.value.${key};
            position = unsafeGetAttrPos key definition.value;
          }) (filter (definition: definition.value ? ${key}) definitions));
        });
    # `listOf` leaves out what a false `mkIf` holds.
    withDefinitions = definitions: let
      given = definition:
        map (value: {
          inherit (definition) file;
          inherit value;
          position = null;
        })
        definition.value;
    in
      lib.zipListsWith (definition: it: it // {_definitions = [definition];}) (filter (it: contents it.value != []) (concatMap given definitions));
    # Refuses a set that is a single object without its name.
    named = loc: definitions: let
      attributesOf = definition:
        concatMap (name:
          map (value: {
            inherit name value;
            inherit (definition) file;
            position = unsafeGetAttrPos name definition.value;
          }) (contents definition.value.${name})) (attrNames definition.value);
      attributes = concatMap attributesOf definitions;
      fields = fieldsOfOne (partsOf kind) attributes;
      option = lib.last loc;
      shown = lib.findFirst (name: name == "definition") (head fields) fields;
      inherit (lib.findFirst (it: it.name == shown) null attributes) file position;
      place =
        if position == null
        then toString file
        else "${position.file}:${toString position.line}:${toString position.column}";
    in
      lib.throwIf (fields != []) ''
        ${lib.showOption loc}: the name of the ${kind} is missing: `${option}` has the fields of a single ${kind}: ${lib.concatStringsSep ", " fields}
          at ${place}
        hint: write `${option}.NAME.${shown} = …`, or give a list of ${kind}s'';
  in
    keyed
    // {
      description = "list of ${kind}s, or attribute set of ${kind}s by name";
      check = it: isAttrs it || isList it;
      getSubModules = null;
      emptyValue = {};
      typeMerge = _: null;
      merge = loc: definitions: let
        sets = filter (it: isAttrs it.value) definitions;
        lists = filter (it: isList it.value) definitions;
      in
        lib.optionals (lists != []) (withDefinitions lists (list.merge loc lists))
        ++ lib.optionals (sets != []) (named loc sets (attrValues (withKeys sets (keyed.merge loc sets))));
    };

  option = kind: description:
    optionOf (orNull (objects kind)) "${description} If null, none of them are managed.";
in {
  # The names of the policy options of each kind: all other attributes of an object are fields of its spec.
  policyNames = mapAttrs (_: policy: ["definition" "_key" "_definitions"] ++ builtins.attrNames policy) policies;

  connection = submodule {
    domains = option "domain" "Domains (guests) of the connection.";
    networks = option "network" "Networks of the connection.";
    pools = option "pool" "Storage pools of the connection, with their volumes.";
    secrets = option "secret" "Secrets of the connection.";
    nwfilters = option "nwfilter" "Network filters of the connection.";
    prune = mkOption {
      type = types.enum ["owned" "all" "none"];
      default = "owned";
      description = ''
        Objects to remove when they are not declared, among the kinds that are not null:

        - `"owned"`: managed objects, that is, objects that were declared and applied before.
        - `"all"`: managed objects, and all other domains, networks and pools.
        - `"none"`: no objects.

        A domain that runs is removed once it shuts down. The disks of a domain and the data of a pool are kept.
      '';
    };
    onChange = mkOption {
      type = onChange;
      default = "live";
      description = onChangeOf "object" "";
    };
    shutdown = mkOption {
      type = shutdown;
      default = {};
      description = "Settings for shutting down guests.";
    };
  };
}
