# The package of the commands `nixvirt` and `virtdeclare`, built from the project itself.
{pkgs}:
(pkgs.callPackage ../packaging/nixpkgs/package.nix {inherit (pkgs) libvirt;}).overrideAttrs (old: {
  version = import ./version.nix;
  src = import ./source.nix {inherit pkgs;};
  cargoDeps = pkgs.rustPlatform.importCargoLock {lockFile = ../Cargo.lock;};
  # `checks.rust-tests` runs the tests.
  doCheck = false;
  passthru =
    old.passthru
    // {
      tests = old.passthru.tests // import ../tests/vm {inherit pkgs;};
    };
})
