# What `nix flake init` gives.
import ../../../examples/flakes/home-manager/guests.nix
