{
  description = "Virtual machines of a user";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    home-manager.url = "github:nix-community/home-manager";
    home-manager.inputs.nixpkgs.follows = "nixpkgs";
    NixVirt.url = "github:AshleyYakeley/NixVirt";
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
      extraSpecialArgs = {inherit NixVirt;};
      modules = [
        NixVirt.homeModules.default
        ./home.nix
        ./guests.nix
      ];
    };
  };
}
