# The packages of the flake are named without an evaluation of the other Nixes: a rebuild would instantiate each of them.
{nixpkgsLib, ...}: let
  nix = {
    name = abort "a name is read";
    version = abort "a version is read";
    drvPath = abort "a Nix is instantiated";
    outPath = abort "a Nix is instantiated";
  };
  pkgs =
    (builtins.getFlake "path:${toString ../../../dev/nixpkgs-stub}").legacyPackages.x86_64-linux
    // {
      lib = import nixpkgsLib;
      nixVersions = {
        nix_2_25 = nix;
        nix_2_26 = nix;
        nix_2_30 = throw "nix_2_30 has been removed";
        nix_2_34 = nix;
        git = nix;
      };
    };
in {"packages.json" = builtins.attrNames (import ../../../nix-lib/packages.nix {inherit pkgs;});}
