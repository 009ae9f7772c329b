{imports = [../guest-with-a-sized-disk.nix];}
