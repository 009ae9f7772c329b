# The packages of this flake.
{pkgs}: let
  crate = name: more:
    pkgs.rustPlatform.buildRustPackage ({
        pname = name;
        version = "0.1.0";
        src = ../.;
        cargoLock.lockFile = ../Cargo.lock;
        cargoBuildFlags = ["-p" name];
        # The tests want a Nix that has loaded the plugin: `nix flake check` runs them.
        doCheck = false;
        meta.license = pkgs.lib.licenses.mit;
      }
      // more);
in {
  # The commands `nixvirt` and `virtdeclare`.
  nixvirt = crate "nixvirt" {
    nativeBuildInputs = [pkgs.pkg-config];
    buildInputs = [pkgs.libvirt];
  };

  # The plugin, for the Nix of the same nixpkgs: `lib/libnixvirt.so`.
  plugin = crate "nixvirt-plugin" {
    nativeBuildInputs = [pkgs.pkg-config];
    buildInputs = [pkgs.nix pkgs.boost pkgs.nlohmann_json];
  };

  # The JSON Schemas of all kinds.
  schemas = pkgs.runCommand "nixvirt-schemas" {} ''
    mkdir -p $out/share/nixvirt/schemas
    cp ${../schema/json}/*.json $out/share/nixvirt/schemas
  '';
}
