{
  description = "Virtual machines of libvirt, declared in Nix";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = {
    self,
    nixpkgs,
  }: let
    each = make:
      builtins.listToAttrs (map (system: {
        name = system;
        value = make nixpkgs.legacyPackages.${system};
      }) ["x86_64-linux" "aarch64-linux"]);
    ours = pkgs: import ./nix-lib/packages.nix {inherit pkgs;};
  in {
    lib = import ./nix-lib {pkgs = nixpkgs.legacyPackages.x86_64-linux;};
    packages = each (pkgs: (ours pkgs) // {default = (ours pkgs).nixvirt;});
    nixosModules.default = ./nix-lib/modules/nixos.nix;
    homeModules.default = ./nix-lib/modules/home-manager.nix;
    templates = {
      default = self.templates.nixos;
      nixos = {
        path = ./examples/flakes/nixos;
        description = "A NixOS host with virtual machines";
      };
      home-manager = {
        path = ./examples/flakes/home-manager;
        description = "Virtual machines of a user, with Home Manager";
      };
    };
    overlays.default = final: _: {
      inherit (ours final) nixvirt;
      nixvirt-plugin = (ours final).plugin;
    };
    apps = each (pkgs: import ./nix-lib/apps.nix {inherit pkgs;});
    checks = each (pkgs: import ./nix-lib/checks.nix {inherit pkgs;});
    devShells = each (pkgs: {default = import ./dev/shell.nix {inherit pkgs;};});
    formatter = each (pkgs: pkgs.alejandra);
  };
}
