# A package of one crate of the workspace; `more` are further arguments of `buildRustPackage`. A change of the guide, of the library in
# Nix or of the examples does not build it again.
{pkgs}: name: more:
pkgs.rustPlatform.buildRustPackage ({
    pname = name;
    version = import ./version.nix;
    src = let
      inherit (pkgs.lib) fileset;
    in
      fileset.toSource {
        root = ../.;
        # All members of the workspace.
        fileset = fileset.unions [../Cargo.toml ../Cargo.lock ../dev ../plugin ../reconciler ../schema ../tests];
      };
    cargoLock.lockFile = ../Cargo.lock;
    cargoBuildFlags = ["-p" name];
    # `checks.rust-tests` runs the tests.
    doCheck = false;
    meta.license = pkgs.lib.licenses.mit;
  }
  // more)
