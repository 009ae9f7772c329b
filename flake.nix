{
  description = "Declarative libvirt guests: a library, modules for NixOS and Home Manager, and a Nix plugin that checks specs";

  # There is no flake.lock: the plugin has to match your Nix, so build NixVirt with your own nixpkgs (`inputs.nixpkgs.follows`).
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = {
    self,
    nixpkgs,
  }: let
    forEachSystem = make:
      builtins.listToAttrs (map (system: {
        name = system;
        value = make nixpkgs.legacyPackages.${system};
      }) ["x86_64-linux" "aarch64-linux"]);
    packagesFor = pkgs: import ./nix-lib/packages.nix {inherit pkgs;};
  in {
    # A pure evaluation does not know its system: `lib.for pkgs` is the library for another one.
    lib = import ./nix-lib {pkgs = nixpkgs.legacyPackages.${builtins.currentSystem or "x86_64-linux"};};
    packages = forEachSystem (pkgs: (packagesFor pkgs) // {default = (packagesFor pkgs).nixvirt;});
    nixosModules.default = ./nix-lib/modules/nixos.nix;
    homeModules.default = ./nix-lib/modules/home-manager.nix;
    templates = {
      default = self.templates.nixos;
      nixos = {
        path = ./examples/flakes/nixos;
        description = "NixOS host with declared libvirt guests";
      };
      home-manager = {
        path = ./examples/flakes/home-manager;
        description = "Declared libvirt guests of a user, with Home Manager";
      };
    };
    overlays.default = final: _: {
      inherit (packagesFor final) nixvirt;
      nixvirt-plugin = (packagesFor final).plugin;
    };
    apps = forEachSystem (pkgs: import ./nix-lib/apps.nix {inherit pkgs;});
    checks = forEachSystem (pkgs: import ./nix-lib/checks.nix {inherit pkgs;});
    devShells = forEachSystem (pkgs: {default = import ./dev/shell.nix {inherit pkgs;};});
    formatter = forEachSystem (pkgs: pkgs.alejandra);
  };
}
