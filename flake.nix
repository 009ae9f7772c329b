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
    overlays.default = final: _: {nixvirt = ours final;};
    apps = each (pkgs: import ./nix-lib/apps.nix {inherit pkgs;});
    checks = each (pkgs: import ./nix-lib/checks.nix {inherit pkgs;});
    devShells = each (pkgs: {default = import ./dev/shell.nix {inherit pkgs;};});
    formatter = each (pkgs: pkgs.alejandra);
  };
}
