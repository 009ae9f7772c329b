# The plugin for a Nix: `lib/libnixvirt.so`.
#
# # Type
# plugin :: { pkgs } -> Derivation -> Derivation
{pkgs}: nix:
import ./crate.nix {inherit pkgs;} "nixvirt-plugin" {
  nativeBuildInputs = [pkgs.pkg-config];
  buildInputs = [nix pkgs.boost pkgs.nlohmann_json];
}
