{
  description = "Declared libvirt guests of a user";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    home-manager.url = "github:nix-community/home-manager";
    home-manager.inputs.nixpkgs.follows = "nixpkgs";
    # Replace this with the URL you cloned NixVirt from.
    NixVirt.url = "git+https://git.example.org/nixvirt";
    NixVirt.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = {
    nixpkgs,
    home-manager,
    NixVirt,
    ...
  }: {
    homeConfigurations.user = home-manager.lib.homeManagerConfiguration {
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      modules = [
        NixVirt.homeModules.default
        ./home.nix
        ./guests.nix
      ];
    };
  };
}
