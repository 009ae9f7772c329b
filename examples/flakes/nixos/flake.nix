{
  description = "NixOS host with declared libvirt guests";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    # Replace this with the URL you cloned NixVirt from.
    NixVirt.url = "git+https://git.example.org/nixvirt";
    NixVirt.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = {
    nixpkgs,
    NixVirt,
    ...
  }: {
    # Replace `host` with the name of your host.
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      modules = [
        NixVirt.nixosModules.default
        ./configuration.nix
        ./guests.nix
      ];
    };
  };
}
