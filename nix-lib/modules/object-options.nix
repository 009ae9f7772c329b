# The types of what can be declared at a connection: lists of objects, or sets of them by name.
{
  lib,
  library,
}: let
  inherit (builtins) attrValues isAttrs isList isPath isString mapAttrs match;
  inherit (lib) mkOption types;
  typed = import ./schema-options.nix {inherit lib;};
  optionOf = type: description:
    mkOption {
      inherit type description;
      default = null;
    };
  nullOption = type: optionOf (types.nullOr type);

  # A set of these options. Editors need not show `_module`, which all submodules have.
  submodule = options: let
    type = types.submodule {inherit options;};
  in
    type
    // {
      getSubModules = null;
      getSubOptions = prefix: removeAttrs (type.getSubOptions prefix) ["_module"];
    };

  # A type, or null. Unlike `nullOr` it is still called like the type, for that is how editors know where to look into it.
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
        then throw "The option `${lib.showOption loc}' is null in one place and not in another: ${lib.options.showDefs definitions}"
        else type.merge loc definitions;
    };

  # Where XML is, or what it is made of.
  definition = lib.mkOptionType {
    name = "definition";
    description = "path of an XML file, or a spec";
    descriptionClass = "noun";
    check = it: isAttrs it || isPath it || isString it && match "/.*" (toString it) != null;
    merge = loc: definitions:
      if lib.all (it: typed.isSet it.value) definitions
      then typed.value.merge loc definitions
      else lib.options.mergeEqualOption loc definitions;
  };

  # A path that is read when the configuration is applied: one in the store would be there for all to read.
  secretFile = lib.mkOptionType {
    name = "secretFile";
    description = "absolute path outside of the Nix store, in a string";
    descriptionClass = "noun";
    check = it: isString it && match "/.*" it != null && !lib.hasPrefix builtins.storeDir it && !builtins.hasContext it;
    merge = lib.options.mergeEqualOption;
  };

  onChange = types.enum ["live" "stage" "restart" "never"];
  onChangeWords = ''
    `"live"`: what libvirt can change while it runs is changed, and the rest at its next start; `"stage"`: all of it at its
    next start; `"restart"`: it is stopped and started; `"never"`: nothing is changed as long as it runs'';

  shutdown = submodule {
    timeout = mkOption {
      type = types.ints.unsigned;
      default = 120;
      description = "How long a guest may take to shut down, in seconds.";
    };
    force = mkOption {
      type = types.bool;
      default = false;
      description = "Whether its power is cut then. Without this it runs on, and that is a failure.";
    };
  };

  # What is asked of an object beside what it is.
  common.definition = nullOption definition ''
    What it is: the path of an XML file, such as `writeXML` gives, or a spec, such as a template gives. The options beside this
    one are laid over a spec.'';
  life = {
    active = nullOption types.bool "Whether it shall run: true starts it, false stops it, null leaves it as it is.";
    autostart = nullOption types.bool "Whether it shall start with the host; null leaves that as it is.";
    restart =
      nullOption types.bool ''
        Whether it is restarted: true at each activation, false never, null when its declaration has changed, as `onChange` says.'';
    onChange = nullOption onChange "What happens when its declaration has changed while it runs: ${onChangeWords}. Null takes the connection's.";
    shutdown = optionOf (orNull shutdown) "How it is stopped; null takes the connection's.";
  };
  present.present = mkOption {
    type = types.bool;
    default = true;
    description = "Whether it shall be there; false deletes it, with all that is in it.";
  };

  hook = when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Lines of a shell script that libvirt runs ${when}. NixOS only.";
    };

  policies = {
    secret = {
      valueFile = nullOption secretFile ''
        The file that its value is read from when it is applied, as agenix and sops-nix make them; null leaves the value as it
        is. Neither the file nor its content gets into the store.'';
      base64 = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the text of the file is base64; else its bytes are the value.";
      };
    };
    nwfilter = {};
    network =
      life
      // {
        openFirewall = mkOption {
          type = types.bool;
          default = true;
          description = ''
            Whether the host's firewall lets guests on the network's bridge ask for addresses and names (DHCP and DNS), if the
            network serves them. NixOS only.'';
        };
      };
    pool =
      life
      // {
        volumes = mkOption {
          type = objects "volume";
          default = [];
          description = "Its volumes, which are created if they are missing. One that is no longer declared stays.";
        };
      };
    volume =
      present
      // {
        content = optionOf (orNull content) "What is written into it when it is created, once.";
      };
    domain =
      life
      // {
        purge = mkOption {
          type = types.listOf (types.enum ["nvram" "tpm" "managedSave" "snapshots"]);
          default = [];
          description = "What goes with it when it is undefined. All else that it has beside its definition stays.";
        };
        snapshots = optionOf (orNull (objects "snapshot")) "Its snapshots; null leaves all of them alone. One that is no longer declared stays.";
        # Each is written here, for nixd gives up where an option has no place in a file.
        hooks = {
          prepare = hook "before it makes the guest's devices ready; if it fails, the guest does not start";
          start = hook "before the guest starts; if it fails, the guest does not start";
          started = hook "when the guest has started; if it fails, the guest is stopped";
          stopped = hook "when the guest has stopped, before its devices are given back";
          release = hook "when the guest's devices have been given back";
          migrate = hook "when the guest is to come from another host; if it fails, the guest does not come";
          restore = hook "before the guest is restored from its saved state; if it fails, the guest does not start";
          reconnect = hook "when libvirt starts and finds the guest running";
          attach = hook "when libvirt takes over a guest that runs already";
        };
      };
    snapshot = present;
  };

  content = submodule {
    file = nullOption types.path "The path of a file, whose bytes are written as they are.";
    volume = optionOf (orNull (submodule {
      pool = nullOption types.str "The pool of the volume; null is the same one.";
      name = mkOption {
        type = types.str;
        description = "The name of the volume.";
      };
    })) "Another volume, which is copied.";
  };

  # One object of a kind: what is asked of it, and its spec.
  object = kind: let
    entry = types.submodule {
      options = common // policies.${kind};
      freeformType = typed.value;
    };
  in
    entry
    // {
      description = "${kind}";
      getSubModules = null;
      getSubOptions = prefix: (typed.schemaOf library.${kind}.schema).options prefix // removeAttrs (entry.getSubOptions prefix) ["_freeformOptions" "_module"];
    };

  # Many objects of a kind: a list, or a set by name. What is declared is a list in either case; `key` is the name in the set.
  objects = kind: let
    element = object kind;
    keyed = types.attrsOf element;
    list = types.listOf element;
    # A part of a spec may be called like anything but this.
    withKeys = set: attrValues (mapAttrs (key: it: it // {_key = key;}) set);
  in
    keyed
    // {
      description = "list of ${kind}s, or attribute set of them by name";
      check = it: isAttrs it || isList it;
      getSubModules = null;
      emptyValue = {};
      typeMerge = _: null;
      merge = loc: definitions: let
        sets = lib.filter (it: isAttrs it.value) definitions;
        lists = lib.filter (it: isList it.value) definitions;
      in
        lib.optionals (lists != []) (list.merge loc lists)
        ++ lib.optionals (sets != []) (withKeys (keyed.merge loc sets));
    };

  option = kind: plural: more:
    optionOf (orNull (objects kind)) "The ${plural}${more}. Null leaves all of them alone.";
in {
  # The names of the options that are not of the spec.
  policyNames = mapAttrs (_: policy: ["definition" "_key"] ++ builtins.attrNames policy) policies;

  connection = submodule {
    domains = option "domain" "domains" ", which are guests";
    networks = option "network" "networks" "";
    pools = option "pool" "pools" ", with their volumes";
    secrets = option "secret" "secrets" "";
    nwfilters = option "nwfilter" "network filters" "";
    prune = mkOption {
      type = types.enum ["owned" "all" "none"];
      default = "owned";
      description = ''
        What happens to objects that are not declared, of the kinds that have a list: `"owned"` undefines those that were
        declared before, `"all"` undefines all of them, `"none"` none.'';
    };
    onChange = mkOption {
      type = onChange;
      default = "live";
      description = "What happens when the declaration of something that runs has changed: ${onChangeWords}.";
    };
    shutdown = mkOption {
      type = shutdown;
      default = {};
      description = "How guests are stopped.";
    };
  };
}
