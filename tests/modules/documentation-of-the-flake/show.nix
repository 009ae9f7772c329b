{nixpkgsLib, ...}: let
  pkgs = (builtins.getFlake "path:${toString ../../../dev/nixpkgs-stub}").legacyPackages.x86_64-linux // {lib = import nixpkgsLib;};
  inherit (import ../../../nix-lib/packages.nix {inherit pkgs;}) docs;
  options = builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile "${docs}/share/doc/nixvirt/options.json"));
in {
  "open-firewall.json" = options."virtualisation.libvirt.connections.<name>.networks.<name>.openFirewall";
  "package.json" = options."virtualisation.libvirt.package";
}
