# The keys of nixpkgs' tests, which are not here.
pkgs: {
  snakeOilEd25519PrivateKey = pkgs.writeText "private" "";
  snakeOilEd25519PublicKey = "public";
}
