import ../show-volumes.nix
