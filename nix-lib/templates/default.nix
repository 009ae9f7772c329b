# All templates by kind, each with a check of its arguments.
{guest-install}: let
  inherit (builtins) functionArgs mapAttrs;

  # The arguments of the functions that templates are based on.
  base = {
    domain = functionArgs (import ./domain/base.nix {});
    network = functionArgs (import ./network/subnet.nix null);
  };
  # Templates that take the arguments of another one, with a default for each.
  inherited.windows11 = mapAttrs (_: _: true) (functionArgs (import ./domain/windows.nix {inherit guest-install;}));
  types = import ./types.nix;
  checked = kind: name: make: let
    own = functionArgs make;
  in
    import ./arguments.nix {
      template = "lib.${kind}.templates.${name}";
      known =
        if name == "bridge"
        then own
        else base.${kind} or {} // inherited.${name} or {} // own;
      types = types.${kind} or {};
    }
    make;
in
  mapAttrs (kind: mapAttrs (checked kind)) (import ./functions.nix {inherit guest-install;})
