# The files that the crates are built from. A change of the guide, of the library in Nix or of the examples builds nothing again.
{pkgs}: let
  inherit (pkgs.lib) fileset;
in
  fileset.toSource {
    root = ../.;
    # All members of the workspace.
    fileset = fileset.unions [../Cargo.toml ../Cargo.lock ../dev ../lsp ../plugin ../reconciler ../schema ../tests];
  }
