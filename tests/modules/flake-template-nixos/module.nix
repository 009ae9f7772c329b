# What `nix flake init` gives.
import ../../../examples/flakes/nixos/guests.nix
