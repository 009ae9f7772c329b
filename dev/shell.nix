# What `nix develop` gives: all that the workspace builds with.
{pkgs}:
pkgs.mkShell {
  packages = [pkgs.cargo pkgs.clippy pkgs.rustc pkgs.rustfmt pkgs.pkg-config pkgs.alejandra pkgs.libvirt];
  buildInputs = [pkgs.nix pkgs.boost pkgs.nlohmann_json];
}
