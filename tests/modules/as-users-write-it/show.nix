{
  config,
  here,
  ...
}: let
  inherit (builtins) isList map mapAttrs;
  brief = _: it:
    if isList it
    then map (it: {inherit (it) definition active;}) it
    else it;
in {
  "connection.json" = mapAttrs brief here;
  "config.json" = {
    inherit (config) warnings;
    assertions = builtins.filter (it: !it.assertion) config.assertions;
    inherit (config.users) users;
  };
}
