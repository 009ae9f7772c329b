{
  description = "A NixOS host with virtual machines";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    NixVirt.url = "github:AshleyYakeley/NixVirt";
    NixVirt.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = {
    nixpkgs,
    NixVirt,
    ...
  }: {
    # `host` is the name of your machine; configuration.nix is what it has already.
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      specialArgs = {inherit NixVirt;};
      modules = [
        NixVirt.nixosModules.default
        ./configuration.nix
        ./guests.nix
      ];
    };
  };
}
