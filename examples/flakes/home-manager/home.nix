# Replace this file with your own Home Manager configuration.
{pkgs, ...}: {
  home = {
    username = "user";
    homeDirectory = "/home/user";
    stateVersion = "26.05";
  };

  # The Nix that evaluates this flake, which the NixVirt plugin is built for.
  nix.package = pkgs.nix;
}
