# Whether the plugin was tried with a package of Nix. Any other may have other C++ classes: only the implementation on the C API is
# built for it.
nix: let
  inherit (builtins) compareVersions parseDrvName;
in
  (parseDrvName nix.name).name == "nix" && compareVersions nix.version "2.26" >= 0 && compareVersions nix.version "2.36" < 0
