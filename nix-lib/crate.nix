# A package of one crate of the workspace; `more` are further arguments of `buildRustPackage`.
{pkgs}: name: more:
pkgs.rustPlatform.buildRustPackage ({
    pname = name;
    version = import ./version.nix;
    src = import ./source.nix {inherit pkgs;};
    cargoLock.lockFile = ../Cargo.lock;
    cargoBuildFlags = ["-p" name];
    # `checks.rust-tests` runs the tests.
    doCheck = false;
    meta.license = pkgs.lib.licenses.mit;
  }
  // more)
