/**
The plugin for a Nix package, and for those in `others`: `lib/libnixvirt.so`, and in `libexec/nixvirt` an implementation for each
version of Nix that the plugin was tried with, and the one for every Nix that has a C API.

# Type

```
plugin :: { pkgs :: Packages, others :: [Derivation] ? [ ] } -> Derivation -> Derivation
```
*/
{
  pkgs,
  others ? [],
}: nix: let
  crate = import ./crate.nix {inherit pkgs;};
  loader = crate "nixvirt-loader" {};
  onCApi = crate "nixvirt-c-api" {};
  implementation = nix:
    crate "nixvirt-plugin" {
      nativeBuildInputs = [pkgs.buildPackages.pkg-config];
      buildInputs = [nix pkgs.boost pkgs.nlohmann_json];
    };
  link = nix: "ln -sfn ${implementation nix}/lib/libnixvirt_nix.so $out/libexec/nixvirt/${nix.version}.so\n";
in
  pkgs.runCommand "nixvirt-plugin" {} ''
    mkdir -p $out/lib $out/libexec/nixvirt
    cp ${loader}/lib/libnixvirt.so $out/lib
    ln -s ${onCApi}/lib/libnixvirt_c_api.so $out/libexec/nixvirt/c-api.so
    ${builtins.concatStringsSep "" (map link (builtins.filter (import ./known-nix.nix) ([nix] ++ others)))}''
