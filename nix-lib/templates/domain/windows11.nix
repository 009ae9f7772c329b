# A PC that Windows 11 installs on: the `windows` template with four processors and 8 GiB unless told otherwise,
# and with `features` of yours merged into its own. See docs/templates.md for its arguments.
{guest-install}: arguments @ {features ? {}, ...}: let
  windows = import ./windows.nix {inherit guest-install;} ({
      vcpu = {count = 4;};
      memory = {
        count = 8;
        unit = "GiB";
      };
      nvram_path = "/var/lib/libvirt/qemu/nvram/${arguments.name}_VARS.fd";
    }
    // removeAttrs arguments ["features"]);

  # Sets are merged; `true` or `false` for a set switches it and keeps the rest of it.
  merge = ours: theirs:
    if builtins.isAttrs ours && builtins.isAttrs theirs
    then
      ours
      // builtins.mapAttrs (name: value:
        if ours ? ${name}
        then merge ours.${name} value
        else value)
      theirs
    else if builtins.isAttrs ours && builtins.isBool theirs && ours ? state
    then ours // {state = theirs;}
    else theirs;
in
  windows // {features = merge windows.features features;}
