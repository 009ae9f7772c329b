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
  # `strip` and `patchelf` change what a build installs. Nothing changes what is sealed here.
  seal = version: library: "bash ${../plugin/seal} ${library} $out/libexec/nixvirt/${version}.so";
  sealFor = nix: seal nix.version "${implementation nix}/lib/libnixvirt_nix.so";
  known = builtins.filter (import ./known-nix.nix) ([nix] ++ others);
  implementations = [(seal "c-api" "${onCApi}/lib/libnixvirt_c_api.so")] ++ map sealFor known;
in
  pkgs.runCommand "nixvirt-plugin" {} ''
    mkdir -p $out/lib $out/libexec/nixvirt
    cp ${loader}/lib/libnixvirt.so $out/lib
    ${builtins.concatStringsSep "\n" implementations}
  ''
