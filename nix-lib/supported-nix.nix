# The versions of Nix in nixpkgs that the plugin supports, such as `nix_2_31`. Those that nixpkgs has removed throw. Nothing more is
# evaluated of them, so that no rebuild instantiates every Nix.
{pkgs}: let
  inherit (builtins) attrNames filter fromJSON head isAttrs match tryEval;
  isSupported = name: let
    minor = match "nix_2_([0-9]+)" name;
  in
    minor != null && fromJSON (head minor) >= 26 && (tryEval (isAttrs pkgs.nixVersions.${name})).success;
in
  filter isSupported (attrNames (pkgs.nixVersions or {}))
