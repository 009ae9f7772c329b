# The package of the commands `nixvirt` and `virtdeclare`.
{pkgs}:
import ./crate.nix {inherit pkgs;} "nixvirt" {
  cargoBuildFlags = ["-p" "nixvirt" "-p" "nixvirt-libvirt"];
  nativeBuildInputs = [pkgs.pkg-config];
  buildInputs = [pkgs.libvirt];
}
