# Networks and pools are not managed, so that they may exist on the host.
{
  imports = [../guest-with-network-and-pool.nix];
}
