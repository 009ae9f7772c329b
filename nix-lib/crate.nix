# A package of one crate of the workspace.
{pkgs}: name: more:
pkgs.rustPlatform.buildRustPackage ({
    pname = name;
    version = import ./version.nix;
    src = ../.;
    cargoLock.lockFile = ../Cargo.lock;
    cargoBuildFlags = ["-p" name];
    # The tests want a Nix that has loaded the plugin: `nix flake check` runs them.
    doCheck = false;
    meta.license = pkgs.lib.licenses.mit;
  }
  // more)
